"""Which reader reads which kind of file, and what the next one is when it cannot."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

from . import scan
from .cells import pack
from .csvfile import csv_rows
from .guard import Refusal, sniff
from .wire import Cells

Merged = list[tuple[int, int, int, int]]


@dataclass
class BookSheet:
    """One sheet, packed. Rows as in Excel, columns from 0."""

    name: str
    cells: Cells
    top: int = 1
    left: int = 0
    hidden: bool = False
    hidden_rows: list[int] = field(default_factory=list)
    merged: Merged = field(default_factory=list)
    errors: dict[scan.Position, str] = field(default_factory=dict)
    unsaved: list[scan.Position] = field(default_factory=list)


@dataclass
class Book:
    """One workbook, packed."""

    kind: str
    engine: str
    sheets: list[BookSheet]
    properties: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    notes: list[tuple[str, str, str, str]] = field(default_factory=list)


def read(data: bytes, name: str, password: str, skip: frozenset[str]) -> Book:
    """The workbook in ``data``; engines in ``skip`` have crashed on it before. Raises Refusal."""
    kind = sniff(data, name)
    if kind == "csv":
        return Book(kind, "csv", [BookSheet("", pack(csv_rows(data), {}))])
    facts = scan.Facts()
    if kind == "xlsx":
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                facts = scan.xlsx(archive)
        except (KeyError, ValueError, ET.ParseError, zipfile.BadZipFile, EOFError, OSError):
            facts = scan.Facts()
    book = calamine(data, kind, facts)
    book.properties, book.names = facts.properties, facts.names
    return book


def calamine(data: bytes, kind: str, facts: scan.Facts) -> Book:
    """The quick reader for everything Excel, WPS and LibreOffice write. Raises CalamineError or panics."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook

    book = Book(kind, "calamine", [])
    with load_workbook(io.BytesIO(data)) as workbook:
        for index, meta in enumerate(workbook.sheets_metadata):
            found = facts.sheets.get(meta.name, scan.SheetFacts())
            if meta.typ is not SheetTypeEnum.WorkSheet:
                book.sheets.append(BookSheet(meta.name, Cells(), hidden=True))
                continue
            sheet = workbook.get_sheet_by_index(index)
            top, left = sheet.start or (0, 0)
            merged = [(r1 + 1, c1, r2 + 1, c2) for (r1, c1), (r2, c2) in sheet.merged_cell_ranges or ()]
            cells = pack(sheet.iter_rows() if sheet.start else (), _patches(found, top + 1, left))
            book.sheets.append(
                BookSheet(
                    meta.name,
                    cells,
                    top + 1,
                    left,
                    meta.visible is not SheetVisibleEnum.Visible,
                    found.hidden_rows,
                    merged,
                    found.errors,
                    found.unsaved,
                ),
            )
    return book


def _patches(found: scan.SheetFacts, top: int, left: int) -> dict[int, dict[int, str]]:
    """Texts that calamine leaves out or changes, by column and row from the first cell."""
    patches: dict[int, dict[int, str]] = {}
    for (row, column), shown in (*found.errors.items(), *found.shown.items()):
        patches.setdefault(column - left, {})[row - top] = shown
    return patches
