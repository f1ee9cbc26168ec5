"""What we wrote as the result of a formula is what a spreadsheet program calculates, also after a person typed."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import render
from openpyxl import load_workbook
from report_fixture import KANG, YI
from written import books, week

BOOKS = books(week())
OWNER = "跟进人"


def cells(source) -> dict[tuple[str, str], object]:
    return {
        (sheet.title, cell.coordinate): cell.value if cell.value is not None else ""
        for sheet in load_workbook(source, data_only=True)
        for row in sheet.iter_rows()
        for cell in row
    }


def formulas(data: bytes) -> list[tuple[str, str]]:
    book = load_workbook(io.BytesIO(data))
    return [(s.title, c.coordinate) for s in book for row in s.iter_rows() for c in row if c.data_type == "f"]


@pytest.mark.parametrize("name", [KANG, YI])
def test_cached_results_are_the_calculated_ones(name):
    ours = cells(io.BytesIO(BOOKS[name]))
    theirs = cells(io.BytesIO(render.convert({"book": BOOKS[name]}, "xlsx")["book"]))
    places = formulas(BOOKS[name])
    assert len(places) >= 5
    assert {place: ours[place] for place in places} == {place: theirs[place] for place in places}


def test_every_formula_of_the_sample_office_says_what_libreoffice_calculates(ran):
    """All weeks and brands: 客户分析, the lists, 区域×级别, the load per 跟进人 on 概览."""
    books = {path.stem: path.read_bytes() for path in sorted(ran[0].reports.rglob("*.xlsx"))}
    places = {name: formulas(data) for name, data in books.items()}
    calculating = {name: books[name] for name in books if places[name]}
    assert len(calculating) == 9
    again = render.convert(calculating, "xlsx")
    for name, data in calculating.items():
        assert {sheet for sheet, _ in places[name]} >= {"概览", "有效客户名单", "客户分析", "区域×级别"}
        ours, theirs = cells(io.BytesIO(data)), cells(io.BytesIO(again[name]))
        assert [(p, ours[p], theirs[p]) for p in places[name] if ours[p] != theirs[p]] == [], name


def test_only_the_brands_workbooks_calculate():
    assert [name for name, data in BOOKS.items() if formulas(data)] == [KANG, YI]


def rows(path, sheet: str) -> dict[str, dict[str, object]]:
    """客户编号 → header → value."""
    page = load_workbook(path, data_only=True)[sheet]
    headers = [cell.value for cell in page[3]]
    found = [dict(zip(headers, (c.value for c in row), strict=True)) for row in page.iter_rows(min_row=4)]
    return {str(row["客户编号"]): row for row in found}


def test_a_name_picked_on_the_waiting_list_shows_on_the_list(keyboard, tmp_path):
    """待分配 has the one cell; 有效客户名单 shows it for the same 客户编号, and 概览 counts it."""
    path, saved = tmp_path / "book.xlsx", tmp_path / "saved.xlsx"
    path.write_bytes(BOOKS[KANG])
    before = rows(path, "有效客户名单")
    second = list(rows(path, "待分配"))[1]
    keyboard.open(path)
    keyboard.clear("$待分配.L5")  # goes to the sheet
    keyboard.type("L5", "赵强")
    keyboard.save_as(saved)
    after = rows(saved, "有效客户名单")
    changed = {lead: row[OWNER] for lead, row in after.items() if (row[OWNER] or "") != (before[lead][OWNER] or "")}
    assert changed == {second: "赵强"}
    assert count(saved, "赵强") == count(path, "赵强") + 1


def count(path: Path, name: str) -> int:
    page = load_workbook(path, data_only=True)["概览"]
    place = next(c for row in page.iter_rows() for c in row if c.value == name)
    return int(page.cell(place.row, place.column + 2).value)
