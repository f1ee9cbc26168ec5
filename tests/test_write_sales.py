"""销售部_周报: all brands side by side and everything that belongs to none (workflow.md, "销售部_周报")."""

from __future__ import annotations

import io
import unicodedata
from functools import cache

import openpyxl
import pandas as pd
import pytest
from report_fixture import EMPTY, KANG, YI, empty_report, report

from salessheets.settings import Brand, Settings
from salessheets.write.report import FATES
from salessheets.write.sales import write_sales

ALL = ["概览", "各品牌", "未分品牌", "无效", "待认领", "退回", "冲突", "对账", "说明"]


@cache
def usual():
    return book(report())


def book(made=None):
    return openpyxl.load_workbook(io.BytesIO(write_sales(made, "0123456789abcdef"))) if made else usual()


def rows(sheet):
    """The sheet's table as one dict per row."""
    (table,) = sheet.tables.values()
    head, *lines = ([cell.value for cell in line] for line in sheet[table.ref])
    return [dict(zip(head, ["" if value is None else value for value in line], strict=True)) for line in lines]


def words(sheet):
    return {
        unicodedata.normalize("NFKC", str(c.value)) for line in sheet.iter_rows() for c in line if c.value is not None
    }


def test_the_sheets_come_in_the_same_order_every_week():
    assert book().sheetnames == ALL


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("未分品牌", "unbranded"),
        ("无效", "invalid"),
        ("待认领", "unclaimed"),
        ("退回", "returns"),
        ("冲突", "conflicts"),
    ],
)
def test_a_sheet_without_rows_is_left_out(name, field):
    made = report(**{field: getattr(report(), field).iloc[:0]})
    page = book(made)
    assert page.sheetnames == [sheet for sheet in ALL if sheet != name]
    assert any(name in text.split("、") for text in words(page["说明"]))


def test_a_week_without_anything_is_a_workbook_too():
    assert book(empty_report()).sheetnames == ["概览", "各品牌", "说明"]


def test_all_brands_stand_side_by_side_also_those_without_customers():
    shown = [
        (r["品牌"], r["市场总监"], r["有效客户"], r["本周新增"], r["待分配"], r["A类"]) for r in rows(book()["各品牌"])
    ]
    assert shown == [(KANG, "王总监", 6, 3, 3, 2), (YI, "李总监", 3, 2, 1, 1), (EMPTY, "", 0, 0, 0, 0)]


def test_customers_without_brand_get_a_yellow_cell_with_all_brands():
    sheet = book()["未分品牌"]
    assert [(r["客户编号"], r["归属品牌"]) for r in rows(sheet)] == [("00007-1-5", ""), ("00007-1-6", KANG)]
    (rule,) = sheet.data_validations.dataValidation
    assert rule.formula1 == f'"{KANG},{YI},{EMPTY}"'
    (area,) = rule.sqref.ranges
    assert sheet.cell(3, area.min_col).value == "归属品牌"
    assert sheet.cell(4, area.min_col).fill.fgColor.rgb == "FFFFF2CC"


def test_many_brands_still_make_a_dropdown_that_excel_opens():
    brands = tuple(Brand(f"第{n}个名字很长的品牌") for n in range(80))
    page = book(report(settings=Settings(brands=brands)))
    (rule,) = page["未分品牌"].data_validations.dataValidation
    sheet, _, cells = rule.formula1.replace("$", "").partition("!")
    assert [c[0].value for c in page[sheet.strip("'")][cells]] == [brand.name for brand in brands]
    assert page[sheet.strip("'")].sheet_state == "hidden"


def test_invalid_rows_are_listed_by_name_and_reason_blocked_people_only_by_place():
    shown = [
        (r["原因"], r["客户姓名"], r["联系电话"], r["单位/店名"], r["文件"], r["行"]) for r in rows(book()["无效"])
    ]
    assert shown == [
        ("空号停机", "空号哥", "13766667777", "没人接的小店", "陈静/咨询记录.xlsx", 20),
        ("在「拒绝联系」名单上", "", "", "", "陈静/咨询记录.xlsx", 21),
    ]


def test_a_blocked_person_is_nowhere_even_if_the_report_still_knows_him():
    known = report().invalid.assign(name=["空号哥", "保密人"], phone="13600000000", company="保密店")
    shown = [(r["客户姓名"], r["联系电话"], r["单位/店名"]) for r in rows(book(report(invalid=known))["无效"])]
    assert shown == [("空号哥", "13600000000", "保密店"), ("", "", "")]


def test_files_of_nobody_and_files_that_could_not_be_read_are_listed():
    assert [(r["文件"], r["行数"]) for r in rows(book()["待认领"])] == [("上海展会名单.csv", 14), ("赵强/加密.xlsx", 0)]


def test_returned_rows_show_their_age_and_what_to_do():
    assert [(r["交表人"], r["表"], r["天数"]) for r in rows(book()["退回"])] == [
        ("陈静", "客户咨询记录本", 3), ("陈静", "客户信息移交表", 4), ("赵强", "陌生拜访登记本", 1),
    ]  # fmt: skip
    assert rows(book()["退回"])[1]["要改什么"] == "没有写信息来源。请从下拉中选"


def test_the_ledger_balances_per_file_and_in_total():
    lines = rows(book()["对账"])
    for line in lines:
        assert line["交来行数"] + line["上周留待"] == sum(line[fate] for fate in FATES)
        assert line["相等"] == "✓"
    assert (lines[0]["文件号"], lines[-1]["文件"], lines[-1]["交来行数"]) == ("00002", "2 个文件", 16)


def test_a_ledger_that_does_not_balance_says_so():
    made = report()
    lost = made.ledger.assign(新增客户=made.ledger["新增客户"] - 1)
    assert {r["相等"] for r in rows(book(report(ledger=lost))["对账"])} == {"✗"}


def test_the_overview_names_everything_that_waits_for_a_person():
    page = book()["概览"]
    tasks = [unicodedata.normalize("NFKC", c.value) for line in page.iter_rows(max_col=1) for c in line if c.hyperlink]
    assert tasks == [
        "→ 2 个客户没有品牌,请选归属品牌",
        "→ 2 个文件要认领或没有读成",
        "→ 3 行退回更正还没有改好",
        "→ 1 处修改有冲突",
        "→ 3 行没有读入(工作表没有认出)",
    ]
    assert any(text.startswith("没有需要处理的事") for text in words(book(empty_report())["概览"]))


def test_the_same_report_in_another_order_of_columns_gives_the_same_bytes():
    made = report()
    frames = {name: getattr(made, name) for name in ("leads", "unbranded", "ledger", "invalid", "counts")}
    turned = {name: frame[sorted(frame.columns)] for name, frame in frames.items()}
    assert isinstance(turned["leads"], pd.DataFrame)
    assert write_sales(report(**turned), "x") == write_sales(made, "x")
