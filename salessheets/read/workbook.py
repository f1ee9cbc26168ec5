"""A workbook as text: what the reading process hands back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

Position = tuple[int, int]  # Excel row, 0-based column
ISSUE = "salessheets_issue"
TABLE = "salessheets_table"
SCHEMA_SHEET = "_schema"
CHUNK = 4096


class ReadError(Exception):
    """The file could not be read: ``code`` of the catalogue and what was found (Chinese)."""

    def __init__(self, code: str, value: str = "") -> None:
        super().__init__(code, value)
        self.code = code
        self.value = value


def letters(column: int) -> str:
    """0 → A, 26 → AA."""
    name = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        name = chr(65 + rest) + name
        column -= 1
    return name


@dataclass(frozen=True)
class Sheet:
    """The cells of one sheet as text, "" where empty, each at its physical position.

    ``columns`` hold ``height`` cells each; the first belongs to Excel row ``top`` and column ``left`` (0-based).
    Error cells show their error text (``errors`` says which they are), formulas without a stored result are empty.
    """

    index: int  # 1-based position in the workbook, hidden sheets counted
    name: str
    columns: tuple[pa.LargeStringArray, ...] = ()
    height: int = 0
    top: int = 1
    left: int = 0
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()  # first row, first column, last row, last column
    errors: Mapping[Position, str] = field(default_factory=dict)
    unsaved: frozenset[Position] = frozenset()  # formulas without a stored result
    lost_rows: int = 0  # rows with a stray cell far below the table, which were cut off
    cut: Mapping[Position, str] = field(default_factory=dict)  # numbers of more than 15 digits: Excel keeps 15

    @property
    def width(self) -> int:
        """How many columns, from ``left``."""
        return len(self.columns)

    @property
    def bottom(self) -> int:
        """Excel row of the last non-empty row (``top`` - 1 in an empty sheet)."""
        return self.top + self.height - 1

    def cell(self, row: int, column: int) -> str:
        """The text at an Excel row and 0-based column ("" outside)."""
        down, right = row - self.top, column - self.left
        if 0 <= down < self.height and 0 <= right < self.width:
            return str(self.columns[right][down].as_py())
        return ""

    def rows(self, first: int = 0, last: int | None = None) -> Iterator[tuple[int, tuple[str, ...]]]:
        """(Excel row, texts from column ``left``) for the Excel rows ``first``…``last``, empty rows included."""
        start = max(first - self.top, 0)
        stop = self.height if last is None else min(last - self.top + 1, self.height)
        for at in range(start, stop, CHUNK):
            size = min(CHUNK, stop - at)
            columns: Sequence[Any] = [column.slice(at, size).to_pylist() for column in self.columns]
            texts = zip(*columns, strict=True) if columns else repeat((), size)
            yield from enumerate(texts, self.top + at)


@dataclass(frozen=True)
class Workbook:
    """Everything read from one file.

    ``engine`` is the reader that managed it; ``notes`` are (problem code, sheet, cell, value).
    """

    sheets: tuple[Sheet, ...]
    kind: str
    engine: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[tuple[str, str, str, str], ...] = ()

    @property
    def issue(self) -> str:
        """Id under which salessheets wrote this workbook, "" when it did not."""
        return self.properties.get(ISSUE, "") or self._named(ISSUE)

    @property
    def table(self) -> str:
        """Key of the template this workbook was made from, "" when unknown."""
        return self.properties.get(TABLE, "") or self._named(TABLE) or self._schema()

    def _named(self, name: str) -> str:
        """A defined name that holds a constant (="x") or points to a cell ($A$1 of a sheet)."""
        text = self.names.get(name, "").removeprefix("=")
        if text.startswith('"'):
            return text.strip('"')
        sheet_name, _, place = text.rpartition("!")
        wanted = sheet_name.strip("'$")
        digits = place.replace("$", "")
        if not wanted or not digits[:1].isalpha() or not digits[1:].isdigit():
            return ""
        sheet = next((sheet for sheet in self.sheets if sheet.name == wanted), None)
        return sheet.cell(int(digits[1:]), ord(digits[0].upper()) - 65) if sheet else ""

    def _schema(self) -> str:
        return next((sheet.cell(1, 0) for sheet in self.sheets if sheet.name == SCHEMA_SHEET), "")
