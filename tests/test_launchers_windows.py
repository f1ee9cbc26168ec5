"""The batch files under wine: which Python they start, with which arguments, and what they say when there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from conftest import copy_sample
from wine import Wine, chinese, unix, why_not, windows

from salessheets import launchers
from salessheets.launch import Started, read_line

FOLDERS = [
    "销售 工具",
    "A&B",
    "a(1)",
    "感叹!号",
    "单'引号",
    "上^下",
]  # wine's cmd reads a % in a value again, which Windows does not
REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wine(tmp_path_factory):
    if why_not():
        pytest.skip(why_not())
    machine = Wine(tmp_path_factory.mktemp("wine"))
    yield machine
    machine.close()


def unzipped(wine, folder):
    """A folder as the zip that needs no installation leaves it, with the stub as its Python."""
    wine.put_stub(folder / "app" / "runtime" / "python.exe")
    (folder / "app" / "lib" / "salessheets").mkdir(parents=True)
    (folder / "app" / "lib" / "salessheets" / "launch.py").touch()
    for name, data in launchers.texts():
        (folder / "app" / "texts").mkdir(exist_ok=True)
        (folder / "app" / "texts" / name).write_bytes(data)
    for name, data in launchers.batch_files():
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("name", FOLDERS)
def test_each_launcher_starts_its_command_and_hands_back_its_exit_code(wine, tmp_path, name):
    folder = unzipped(wine, tmp_path / name)
    options = ["-X", "utf8", "-P", "-m", "salessheets.launch"]
    for bat, command, code in [("run_weekly", "weekly", 0), ("run_daily", "daily", 3), ("check_sheets", "check", 1)]:
        ran = wine.run(folder / f"{bat}.bat", STUB_CODE=str(code))
        assert ran.code == code, ran.output
        assert [start[1:] for start in ran.starts] == [[*options, command, "--root", windows(folder) + "\\."]]
        assert Path(unix(ran.starts[0][0])) == folder / "app" / "runtime" / "python.exe"


@pytest.mark.parametrize("name", FOLDERS)
def test_three_dropped_files_arrive_whole(wine, tmp_path, name):
    folder = unzipped(wine, tmp_path / name)
    files = [windows(folder / file) for file in ("咨询 记录.xlsx", "移交表(1).xlsx", "登记!本 A&B.xlsx")]
    ran = wine.run(folder / "check_sheets.bat", files)
    (start,) = ran.starts
    assert start[-len(files) :] == files or set(name) & set("&^")
    # cmd takes & and ^ for its own where nothing is quoted; its command line has the names whole, and that is what counts.
    assert read_line(ran.line, "explorer.exe") == Started(clicked=True, dropped=tuple(files))


def test_the_recorded_command_line_writes_the_workbook(wine, tmp_path):
    folder = unzipped(wine, copy_sample(tmp_path / "A&B 销售(1)!"))
    (arguments,) = wine.run(folder / "run_weekly.bat").starts
    replayed = [sys.executable, *(unix(argument) for argument in arguments[1:])]
    replayed[-1] = replayed[-1].removesuffix("/.")
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(replayed, check=False, cwd=folder, env=environment, capture_output=True, timeout=300)
    assert done.returncode == 3, done.stderr.decode()
    written = sorted((folder / "周报" / "2026-W47").glob("*.xlsx"))
    assert len(written) == 4
    assert openpyxl.load_workbook(written[0]).sheetnames[0] == "概览"


def test_a_python_of_the_office_is_written_down_in_app(wine, tmp_path):
    folder = unzipped(wine, tmp_path / "办公 室")
    (folder / "app" / "runtime" / "python.exe").unlink()
    program = tmp_path / ("程 序" if chinese() else "pro gram") / "python.exe"
    wine.put_stub(program)
    (folder / "app" / "python.txt").write_text(windows(program) + "\n", encoding="gbk", newline="\r\n")
    ran = wine.run(folder / "run_weekly.bat")
    assert unix(ran.starts[0][0]) == str(program)


def test_no_python_says_where_to_get_one(wine, tmp_path):
    folder = unzipped(wine, tmp_path / "办公室")
    (folder / "app" / "runtime" / "python.exe").unlink()
    ran = wine.run(folder / "run_weekly.bat")
    assert ran.code == 1
    assert "安装 Python" in ran.output  # wine's cmd loses some characters of UTF-8
    assert "python.org" in ran.output


def test_an_old_python_is_told_apart_from_none(wine, tmp_path):
    folder = unzipped(wine, tmp_path / "办公室")
    (folder / "app" / "runtime" / "python.exe").unlink()
    wine.put_stub(tmp_path / "path" / "python.exe")
    ran = wine.run(folder / "run_weekly.bat", path=tmp_path / "path", STUB_VERSION_CODE="7")
    assert (ran.code, ran.starts) == (1, [])
    assert "太旧" in ran.output


def test_an_office_that_was_moved_finds_a_python_without_the_program(wine, tmp_path):
    folder = unzipped(wine, tmp_path / "办公室")
    (folder / "app" / "runtime" / "python.exe").unlink()
    wine.put_stub(tmp_path / "path" / "py.exe")
    ran = wine.run(folder / "run_weekly.bat", path=tmp_path / "path", STUB_CODE="1")
    assert ran.code == 1
    assert "salessheets init" in ran.output


def test_files_missing_in_app_are_told(wine, tmp_path):
    folder = unzipped(wine, tmp_path / "办公室")
    (folder / "app" / "lib" / "salessheets" / "launch.py").unlink()
    ran = wine.run(folder / "run_weekly.bat")
    assert (ran.code, ran.starts) == (1, [])
    assert "杀毒软件" in ran.output


def test_alone_in_a_zips_preview_it_says_unzip_first(wine, tmp_path):
    folder = unzipped(wine, tmp_path / "办公室")
    shutil.rmtree(folder / "app")
    ran = wine.run(folder / "check_sheets.bat")
    assert (ran.code, ran.starts) == (1, [])
    assert "unzip the whole folder first" in ran.output


def test_a_checkout_makes_its_environment_first(wine, tmp_path):
    folder = unzipped(wine, tmp_path / "仓 库")
    (folder / "app" / "runtime" / "python.exe").unlink()
    (folder / "scripts").mkdir()
    (folder / "scripts" / "make_venv.py").touch()
    wine.put_stub(folder / ".venv" / "Scripts" / "python.exe")
    wine.put_stub(tmp_path / "path" / "python.exe")
    ran = wine.run(folder / "run_weekly.bat", ["samples\\office"], path=tmp_path / "path")
    first, second = ran.starts
    assert first[-1].endswith("scripts\\make_venv.py")
    assert unix(second[0]) == str(folder / ".venv" / "Scripts" / "python.exe")
    assert second[-1] == "samples\\office"
