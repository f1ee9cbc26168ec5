"""Bytes of a file that somebody handed in → rows of the manual's tables, or a named reason. Never an exception."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Self

from salessheets.problems import Problem
from salessheets.tables import TABLES

from . import rows as sheets
from .asides import BLANK
from .book import IMAGE
from .frames import Block, block_of, frame
from .headers import Names, mentioned
from .process import ProcessLostError, ReadingProcess
from .recognise import Header
from .workbook import SCHEMA_SHEET, ReadError, Sheet, Workbook, letters

if TYPE_CHECKING:
    import pandas as pd

READ_VERSION = "1"
PASSWORD = "SALESSHEETS_PASSWORD"  # noqa: S105  the name of the variable, not a password
_SPILL_FROM = 1 << 16  # bytes of a file that may answer with a large table
_TRIES = 2  # readers that may take the process down before the file is given up
_SKIPPED = ("填写说明", "填表说明", "示例", "样例", SCHEMA_SHEET)


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


class Reader:
    """Reads files one after another through one warm reading process; a context manager.

    ``aliases`` is the office's own 列名对照: header as people write it → declared header.
    """

    def __init__(self, aliases: Mapping[str, str] = MappingProxyType({})) -> None:
        self._names = Names(aliases)
        self._process = ReadingProcess()
        self._last: tuple[bytes, str, Workbook] | None = None  # the caller asks for the workbook, then for its rows

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the reading process."""
        self._process.close()
        self._last = None

    def workbook(self, data: bytes, name: str) -> Workbook:
        """All sheets of a file as text at their physical places. Raises ReadError only."""
        if self._last and self._last[0] is data and self._last[1] == name:
            return self._last[2]
        book = self._ask(data, name)
        self._last = (data, name, book)
        return book

    def read(self, data: bytes, name: str) -> FileRows:
        """The rows of a file; whatever is wrong with it is in ``outcome`` and ``problems``."""
        try:
            book = self.workbook(data, name)
        except ReadError as error:
            return FileRows(Outcome.FAILED, (), frame([]), (Problem(error.code, name, value=error.value),), 0)
        if book.issue:
            return FileRows(Outcome.READ, (), frame([]), (), 0)
        return _Recognition(book, name, self._names).result()

    def _ask(self, data: bytes, name: str) -> Workbook:
        """Ask until some reader survives the file: one that took the process down is left out the next time."""
        skip: list[str] = []
        while True:
            try:
                return self._once(data, name, skip)
            except ProcessLostError as lost:
                if not lost.stage or lost.stage in skip or len(skip) >= _TRIES:
                    raise ReadError("file-unreadable", lost.reason) from None
                skip.append(lost.stage)

    def _once(self, data: bytes, name: str, skip: list[str]) -> Workbook:
        request = {"name": name, "password": os.environ.get(PASSWORD, ""), "skip": skip}
        if len(data) < _SPILL_FROM:
            header, body = self._process.ask(request, data)
        else:
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                spill = Path(folder) / "cells"
                header, body = self._process.ask({**request, "spill": str(spill)}, data)
                if header.get("spilled"):
                    body = spill.read_bytes()
        if "refused" in header:
            raise ReadError(*header["refused"])
        return unpack(header, body)


def unpack(header: Mapping[str, Any], body: bytes) -> Workbook:
    """The reading process's answer → Workbook; the cells are wrapped, not copied."""
    import pyarrow as pa

    buffer, at, result = pa.py_buffer(body), 0, []
    for index, sheet in enumerate(header["sheets"], 1):
        height, columns = sheet["height"], []
        text_at = at + 8 * (height + 1) * len(sheet["sizes"])
        for size in sheet["sizes"]:
            parts = [None, buffer.slice(at, 8 * (height + 1)), buffer.slice(text_at, size)]
            columns.append(pa.Array.from_buffers(pa.large_string(), height, parts))
            at += 8 * (height + 1)
            text_at += size
        at = text_at + -sum(sheet["sizes"]) % 8
        result.append(
            Sheet(
                index,
                sheet["name"],
                tuple(columns),
                height,
                sheet["top"],
                sheet["left"],
                sheet["hidden"],
                frozenset(sheet["hidden_rows"]),
                tuple(tuple(area) for area in sheet["merged"]),
                {(row, column): shown for row, column, shown in sheet["errors"]},
                frozenset((row, column) for row, column in sheet["unsaved"]),
                sheet["lost_rows"],
                {(row, column): shown for row, column, shown in sheet["cut"]},
            ),
        )
    return Workbook(
        tuple(result),
        header["kind"],
        header["engine"],
        header["properties"],
        header["names"],
        tuple(tuple(note) for note in header["notes"]),
    )


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
        outcome = Outcome.READ if self.found else Outcome.NEARLY if self.near else Outcome.UNKNOWN
        if not self.found:
            self.problems[:0] = self._unknown()
        blocks = tuple(block for block, _, _ in self.found)
        return FileRows(outcome, blocks, frame(self.found), tuple(self.problems), self.unread)

    def _sheet(self, sheet: Sheet, read: sheets.SheetRead) -> None:
        for number, found in enumerate(read.found, 1):
            self.found.append((block_of(sheet, number, found), sheet, found))
            self.problems += _sheet_problems(self.name, self.found[-1])
        self.unread += read.unread + sheet.lost_rows
        if read.unread and not read.found:
            details = {"rows": str(read.unread)}
            self.problems.append(Problem("sheet-unknown", self.name, sheet.name, details=details))
            if read.near and (self.near is None or read.near.fit.score > self.near[1].fit.score):
                self.near = (sheet, read.near)

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


def _sheet_problems(file: str, found: tuple[Block, Sheet, sheets.Found]) -> Iterator[Problem]:
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
