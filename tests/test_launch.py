"""What a double click does: the office it works on, the obstacles it names, and what it opens at the end."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner
from conftest import copy_sample

import salessheets.settings
from salessheets import launch, launchers
from salessheets.launch import Started, among, read_line

REPOSITORY = Path(__file__).resolve().parents[1]
CMD = r"C:\Windows\system32\cmd.exe"


@pytest.fixture
def opened(monkeypatch):
    paths = []
    monkeypatch.setattr("click.launch", paths.append)
    monkeypatch.delenv("SALESSHEETS_NO_PAUSE", raising=False)
    return paths


def start(*arguments):
    return CliRunner().invoke(launch.launch, [str(a) for a in arguments])


@pytest.mark.parametrize(
    ("line", "parent", "expected"),
    [
        (rf'{CMD} /c ""D:\周报\run_weekly.bat" "', "explorer.exe", Started(clicked=True)),
        (rf'{CMD} /c "D:\周报\run_weekly.bat" --no-pause', "svchost.exe", Started(dropped=("--no-pause",))),
        (rf'{CMD} /c ""D:\周报\run_weekly.bat""', "powershell.exe", Started()),
        (CMD, "explorer.exe", Started()),
        (
            rf'{CMD} /C ""D:\a b\check_sheets.bat" D:\A&B\登记.xlsx "D:\A&B\记录 1.xlsx" \\服务器\共享\x.csv"',
            "explorer.exe",
            Started(clicked=True, dropped=(r"D:\A&B\登记.xlsx", r"D:\A&B\记录 1.xlsx", r"\\服务器\共享\x.csv")),
        ),
        # the same line as psutil gives it back, its quotes read as a C program reads them
        (
            rf"{CMD} /c D:\a b\check_sheets.bat D:\A&B\登记.xlsx D:\A&B\记录 1.xlsx",
            "explorer.exe",
            Started(clicked=True, dropped=(r"D:\A&B\登记.xlsx", r"D:\A&B\记录 1.xlsx")),
        ),
    ],
)
def test_cmds_own_line_says_who_started_it_and_with_which_files(line, parent, expected):
    assert read_line(line, parent) == expected


class Process:
    """As much of psutil's as is looked at."""

    def __init__(self, name, *line):
        self._name, self._line = name, line

    def name(self):
        if self._name is None:
            raise psutil.AccessDenied
        return self._name

    def cmdline(self):
        return list(self._line)


def test_cmd_is_found_above_the_python_of_venv():
    cmd = Process("cmd.exe", CMD, "/c", r"D:\周报\check_sheets.bat D:\A&B.xlsx")
    above = [Process("python.exe"), cmd, Process("explorer.exe")]
    assert among(above) == Started(clicked=True, dropped=(r"D:\A&B.xlsx",))
    assert among([cmd]) == among(above)  # the process that started cmd has ended
    assert among([Process("bash.exe")]) == among([]) == among([Process(None)]) == Started()


def test_the_office_is_the_one_named_or_the_launchers_folder_or_made_beside_it(tmp_path):
    assert launch.office_of(tmp_path, ["--dry-run"]) == (tmp_path / "办公室", ["--dry-run"])
    (tmp_path / "收件箱").mkdir()
    assert launch.office_of(tmp_path, []) == (tmp_path, [])
    assert launch.office_of(tmp_path, [str(tmp_path / "二部"), "--json"]) == (tmp_path / "二部", ["--json"])


def test_the_sample_is_copied_so_that_a_checkout_stays_clean(tmp_path):
    sample = copy_sample(tmp_path / "samples" / "office")
    office, _ = launch.office_of(tmp_path, [str(sample)])
    assert office == tmp_path / "demo" / "office"
    (office / "记号").touch()
    assert (launch.office_of(tmp_path, [str(sample)])[0] / "记号").exists()


def test_a_first_double_click_makes_the_office_and_opens_the_week(tmp_path, opened):
    result = start("weekly", "--root", tmp_path, "--clicked")
    assert result.exit_code == 0, result.stderr
    assert "办公文件夹已建好" in result.stderr
    assert "做完了" in result.stderr
    assert (tmp_path / "办公室" / "设置.xlsx").exists()
    (shown,) = opened
    assert Path(shown).parent == tmp_path / "办公室" / "周报"


def test_an_office_with_its_launcher_inside_says_what_needs_a_person(tmp_path, opened):
    folder = copy_sample(tmp_path / "办公室")
    result = start("weekly", "--root", folder, "--clicked")
    assert result.exit_code == 3
    assert result.stderr.strip().splitlines()[-1].startswith("做完了")
    assert "要人处理:待分配" in result.stderr
    assert opened == [str(folder / "周报" / "2026-W47")]


@pytest.mark.parametrize("arguments", [[], ["--clicked", "--no-pause"]])
def test_nothing_opens_when_nobody_double_clicked(tmp_path, opened, arguments):
    assert start("weekly", "--root", tmp_path, *arguments).exit_code == 0
    assert opened == []


def test_dropped_sheets_are_checked_and_their_marked_copies_open(tmp_path, opened):
    files = []
    for name in ("一.csv", "二 A&B.csv", "三(1)!.csv"):
        (tmp_path / name).write_text("咨询日期,咨询渠道,客户姓名,联系电话\n2026-11-03,咨询电话,王建国,1391234567\n")
        files.append(tmp_path / name)
    result = start("check", "--root", tmp_path, "--clicked", *files)
    assert result.exit_code == 3
    assert result.stderr.count("手机11位") == len(files)
    assert opened == [str(tmp_path / "检查" / f"{file.stem}_检查.xlsx") for file in files]


def test_a_sheet_from_elsewhere_is_checked_by_the_settings_of_the_office(tmp_path, monkeypatch):
    folder, desk = copy_sample(tmp_path / "办公室"), tmp_path / "桌面"
    desk.mkdir()
    sheet = desk / "咨询.csv"
    sheet.write_text("咨询日期,咨询渠道,客户姓名,联系电话\n2026-11-03,咨询电话,李丽,13912345678\n", encoding="utf-8")
    read = []
    load = salessheets.settings.load
    monkeypatch.setattr("salessheets.settings.load", lambda data: read.append(data) or load(data))
    for root in (desk, folder, tmp_path):
        assert start("check", "--root", root, sheet).exit_code == 0
    assert read == [(folder / "设置.xlsx").read_bytes()] * 2  # the office itself, and 办公室 beside the launcher


def test_many_dropped_sheets_open_their_folder(tmp_path, opened):
    files = [tmp_path / f"{number}.csv" for number in range(4)]
    for file in files:
        file.write_text("咨询日期,咨询渠道,客户姓名,联系电话\n2026-11-03,咨询电话,王建国,1391234567\n")
    assert start("check", "--root", tmp_path, "--clicked", *files).exit_code == 3
    assert opened == [str(tmp_path / "检查")]


def test_the_forms_follow_the_settings_without_a_command(tmp_path):
    folder = copy_sample(tmp_path / "办公室")
    assert start("weekly", "--root", folder).exit_code == 3
    forms = {path: path.stat().st_mtime_ns for path in (folder / "模板").glob("*.xlsx")}
    assert len(forms) == 12
    assert start("weekly", "--root", folder).exit_code == 3
    assert {path: path.stat().st_mtime_ns for path in forms} == forms
    later = max(forms.values()) + 10**9
    os.utime(folder / "设置.xlsx", ns=(later, later))
    assert start("weekly", "--root", folder).exit_code == 3
    assert all(path.stat().st_mtime_ns != before for path, before in forms.items())


def test_a_form_held_open_does_not_stop_the_run(tmp_path, monkeypatch):
    def held(*_):
        raise PermissionError(13, "in use")

    folder = copy_sample(tmp_path / "办公室")
    monkeypatch.setattr("salessheets.setup.write_templates", held)
    result = start("weekly", "--root", folder)
    assert result.exit_code == 3
    assert "没有更新模板" in result.stderr


def test_an_administrator_types_any_command_where_nothing_is_installed(tmp_path):
    assert "salessheets" in start("command", "--root", tmp_path, "--version").output
    assert "Commands" in start("command", "--root", tmp_path).output
    assert start("command", "--root", tmp_path, "schedule", tmp_path / "nowhere").exit_code == 2


def test_the_daily_run_opens_its_day(tmp_path, opened, monkeypatch):
    started = []
    monkeypatch.setattr(launch, "run", lambda arguments: started.append(arguments) or 0)
    (tmp_path / "收件箱").mkdir()
    for day in ("2026-11-23", "2026-11-24"):
        (tmp_path / "日报" / day).mkdir(parents=True)
    assert start("daily", "--root", tmp_path, "--clicked", "--date", "2026-11-24").exit_code == 0
    assert started == [["daily", str(tmp_path), "--date", "2026-11-24"]]
    assert opened == [str(tmp_path / "日报" / "2026-11-24")]


def test_a_click_on_check_sheets_without_files_says_to_drop_some(tmp_path):
    result = start("check", "--root", tmp_path)
    assert result.exit_code == 2
    assert "拖到" in result.stderr


def test_a_read_only_folder_is_named(tmp_path, monkeypatch):
    def refused(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    assert "不能写入" in launch.obstacle(tmp_path)


def test_a_mounted_read_only_folder_is_named():
    for folder in ("/sys/kernel", "/proc/self"):
        if Path(folder).exists():
            assert "不能写入" in launch.obstacle(Path(folder))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends paths at 260 characters, this system at 4,096")
def test_a_path_too_long_for_what_will_be_written_is_named(tmp_path):
    here = Path.cwd()
    deep = tmp_path
    try:
        os.chdir(deep)
        while len(str(deep).encode()) < 3960:
            name = "x" * min(200, 4000 - len(str(deep)))
            Path(name).mkdir()
            os.chdir(name)
            deep /= name
        assert "路径太长" in launch.obstacle(deep)
    finally:
        os.chdir(here)


def test_a_window_into_an_archive_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    for name in ("Rar$EXa123.456", "7zO4C3F", "Temp1_周报.zip"):
        (tmp_path / name).mkdir()
        assert "压缩包" in launch.obstacle(tmp_path / name)
    assert launch.obstacle(tmp_path) == ""


def test_a_network_drive_is_used_and_named(tmp_path, monkeypatch):
    assert launch.on_network(r"\\服务器\共享\办公室")
    assert not launch.on_network(r"D:\办公室")
    monkeypatch.setattr(launch, "on_network", lambda _: True)
    result = start("weekly", "--root", tmp_path)
    assert result.exit_code == 0
    assert "网络盘" in result.stderr


def test_a_library_eaten_by_a_virus_scanner_is_one_sentence(tmp_path, monkeypatch):
    def missing(*_args, **_options):
        raise ModuleNotFoundError("No module named 'pyarrow'", name="pyarrow")

    monkeypatch.setattr(launch, "main", missing)
    result = start("weekly", "--root", copy_sample(tmp_path / "办公室"))
    assert result.exit_code == 1
    assert "程序文件不完整(缺少 pyarrow)" in result.stderr


def test_init_puts_launchers_into_the_office_that_find_this_python(tmp_path):
    folder = copy_sample(tmp_path / "A&B 销售(1)!")
    names = launchers.write_launchers(folder)
    assert {Path(name).stem for name in names} == set(launchers.COMMANDS)
    if sys.platform == "win32":
        return
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = ["bash", str(folder / "run_weekly.sh"), "--json"]
    done = subprocess.run(command, check=False, cwd="/", env=environment, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr.decode()  # 3 is a success for a shell
    assert json.loads(done.stdout)["weeks"][-1] == "2026-W47"


@pytest.mark.skipif(sys.platform == "win32", reason="the .sh launchers are for other systems")
def test_an_office_moved_away_from_its_program_says_what_to_do(tmp_path):
    launchers.write_launchers(tmp_path)
    (tmp_path / "app" / "python.txt").write_text("/nowhere/python\n")
    done = subprocess.run(["bash", tmp_path / "run_weekly.sh"], check=False, capture_output=True, timeout=60)
    assert done.returncode == 1
    assert "salessheets init" in done.stderr.decode()


def test_the_launchers_of_the_checkout_are_those_of_the_templates():
    for name, data in [*launchers.batch_files(), *launchers.mac_files()]:
        assert (REPOSITORY / name).read_bytes() == data, f"run: python scripts/write_docs.py ({name})"


def test_a_batch_file_is_ascii_with_crlf_and_can_say_unzip_first():
    for name, data in launchers.batch_files():
        assert data.isascii(), name
        assert data.count(b"\n") == data.count(b"\r\n")
        numbers = data.decode().split("[char[]](")[1].split(")")[0].split(",")
        assert "".join(chr(int(number)) for number in numbers) == launchers.UNZIP


def test_git_gives_each_launcher_the_line_ends_of_its_system():
    rules = (REPOSITORY / ".gitattributes").read_text(encoding="utf-8")
    assert "*.bat text eol=crlf" in rules
    assert "*.sh text eol=lf" in rules
    assert "*.command text eol=lf" in rules


@pytest.mark.skipif(sys.platform == "win32", reason="the .sh launchers are for other systems")
@pytest.mark.parametrize(("python", "said"), [(None, "没有找到 Python"), ("exit 1", "太旧")])
def test_a_shell_launcher_without_a_fitting_python_says_where_to_get_one(tmp_path, python, said):
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("bash", "dirname", "cat"):
        (tools / name).symlink_to(shutil.which(name))
    if python:
        (tools / "python3").write_text(f"#!{shutil.which('bash')}\n{python}\n")
        (tools / "python3").chmod(0o755)
    command = ["bash", str(REPOSITORY / "check_sheets.sh"), "x.xlsx"]
    done = subprocess.run(command, check=False, env={"PATH": str(tools)}, capture_output=True, timeout=60)
    assert done.returncode == 1
    assert said in done.stderr.decode()
