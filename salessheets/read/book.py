"""A workbook inside the reading process: packed cells, and the facts that only a scan of the file tells."""

from __future__ import annotations

from dataclasses import dataclass, field

from .wire import Cells

Position = tuple[int, int]  # Excel row, 0-based column
Area = tuple[int, int, int, int]  # first row, first column, last row, last column
Note = tuple[str, str, str, str]  # problem code, sheet, cell, value
IMAGE = "=DISPIMG"  # WPS keeps a picture in a cell as a formula of this name


class RefusalError(Exception):
    """The file is not read: a code of the catalogue and the reason in Chinese."""

    def __init__(self, code: str, value: str = "") -> None:
        super().__init__(code, value)
        self.code = code
        self.value = value


@dataclass
class SheetFacts:
    """What a scan found in one sheet. Rows as in Excel, columns counted from 0."""

    part: str = ""
    prefix: bytes = b""
    offset: int = 0  # where it begins in the stream of an .xls
    hidden_rows: list[int] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)
    errors: dict[Position, str] = field(default_factory=dict)
    unsaved: list[Position] = field(default_factory=list)  # formulas without a stored result
    shown: dict[Position, str] = field(default_factory=dict)  # cells whose format adds zeros: the text they show
    merges_columns: bool = False  # whole columns or rows: A:D
    values: int = 0  # cells with a value, as far as the scan can count them
    blank_bytes: int = 0  # of stretches that are only formatted
    lost_rows: int = 0  # rows with strays, cut off
    last_row: int = 0  # the farthest row written down near any value
    last_column: int = 25  # the farthest column; up to Z nobody counts


@dataclass
class Facts:
    """What a scan found in a workbook."""

    sheets: dict[str, SheetFacts] = field(default_factory=dict)  # by sheet name
    properties: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


@dataclass
class BookSheet:
    """One sheet, packed: its first cell stands at Excel row ``top`` and column ``left`` (from 0)."""

    name: str
    cells: Cells
    top: int = 1
    left: int = 0
    hidden: bool = False
    facts: SheetFacts = field(default_factory=SheetFacts)


@dataclass
class Book:
    """One workbook, packed. ``engine`` is the reader that managed it."""

    kind: str
    engine: str
    sheets: list[BookSheet]
    facts: Facts = field(default_factory=Facts)
    notes: list[Note] = field(default_factory=list)

    @property
    def filled(self) -> int:
        """How many cells say something; a second opinion must find more."""
        return sum(sheet.cells.filled for sheet in self.sheets)
