"""Documents for developers say what the program does: the command line, the JSON, colours, completion, the schedule."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from click.testing import CliRunner
from conftest import copy_sample

from salessheets import schedule, summary
from salessheets.cli import main

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import write_docs  # noqa: E402

JSON = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")


def call(*arguments, **options):
    return CliRunner().invoke(main, [str(a) for a in arguments], **options)


def test_the_command_line_is_described_as_it_is():
    assert write_docs.DOCUMENT.read_text(encoding="utf-8") == write_docs.document(), "run: python scripts/write_docs.py"
    for command in main.commands:
        assert f"## `salessheets {command}`" in write_docs.document()


def documented():
    return set(re.findall(r"`(\w+)`", JSON))


def keys(value):
    """Every key that the program chooses; fates are data."""
    if isinstance(value, list):
        return set().union(*map(keys, value))
    if not isinstance(value, dict):
        return set()
    return set().union(value, *(keys(inner) for name, inner in value.items() if name not in ("fates", "totals")))


def test_every_key_of_the_weekly_json_is_described(ran):
    assert keys(summary.as_json(*ran)) <= documented()


def test_every_key_of_the_check_json_is_described(tmp_path):
    sheet = tmp_path / "咨询.csv"
    sheet.write_text("咨询日期,咨询渠道,客户姓名,联系电话\n2026-11-03,咨询电话,王建国,1391234567\n", encoding="utf-8")
    document = json.loads(call("check", sheet, "--json").stdout)
    assert document["files"][0]["problems"]
    assert keys(document) <= documented()


def test_every_exit_code_and_outcome_is_described():
    from salessheets.read import Outcome

    for code in (0, 1, 2, 3):
        assert re.search(rf"\b{code} \w", JSON.split("Exit codes:")[1])
    assert {outcome.value for outcome in Outcome} <= documented()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("more", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_no_color_is_heeded_on_a_terminal(tmp_path, more, coloured):
    import pty

    call("init", tmp_path / "办公室")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", **more}
    if not more:
        environment.pop("NO_COLOR", None)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-X", "utf8", "-m", "salessheets", "weekly", str(tmp_path / "办公室")]
    with subprocess.Popen(command, env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        said = b""
        try:
            while piece := os.read(ours, 4096):
                said += piece
        except OSError:  # the end of a pseudo-terminal
            pass
    os.close(ours)
    assert process.returncode == 0
    assert "做完了" in said.decode("utf-8")
    assert bool(re.search(rb"\x1b\[[0-9;]*3[0-9][0-9;]*m", said)) is coloured


@pytest.mark.parametrize(("typed", "offered"), [("wee", "weekly"), ("weekly --re", "--replay")])
def test_the_shell_completes_commands_and_options(typed, offered):
    words = f"salessheets {typed}"
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "_SALESSHEETS_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    command = [sys.executable, "-X", "utf8", "-m", "salessheets"]
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True, encoding="utf-8")
    assert f"plain,{offered}" in done.stdout.splitlines()


MONDAY, EVENING = schedule.Time.parse("8:30"), schedule.Time.parse("17\uff1a05")


def test_the_task_schedulers_lines():
    lines = schedule.windows_lines(PureWindowsPath(r"D:\销售 工具\A&B"), "周一", MONDAY, EVENING)
    bat = r"\"D:\销售 工具\A&B\run_{}.bat\" --no-pause"
    assert lines == [
        f'schtasks /Create /F /TN "周报 A&B" /TR "{bat.format("weekly")}" /SC WEEKLY /D MON /ST 08:30',
        f'schtasks /Create /F /TN "日报 A&B" /TR "{bat.format("daily")}" /SC WEEKLY /D MON,TUE,WED,THU,FRI /ST 17:05',
    ]


def test_the_lines_for_cron_run_as_they_are_in_a_shell(tmp_path):
    office = PurePosixPath("/srv/单'引号 100%")
    weekly, daily = schedule.cron_lines(office, "周日", MONDAY, EVENING)
    assert weekly.startswith("30 8 * * 0 bash ")
    assert daily.startswith("5 17 * * 1-5 bash ")
    assert not re.search(r"(?<!\\)%", weekly)  # cron takes a bare % for the end of the line
    command = weekly.split(" ", 5)[5].replace("\\%", "%").replace("bash ", "printf '%s\\n' ", 1).split(" >>")[0]
    said = subprocess.run(["bash", "-c", command], check=True, capture_output=True).stdout.decode("utf-8")
    assert said.splitlines() == [f"{office}/run_weekly.sh", "--no-pause"]


def test_schedule_prints_the_lines_alone_on_stdout(tmp_path):
    folder = copy_sample(tmp_path / "办公室")
    result = call("schedule", folder, "--system", "cron", "--on", "周三", "--at", "9:00")
    assert result.exit_code == 0
    assert [line.split(" ", 5)[:5] for line in result.stdout.splitlines()] == [
        ["0", "9", "*", "*", "3"],
        ["30", "17", "*", "*", "1-5"],
    ]
    assert "crontab -e" in result.stderr
    assert "先运行 salessheets init" in result.stderr  # the sample has no launchers
    assert call("init", folder).exit_code == 0
    if sys.platform != "win32":
        assert "salessheets init" not in call("schedule", folder, "--system", "cron").stderr


@pytest.mark.parametrize("wrong", [("--at", "25:00"), ("--on", "星期八")])
def test_a_wrong_time_says_how_to_write_it(tmp_path, wrong):
    result = call("schedule", copy_sample(tmp_path / "办公室"), *wrong)
    assert result.exit_code == 2
    assert "请写成" in result.stderr


def test_every_test_that_the_page_on_accessibility_names_is_there():
    page = (ROOT / "docs" / "accessibility.md").read_text(encoding="utf-8")
    written = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("test_*.py"))
    assert [name for name in re.findall(r"`(test_\w+)`", page) if f"def {name}(" not in written] == []
