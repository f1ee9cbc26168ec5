"""The command line: Chinese messages to stderr, JSON alone to stdout, exit codes 0 1 2 3."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import copy_sample

from salessheets import __version__
from salessheets.cli import main

EXPECTED = Path(__file__).resolve().parents[1] / "samples" / "expected"
SAMPLE_ROWS = len((EXPECTED / "rows.csv").read_text(encoding="utf-8-sig").splitlines()) - 1


def call(*arguments):
    return CliRunner().invoke(main, [str(a) for a in arguments])


def test_help_shows_every_command_with_an_example():
    assert call("--version").output == f"salessheets {__version__}\n"
    for command in ("init", "weekly", "trace", "check", "templates"):
        assert command in call("--help").output
        shown = call(command, "--help")
        assert shown.exit_code == 0
        assert f"例:salessheets {command}" in shown.output


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("weekly", "没有这个文件夹"), 2, "不是办公文件夹"),
        (("nonsense",), 2, "No such command"),
        (("check",), 2, ""),
    ],
)
def test_wrong_use_is_exit_2(arguments, code, text):
    result = call(*arguments)
    assert result.exit_code == code
    assert text in result.stderr


def test_a_wrong_week_says_how_to_write_it(ran):
    result = call("weekly", ran[0].root, "--week", "第47周")
    assert result.exit_code == 2
    assert "2026-W47" in result.stderr


def test_a_new_office_is_ready_to_run(tmp_path):
    folder = tmp_path / "新 办公室"
    assert call("init", folder).exit_code == 0
    assert {p.name for p in folder.iterdir()} >= {
        "设置.xlsx",
        "模板",
        "收件箱",
        "存档",
        "缓存",
        "日志",
        "周报",
        "退回更正",
    }
    assert len(list((folder / "模板").glob("*.xlsx"))) == 12
    before = (folder / "设置.xlsx").read_bytes()
    again = call("init", folder)
    assert "没有改动设置" in again.stderr
    assert (folder / "设置.xlsx").read_bytes() == before
    first = call("weekly", folder, "--as-of", "2026-11-20")
    assert first.exit_code == 0, first.stderr
    assert "没有新行" in first.stderr


def test_json_goes_to_stdout_alone_and_rows_set_aside_are_exit_3(tmp_path):
    folder = copy_sample(tmp_path / "办公室")
    result = call("weekly", folder, "--json")
    assert result.exit_code == 3
    document = json.loads(result.stdout)
    assert document["schema_version"] == 1
    assert document["weeks"] == ["2026-W45", "2026-W46", "2026-W47"]
    assert sum(document["totals"].values()) == sum(f["rows"] for f in document["files"]) == SAMPLE_ROWS
    assert {f["outcome"] for f in document["files"]} == {"read", "unknown", "failed"}
    assert all(w.startswith(("周报/", "退回更正/")) for w in document["workbooks"])
    assert "退回 何敏" in result.stderr
    again = call("weekly", folder)
    assert again.exit_code == 3
    assert "没有新内容" in again.stderr


def test_dry_run_says_so(tmp_path):
    result = call("weekly", copy_sample(tmp_path / "办公室"), "--dry-run")
    assert "试算,没有写任何文件" in result.stderr
    assert not (tmp_path / "办公室" / "周报").exists()


def test_trace_writes_one_line_per_row(ran, tmp_path):
    out = tmp_path / "去向.csv"
    assert call("trace", ran[0].root, "--out", out).exit_code == 0
    with out.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == SAMPLE_ROWS
    assert list(rows[0]) == ["week", "file", "sheet", "row", "table", "fate", "客户编号", "reason"]


def test_trace_before_the_first_run_says_so(tmp_path):
    result = call("trace", copy_sample(tmp_path / "办公室"), "--out", tmp_path / "x.csv")
    assert result.exit_code == 1
    assert "还没有运行过" in result.stderr


def test_check_names_the_cell_and_what_to_do(tmp_path):
    sheet = tmp_path / "咨询.csv"
    sheet.write_text(
        "咨询日期,咨询渠道,客户姓名,联系电话,咨询内容\n"
        "2026-11-03,咨询电话,王建国,1391234567,问价\n"
        "2026-11-03,咨询电话,李丽,13912345678,问价\n",
        encoding="utf-8",
    )
    result = call("check", sheet)
    assert result.exit_code == 3
    line = next(x for x in result.stderr.splitlines() if "✗" in x)
    assert "D2" in line
    assert "1391234567" in line
    assert "手机11位" in line
    document = json.loads(call("check", sheet, "--json").stdout)
    assert document["files"][0]["fates"] == {"可以交": 1, "退回更正": 1}
    assert document["files"][0]["problems"][0]["cell"] == "D2"


def test_check_writes_a_marked_copy(tmp_path):
    import openpyxl

    sheet = tmp_path / "咨询.csv"
    sheet.write_text(
        "咨询日期,咨询渠道,客户姓名,联系电话,咨询内容\n2026-11-03,咨询电话,王建国,1391234567,=1+1\n", encoding="utf-8"
    )
    result = call("check", sheet, "--marked", tmp_path / "检查")
    assert "王建国" in result.stderr
    page = openpyxl.load_workbook(tmp_path / "检查" / "咨询_检查.xlsx").worksheets[0]
    assert page["D2"].fill.fgColor.rgb == "FFF8B8B0"
    assert page["F1"].value == "要改什么"
    assert "手机11位" in page["F2"].value
    assert (page["E2"].value, page["E2"].data_type) == ("=1+1", "s")


def test_check_of_a_good_sheet_is_exit_0(tmp_path):
    sheet = tmp_path / "咨询.csv"
    sheet.write_text("咨询日期,咨询渠道,客户姓名,联系电话,省,市\n2026-11-03,咨询电话,李丽,13912345678,山东省,济南市\n")
    result = call("check", sheet)
    assert result.exit_code == 0, result.stderr
    assert "没有问题,可以交" in result.stderr


def test_a_program_error_goes_to_the_log_without_personal_data(tmp_path, monkeypatch):
    folder = copy_sample(tmp_path / "办公室")

    secret = f"{'王建国'} {13912345678}"

    def broken(*_args, **_options):
        raise RuntimeError(secret)

    monkeypatch.setattr("salessheets.week.weekly", broken)
    result = call("weekly", folder)
    assert result.exit_code == 1
    assert "程序出错了" in result.stderr
    assert "Traceback" not in result.stderr
    (log,) = (folder / "日志").iterdir()
    text = log.read_text(encoding="utf-8")
    assert "RuntimeError" in text
    assert "13912345678" not in text
    assert "王建国" not in text


def test_replay_writes_into_its_own_folder(office):
    result = call("weekly", office.root, "--replay", "2026-W45")
    assert result.exit_code == 0
    assert "复原/2026-W45" in result.stderr


def test_two_runs_at_once_are_told(office):
    with office.lock("张三 的周报"):
        import salessheets.office as module

        original = module.Office.lock
        module.Office.lock = lambda self, who: original(self, who, wait_seconds=0.1)
        try:
            result = call("weekly", office.root)
        finally:
            module.Office.lock = original
    assert result.exit_code == 1
    assert "张三 的周报" in result.stderr


def test_templates_are_written_with_the_offices_choices(tmp_path):
    folder = copy_sample(tmp_path / "办公室")
    result = call("templates", folder)
    assert result.exit_code == 0, result.stderr
    assert "12 张模板" in result.stderr
