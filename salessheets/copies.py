"""One returned copy of a workbook of ours, read line by line against what was written (roundtrip.py compares the cells).

A line belongs to the customer whose 客户编号 it shows if his name or phone is still there; one without a number to the only
customer with its name and phone. Whatever belongs to nobody is named, with what was typed there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from .archive import Entry
from .issue import Issue, rids
from .problems import Problem
from .read import Workbook
from .returned import (
    ANALYSIS,
    DOUBTS,
    HEADER_OF_FIELD,
    KEY_HEADER,
    LEADS,
    SALES_WORKBOOK,
    UNASSIGNED,
    UNBRANDED,
    WHITE,
    WORKED_OUT,
    Line,
    lines,
)
from .shuffled import Cells
from .trials import CRITERIA_SHEET, TRIAL, numbers

LISTS = (LEADS, UNASSIGNED, UNBRANDED, ANALYSIS)
_FEW = 3  # so many rows whose name and phone are both new are named one by one


@dataclass(frozen=True)
class Baseline:
    """What one workbook showed when it was written. people: lead → (name, phone). sides: (sheet, key) → both sets.
    sheets: sheet that people fill in → its yellow fields. order: sheet → its keys from top to bottom.
    """

    workbook: str
    cells: Cells
    people: Mapping[str, tuple[str, str]]
    sides: Mapping[tuple[str, str], tuple[frozenset[str], frozenset[str]]]
    sheets: Mapping[str, frozenset[str]]
    order: Mapping[str, Sequence[str]]

    def known(self, sheet: str, key: str) -> bool:
        """Whether this line was on this sheet for somebody to fill in."""
        return any((sheet, key, f) in self.cells for f in self.sheets[sheet]) or (sheet, key) in self.sides

    def lead_named(self, line: Line) -> str:
        """The one lead with this name and phone; "" when there is none or several (workflow.md, Definitions)."""
        wanted = (line.white.get("name", ""), line.white.get("phone", ""))
        found = [lead for lead, person in self.people.items() if person == wanted] if all(wanted) else []
        return found[0] if len(found) == 1 else ""

    def meant(self, name: str, names: Collection[str], line: Line) -> str:
        """The sheet of ours that this one is: somebody may have renamed it, or made a copy of it (名单 (2))."""
        if name in self.sheets:
            return name
        missing = [s for s, fields in self.sheets.items() if s not in names and fields <= line.yellow.keys()]
        copied = [sheet for sheet in self.sheets if name.startswith(sheet)]
        return next(iter((*copied, *missing)), name)


@dataclass
class Copy:
    """One returned copy as read: cells by place, rows without a number, and what could not be placed."""

    entry: Entry
    who: str
    cells: Cells = field(default_factory=dict)
    order: dict[tuple[str, str], Line] = field(default_factory=dict)  # (sheet, lead) → its line, in the sheet's order
    twice: set[tuple[str, str]] = field(default_factory=set)  # those that stand there twice
    added: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def complain(self, code: str, line: Line, value: str = "", cell: str = "", workbook: str = "", **more: str) -> None:
        """Name what cannot be taken. typed: what was typed, when that is not the value."""
        details = {"lead": line.key, "who": self.who, "workbook": workbook, **more}
        where = {"file": self.entry.inbox_path, "sheet": line.sheet, "row": line.row, "cell": cell}
        self.problems.append(Problem(code, value=value, details=details, **where))  # type: ignore[arg-type]


def baseline_of(issue: Issue, workbook: str) -> Baseline:
    """What this workbook of this issue said."""
    mine = issue.cells[issue.cells["workbook"] == workbook]
    keys = zip(mine["sheet"], mine["lead"], mine["field"], strict=True)
    cells = dict(zip(keys, mine["value"], strict=True))
    brand = "" if workbook == SALES_WORKBOOK else workbook
    leads = issue.leads[issue.leads["brand"] == brand]
    for sheet in sorted(set(mine["sheet"]) & set(LISTS)):
        shown = WHITE if sheet == ANALYSIS else (*WHITE, *WORKED_OUT)
        for column in shown:
            if column not in leads:  # an older program recorded fewer
                continue
            texts = zip(leads["lead"], leads[column], strict=True)
            cells.update({(sheet, lead, column): text.strip() for lead, text in texts})
    # 日报 and 跟进表 are no brand's: they show leads of any.
    named = issue.leads[(issue.leads["brand"] == brand) | issue.leads["lead"].isin(set(mine["lead"]))]
    people = dict(zip(named["lead"], zip(named["name"], named["phone"], strict=True), strict=True))
    pairs = issue.pairs[issue.pairs["workbook"] == workbook]
    people |= dict(zip(pairs["key"], zip(pairs["name"], pairs["phone"], strict=True), strict=True))
    columns = (pairs["sheet"], pairs["key"], pairs["left"], pairs["right"])
    sheets: dict[str, set[str]] = {}
    order: dict[str, dict[str, None]] = {}
    for sheet, key, column in zip(mine["sheet"], mine["lead"], mine["field"], strict=True):
        sheets.setdefault(sheet, set()).add(column)
        order.setdefault(sheet, {})[key] = None
    sides = {(sheet, key): (rids(left), rids(right)) for sheet, key, left, right in zip(*columns, strict=True)}
    fields = {sheet: frozenset(found) for sheet, found in sheets.items()}
    return Baseline(workbook, cells, people, sides, fields, {sheet: list(keys) for sheet, keys in order.items()})


def read_copy(book: Workbook, baseline: Baseline, entry: Entry, who: str, before: Cells) -> Copy:
    """The cells of a returned workbook that the issue knows, its rows without a number, and what fits nowhere.

    before: what the copy that came from the same place before this one said.
    """
    copy = Copy(entry, who)
    names = {sheet.name for sheet in book.sheets}
    strangers: list[Line] = []
    for found in lines(book):
        line = replace(found, sheet=baseline.meant(found.sheet, names, found))
        if line.sheet not in baseline.sheets:
            continue
        lead = line.key
        if not line.numbered and line.sheet != DOUBTS:
            if not line.says:
                continue
            lead = baseline.lead_named(line)
            if not lead and line.sheet in LISTS:
                copy.added.append(line)
                continue
        typed = {f: v for f, v in line.yellow.items() if v != baseline.cells.get((line.sheet, lead, f), "")}
        if not baseline.known(line.sheet, lead):
            if any(typed.values()) or (line.sheet in LISTS and line.says):
                copy.complain("edit-unknown", line, _said(typed), workbook=baseline.workbook)
        elif _fits(baseline.people.get(lead), line):
            _take(copy, baseline, line, lead, before)
        elif typed:
            copy.complain(
                "edit-mismatch", line, _said({**_corrected(baseline, line), **typed}), workbook=baseline.workbook
            )
        else:
            strangers.append(line)
    _name(copy, baseline, strangers)
    if CRITERIA_SHEET in baseline.sheets:
        _try(copy, baseline, book)
    return copy


def _try(copy: Copy, baseline: Baseline, book: Workbook) -> None:
    """What was tried out on 评分标准; a number that cannot be one is named."""
    for tried in numbers(book):
        place = (CRITERIA_SHEET, tried.key, TRIAL)
        if place in baseline.cells and tried.value:
            copy.cells[place] = tried.value
        elif tried.text:
            where = {"file": copy.entry.inbox_path, "sheet": CRITERIA_SHEET, "row": tried.row, "cell": tried.cell}
            details = {"lead": "", "who": copy.who, "workbook": baseline.workbook}
            copy.problems.append(Problem("edit-number", value=tried.text, details=details, **where))  # type: ignore[arg-type]


def _take(copy: Copy, baseline: Baseline, line: Line, lead: str, before: Cells) -> None:
    """One line whose customer is known. A second line of his counts where the first one says nothing new."""
    twice = copy.order.setdefault((line.sheet, lead), line) is not line
    if twice:
        copy.twice.add((line.sheet, lead))
    for column, text in {**line.yellow, **line.white, **line.worked_out}.items():
        place = (line.sheet, lead, column)
        if place not in baseline.cells:
            continue
        if column in line.unsaved:  # a formula nobody calculated says nothing; it is not an emptied cell
            if not _our_formula(line, column, baseline.cells[place]):
                copy.complain("edit-formula", line, cell=line.cells[column], workbook=baseline.workbook)
            continue
        was, said = before.get(place, ""), copy.cells.get(place, text)
        if twice and text not in (was, said) and said != was:
            typed = f"{HEADER_OF_FIELD[column]}:{text}"
            copy.complain("edit-twice", line, typed, line.cells[column], baseline.workbook)
        elif not twice or said == was:
            copy.cells[place] = text


def _name(copy: Copy, baseline: Baseline, strangers: Sequence[Line]) -> None:
    """Rows whose name and phone are both new: nobody's numbers were sorted when it is only a few."""
    by_sheet: dict[str, list[Line]] = {}
    for line in strangers:
        by_sheet.setdefault(line.sheet, []).append(line)
    for mine in by_sheet.values():
        if len(mine) > _FEW:
            copy.complain("edit-shuffled", mine[0], KEY_HEADER, workbook=baseline.workbook, typed="")
            continue
        for line in mine:
            copy.complain("edit-mismatch", line, _said(_corrected(baseline, line)), workbook=baseline.workbook)


def _corrected(baseline: Baseline, line: Line) -> dict[str, str]:
    """White cells that say something else than what was written for this number."""
    return {f: t for f, t in line.white.items() if t != baseline.cells.get((line.sheet, line.key, f), "")}


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
