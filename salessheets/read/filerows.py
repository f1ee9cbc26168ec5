"""One workbook → its rows: every sheet looked at once, and whatever is wrong with it, in the order of the sheets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from salessheets.problems import Problem
from salessheets.tables import TABLES

from . import rows as sheets
from .asides import BLANK
from .book import IMAGE
from .frames import Block, block_of, frame
from .headers import Names, mentioned
from .recognise import Header
from .workbook import SCHEMA_SHEET, ReadError, Sheet, Workbook, letters

if TYPE_CHECKING:
    import pandas as pd

_EXAMPLES = ("示例", "样例")
_SKIPPED = ("填写说明", "填表说明", *_EXAMPLES, SCHEMA_SHEET)


class Outcome(StrEnum):
    """What became of a file."""

    READ = "read"
    NEARLY = "nearly"
    UNKNOWN = "unknown"
    FAILED = "failed"


@dataclass(frozen=True)
class FileRows:
    """Rows of one file. ``rows`` has the columns of ``frames.PLACE``, then one for each field used, all text.

    ``row`` is the Excel row (CSV: the record's ordinal, blank lines counted); ``extra`` is JSON text of the unknown
    columns; ``aside`` says why a row is no record. ``unread_rows`` counts the non-empty rows of unknown sheets.
    """

    outcome: Outcome
    blocks: tuple[Block, ...]
    rows: pd.DataFrame
    problems: tuple[Problem, ...]
    unread_rows: int


def rows_of(book: Workbook | ReadError, name: str, names: Names) -> FileRows:
    """The rows of a workbook, or why there are none. A workbook of our own making is no hand-in."""
    if isinstance(book, ReadError):
        return FileRows(Outcome.FAILED, (), frame([]), (Problem(book.code, name, value=book.value),), 0)
    if book.issue:
        return FileRows(Outcome.READ, (), frame([]), (), 0)
    return _Recognition(book, name, names).result()


class _Recognition:
    """One workbook: every sheet looked at once, problems collected in the order of the sheets."""

    def __init__(self, book: Workbook, name: str, names: Names) -> None:
        self.book, self.name, self.names = book, name, names
        self.found: list[tuple[Block, Sheet, sheets.Found]] = []
        self.problems: list[Problem] = []
        self.unread = 0
        self.near: tuple[Sheet, Header] | None = None

    def result(self) -> FileRows:
        for code, sheet_name, cell, value in self.book.notes:
            self.problems.append(Problem(code, self.name, sheet_name, cell=cell, value=value))
        bonus = Counter[str]()
        for key, worth in ((self.book.table, sheets.MARK_BONUS), (mentioned(self.name), sheets.FILE_BONUS)):
            if key in TABLES:
                bonus[key] += worth  # type: ignore[assignment]
        readable = [sheet for sheet in self.book.sheets if sheet.height and not _skipped(sheet, self.book)]
        reads = [(sheet, sheets.read_sheet(sheet, self.names, _bonus(sheet, bonus))) for sheet in readable]
        if not any(read.found for _, read in reads):  # nothing known: perhaps a bought list with headers of its own
            reads = [(s, sheets.read_sheet(s, self.names, _bonus(s, bonus), guess=True)) for s in readable]
        for sheet, read in reads:
            self._sheet(sheet, read)
        for sheet in self.book.sheets:
            if sheet.height and sheet.name.startswith(_EXAMPLES):
                self._examples(sheet)
        outcome = Outcome.READ if self.found else Outcome.NEARLY if self.near else Outcome.UNKNOWN
        if not self.found:
            self.problems[:0] = self._unknown()
        blocks = tuple(block for block, _, _ in self.found)
        return FileRows(outcome, blocks, frame(self.found), tuple(self.problems), self.unread)

    def _sheet(self, sheet: Sheet, read: sheets.SheetRead) -> None:
        for number, found in enumerate(read.found, 1):
            self.found.append((block_of(sheet, number, found), sheet, found))
            self.problems += sheet_problems(self.name, self.found[-1])
        self.unread += read.unread + sheet.lost_rows
        if read.unread and not read.found:
            details = {"rows": str(read.unread)}
            self.problems.append(Problem("sheet-unknown", self.name, sheet.name, details=details))
            if read.near and (self.near is None or read.near.fit.score > self.near[1].fit.score):
                self.near = (sheet, read.near)

    def _examples(self, sheet: Sheet) -> None:
        """The page of examples is not read; whoever filled it in by mistake should know."""
        strange = 0
        for found in sheets.read_sheet(sheet, self.names, {}).found:
            columns = {name: found.fit.columns[name] for name in sheets.PEOPLE if name in found.fit.columns}
            known = [{name: example.get(name, "") for name in columns} for example in found.fit.table.examples]
            for row, why in zip(found.rows, found.asides, strict=True):
                texts = {name: sheet.cell(row, at + sheet.left) for name, at in columns.items()}
                strange += not why and any(texts.values()) and texts not in known
        if strange:
            self.unread += strange
            self.problems.append(Problem("example-filled", self.name, sheet.name, details={"rows": str(strange)}))

    def _unknown(self) -> list[Problem]:
        """Why nothing was recognised, and what to do; guesses that were not sure enough are ready for 列名对照."""
        if not any(sheet.height for sheet in self.book.sheets):
            return [Problem("file-empty", self.name)]
        if self.near is None:
            return [Problem("file-unknown", self.name)]
        sheet, header = self.near
        fit = header.fit
        details = {
            "table": fit.table.name,
            "missing": "、".join(fit.missing) or "无",
            "found": "、".join(fit.extras) or "无",
        }
        problems = [Problem("file-nearly", self.name, sheet.name, header.row, details=details)]
        for own, declared in fit.proposed.items():
            cell = f"{letters(fit.extras[own] + sheet.left)}{header.row}" if own in fit.extras else ""
            problems.append(
                Problem("header-proposed", self.name, sheet.name, header.row, cell, own, {"column": declared}),
            )
        return problems


def _bonus(sheet: Sheet, file_bonus: Mapping[str, float]) -> Mapping[str, float]:
    """What the names of file and sheet are worth for the choice of the table."""
    key = mentioned(sheet.name)
    return {**file_bonus, key: file_bonus.get(key, 0.0) + sheets.SHEET_BONUS} if key else file_bonus


def _skipped(sheet: Sheet, book: Workbook) -> bool:
    """Sheets that every template carries besides its form."""
    return sheet.name.startswith(_SKIPPED) or (sheet.hidden and (bool(book.table) or sheet.name.startswith("_")))


def sheet_problems(file: str, found: tuple[Block, Sheet, sheets.Found]) -> Iterator[Problem]:
    """Cells that say nothing, hidden rows, columns said twice, rows set aside: in the order of the sheet."""
    block, sheet, table = found
    name = sheet.name
    for column, text in table.fit.doubles:
        cell = f"{letters(column + sheet.left)}{block.header_row}"
        yield Problem("duplicate-header", file, name, block.header_row, cell, text)
    for column, text, declared in table.fit.guessed:
        cell = f"{letters(column + sheet.left)}{block.header_row}"
        yield Problem("header-guessed", file, name, block.header_row, cell, text, {"column": declared})
    for declared_field, columns in table.fit.joined.items():
        for column in columns:
            text = sheet.cell(block.header_row, column + sheet.left)
            cell = f"{letters(column + sheet.left)}{block.header_row}"
            details = {"column": table.fit.table.column(declared_field).header}
            yield Problem("header-joined", file, name, block.header_row, cell, text, details)
    if sheet.hidden:
        yield Problem("hidden-sheet", file, name)
    rows = set(table.rows)
    aside_rows = [(row, why) for row, why in zip(table.rows, table.asides, strict=True) if why]
    special: list[tuple[int, int, str, str]] = []
    for (row, column), text in sheet.errors.items():
        if row in rows:
            special.append((row, column, "cell-image" if text.startswith(IMAGE) else "cell-error", text))
    special += [(row, column, "number-cut", text) for (row, column), text in sheet.cut.items() if row in rows]
    special += [(row, column, "cell-formula", "") for row, column in sheet.unsaved if row in rows]
    special += [(row, -1, "hidden-row", "") for row in sheet.hidden_rows & rows]
    special += [(row, -1, "row-aside", why) for row, why in aside_rows if why != BLANK]
    for row, column, code, value in sorted(special):
        yield Problem(code, file, name, row, f"{letters(column)}{row}" if column >= 0 else "", value)
