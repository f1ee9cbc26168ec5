"""Any list of customers → its rows: every column kept as it stands, and what the known ones mean beside them.

The manual's forms are recognised strictly (``filerows``), for a row of a wrong table is worse than a returned file. A list
that is only to be compared is read as far as it goes: a name, a company or a contact is enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa

from salessheets.problems import Problem
from salessheets.tables import TABLES

from .asides import aside
from .filerows import Outcome, sheet_problems
from .frames import Block, block_of, frame
from .fuzzy import SAMPLE, extended, guesses, proposals
from .headers import LONGEST, Names
from .recognise import Fit, Header, lay
from .rows import SEARCH, Found, read_sheet
from .workbook import SCHEMA_SHEET, ReadError, Sheet, Workbook, letters

TABLE = "directory"
_CUT = 200  # characters of a header; Excel's tables take 255
_IDENTITY = frozenset(("name", "company", "phone", "wechat", "qq"))
_COMPARED = (*sorted(_IDENTITY), "province", "city", "county", "address")
_GUIDES = ("填写说明", "填表说明", "示例", "样例", SCHEMA_SHEET)


@dataclass(frozen=True)
class ListRows:
    """One file. ``rows``: as FileRows.rows. ``original``: the same rows (index) as they stand, a column per header.

    headers: as they stand, in order of sheets and columns; a header said twice is numbered, one left blank is its letter.
    """

    outcome: Outcome
    rows: pd.DataFrame
    original: pd.DataFrame
    problems: tuple[Problem, ...]
    blocks: tuple[Block, ...] = field(default=())

    def block(self, sheet: int, block: int) -> Block:
        """The table a row stands in."""
        return next(b for b in self.blocks if (b.sheet, b.block) == (sheet, block))


def list_of(book: Workbook | ReadError, name: str, names: Names) -> ListRows:
    """The rows of every sheet that holds a list; sheets without a header we know and files that failed are named."""
    if isinstance(book, ReadError):
        return _nothing(Outcome.FAILED, Problem(book.code, name, value=book.value))
    if not any(sheet.height for sheet in book.sheets):
        return _nothing(Outcome.FAILED, Problem("file-empty", name))
    problems = [Problem(code, name, sheet, cell=cell, value=value) for code, sheet, cell, value in book.notes]
    placed: list[tuple[Block, Sheet, Found]] = []
    for sheet in book.sheets:
        if not sheet.height or (book.table and sheet.name.startswith(_GUIDES)):
            continue
        found, _ = tables_of(sheet, names)
        for number, one in enumerate(found, 1):
            placed.append((block_of(sheet, number, one), sheet, one))
            problems += sheet_problems(name, placed[-1])
            problems += _proposed(name, sheet, one)
        if not found:
            details = {"rows": str(sum(1 for _, row in sheet.rows() if any(row)))}
            problems.append(Problem("sheet-unknown", name, sheet.name, details=details))
    if not placed:
        return _nothing(Outcome.UNKNOWN, Problem("list-unknown", name), *problems)
    rows = frame(placed)
    return ListRows(Outcome.READ, rows, _original(placed), tuple(problems), tuple(block for block, _, _ in placed))


def _nothing(outcome: Outcome, *problems: Problem) -> ListRows:
    return ListRows(outcome, frame([]), pd.DataFrame(), problems)


def tables_of(sheet: Sheet, names: Names) -> tuple[list[Found], bool]:
    """The tables of a sheet as the forms are found (and that they were), else one below the row with the most headers."""
    found = read_sheet(sheet, names, {}, guess=True).found
    if any(_IDENTITY & one.fit.columns.keys() for one in found):
        return found, True
    window = dict(sheet.rows(sheet.top, sheet.top + SEARCH + SAMPLE))
    fits = [(number, _laid(number, window, names)) for number in window if number < sheet.top + SEARCH]
    number, best = max(fits, key=lambda fit: _known(fit[1]))
    if not _known(best):
        return [], False
    one = Found(Header(number, number, best), {})
    _below(one, sheet, number + 1)
    return [one], False


def _below(one: Found, sheet: Sheet, first: int) -> None:
    """All rows from the first belong to the table."""
    serial, people = one.told_by
    for row, texts in sheet.rows(first):
        if any(texts):
            one.rows.append(row)
            one.asides.append(aside(texts, serial, people))


def going_on(sheet: Sheet, names: Names, after: Found, *, form: bool) -> list[Found]:
    """The tables of a stretch below one that began above: that table's further rows first. form: it was found as one."""
    if form:
        return read_sheet(sheet, names, {}, guess=True, after=after).found
    one = Found(after.header, after.head)
    _below(one, sheet, sheet.top)
    return [one]


def _laid(number: int, window: dict[int, tuple[str, ...]], names: Names) -> Fit:
    texts = [text if len(text) <= LONGEST else "" for text in window[number]]
    fit = lay(TABLES[TABLE], texts, names)
    found = guesses(fit, [window[at] for at in range(number + 1, number + 1 + SAMPLE) if at in window])
    extended(fit, found)
    fit.proposed = proposals(found)
    return fit


def _known(fit: Fit) -> int:
    """How many columns mean something; nothing does where nobody can be told from anybody."""
    return len(fit.columns) + sum(map(len, fit.joined.values())) if _IDENTITY & fit.columns.keys() else 0


def _proposed(name: str, sheet: Sheet, found: Found) -> list[Problem]:
    """Headers that may mean something, not surely enough to be read: ready for 列名对照."""
    at, row = found.fit.extras, found.header.row
    compared = {TABLES[TABLE].headers[name] for name in _COMPARED}
    return [
        Problem(
            "header-proposed", name, sheet.name, row, f"{letters(at[own] + sheet.left)}{row}", own, {"column": ours}
        )
        for own, ours in found.fit.proposed.items()
        if own in at and ours in compared
    ]


def _original(placed: Sequence[tuple[Block, Sheet, Found]]) -> pd.DataFrame:
    """Every cell of the rows as it stands; columns of one header, from whatever sheet, are one column."""
    parts: list[pd.DataFrame] = []
    spelled: dict[str, str] = {}  # sheets that spell a header in another case mean the same column
    for _, sheet, found in placed:
        taken = pa.array([row - sheet.top for row in found.rows], pa.int64())
        texts = {at: column.take(taken).to_pandas().astype("str") for at, column in enumerate(sheet.columns)}
        headers = headers_of(sheet, found, [at for at, text in texts.items() if (text != "").any()])
        part = pd.DataFrame({header: texts[at] for at, header in headers.items()}, index=range(len(found.rows)))
        parts.append(part.rename(columns=lambda name: spelled.setdefault(name.casefold(), name)))
    return pd.concat(parts, ignore_index=True).fillna("").astype("str")


def headers_of(sheet: Sheet, found: Found, filled: list[int]) -> dict[int, str]:
    """Column → its header. Of a header in two rows the lower text counts, with the upper one where it is said twice."""
    result: dict[int, str] = {}
    taken: set[str] = set()  # in one case: Excel's tables know no other
    group = ""
    for at in range(sheet.width):
        low = sheet.cell(found.header.row, at + sheet.left)
        high = sheet.cell(found.header.first_row, at + sheet.left) if found.header.first_row < found.header.row else ""
        group = high or group
        text = (low or high)[:_CUT]
        if not text and at not in filled:
            continue
        text = text or f"{letters(at + sheet.left)}列"
        if text.casefold() in taken and group:
            text = f"{group}{text}"
        base, again = text, 2
        while text.casefold() in taken:
            text, again = f"{base}.{again}", again + 1
        taken.add(text.casefold())
        result[at] = text
    return result
