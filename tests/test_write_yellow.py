"""The yellow cells of a workbook are exactly those that the issue record knows: what it misses could not come back."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from report_fixture import KANG, YI
from written import books, week

from salessheets.read import Reader
from salessheets.returned import ANSWER, ANSWER_HEADERS, DOUBTS, HEADER_OF_FIELD, MERGES
from salessheets.trials import CRITERIA_SHEET, numbers
from salessheets.write.issue import issue_cells
from salessheets.write.look import YELLOW
from salessheets.write.sales import SALES

BOOKS = books(week())
KEY, OWNER = "客户编号", "跟进人"
LOOKED_UP = {("有效客户名单", OWNER), ("客户分析", "人工级别"), ("客户分析", "跟进状态")}
KEYS = {MERGES: "记录编号", DOUBTS: "编号"}


def marked(name: str) -> dict[tuple[str, str, str], str]:
    """(sheet, 客户编号, header) → text of every yellow cell, and of those that look up what stands in a yellow one."""
    values = load_workbook(io.BytesIO(BOOKS[name]), data_only=True)
    found = {}
    for sheet in load_workbook(io.BytesIO(BOOKS[name])):
        headers = {cell.column: cell.value for cell in sheet[3]}
        for row in sheet.iter_rows(min_row=4):
            texts = {headers.get(cell.column): cell for cell in row}
            for header, cell in texts.items():
                yellow = cell.fill.fill_type and cell.fill.fgColor.rgb == f"FF{YELLOW[1:]}"
                if yellow or ((sheet.title, header) in LOOKED_UP and cell.data_type == "f"):
                    value = values[sheet.title][cell.coordinate].value
                    text = value.strftime("%Y-%m-%d") if hasattr(value, "strftime") else str(value or "")
                    found[sheet.title, texts[KEYS.get(sheet.title, KEY)].value, header] = text
    return found


@pytest.mark.parametrize("name", [KANG, YI, SALES])
def test_the_record_knows_every_yellow_cell_and_its_text(name):
    cells = issue_cells(week())

    def header(sheet, field):
        return ANSWER_HEADERS[sheet] if field == ANSWER else HEADER_OF_FIELD[field]

    mine = cells[(cells["workbook"] == name) & (cells["sheet"] != CRITERIA_SHEET)]
    known = {(c.sheet, c.lead, header(c.sheet, c.field)): c.value for c in mine.itertuples(index=False)}
    assert len(known) > 1
    assert marked(name) == known


@pytest.mark.parametrize("name", [KANG, YI])
def test_the_record_knows_every_number_that_may_be_tried_out(name):
    with Reader() as reader:
        found = {number.key: number.value for number in numbers(reader.workbook(BOOKS[name], "book.xlsx"))}
    cells = issue_cells(week())
    mine = cells[(cells["workbook"] == name) & (cells["sheet"] == CRITERIA_SHEET)]
    assert len(found) > 40
    assert found == dict(zip(mine["lead"], mine["value"], strict=True))


def test_one_fact_has_one_cell():
    """A lead on 待分配 has its yellow 跟进人 there; on 有效客户名单 the cell is white and looks it up."""
    book = load_workbook(io.BytesIO(BOOKS[KANG]))
    waiting = {row[2].value for row in book["待分配"].iter_rows(min_row=4)}
    header = {cell.value: cell.column - 1 for cell in book["有效客户名单"][3]}
    for row in book["有效客户名单"].iter_rows(min_row=4):
        owner = row[header[OWNER]]
        assert (owner.data_type == "f") == (row[header[KEY]].value in waiting)
        assert (owner.fill.fill_type is None) == (owner.data_type == "f")
