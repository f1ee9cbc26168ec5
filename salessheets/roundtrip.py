"""What people typed into our workbooks, read back from the archived copies and compared three ways.

The baseline of a returned workbook is what its issue record says was written, or the copy of the same workbook that
was archived before; a cell that differs was typed. Rows are found by 客户编号, never by position (workflow.md).

Yellow cells become edits, answers become decisions, corrected white cells and rows added by hand become records with
the source 市场总监. Whatever cannot be placed is named, with its cell: nothing typed vanishes unseen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import pandas as pd

from .archive import Archive, Entry, FileKind
from .copies import Baseline, Copy, baseline_of, read_copy
from .files import sha256
from .handmade import HandMade, as_file
from .issue import Issue, id_of_digest, read_issue
from .match.decisions import ANSWERS, Decision
from .problems import Problem
from .read import Reader, ReadError, Workbook
from .read.archived import ArchivedFile
from .returned import (
    ANSWER,
    ASSIGNED_BRAND,
    DAILY,
    HEADER_OF_FIELD,
    MERGES,
    SALES_WORKBOOK,
    WHITE,
    WORKED_OUT,
    Line,
)
from .shuffled import Cells, shuffled
from .trials import CRITERIA_SHEET, TRIAL_COLUMNS

EDIT_COLUMNS = ["number", "workbook", "lead", "field", "old", "new", "who", "day"]
CONFLICT_COLUMNS = ["number", "lead", "brand", "field", "older", "older_by", "newer", "newer_by"]
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
class _Seen:
    """The newest copy of one issue from one path. order: sheet → its leads from top to bottom. added: rows of the
    person's own, by what names them → (record number, what its yellow cells said).
    """

    cells: Cells
    order: Mapping[str, Sequence[str]]
    added: Mapping[tuple[str, ...], tuple[str, Mapping[str, str]]]


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
    baselines: dict[str, Baseline] = {}
    seen: dict[str, tuple[str, _Seen]] = {}  # path → issue of the newest copy from there, and what it said
    with Reader() as reader:
        for entry in returned:
            if entry.kind is FileKind.HAND_IN and not entry.name.lower().endswith(_SPREADSHEETS):
                continue
            book = _open(reader, archive, entry)
            if book is None or book.issue not in books:
                continue
            if book.issue not in baselines:
                baselines[book.issue] = baseline_of(*books[book.issue])
            baseline = baselines[book.issue]
            # A copy from elsewhere (an older save, from home or WeChat) says nothing about cells it did not change, and
            # a workbook that was written anew since starts from what was written, even if it says what it said before.
            held, before = seen.get(entry.source, ("", None))
            if before is None or held != book.issue:
                before = _Seen(baseline.cells, baseline.order, {})
            who = entry.person or _whose(baseline.workbook, directors)
            copy = read_copy(book, baseline, entry, who, before.cells)
            seen[entry.source] = (book.issue, made.take(copy, baseline, before))
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

    def take(self, copy: Copy, baseline: Baseline, seen: _Seen) -> _Seen:
        """The differences between a copy and what was there before; returns what is there now."""
        before = seen.cells
        number, who, workbook = copy.entry.number, copy.who, baseline.workbook
        changed = {place: new for place, new in copy.cells.items() if new != before.get(place, "")}
        for place in [place for place in changed if place[0] == CRITERIA_SHEET]:
            day = copy.entry.archived_at.isoformat()
            self.trials.append((workbook, place[1], changed.pop(place), copy.who, day))
        refused: set[tuple[str, str]] = set()
        for sheet, column, texts in shuffled(changed, before, copy.cells, copy.order, seen.order, copy.twice):
            refused.add((sheet, column))
            places = [place for place in changed if place[0] == sheet and place[2] == column]
            # A line that stands there twice was left out, and may have got a new text, too.
            known = {text for (s, _, field), text in before.items() if (s, field) == (sheet, column)}
            more = {changed[place] for place in places if place[:2] in copy.twice} - known - {""}
            line, typed = copy.order[places[0][:2]], "；".join(dict.fromkeys([*texts, *sorted(more)]))
            copy.complain("edit-shuffled", line, HEADER_OF_FIELD[column], line.cells[column], workbook, typed=typed)
            # What another sheet looks up by formula followed the sorted column.
            mirrored = {(lead, field, changed[s, lead, field]) for s, lead, field in places}
            places += [p for p, text in changed.items() if p[0] != sheet and (*p[1:], text) in mirrored]
            for place in places:
                del changed[place]
                copy.cells[place] = before.get(place, "")
        corrected: dict[tuple[str, str], HandMade] = {}
        taken: set[tuple[str, str, str]] = set()  # one fact may stand on two sheets, one of which looks it up
        for (sheet, lead, column), new in changed.items():
            old = before.get((sheet, lead, column), "")
            if column == ANSWER:
                self._answer(copy, baseline, copy.order[sheet, lead], new)
            elif column in WORKED_OUT:
                self._worked_out(copy, workbook, copy.order[sheet, lead], column, new)
            elif column not in WHITE:
                if (lead, column, new) not in taken:
                    self._edit(copy, workbook, lead, column, old, new)
                taken.add((lead, column, new))
            elif new:  # blank never overwrites
                line = copy.order[sheet, lead]
                corrected.setdefault((sheet, lead), HandMade(line, lead)).cells[column] = new
        added = {tuple(line.white.values()): line for line in copy.added}
        fresh = [line for named, line in added.items() if named not in seen.added]
        made = [*corrected.values(), *(HandMade(line) for line in fresh)]
        if made:
            file = as_file(copy.entry, made, who or workbook, "" if workbook == SALES_WORKBOOK else workbook)
            self.files.append(file)
        rows = dict(seen.added)
        for named, line in added.items():
            rid, said = rows.get(named, (f"{number:05d}-{line.index}-{line.row}", {}))
            for column, new in line.yellow.items():
                if new and (line.sheet, column) in refused:
                    header = HEADER_OF_FIELD[column]
                    copy.complain("edit-shuffled", line, header, line.cells[column], workbook, typed=f"{header}:{new}")
                elif new != said.get(column, ""):
                    self._edit(copy, workbook, rid, column, said.get(column, ""), new)
            rows[named] = (rid, line.yellow)
        self.problems += [(number, problem) for problem in copy.problems]
        order: dict[str, list[str]] = {}
        for sheet, lead in copy.order:
            order.setdefault(sheet, []).append(lead)
        return _Seen({**before, **copy.cells}, {**seen.order, **order}, rows)

    @staticmethod
    def _worked_out(copy: Copy, workbook: str, line: Line, column: str, new: str) -> None:
        """An emptied cell comes back by itself."""
        if new:
            header = HEADER_OF_FIELD[column]
            more = {"column": header, "typed": f"{header}:{new}"}
            copy.complain("edit-worked-out", line, new, line.cells[column], workbook, **more)

    def _edit(self, copy: Copy, workbook: str, lead: str, column: str, old: str, new: str) -> None:
        day = copy.entry.archived_at.isoformat()
        self.rows.append((copy.entry.number, workbook, lead, column, old, new, copy.who, day))

    def _answer(self, copy: Copy, baseline: Baseline, line: Line, new: str) -> None:
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
