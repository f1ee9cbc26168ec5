"""What people typed into our workbooks, read back from the archived copies and compared three ways.

The baseline of a returned workbook is what its issue record says was written, or the copy of the same workbook that
was archived before; a cell that differs was typed. Rows are found by 客户编号, never by position (workflow.md).

Yellow cells become edits, answers become decisions, corrected white cells and rows added by hand become records with
the source 市场总监. Whatever cannot be placed is named, with its cell: nothing typed vanishes unseen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pandas as pd

from .archive import Archive, Entry, FileKind
from .files import sha256
from .handmade import HandMade, as_file
from .issue import Issue, id_of_digest, read_issue, rids
from .match.decisions import ANSWERS, Decision
from .problems import Problem
from .read import Reader, ReadError, Workbook
from .read.archived import ArchivedFile
from .returned import (
    ANALYSIS,
    ANSWER,
    ASSIGNED_BRAND,
    DAILY,
    HEADER_OF_FIELD,
    LEADS,
    MERGES,
    UNASSIGNED,
    UNBRANDED,
    WHITE,
    Line,
    lines,
)
from .shuffled import Cells, shuffled
from .trials import CRITERIA_SHEET, TRIAL, TRIAL_COLUMNS, numbers

SALES_WORKBOOK = "销售部_周报"
EDIT_COLUMNS = ["number", "workbook", "lead", "field", "old", "new", "who", "day"]
CONFLICT_COLUMNS = ["number", "lead", "brand", "field", "older", "older_by", "newer", "newer_by"]
_LISTS = (LEADS, UNASSIGNED, UNBRANDED, ANALYSIS)
_SPREADSHEETS = (".xlsx", ".xls", ".ods", ".et")


@dataclass(frozen=True)
class Edits:
    """edits: EDIT_COLUMNS in the order the archive first saw them. decisions: answers about pairs, in that order;
    splits: those of them that take a record out of its lead. trials: TRIAL_COLUMNS, what was tried out in 评分标准.
    files: returned workbooks that hold rows of their own (added or corrected by hand), as read files.
    problems: (file number, problem): what was typed and could not be placed.
    """

    edits: pd.DataFrame
    decisions: tuple[Decision, ...] = ()
    splits: tuple[Decision, ...] = ()
    files: tuple[ArchivedFile, ...] = ()
    problems: tuple[tuple[int, Problem], ...] = ()
    trials: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=TRIAL_COLUMNS, dtype="str"))


@dataclass(frozen=True)
class _Baseline:
    """What one workbook showed when it was written. people: lead → (name, phone). sides: (sheet, key) → both sets."""

    workbook: str
    cells: Cells
    people: Mapping[str, tuple[str, str]]
    sides: Mapping[tuple[str, str], tuple[frozenset[str], frozenset[str]]]

    def known(self, line: Line) -> bool:
        return any((line.sheet, line.key, f) in self.cells for f in line.yellow) or (line.sheet, line.key) in self.sides

    def lead_named(self, line: Line) -> str:
        """The one lead with this name and phone; "" when there is none or several (workflow.md, Definitions)."""
        wanted = (line.white.get("name", ""), line.white.get("phone", ""))
        found = [lead for lead, person in self.people.items() if person == wanted] if all(wanted) else []
        return found[0] if len(found) == 1 else ""


@dataclass
class _Copy:
    """One returned copy as read: cells by place, rows without a number, and what could not be placed."""

    entry: Entry
    who: str
    cells: Cells = field(default_factory=dict)
    order: dict[tuple[str, str], Line] = field(default_factory=dict)  # (sheet, lead) → its line, in the sheet's order
    added: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def complain(self, code: str, line: Line, value: str = "", cell: str = "", workbook: str = "") -> None:
        details = {"lead": line.key, "who": self.who, "workbook": workbook}
        where = {"file": self.entry.inbox_path, "sheet": line.sheet, "row": line.row, "cell": cell}
        self.problems.append(Problem(code, value=value, details=details, **where))  # type: ignore[arg-type]


def book_id(issue: str, workbook: str) -> str:
    """The id one workbook carries: it names the issue and the workbook without saying either."""
    return sha256(f"{issue}/{workbook}".encode())[:16]


def read_edits(
    archive: Archive,
    last: int,
    sheets: Collection[int] = (),
    directors: Mapping[str, str] = MappingProxyType({}),
) -> Edits:
    """Everything typed into a workbook of ours, from the archive up to number ``last``.

    sheets: numbers of hand-ins that are known to be no workbook of ours, and need not be opened again.
    directors: workbook → whose it is; he is meant when a copy does not lie in somebody's own folder.
    """
    returned = [e for e in archive.of_kind(FileKind.RETURNED, FileKind.HAND_IN, last=last) if e.number not in sheets]
    books = _issued(archive, last) if returned else {}
    made = _Made()
    baselines: dict[str, _Baseline] = {}
    seen: dict[str, tuple[str, Cells]] = {}  # path → issue of the newest copy from there, and its cells
    with Reader() as reader:
        for entry in returned:
            if entry.kind is FileKind.HAND_IN and not entry.name.lower().endswith(_SPREADSHEETS):
                continue
            book = _open(reader, archive, entry)
            if book is None or book.issue not in books:
                continue
            if book.issue not in baselines:
                baselines[book.issue] = _baseline(*books[book.issue])
            baseline = baselines[book.issue]
            copy = _read(book, baseline, entry, entry.person or _whose(baseline.workbook, directors))
            # A copy from elsewhere (an older save, from home or WeChat) says nothing about cells it did not change, and
            # a workbook that was written anew since starts from what was written, even if it says what it said before.
            held, before = seen.get(entry.source, ("", baseline.cells))
            before = before if held == book.issue else baseline.cells
            made.take(copy, baseline, before)
            seen[entry.source] = (book.issue, {**before, **copy.cells})
    return made.edits()


def _whose(workbook: str, directors: Mapping[str, str]) -> str:
    """日报 is the 销售部负责人's, as 销售部_周报 is; each has a name of its own."""
    return directors.get(SALES_WORKBOOK if workbook.startswith(DAILY) else workbook, "")


class _Made:
    """What came out of the copies so far."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, str, str, str, str, str, str, str]] = []
        self.decisions: list[Decision] = []
        self.splits: list[Decision] = []
        self.files: list[ArchivedFile] = []
        self.problems: list[tuple[int, Problem]] = []
        self.trials: list[tuple[str, str, str, str, str]] = []

    def take(self, copy: _Copy, baseline: _Baseline, before: Cells) -> None:
        """The differences between a copy and what was there before."""
        number, who, workbook = copy.entry.number, copy.who, baseline.workbook
        changed = {place: new for place, new in copy.cells.items() if new != before.get(place, "")}
        for place in [place for place in changed if place[0] == CRITERIA_SHEET]:
            day = copy.entry.archived_at.isoformat()
            self.trials.append((workbook, place[1], changed.pop(place), copy.who, day))
        for sheet, column in shuffled(changed, before, copy.cells, copy.order):
            places = [place for place in changed if place[0] == sheet and place[2] == column]
            line = copy.order[places[0][:2]]
            copy.complain("edit-shuffled", line, HEADER_OF_FIELD[column], line.cells[column], workbook)
            for place in places:
                del changed[place]
                copy.cells[place] = before.get(place, "")
        corrected: dict[tuple[str, str], HandMade] = {}
        taken: set[tuple[str, str, str]] = set()  # one fact may stand on two sheets, one of which looks it up
        for (sheet, lead, column), new in changed.items():
            old = before.get((sheet, lead, column), "")
            if column == ANSWER:
                self._answer(copy, baseline, copy.order[sheet, lead], new)
            elif column not in WHITE:
                if (lead, column, new) not in taken:
                    self._edit(copy, workbook, lead, column, old, new)
                taken.add((lead, column, new))
            elif new:  # blank never overwrites
                line = copy.order[sheet, lead]
                corrected.setdefault((sheet, lead), HandMade(line, lead)).cells[column] = new
        made = [*corrected.values(), *(HandMade(line) for line in copy.added)]
        if made:
            file = as_file(copy.entry, made, who or workbook, "" if workbook == SALES_WORKBOOK else workbook)
            self.files.append(file)
        for line in copy.added:
            rid = f"{number:05d}-{line.index}-{line.row}"
            for column, new in line.yellow.items():
                if new:
                    self._edit(copy, workbook, rid, column, "", new)
        self.problems += [(number, problem) for problem in copy.problems]

    def _edit(self, copy: _Copy, workbook: str, lead: str, column: str, old: str, new: str) -> None:
        day = copy.entry.archived_at.isoformat()
        self.rows.append((copy.entry.number, workbook, lead, column, old, new, copy.who, day))

    def _answer(self, copy: _Copy, baseline: _Baseline, line: Line, new: str) -> None:
        if new and new not in ANSWERS:
            copy.complain("edit-answer", line, new, line.cells[ANSWER], baseline.workbook)
            return
        left, right = baseline.sides[line.sheet, line.key]
        if line.sheet == MERGES:  # several records taken out of one lead at a time are not parted from each other
            for (sheet, key), sides in baseline.sides.items():
                if sheet == MERGES and key != line.key and copy.cells.get((sheet, key, ANSWER)) and right <= sides[0]:
                    left = (left - sides[1]) or left
        decision = Decision(left, right, new, copy.entry.number, copy.who or baseline.workbook)
        self.decisions.append(decision)
        if line.sheet == MERGES:
            self.splits.append(decision)

    def edits(self) -> Edits:
        """All of it."""
        frame = pd.DataFrame(self.rows, columns=EDIT_COLUMNS)
        trials = pd.DataFrame(self.trials, columns=TRIAL_COLUMNS, dtype="str")
        return Edits(frame, tuple(self.decisions), tuple(self.splits), tuple(self.files), tuple(self.problems), trials)


def _open(reader: Reader, archive: Archive, entry: Entry) -> Workbook | None:
    try:
        return reader.workbook(archive.data(entry), entry.name)
    except (ReadError, FileNotFoundError):
        return None


def _issued(archive: Archive, last: int) -> dict[str, tuple[Issue, str]]:
    """Every workbook ever issued: the id it carries → its issue record and its name."""
    books = {}
    for entry in archive.of_kind(FileKind.ISSUE, last=last):
        issue = read_issue(archive, entry)
        if issue is None:
            continue
        issued = id_of_digest(archive.first_digest(entry))
        for workbook in sorted({*issue.cells["workbook"], *issue.pairs["workbook"]}):
            books[book_id(issued, workbook)] = (issue, workbook)
    return books


def _baseline(issue: Issue, workbook: str) -> _Baseline:
    mine = issue.cells[issue.cells["workbook"] == workbook]
    keys = zip(mine["sheet"], mine["lead"], mine["field"], strict=True)
    cells = dict(zip(keys, mine["value"], strict=True))
    brand = "" if workbook == SALES_WORKBOOK else workbook
    leads = issue.leads[issue.leads["brand"] == brand]
    shown = [f for f in WHITE if f in leads]  # an older program recorded fewer
    for sheet in sorted(set(mine["sheet"]) & set(_LISTS)):
        for column in shown:
            texts = zip(leads["lead"], leads[column], strict=True)
            cells.update({(sheet, lead, column): text.strip() for lead, text in texts})
    # 日报 and 跟进表 are no brand's: they show leads of any.
    named = issue.leads[(issue.leads["brand"] == brand) | issue.leads["lead"].isin(set(mine["lead"]))]
    people = dict(zip(named["lead"], zip(named["name"], named["phone"], strict=True), strict=True))
    pairs = issue.pairs[issue.pairs["workbook"] == workbook]
    people |= dict(zip(pairs["key"], zip(pairs["name"], pairs["phone"], strict=True), strict=True))
    columns = (pairs["sheet"], pairs["key"], pairs["left"], pairs["right"])
    sides = {(sheet, key): (rids(left), rids(right)) for sheet, key, left, right in zip(*columns, strict=True)}
    return _Baseline(workbook, cells, people, sides)


def _read(book: Workbook, baseline: _Baseline, entry: Entry, who: str) -> _Copy:
    """The cells of a returned workbook that the issue knows, its rows without a number, and what fits nowhere."""
    copy = _Copy(entry, who)
    recorded = {sheet for sheet, _, _ in baseline.cells}  # an older program recorded fewer
    for line in lines(book):
        if line.sheet == ANALYSIS and ANALYSIS not in recorded:
            continue
        lead = line.key
        if not line.numbered and line.sheet in _LISTS:
            if not line.says:
                continue
            lead = baseline.lead_named(line)
            if not lead:
                copy.added.append(line)
                continue
        typed = {f: v for f, v in line.yellow.items() if v != baseline.cells.get((line.sheet, lead, f), "")}
        if lead == line.key and not baseline.known(line):
            if line.sheet in _LISTS and (typed or line.says):
                copy.complain("edit-unknown", line, _said(typed), workbook=baseline.workbook)
            continue
        if not _fits(baseline.people.get(lead), line):
            if typed or line.sheet == ANALYSIS:
                copy.complain("edit-mismatch", line, _said(typed), workbook=baseline.workbook)
            continue
        copy.order[line.sheet, lead] = line
        for column, text in {**line.yellow, **line.white}.items():
            place = (line.sheet, lead, column)
            if place not in baseline.cells:
                continue
            if column in line.unsaved:  # a formula nobody calculated says nothing; it is not an emptied cell
                if not _our_formula(line, column, baseline.cells[place]):
                    copy.complain("edit-formula", line, cell=line.cells[column], workbook=baseline.workbook)
                continue
            copy.cells[place] = text
    for tried in numbers(book) if CRITERIA_SHEET in recorded else ():
        place = (CRITERIA_SHEET, tried.key, TRIAL)
        if place in baseline.cells and tried.value:
            copy.cells[place] = tried.value
        elif tried.text:
            where = {"file": entry.inbox_path, "sheet": CRITERIA_SHEET, "row": tried.row, "cell": tried.cell}
            details = {"lead": "", "who": who, "workbook": baseline.workbook}
            copy.problems.append(Problem("edit-number", value=tried.text, details=details, **where))  # type: ignore[arg-type]
    return copy


def _said(typed: Mapping[str, str]) -> str:
    return ";".join(f"{HEADER_OF_FIELD[f]}:{text}" for f, text in typed.items() if text)


def _our_formula(line: Line, column: str, written: str) -> bool:
    """跟进人 of a waiting lead looks up what was picked on 待分配; 客户分析 looks up what stands on the list."""
    return line.sheet == ANALYSIS or (line.sheet == LEADS and column == "owner" and not written)


def _fits(person: tuple[str, str] | None, line: Line) -> bool:
    """Name or phone still belongs to this number; both gone means that one column was sorted alone."""
    if person is None:
        return False
    pairs = [(a, line.white.get(f, "")) for a, f in zip(person, ("name", "phone"), strict=True)]
    pairs = [(a, b) for a, b in pairs if a and b]
    return not pairs or any(a == b for a, b in pairs)


@dataclass(frozen=True)
class Typed:
    """values: (lead, brand, field) → what the program must show; brand "" for 归属品牌. since: file number of the edit.
    conflicts: CONFLICT_COLUMNS: edits made on a stale copy of a cell that had changed since.
    """

    values: Mapping[tuple[str, str, str], str]
    since: Mapping[tuple[str, str, str], int]
    conflicts: pd.DataFrame


def apply_edits(
    edits: pd.DataFrame,
    lead_of: Mapping[str, str],
    renamed: Mapping[str, str] = MappingProxyType({}),
    left: Collection[str] = (),
) -> Typed:
    """Replay the edits in order. The newest wins; an edit on a stale copy is a conflict and shows both values.

    lead_of: record number → lead it belongs to now. renamed: 曾用名 → brand: what was typed follows the brand.
    left: people who are gone: their customers are shown without 跟进人, so a new one contradicts nobody.
    """
    raw: dict[tuple[str, str, str], tuple[str, str, int]] = {}  # record, brand, field → value, by whom, file number
    shown: dict[tuple[str, str, str], set[str]] = {}  # everything that was ever typed there
    values: dict[tuple[str, str, str], str] = {}
    since: dict[tuple[str, str, str], int] = {}
    conflicts: dict[tuple[str, str, str], tuple[object, ...]] = {}
    for number, workbook, record, column, old, new, who, day in edits[EDIT_COLUMNS].itertuples(index=False, name=None):
        brand = "" if workbook == SALES_WORKBOOK else renamed.get(workbook, workbook)
        key, lead, by = (record, brand, column), lead_of.get(record, record), f"{who} {day}".strip()
        current, current_by, _ = raw.get(key, ("", "", 0))
        conflicts.pop(key, None)  # whoever writes now has seen it
        # What the cell showed is the lead's value; two leads that became one may have had one each.
        # A value that nobody typed came from a newer sheet (洽谈记录表 …): whoever changed it saw the newest.
        known = old in shown.setdefault(key, {""})
        shown[key].add(new)
        unseen = key in raw and current not in (old, new) and values.get((lead, brand, column)) not in (old, new)
        if unseen and known and not (column == "owner" and current in left):
            conflicts[key] = (number, lead, brand, HEADER_OF_FIELD[column], current, current_by, new, by)
        raw[key] = (new, by, number)
        values[lead, brand, column] = renamed.get(new, new) if column == ASSIGNED_BRAND else new
        since[lead, brand, column] = number
    found = [*conflicts.values(), *_of_merged_leads(raw, values, lead_of)]
    return Typed(values, since, pd.DataFrame(found, columns=CONFLICT_COLUMNS))


def _of_merged_leads(
    raw: Mapping[tuple[str, str, str], tuple[str, str, int]],
    values: Mapping[tuple[str, str, str], str],
    lead_of: Mapping[str, str],
) -> Iterator[tuple[object, ...]]:
    """Values that two leads had in the same cell before they became one: none may vanish unseen."""
    shown_by = {(lead_of.get(r, r), b, c, value): (by, number) for (r, b, c), (value, by, number) in raw.items()}
    for (record, brand, column), (value, by, number) in raw.items():
        lead = lead_of.get(record, record)
        shown = values[lead, brand, column]
        if value and shown and value != shown and column != ASSIGNED_BRAND:
            newer_by, newest = shown_by.get((lead, brand, column, shown), ("", number))
            yield (max(number, newest), lead, brand, HEADER_OF_FIELD[column], value, by, shown, newer_by)
