"""退回更正: what goes back to a person, and that it can be handed in again once it is corrected."""

from __future__ import annotations

import io
import json

import openpyxl
import pandas as pd
import pytest
from report_fixture import report

from salessheets.read import Outcome, Reader
from salessheets.settings import Settings, Staff
from salessheets.tables import TABLES
from salessheets.write.returns import write_returns

RED = "FFF8B8B0"


def book(person, made=None):
    return openpyxl.load_workbook(io.BytesIO(write_returns(made or report(), person)))


def cells(sheet, row=4):
    return {head.value: sheet.cell(row, head.column) for head in sheet[3]}


@pytest.fixture(scope="module")
def reader():
    with Reader() as opened:
        yield opened


def test_a_person_gets_one_sheet_per_table_with_only_his_rows():
    assert {sheet.title: sheet.max_row - 3 for sheet in book("陈静")} == {"客户咨询记录本": 1, "客户信息移交表": 1}
    assert {sheet.title: sheet.max_row - 3 for sheet in book("赵强")} == {"陌生拜访登记本": 1}


def test_the_wrong_cells_are_red_and_a_column_says_what_to_do():
    row = cells(book("陈静")["客户咨询记录本"])
    assert [header for header, cell in row.items() if cell.fill.fgColor.rgb == RED] == ["联系电话"]
    assert row["联系电话"].value == "1381234567"
    assert row["要改什么"].value == "电话「1381234567」只有 10 位。请核对号码,手机号是 11 位"
    assert row["记录编号"].value == "00002-1-31"


def test_an_empty_cell_that_must_be_filled_is_red_too():
    row = cells(book("赵强")["陌生拜访登记本"])
    assert [(h, c.value) for h, c in row.items() if c.fill.fgColor.rgb == RED] == [
        ("客户姓名", None),
        ("单位/店名", None),
    ]


@pytest.mark.parametrize(
    ("typed", "wrong", "shown"),
    [
        ("46343", False, "2026-11-17"),  # a day that lost its format
        ("2026.11.17", False, "2026-11-17"),
        ("上周二", False, "上周二"),
        ("2026/11/30", True, "2026/11/30"),  # the reason quotes it
    ],
)
def test_days_are_shown_as_days_unless_they_are_what_is_wrong(typed, wrong, shown):
    line = report().returns.iloc[0]
    marks = {"consult_date": "日期在交表之后。请改"} if wrong else {}
    made = report(returns=pd.DataFrame([{**line, "fields": {**line["fields"], "consult_date": typed}, "wrong": marks}]))
    value = cells(book("陈静", made)["客户咨询记录本"])["咨询日期"].value
    assert (value if isinstance(value, str) else value.date().isoformat()) == shown


def test_a_customer_with_a_wrong_phone_can_be_given_a_wechat_instead():
    assert {"微信号", "QQ号"} <= set(cells(book("陈静")["客户咨询记录本"]))


def test_choices_can_be_picked():
    sheet = book("陈静")["客户信息移交表"]
    offered = {}
    for rule in sheet.data_validations.dataValidation:
        (area,) = rule.sqref.ranges
        offered[sheet.cell(3, area.min_col).value] = rule.formula1
    assert offered["是否紧急"] == '"是,否"'
    assert "购买名录" in offered["信息来源"]


def test_rows_from_below_different_head_cells_are_on_different_sheets():
    made = report()
    line = made.returns[made.returns["table"] == "handover"].iloc[0]
    later = {**line, "rid": "00008-1-9", "fields": {**line["fields"], "handover_date": "2026-11-18"}}
    page = book("陈静", report(returns=pd.DataFrame([dict(line), later, {**line, "rid": "00004-1-13"}])))
    shown = {s.title: (s["D1"].value, [r[0].value for r in s.iter_rows(min_row=4)]) for s in page}
    assert shown == {
        "客户信息移交表": ("移交日期:2026-11-17    移交人:陈静    接收人:周立", ["00004-1-12", "00004-1-13"]),
        "客户信息移交表2": ("移交日期:2026-11-18    移交人:陈静    接收人:周立", ["00008-1-9"]),
    }


def test_a_wrong_head_cell_is_red():
    made = report()
    line = made.returns[made.returns["table"] == "handover"].iloc[0]
    page = book("陈静", report(returns=pd.DataFrame([{**line, "wrong": {"handover_date": "日期不对。请改"}}])))
    assert page["客户信息移交表"]["D1"].fill.fgColor.rgb == RED


def test_rows_can_be_sorted_and_nothing_is_locked():
    for sheet in book("陈静"):
        (table,) = sheet.tables.values()
        assert (table.autoFilter is not None, sheet.protection.sheet, sheet.freeze_panes) == (True, False, "C4")


@pytest.mark.parametrize("person", ["陈静", "赵强"])
def test_a_corrected_workbook_handed_in_again_says_the_same_in_every_other_cell(reader, person):
    """Every cell of every returned row is read back as it was handed in first."""
    made = report()
    mine = made.returns[made.returns["person"] == person]
    got = reader.read(write_returns(made, person), f"退回更正_{person}.xlsx")
    assert (got.outcome, got.unread_rows, {p.code for p in got.problems}) == (Outcome.READ, 0, set())
    assert set(got.rows["aside"]) == {""}
    for row in mine.to_dict("records"):
        (back,) = got.rows[got.rows["table"] == row["table"]].to_dict("records")
        assert {field: back[field] for field in row["fields"]} == row["fields"]
        assert row["rid"] in json.loads(back["extra"]).values()


def test_every_table_that_can_be_returned_is_read_as_itself(reader):
    """One returned row per intake table, each filled like its example."""
    made = report()
    line = made.returns.iloc[0].to_dict()
    rows = []
    for key, table in TABLES.items():
        if table.intake:
            fields = {f: table.examples[0].get(f, "") for f in table.fields}
            rows.append({**line, "table": key, "rid": f"00009-1-{len(rows) + 4}", "fields": fields, "wrong": {}})
    frame = pd.DataFrame(rows)
    got = reader.read(write_returns(report(returns=frame), "陈静"), "退回更正_陈静.xlsx")
    assert list(got.rows["table"]) == sorted(row["table"] for row in rows)
    for row in rows:
        (back,) = got.rows[got.rows["table"] == row["table"]].to_dict("records")
        assert {f: back.get(f, "") for f in row["fields"]} == row["fields"]


def test_a_long_list_of_names_is_no_part_of_the_hand_in(reader):
    made = report(settings=Settings(staff=tuple(Staff(f"姓名第{n:03d}号") for n in range(80))))
    got = reader.read(write_returns(made, "陈静"), "退回更正_陈静.xlsx")
    assert (len(got.rows), got.unread_rows, got.problems) == (2, 0, ())
