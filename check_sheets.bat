@echo off
rem Starts salessheets with a double click. Made from salessheets/data/launch/launcher.bat: change it there.
rem ASCII only: Chinese is printed by Python or typed from UTF-8 files. No blocks in brackets and no delayed
rem expansion, since folders may be called a(1), A&B or with an exclamation mark.
setlocal EnableExtensions DisableDelayedExpansion
set "TEXTS=%~dp0app\texts"
if not exist "%TEXTS%\no_python.txt" set "TEXTS=%~dp0salessheets\data\launch"
if not exist "%TEXTS%\no_python.txt" goto not_unzipped

rem 1. the Python that came with the zip; 2. the one that made this office; 3. .venv of a checkout; 4. any other
set "OPT="
set "PY=%~dp0app\runtime\python.exe"
if not exist "%PY%" goto recorded
set "WHY=damaged"
if not exist "%~dp0app\lib\salessheets\launch.py" goto tell
goto run

:recorded
if not exist "%~dp0app\python.txt" goto search
set /p PY=<"%~dp0app\python.txt"
if exist "%PY%" goto run

:search
rem A Python is found by running it: the Store's python.exe is there and is none.
set "WHY=no_python"
set "PY=py"
set "OPT=-3"
call :fits
if not errorlevel 1 goto found
set "PY=python"
set "OPT="
call :fits
if errorlevel 1 goto tell

:found
if exist "%~dp0scripts\make_venv.py" goto checkout
set "WHY=no_program"
"%PY%" %OPT% -c "import salessheets" >nul 2>nul
if errorlevel 1 goto tell
goto run

:checkout
"%PY%" %OPT% -X utf8 "%~dp0scripts\make_venv.py"
if errorlevel 1 goto stop
set "PY=%~dp0.venv\Scripts\python.exe"
set "OPT="

:run
"%PY%" %OPT% -X utf8 -P -m salessheets.launch check --root "%~dp0." %*
exit /b %ERRORLEVEL%

:fits
"%PY%" %OPT% -c "import sys; sys.exit(7 if sys.version_info < (3, 11) else 0)" >nul 2>nul
set "RC=%ERRORLEVEL%"
if "%RC%"=="0" exit /b 0
if "%RC%"=="7" set "WHY=old_python"
exit /b 1

:tell
for /f "tokens=2 delims=:." %%C in ('chcp') do set "PAGE=%%C"
chcp 65001 >nul
type "%TEXTS%\%WHY%.txt"
chcp %PAGE% >nul 2>nul
goto stop

:not_unzipped
rem Alone in a zip's preview there is nothing to type from: PowerShell prints the Chinese sentence from its code points.
echo Please unzip the whole folder first, then double-click this file again in the new folder.
powershell -NoProfile -Command "-join [char[]](35831,20808,35299,21387,58,22312,21387,32553,21253,19978,28857,21491,38190,44,36873,12300,20840,37096,35299,21387,32553,12301,44,20877,21040,35299,21387,20986,26469,30340,25991,20214,22841,37324,21452,20987,12290)" 2>nul

:stop
if not defined SALESSHEETS_NO_PAUSE pause
exit /b 1
