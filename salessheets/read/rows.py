"""One sheet → its tables: where each begins, which rows are records, which are set aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from salessheets.tables import TABLES, Table

from .asides import aside
from .fuzzy import SAMPLE, extended, guesses, proposals
from .headers import LONGEST, Names, mentioned
from .heads import head_cells
from .recognise import Fit, Header, header_at, lay
from .workbook import Sheet

SEARCH = 20  # rows in which a header is looked for with all means; further down only plainly spelled ones count
TITLE_BONUS, SHEET_BONUS, FILE_BONUS, MARK_BONUS = 3.0, 2.0, 1.5, 3.0
_FIRST_CELLS = 8
PEOPLE = ("name", "company", "phone", "wechat", "qq", "lead", "material", "referrer")


@dataclass
class Found:
    """One table found in a sheet, with its rows by Excel number. Columns count from the sheet's left edge."""

    header: Header
    head: dict[str, str]
    rows: list[int] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)

    @property
    def fit(self) -> Fit:
        """The table and its columns."""
        return self.header.fit

    @property
    def told_by(self) -> tuple[int, tuple[int, ...]]:
        """The columns that tell a record from other rows: the running number (-1: none), and who it is."""
        columns = self.fit.columns
        return columns.get("serial", -1), tuple(columns[name] for name in PEOPLE if name in columns)


@dataclass
class SheetRead:
    """What a sheet holds: tables, or so many rows that belong to none; ``near`` is the closest table then."""

    found: list[Found] = field(default_factory=list)
    unread: int = 0
    near: Header | None = None


def read_sheet(
    sheet: Sheet, names: Names, bonus: Mapping[str, float], *, guess: bool = False, after: Found | None = None
) -> SheetRead:
    """Find the tables of one sheet. Every non-empty row below a header belongs to exactly one of them.

    ``guess``: headers that nobody declared may be understood by likeness (module ``fuzzy``). ``after``: the rows go on
    below this table, which began in a stretch above.
    """
    result = SheetRead()
    search = _Search(sheet, names, dict(bonus), guess=guess)
    above: list[tuple[int, Sequence[str]]] = []  # rows above a header: title, head cells
    skip = 0
    current = Found(after.header, after.head) if after else None
    result.found += [current] if current else []
    serial, people = current.told_by if current else (-1, ())
    for number, row in sheet.rows():
        if number <= skip or not any(row):
            continue
        header = search.header(number, row, inside=current is not None)
        if header:
            current = Found(header, head_cells(header.fit.table, [row for _, row in above]))
            result.found.append(current)
            serial, people = current.told_by
            above, skip = [], header.row
            continue
        if current is None:
            above = [*above[-SEARCH:], (number, row)]
            result.unread += 1
            search.titled(row)
            continue
        current.rows.append(number)
        reason = aside(row, serial, people)
        current.asides.append(reason)
        above = [*above[-3:], (number, row)] if reason else []
    if result.found:
        result.unread = 0
    result.near = search.near
    return result


def _beginning(row: Sequence[str]) -> Sequence[str]:
    """Where a header would show itself: looking at every cell of a long table takes its time."""
    start = row[:_FIRST_CELLS]
    return start if any(start) else row


class _Search:
    """Looks for header rows while the rows of a sheet pass by."""

    def __init__(self, sheet: Sheet, names: Names, bonus: dict[str, float], *, guess: bool) -> None:
        self.sheet, self.names, self.bonus, self.guess = sheet, names, bonus, guess
        self.near: Header | None = None
        size = SEARCH + (SAMPLE if guess else 0)
        self.window = dict(sheet.rows(sheet.top, sheet.top + size))  # taken once: a row at a time is slow when wide

    def titled(self, row: Sequence[str]) -> None:
        """A row above the header may be the title: 客户信息移交表."""
        key = mentioned(" ".join(text for text in row if text)[:200])
        if key and self.bonus.get(key, 0.0) < TITLE_BONUS:
            self.bonus[key] = self.bonus.get(key, 0.0) + TITLE_BONUS

    def header(self, number: int, row: Sequence[str], *, inside: bool) -> Header | None:
        """The header that begins in this row, None when none does."""
        plainly = inside or number >= self.sheet.top + SEARCH
        if plainly and (self.names.raw.isdisjoint(_beginning(row)) or not self._mostly_headers(row)):
            return None
        if sum(map(bool, row)) < 2:
            return None
        below = self.window.get(number + 1) or next(self.sheet.rows(number + 1, number + 1), (0, None))[1]
        found = header_at(row, below, self.names, self.bonus)
        if found:
            header = Header(number, number + found[1] - 1, found[0])
            if header.fit.accepted(hinted=bool(self.bonus.get(header.fit.table.key))):
                return header
            self._nearly(header)
        return self._guessed(number, row, found[0].table if found else None) if self.guess and not plainly else None

    def _nearly(self, header: Header) -> None:
        """Remember the closest miss, to say what is wrong with it."""
        worth = len(header.fit.columns) + len(header.fit.proposed)
        if worth >= 3 and (self.near is None or header.fit.score >= self.near.fit.score):
            self.near = header

    def _guessed(self, number: int, row: Sequence[str], table: Table | None) -> Header | None:
        """Try this row as the header of a bought list, or of the table it resembles."""
        if sum(map(bool, row)) < 3 or any(len(text) > LONGEST or text[:1].isdigit() for text in row if text):
            return None
        sample = [texts for at, texts in self.window.items() if number < at <= number + SAMPLE]
        for candidate in dict.fromkeys((table or TABLES["directory"], TABLES["directory"])):
            laid = lay(candidate, row, self.names)
            found = guesses(laid, sample)
            laid.proposed = proposals(found)
            header = Header(number, number, laid)
            customers = extended(laid, found)
            hinted = bool(self.bonus.get(candidate.key))
            if laid.guessed and (laid.accepted(hinted=hinted) or (customers and candidate.key == "directory")):
                return header
            self._nearly(header)
        return None

    def _mostly_headers(self, row: Sequence[str]) -> bool:
        filled = [text for text in row if text]
        known = sum(1 for text in filled if self.names.meanings(text))
        return known >= 3 and known * 5 >= len(filled) * 3
