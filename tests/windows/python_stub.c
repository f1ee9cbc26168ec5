/* Stands in for python.exe: appends its command line to a log and answers as it is told.
 *
 * STUB_LOG   file to append to (UTF-8); one line per start, arguments divided by tabs
 * STUB_VERSION_CODE  exit code when asked for the version (-c "import sys; ..."), 0 when not set
 * STUB_CODE  exit code of every other start, 0 when not set
 * STUB_RUN   when set: start this command line as it is, as Explorer does, and give its exit code
 */
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <windows.h>

static int number(const wchar_t *name)
{
    wchar_t text[16];
    return GetEnvironmentVariableW(name, text, 16) ? _wtoi(text) : 0;
}

static int start(wchar_t *line)
{
    STARTUPINFOW how = {sizeof how};
    PROCESS_INFORMATION child;
    DWORD code = 98;

    SetEnvironmentVariableW(L"STUB_RUN", NULL);
    if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &how, &child))
        return 97;
    WaitForSingleObject(child.hProcess, INFINITE);
    GetExitCodeProcess(child.hProcess, &code);
    return (int)code;
}

int wmain(int count, wchar_t **arguments)
{
    static wchar_t log[8192];
    char line[8192];
    FILE *out;
    int at;

    if (GetEnvironmentVariableW(L"STUB_RUN", log, 8192))
        return start(log);
    for (at = 1; at + 1 < count; at++)
        if (!wcscmp(arguments[at], L"-c") && !wcsncmp(arguments[at + 1], L"import sys;", 11))
            return number(L"STUB_VERSION_CODE");
    if (!GetEnvironmentVariableW(L"STUB_LOG", log, 8192) || !(out = _wfopen(log, L"ab")))
        return 99;
    for (at = 0; at < count; at++) {
        WideCharToMultiByte(CP_UTF8, 0, arguments[at], -1, line, sizeof line, NULL, NULL);
        fprintf(out, "%s%c", line, at + 1 < count ? '\t' : '\n');
    }
    fclose(out);
    return number(L"STUB_CODE");
}
