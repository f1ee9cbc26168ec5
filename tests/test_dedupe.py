"""dedupe: small lists in, the answer of every row out."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest
from click.testing import CliRunner
from read_making import xlsx

from salessheets import dedupe
from salessheets.cli import main
from salessheets.match.learn import applied

BOUGHT = [
    ["山东名录2026"],
    ["序号", "公司名称", "法人", "有效手机号", "所属城市", "注册地址", "评分"],
    ["1", "济南康乐健康生活馆", "王建国", "13987650012", "济南市", "泉城路188号", "=1+1"],
    ["2", "康乐健康生活馆", "王总", "13987650012", "济南", "", "@sum"],
    ["3", "青岛海之蓝养生馆", "赵敏", "13866778899", "青岛市", "", ""],
    ["合计", "3家", "", "", "", "", ""],
]
FAIR = "姓名,手机\n王建国,013987650012\n孙伟,13712345670\n"


@pytest.fixture
def lists(tmp_path):
    (tmp_path / "名录.xlsx").write_bytes(xlsx(BOUGHT, options={"strings_to_formulas": False}))
    (tmp_path / "展会.csv").write_text(FAIR, "utf-8")
    return tmp_path


def call(folder, *names, out="结果.csv", options=()):
    paths = [str(folder / name) for name in names]
    return CliRunner().invoke(main, ["dedupe", *paths, "--out", str(folder / out), *options])


def answer(folder, out="结果.csv"):
    return list(csv.DictReader(io.StringIO((folder / out).read_bytes().decode("utf-8-sig"))))


def test_every_row_of_two_lists_gets_group_advice_weight_and_reason(lists):
    result = call(lists, "名录.xlsx", "展会.csv")
    assert result.exit_code == 0, result.stderr
    rows = answer(lists)
    assert [(r["文件"], r["行"], r["组号"], r["组内行数"], r["保留建议"]) for r in rows] == [
        ("名录.xlsx", "3", "1", "3", "主"),
        ("名录.xlsx", "4", "1", "3", "并入"),
        ("展会.csv", "2", "1", "3", "并入"),
        ("名录.xlsx", "5", "2", "1", ""),
        ("展会.csv", "3", "3", "1", ""),
        ("名录.xlsx", "6", "", "", ""),
    ]
    assert "同手机" in rows[1]["理由"]
    assert float(rows[1]["证据分"]) >= 8
    assert "合计行" in rows[5]["理由"]
    assert rows[2]["手机"] == "013987650012"  # as it stood


def test_the_order_of_files_changes_nothing(lists):
    call(lists, "名录.xlsx", "展会.csv", out="a.csv")
    call(lists, "展会.csv", "名录.xlsx", out="b.csv")
    assert (lists / "a.csv").read_bytes() == (lists / "b.csv").read_bytes()


def test_hostile_text_stays_text(lists):
    call(lists, "名录.xlsx")
    assert [r["评分"] for r in answer(lists)[:2]] == ["'=1+1", "'@sum"]
    call(lists, "名录.xlsx", out="结果.xlsx")
    cells = {
        c.value: c.data_type for row in openpyxl.load_workbook(lists / "结果.xlsx")["结果"].iter_rows() for c in row
    }
    assert cells["=1+1"] == cells["@sum"] == cells["13987650012"] == "s"


def test_files_that_cannot_be_read_are_named_and_the_others_go_on(lists):
    (lists / "空.xlsx").write_bytes(b"")
    (lists / "坏.xlsx").write_bytes(b"PK\x03\x04 broken")
    (lists / "坏.xls").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"broken")
    (lists / "图.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    (lists / "别的.csv").write_text("甲,乙\n1,2\n", "utf-8")
    bad = ["空.xlsx", "坏.xlsx", "坏.xls", "图.xlsx", "别的.csv"]
    result = call(lists, "名录.xlsx", *bad, options=["--json"])
    assert result.exit_code == 3
    files = {f["file"]: f for f in json.loads(result.stdout)["files"]}
    for name in bad:
        assert files[name]["outcome"] != "read", name
        assert files[name]["problems"], name
        assert name in result.stderr
    assert files["名录.xlsx"]["rows"] == len(answer(lists)) == 4


@pytest.mark.parametrize(("out", "text"), [("结果.txt", "结尾"), ("名录.xlsx", "原来的文件")])
def test_a_wrong_result_file_is_wrong_use(lists, out, text):
    result = call(lists, "名录.xlsx", out=out)
    assert result.exit_code == 2
    assert text in result.stderr


def test_a_short_list_does_not_learn_and_says_why(lists):
    result = call(lists, "名录.xlsx", out="结果.xlsx", options=("--learn",))
    assert "少于 10,000 行" in result.stderr
    assert "少于 10,000 行" in notes(lists)
    assert "从名单学到的" not in notes(lists, call(lists, "名录.xlsx", out="结果.xlsx"))


def test_what_a_long_list_taught_is_said_and_written_and_counts(lists, monkeypatch):
    monkeypatch.setattr(dedupe, "enough", lambda _: True)
    monkeypatch.setattr(dedupe, "learn", lambda *_: applied({"手机": -3.0, "地址不同": 1.0}))
    result = call(lists, "名录.xlsx", out="结果.xlsx", options=("--learn", "--json"))
    assert json.loads(result.stdout)["learnt"] == [
        "手机相同的两行\uff0c在这份名单里不同的客户比平常多\uff1a证据减 3.0 分",
        "「地址不同」\uff1a在这份名单里\uff0c同一客户比平常更常这样\uff1a少扣 1.0 分",
    ]
    assert "证据减 3.0 分" in notes(lists)
    page = openpyxl.load_workbook(lists / "结果.xlsx")["结果"]
    assert "同手机 +8.2" in " ".join(str(cell.value) for row in page.iter_rows() for cell in row)


def notes(folder, _result=None):
    page = openpyxl.load_workbook(folder / "结果.xlsx")["说明"]
    return " ".join(str(cell.value) for row in page.iter_rows() for cell in row if cell.value)
