"""What people typed into our workbooks, read back from the archived copies and compared three ways.

The baseline of a returned workbook is what its issue record says was written, or the copy of the same workbook that
was archived before; a cell that differs was typed. Rows are found by 客户编号, never by position (workflow.md).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from .archive import Archive, Entry, FileKind
from .files import sha256
from .issue import Issue, issue_id, unpack
from .problems import Problem
from .read import Reader, ReadError, Sheet, Workbook
from .tables import TABLES, By

KEY_HEADER = "客户编号"
ASSIGNED_BRAND = "assigned_brand"
SALES_WORKBOOK = "销售部_周报"
_HEADER_DEPTH = 20

_VALID = TABLES["valid_leads"]
# 日报 lets the 销售部负责人 answer what 移交表 asks of him.
_ANSWERS = {c.header: c.field for c in TABLES["handover"].columns if c.by is By.SALES}
FIELD_OF_HEADER = {c.header: c.field for c in _VALID.columns if c.by is By.DIRECTOR} | {"归属品牌": ASSIGNED_BRAND}
FIELD_OF_HEADER = _ANSWERS | FIELD_OF_HEADER
_CHECKED = {_VALID.column("name").header: "name", _VALID.column("phone").header: "phone"}
EDIT_COLUMNS = ["number", "workbook", "lead", "field", "old", "new"]

Cells = dict[tuple[str, str, str], str]  # (sheet, lead, field) → text


@dataclass(frozen=True)
class Edits:
    """edits: EDIT_COLUMNS in the order the archive first saw them. problems: rows that could not be placed."""

    edits: pd.DataFrame
    problems: tuple[Problem, ...]


def book_id(issue: str, workbook: str) -> str:
    """The id one workbook carries: it names the issue and the workbook without saying either."""
    return sha256(f"{issue}/{workbook}".encode())[:16]


def read_edits(archive: Archive, last: int, sheets: Collection[int] = ()) -> Edits:
    """Every cell typed into a workbook of ours, from the archive up to number ``last``.

    sheets: numbers of hand-ins that are known to be no workbook of ours, and need not be opened again.
    """
    returned = [e for e in archive.of_kind(FileKind.RETURNED, FileKind.HAND_IN, last=last) if e.number not in sheets]
    books = _issued(archive, last) if returned else {}
    rows: list[tuple[int, str, str, str, str, str]] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, str], Cells] = {}
    with Reader() as reader:
        for entry in returned:
            if entry.kind is FileKind.HAND_IN and not entry.name.lower().endswith((".xlsx", ".xls", ".ods", ".et")):
                continue
            book = _open(reader, archive, entry)
            if book is None or book.issue not in books:
                continue
            issue, workbook = books[book.issue]
            baseline = _baseline(issue, workbook)
            typed, trouble = _typed(book, baseline, issue.leads, entry)
            problems += trouble
            # A copy from elsewhere (an older save, from home or WeChat) says nothing about cells it did not change.
            copy = (book.issue, entry.source)
            before = seen.get(copy, baseline)
            for (sheet, lead, field), new in typed.items():
                old = before.get((sheet, lead, field), "")
                if new != old:
                    rows.append((entry.number, workbook, lead, field, old, new))
            seen[copy] = {**before, **typed}
    return Edits(pd.DataFrame(rows, columns=EDIT_COLUMNS), tuple(problems))


def _open(reader: Reader, archive: Archive, entry: Entry) -> Workbook | None:
    try:
        return reader.workbook(archive.data(entry), entry.name)
    except (ReadError, FileNotFoundError):
        return None


def _issued(archive: Archive, last: int) -> dict[str, tuple[Issue, str]]:
    """Every workbook ever issued: id → (issue record, workbook name)."""
    books = {}
    for entry in archive.of_kind(FileKind.ISSUE, last=last):
        packed = archive.data(entry)
        issue = unpack(packed)
        for workbook in sorted(set(issue.cells["workbook"])):
            books[book_id(issue_id(packed), workbook)] = (issue, workbook)
    return books


def _baseline(issue: Issue, workbook: str) -> Cells:
    cells = issue.cells[issue.cells["workbook"] == workbook]
    keys = zip(cells["sheet"], cells["lead"], cells["field"], strict=True)
    return dict(zip(keys, cells["value"], strict=True))


def _typed(book: Workbook, baseline: Cells, leads: pd.DataFrame, entry: Entry) -> tuple[Cells, list[Problem]]:
    """The yellow cells of a returned workbook that the issue knows, and the rows that do not fit their number."""
    people = dict(zip(leads["lead"], zip(leads["name"], leads["phone"], strict=True), strict=True))
    cells: Cells = {}
    problems = []
    for sheet in book.sheets:
        header = _header(sheet)
        if header is None:
            continue
        at, columns = header
        for number, row in sheet.rows(at + 1):
            texts = {name: _text(row[column]) for name, column in columns.items()}
            lead = texts[KEY_HEADER]
            # A formula nobody calculated says nothing; it is not an emptied cell.
            yellow = {
                f: texts[h]
                for h, f in FIELD_OF_HEADER.items()
                if h in texts and (number, columns[h] + sheet.left) not in sheet.unsaved
            }
            known = {f: v for f, v in yellow.items() if (sheet.name, lead, f) in baseline}
            if not known:
                continue
            if not _fits(people.get(lead), [texts.get(h, "") for h in _CHECKED]):
                if any(v != baseline[sheet.name, lead, f] for f, v in known.items()):
                    problems.append(Problem("edit-mismatch", file=entry.inbox_path, sheet=sheet.name, row=number))
                continue
            cells.update({(sheet.name, lead, f): v for f, v in known.items()})
    return cells, problems


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """Excel row of the header and header → column within the sheet's cells; None when the sheet lists no leads."""
    for number, row in sheet.rows(0, sheet.top + _HEADER_DEPTH):
        texts = [text.strip() for text in row]
        if KEY_HEADER in texts:
            return number, {text: column for column, text in reversed(list(enumerate(texts))) if text}
    return None


def _text(text: str) -> str:
    return text.replace("\r\n", "\n").rstrip()


def _fits(person: tuple[str, str] | None, shown: list[str]) -> bool:
    """Name or phone still belongs to this number; both gone means that one column was sorted alone."""
    if person is None:
        return False
    pairs = [(a, b) for a, b in zip(person, shown, strict=True) if a and b]
    return not pairs or any(a == b for a, b in pairs)


@dataclass(frozen=True)
class Typed:
    """values: (lead, brand, field) → what the program must show; brand "" for 归属品牌.
    conflicts: lead, brand, field, values: edits made on a stale copy of a cell that had changed since.
    """

    values: Mapping[tuple[str, str, str], str]
    conflicts: pd.DataFrame


def apply_edits(
    edits: pd.DataFrame, lead_of: Mapping[str, str], renamed: Mapping[str, str] = MappingProxyType({})
) -> Typed:
    """Replay the edits in order. The newest wins; an edit on a stale copy is a conflict and shows both values.

    lead_of: record number → lead it belongs to now. renamed: 曾用名 → brand: what was typed follows the brand.
    """
    raw: dict[tuple[str, str, str], str] = {}
    history: dict[tuple[str, str, str], set[str]] = {}
    values: dict[tuple[str, str, str], str] = {}
    conflicts = []
    columns = ("workbook", "lead", "field", "old", "new")
    for workbook, record, field, old, new in zip(*(edits[c] for c in columns), strict=True):
        brand = "" if workbook == SALES_WORKBOOK else renamed.get(workbook, workbook)
        key = (record, brand, field)
        current = raw.get(key)
        lead = lead_of.get(record, record)
        # What the cell showed is the lead's value; two leads that became one may have had one each.
        # A value that nobody typed came from a newer sheet (洽谈记录表 …): whoever changed it saw the newest.
        stale = old in history.setdefault(key, {""})
        history[key].add(new)
        if stale and current not in (None, old, new) and values.get((lead, brand, field)) not in (old, new):
            header = next(h for h, f in FIELD_OF_HEADER.items() if f == field)
            conflicts.append((lead, brand, header, f"{current} / {new}"))
        raw[key] = new
        values[lead, brand, field] = renamed.get(new, new) if field == ASSIGNED_BRAND else new
    conflicts += _of_merged_leads(raw, values, lead_of)
    return Typed(values, pd.DataFrame(conflicts, columns=["lead", "brand", "field", "values"]))


def _of_merged_leads(
    raw: Mapping[tuple[str, str, str], str], values: Mapping[tuple[str, str, str], str], lead_of: Mapping[str, str]
) -> list[tuple[str, str, str, str]]:
    """Values that two leads had in the same cell before they became one: none may vanish unseen."""
    found = []
    for (record, brand, field), value in raw.items():
        lead = lead_of.get(record, record)
        shown = values[lead, brand, field]
        if value and shown and value != shown and field != ASSIGNED_BRAND:
            header = next(h for h, f in FIELD_OF_HEADER.items() if f == field)
            found.append((lead, brand, header, f"{value} / {shown}"))
    return found
