"""An independent reader for the tests: counts what people handed in without any code of the program.

It is told where the headers are (it never guesses) and says which rows below them hold anything. openpyxl reads .xlsx,
xlrd .xls and the csv module text files. A cell with nothing but white space (no-break and full-width included) is empty.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import openpyxl
import xlrd

Headers = Mapping[str, Sequence[int]]  # sheet name → Excel rows of its headers (a header may be repeated further down)


def _rows(path: Path) -> Iterator[tuple[str, int, list[object]]]:
    """(sheet, Excel row, cell values) of every row of every sheet; the sheet of a text file is named like the file."""
    kind = path.suffix.lower()
    if kind == ".csv":
        data = path.read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("gb18030")
        # strict, so that a quote that is never closed is an error and not one giant cell
        for ordinal, record in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1):
            yield path.stem, ordinal, list(record)
    elif kind == ".xls":
        with xlrd.open_workbook(path) as book:
            for sheet in book.sheets():
                for r in range(sheet.nrows):
                    yield sheet.name, r + 1, sheet.row_values(r)
    else:
        book = openpyxl.load_workbook(path, data_only=True)
        for page in book.worksheets:
            for r, row in enumerate(page.iter_rows(values_only=True), start=1):
                yield page.title, r, list(row)


def _filled(values: Sequence[object]) -> bool:
    return any(value is not None and str(value).strip() for value in values)


def filled_rows(path: Path, headers: Headers) -> dict[str, list[int]]:
    """For each sheet named in ``headers``: the Excel rows below the first header that hold anything, headers left out."""
    found: dict[str, list[int]] = {sheet: [] for sheet in headers}
    for sheet, row, values in _rows(path):
        if sheet in headers and row > min(headers[sheet]) and row not in headers[sheet] and _filled(values):
            found[sheet].append(row)
    return found


def count(path: Path, headers: Headers) -> int:
    """How many rows below the headers of this file hold anything."""
    return sum(len(rows) for rows in filled_rows(path, headers).values())


def cells(path: Path, sheet: str, row: int) -> list[str]:
    """The texts of one row, for tests that want to see what stands there."""
    return next(
        ["" if v is None else str(v) for v in values] for name, r, values in _rows(path) if (name, r) == (sheet, row)
    )


def parse_headers(text: str) -> dict[str, list[int]]:
    """``11.2=4;11.3=4+20`` (samples/expected/files.csv) → {"11.2": [4], "11.3": [4, 20]}."""
    pairs = (part.rsplit("=", 1) for part in text.split(";") if part)
    return {sheet: [int(r) for r in rows.split("+")] for sheet, rows in pairs}


def read_csv(path: Path) -> list[dict[str, str]]:
    """A CSV with header as one dict per record."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def reconciliation(workbook: Path, sheet: str = "对账", key: str = "文件") -> list[dict[str, object]]:
    """The table on the sheet 对账 of a written workbook: one dict per row, from the first row that has a cell ``key``.

    Ends at the first empty row. Raises KeyError without the sheet and ValueError without the header.
    """
    page = openpyxl.load_workbook(workbook, data_only=True)[sheet]
    header: list[str] | None = None
    table: list[dict[str, object]] = []
    for values in page.iter_rows(values_only=True):
        texts = ["" if v is None else str(v).strip() for v in values]
        if header is None:
            header = texts if key in texts else None
        elif not any(texts):
            break
        else:
            table.append({name: value for name, value in zip(header, values, strict=False) if name})
    if header is None:
        raise ValueError(f"no column {key} on {sheet}")
    return table


def balances(row: Mapping[str, object], handed_in: str, fates: Sequence[str], opening: str = "") -> bool:
    """Whether rows handed in, plus what was carried over, equal the sum of the fates on one line of 对账."""

    def number(name: str) -> int:
        value = row.get(name)
        return int(str(value)) if value not in (None, "") else 0

    return number(handed_in) + (number(opening) if opening else 0) == sum(number(f) for f in fates)
