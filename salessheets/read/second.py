"""Second opinions: xlrd for .xls, openpyxl for .xlsx, asked only when calamine fails or finds nothing."""

from __future__ import annotations

import datetime as dt
import io
import os
import warnings
from collections.abc import Iterator
from typing import Any

from .book import Book, BookSheet, Facts, SheetFacts
from .cells import pack
from .strays import MAX_AREA

MAX_INFLATED = 60 << 20  # bytes; openpyxl needs fifty times as much memory


def xlrd(data: bytes, facts: Facts) -> Book:
    """Read an .xls of any age. Raises whatever xlrd raises on broken ones."""
    import xlrd as reader

    book = Book("xls", "xlrd", [], facts)
    with open(os.devnull, "w", encoding="utf-8") as silent:  # noqa: PTH123  os.devnull is a name, not a path
        workbook = reader.open_workbook(file_contents=data, logfile=silent, on_demand=True)
        for index, name in enumerate(workbook.sheet_names()):
            sheet = workbook.sheet_by_index(index)
            found = facts.sheets.setdefault(name, SheetFacts())
            rows = _xlrd_rows(sheet, workbook.datemode, found)
            book.sheets.append(BookSheet(name, pack(rows, {}), hidden=bool(sheet.visibility), facts=found))
            workbook.unload_sheet(index)
    return book


def _xlrd_rows(sheet: Any, datemode: int, found: SheetFacts) -> Iterator[list[object]]:
    import xlrd as reader

    for at in range(sheet.nrows):
        row: list[object] = []
        for column, (kind, value) in enumerate(zip(sheet.row_types(at), sheet.row_values(at), strict=True)):
            if kind == reader.XL_CELL_DATE:
                row.append(_xlrd_date(value, datemode))
            elif kind == reader.XL_CELL_BOOLEAN:
                row.append(bool(value))
            elif kind == reader.XL_CELL_ERROR:
                row.append(found.errors.setdefault((at + 1, column), reader.error_text_from_code.get(value, "#VALUE!")))
            else:
                row.append(found.shown.get((at + 1, column), value))
        yield row


def _xlrd_date(value: float, datemode: int) -> object:
    import xlrd as reader

    try:
        moment = reader.xldate_as_datetime(value, datemode)
    except (ValueError, OverflowError, reader.XLDateError):
        return value
    return moment.time() if value < 1 else moment


def openpyxl(data: bytes, facts: Facts, inflated: int) -> Book:
    """Read an .xlsx the strict way. Raises whatever openpyxl raises on broken ones."""
    import openpyxl as reader

    book = Book("xlsx", "openpyxl", [], facts)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workbook = reader.load_workbook(io.BytesIO(data), data_only=True, read_only=inflated > MAX_INFLATED)
    for sheet in workbook.worksheets:
        found = facts.sheets.setdefault(sheet.title, SheetFacts())
        if not found.merged and hasattr(sheet, "merged_cells"):
            found.merged = [(a.min_row, a.min_col - 1, a.max_row, a.max_col - 1) for a in sheet.merged_cells.ranges]
        if (sheet.max_row or 0) * (sheet.max_column or 0) > MAX_AREA:
            raise ValueError(sheet.title)
        rows = ([_plain(value) for value in row] for row in sheet.iter_rows(values_only=True))
        cells = pack(rows, {})
        hidden = sheet.sheet_state != "visible"
        book.sheets.append(BookSheet(sheet.title, cells, hidden=hidden, facts=found))
    return book


def _plain(value: object) -> object:
    """Array formulas and rich text come as objects of openpyxl's own."""
    known = value is None or isinstance(value, str | int | float | dt.date | dt.time | dt.timedelta)
    return value if known else str(value)
