"""From what a sheet means to the cells that stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from salessheets.tables import TABLES, Kind

from .model import AGAIN, SPACE, Aside, Cell, Entry, Number, Sheet

Grid = list[list[Cell]]
EPOCH = date(1899, 12, 30)
MIXED = ("iso", "dot", "cn", "full", "slash", "compact", "serial", "real")


def day_cell(day: date, style: str, index: int) -> Cell:
    """A date as this person writes it."""
    if style == "mixed":
        style = MIXED[index % len(MIXED)]
    return {
        "real": day,
        "iso": day.isoformat(),
        "dot": f"{day.year}.{day.month}.{day.day}",
        "cn": f"{day.month}月{day.day}日",
        "full": f"{day.year}年{day.month}月{day.day}日",
        "slash": f"{day.year}/{day.month}/{day.day}",
        "compact": f"{day:%Y%m%d}",
        "serial": (day - EPOCH).days,
    }[style]


def phone_cell(text: Cell, style: str, index: int) -> Cell:
    """A number alone in its cell may have become a number in Excel."""
    alone = isinstance(text, str) and text.isascii() and text.isdigit() and not text.startswith("0")
    return int(str(text)) if alone and (style == "number" or (style == "mixed" and index % 2)) else text


def entry_cells(sheet: Sheet, entry: Entry, index: int, numbers: Mapping[str, str]) -> list[Cell]:
    """The cells of one row, by the columns of the sheet."""
    table = TABLES[sheet.table]
    cells: list[Cell] = []
    fields = {f for _, f in sheet.columns}
    for needed in ("name", "phone", "wechat", "qq", "company", "county", "lead"):
        if entry.values.get(needed) and needed not in fields and not (needed == "county" and entry.shown == "city"):
            raise ValueError(f"{sheet.name}: no column for {needed} of {entry.who} {entry.case}")
    for header, field in sheet.columns:
        if not field or field == "dup":
            cells.append(entry.extra.get(header) if not field else entry.values.get("dup"))
            continue
        value = entry.values.get(field, entry.day if field == table.date_field else None)
        if isinstance(value, Number):
            value = numbers[value.who]
        kind = table.column(field).kind
        if kind is Kind.DATE and isinstance(value, date) and not isinstance(value, datetime):
            value = day_cell(value, sheet.hand.dates, index)
        elif field in ("phone", "qq", "referrer_phone"):
            value = phone_cell(value, sheet.hand.phones, index)
        cells.append(None if value == "" else value)
    return cells


def grid(sheet: Sheet, numbers: Mapping[str, str]) -> Grid:
    """All rows of a sheet from Excel row 1. ``numbers`` gives each customer's 客户编号."""
    rows: Grid = [list(row) for row in sheet.above]
    if not sheet.table:
        return rows
    header: list[Cell] = [h for h, _ in sheet.columns]
    rows.append(header)
    width = len(header)
    for index, line in enumerate(sheet.lines):
        if isinstance(line, Entry):
            rows.append(entry_cells(sheet, line, index, numbers))
        elif isinstance(line, Aside):
            rows.append([line.cells.get(i) for i in range(width)])
        else:
            rows.append(list(header) if line is AGAIN else [" "] if line is SPACE else [])
    return rows


def same_neighbours(sheet: Sheet) -> list[tuple[int, int, int]]:
    """Runs (column, first row, last row) of equal cells in the column that is merged downwards."""
    if not sheet.merge_down:
        return []
    column = next(i for i, (_, f) in enumerate(sheet.columns) if f == sheet.merge_down)
    runs: list[tuple[int, int, int]] = []
    start, last = 0, None
    for row, line in sheet.placed():
        day = (
            line.day if isinstance(line, Entry) and not line.returned and sheet.merge_down not in line.values else None
        )
        if day and day == last:
            runs[-1] = (column, start, row)
        else:
            start, last = row, day
            if day:
                runs.append((column, row, row))
    return [run for run in runs if run[2] > run[1]]
