"""The parts of the sample: cells, rows that mean something, sheets and files, and where each row comes to lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time


@dataclass(frozen=True)
class Formula:
    """A formula with the value Excel had worked out; an error value such as #N/A makes it an error cell."""

    text: str
    value: str | float


@dataclass(frozen=True)
class Number:
    """The 客户编号 of this customer, known only after everything has its place."""

    who: str


Cell = None | str | int | float | date | datetime | time | Formula | Number


@dataclass(eq=False)
class Entry:
    """One row somebody filled in, with what it means.

    ``ids`` are the usable contacts shown (m: mobile, w: WeChat, q: QQ), ``full_name`` is "" for 王总. At most one of
    aside, returned, invalid, updates, repeats is set; ``shown`` says how much of the place the row tells.
    """

    table: str
    who: str = ""
    day: date | None = None  # the business date, as far as the row tells it
    values: dict[str, Cell] = field(default_factory=dict)
    extra: dict[str, Cell] = field(default_factory=dict)
    ids: frozenset[str] = frozenset()
    full_name: str = ""
    company: str = ""
    city: str = ""
    brands: tuple[str, ...] = ()
    shown: str = ""  # "" | city | county
    channel: str = ""
    aside: str = ""
    returned: str = ""
    invalid: str = ""
    updates: Entry | None = None
    repeats: Entry | None = None
    shared: bool = False  # its mobile joins nobody (placeholder, staff, list seller)
    case: str = ""
    # where it lies and what becomes of it
    file: str = ""
    sheet: str = ""
    sheet_index: int = 0
    row: int = 0
    number: int = 0
    week: str = ""
    fate: str = ""
    reason: str = ""

    @property
    def record(self) -> str:
        """The record number, FFFFF-S-R."""
        return f"{self.number:05d}-{self.sheet_index}-{self.row}"


@dataclass(eq=False)
class Aside:
    """A row below the header that is no customer: its cells by column position, and why."""

    cells: dict[int, Cell]
    reason: str
    case: str = ""


BLANK = "blank"
SPACE = "space"  # nothing but a space: an empty row
AGAIN = "again"  # the header once more
Line = Entry | Aside | str


@dataclass(frozen=True)
class Hand:
    """A person's habits: how dates and phones get into the cells of one sheet."""

    dates: str = "real"  # real, iso, dot, cn, full, slash, compact, serial, mixed
    phones: str = "text"  # text, number, mixed


@dataclass(eq=False)
class Sheet:
    """One worksheet. ``columns`` are (header as typed, field); the field is "" for a column nobody declared."""

    name: str
    table: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    above: tuple[tuple[Cell, ...], ...] = ()
    lines: list[Line] = field(default_factory=list)
    hand: Hand = Hand()
    head_day: date | None = None
    merged_titles: tuple[int, ...] = ()  # rows above the header merged over all columns
    merge_down: str = ""  # field whose equal neighbours become one merged cell
    hide: frozenset[int] = frozenset()  # positions in lines shown as hidden rows
    hidden: bool = False

    @property
    def header_rows(self) -> list[int]:
        """Excel rows of the header and its repetitions."""
        if not self.table:
            return []
        first = len(self.above) + 1
        return [first, *(first + 1 + i for i, line in enumerate(self.lines) if line is AGAIN)]

    def placed(self) -> Iterator[tuple[int, Line]]:
        """(Excel row, line) of everything below the header."""
        first = len(self.above) + 1
        for i, line in enumerate(self.lines):
            yield first + 1 + i, line


@dataclass(eq=False)
class File:
    """One file of the inbox. ``tool`` says what made it; ``copy_of`` is the file with the same bytes."""

    path: str  # below 收件箱, posix
    tool: str = "xlsxwriter"  # xlsxwriter, openpyxl, libreoffice, xls, csv-gbk, csv-utf8, raw
    sheets: list[Sheet] = field(default_factory=list)
    outcome: str = "read"
    copy_of: str = ""
    raw: bytes = b""
    epoch_1904: bool = False
    number: int = 0

    @property
    def person(self) -> str:
        """Whose folder it lies in ("" in the root)."""
        return self.path.split("/")[0] if "/" in self.path else ""

    @property
    def stem(self) -> str:
        """The file name without its ending."""
        return self.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def number_files(files: list[File]) -> None:
    """设置.xlsx is 00001; the inbox follows in the order of the paths' code points. Lock files get none."""
    readable = [f for f in files if not f.path.rsplit("/", 1)[-1].startswith(("~$", ".", "_"))]
    for number, file in enumerate(sorted(readable, key=lambda f: f.path), start=2):
        file.number = number


def place_entries(files: list[File]) -> list[Entry]:
    """Tell every entry where it lies; aside rows become entries too. In the order of file, sheet and row."""
    placed: list[Entry] = []
    for file in sorted(files, key=lambda f: f.number):
        for index, sheet in enumerate(file.sheets, start=1):
            for row, line in sheet.placed():
                if isinstance(line, str) or not sheet.table:
                    continue
                entry = line if isinstance(line, Entry) else Entry(sheet.table, aside=line.reason, case=line.case)
                if entry.file:
                    raise ValueError(f"the same entry lies twice, {entry.file} and {file.path}")
                entry.day = entry.day or sheet.head_day
                entry.file, entry.number, entry.row = file.path, file.number, row
                entry.sheet, entry.sheet_index = sheet.name, index
                placed.append(entry)
    return placed
