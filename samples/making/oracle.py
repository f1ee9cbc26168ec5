"""What must become of each row: from the identities and intentions, in the order of the files. Knows no reader."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from .customers import Customer
from .grid import entry_cells
from .model import Entry, File
from .people import TODAY

WEEKS = ("2026-W45", "2026-W46", "2026-W47")
NEW, MERGED, UPDATED, REPEATED = "新增客户", "并入已有客户", "更新", "重复提交"
INVALID, RETURNED, NOTED = "无效", "退回更正", "登记"
JOINED = ("analysis", "strategy", "negotiation", "aftersales")
NO_CUSTOMER = ("materials", "referral_thanks")
ACCEPTED = (NEW, MERGED, UPDATED)


def week_of(day: date | None) -> str:
    """The week a row counts in: that of its date, not before the first week; without a usable date, the running week."""
    if day is None or day > TODAY:
        return WEEKS[-1]
    iso = day.isocalendar()
    return max(WEEKS[0], f"{iso.year}-W{iso.week:02d}")


def order(entry: Entry) -> tuple[str, int, int, int]:
    """First things first: week, file number, sheet, row."""
    return entry.week, entry.number, entry.sheet_index, entry.row


def decide(entries: Sequence[Entry]) -> dict[str, str]:
    """Fill in week, fate and reason of every entry; gives each customer's 客户编号."""
    for entry in entries:
        entry.week = week_of(entry.day)
    numbers: dict[str, str] = {}
    for entry in sorted(entries, key=order):
        if entry.aside:
            entry.fate, entry.reason = NOTED, entry.aside
        elif entry.repeats is not None:
            entry.fate = REPEATED
        elif entry.returned:
            entry.fate, entry.reason = RETURNED, entry.returned
        elif entry.table in JOINED or entry.table in NO_CUSTOMER:
            entry.fate = NOTED
        elif entry.invalid:
            entry.fate, entry.reason = INVALID, entry.invalid
        elif entry.updates is not None and not entry.updates.returned:
            entry.fate = UPDATED
        else:
            entry.fate = MERGED if entry.who in numbers else NEW
            numbers.setdefault(entry.who, entry.record)
    return numbers


def check(files: Sequence[File], entries: Sequence[Entry], people: Mapping[str, Customer]) -> None:
    """The sample must be unambiguous under the published rules. Raises ValueError where it is not."""
    _check_connected(entries)
    _check_apart(entries, people)
    _check_repeats(files, entries)
    _check_once(entries)
    seen = {e.who for e in entries if e.fate == INVALID}
    for entry in entries:
        if entry.who in seen and entry.fate in ACCEPTED:
            bad = min((e for e in entries if e.who == entry.who and e.fate == INVALID), key=order)
            if order(bad) < order(entry):
                raise ValueError(f"{entry.who} is taken in after he was invalid")
    first = {}
    for entry in sorted(entries, key=order):
        if entry.fate == NEW:
            first[entry.who] = entry.week
    for entry in entries:
        if entry.table in JOINED and entry.fate == NOTED and not entry.aside and first[entry.who] > entry.week:
            raise ValueError(f"{entry.who} is analysed before he is known")


def core(company: str, city: str) -> str:
    """The shop without the city in front and the legal form behind."""
    return company.removeprefix(city.removesuffix("市")).removesuffix("有限公司")


def _check_connected(entries: Sequence[Entry]) -> None:
    """Each row of a customer hangs on an earlier row of his by a contact, by name, shop and city, or as its new version."""
    known: dict[str, list[Entry]] = defaultdict(list)
    replaced = {id(e.updates) for e in entries if e.updates is not None}
    for entry in sorted(entries, key=order):
        if entry.fate not in ACCEPTED or entry.table in NO_CUSTOMER:
            continue
        earlier = known[entry.who]
        if earlier and entry.fate != UPDATED and not any(_joined(entry, e) for e in earlier if id(e) not in replaced):
            raise ValueError(f"{entry.who} ({entry.case}): {entry.file} row {entry.row} hangs on nothing")
        earlier.append(entry)


def _joined(a: Entry, b: Entry) -> bool:
    mine, theirs = ({i for i in e.ids if not (e.shared and i.startswith("m:"))} for e in (a, b))
    by_shop = a.full_name and a.full_name == b.full_name and a.company and b.company and a.city and a.city == b.city
    return bool(mine & theirs) or bool(by_shop)


def _check_apart(entries: Sequence[Entry], people: Mapping[str, Customer]) -> None:
    """Different customers share no contact, unless two full names conflict or the number belongs to a third."""
    holders: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.fate in ACCEPTED and entry.table not in JOINED:
            for contact in entry.ids:
                holders[contact].append(entry)
            if entry.full_name and entry.company and entry.city:
                holders[f"{entry.full_name}|{core(entry.company, entry.city)}|{entry.city}"].append(entry)
    for contact, rows in holders.items():
        for a in rows:
            for b in rows:
                conflict = a.full_name and b.full_name and a.full_name != b.full_name
                if a.who != b.who and not conflict and not (a.shared and contact.startswith("m:")):
                    raise ValueError(f"{a.who} and {b.who} look like one")
    names = [p.name for p in people.values()]
    twice = {n for n in names if names.count(n) > 1}
    if twice != {"张伟", "李娜"}:
        raise ValueError(f"unplanned namesakes: {twice}")


def _raw(cell: object) -> str:
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    return "" if cell is None else text.strip()


def _check_repeats(files: Sequence[File], entries: Sequence[Entry]) -> None:
    """A row is marked as handed in again exactly when the same person handed in the same cells for the same table."""
    sheets = {(f.path, s.name): s for f in files for s in f.sheets}
    seen: set[tuple[object, ...]] = set()
    for entry in sorted(entries, key=lambda e: (e.number, e.sheet_index, e.row)):
        if entry.aside:
            continue
        sheet = sheets[entry.file, entry.sheet]
        fields = [f for _, f in sheet.columns]
        index = sheet.lines.index(entry)
        cells = zip(fields, entry_cells(sheet, entry, index, defaultdict(str)), strict=True)
        key = (
            entry.file.split("/")[0],
            entry.table,
            sheet.head_day,
            *sorted((f, _raw(c)) for f, c in cells if f not in ("", "dup", "serial") and _raw(c)),
        )
        if (key in seen) != (entry.repeats is not None):
            raise ValueError(f"{entry.file} {entry.sheet} row {entry.row}: handed in again or not?")
        seen.add(key)


def _check_once(entries: Sequence[Entry]) -> None:
    """One person notes one customer once a day in one table, so that no row can be taken for a newer version by chance."""
    seen: dict[tuple[object, ...], Entry] = {}
    for entry in entries:
        if (
            entry.aside
            or entry.repeats is not None
            or entry.updates is not None
            or entry.table in NO_CUSTOMER
            or entry.fate == INVALID
        ):
            continue
        key = (entry.file.split("/")[0], entry.table, entry.who, entry.day)
        if key in seen and entry.case != "return-corrected":
            raise ValueError(f"{key[:3]} twice on {entry.day}")
        seen[key] = entry
