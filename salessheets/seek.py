"""Whose rows ``forget`` means: the person's own records, everywhere they were ever handed in, and what he is known by."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from . import consolidate, ledger
from .archive import Archive
from .clean.kept import cleaned
from .collect import collect_edited, collect_inbox, collect_settings
from .erase import Person
from .files import write_whole
from .forgotten import Forgotten, numbers_of
from .journal import Journal
from .office import NotPossibleError, Office
from .settings import normal_number
from .tables import WITH_CUSTOMERS
from .week import clock, current_plan, need_passwords


@dataclass(frozen=True)
class Job:
    """rows: archived path → (sheet index, row) of his rows. digests: archived path → checksum before. runs: how many lines
    the journal had. weeks: which reports are written again, None until that is known. heirs: 客户编号 that is erased while
    others of the customer stay → the oldest record of theirs.
    """

    person: Person
    rows: Mapping[str, tuple[tuple[int, int], ...]]
    digests: Mapping[str, str]
    runs: int
    day: date
    weeks: tuple[str, ...] | None = None
    heirs: Mapping[str, str] = field(default_factory=dict)

    def save(self, file: Path) -> None:
        """Write it down, whole."""
        plain = asdict(self) | {"day": self.day.isoformat()}
        write_whole(file, json.dumps(plain, ensure_ascii=False, sort_keys=True, default=sorted).encode())

    @classmethod
    def load(cls, file: Path) -> Job:
        """Read it back."""
        plain = json.loads(file.read_bytes())
        person = plain["person"]
        return cls(
            Person(
                tuple(person["numbers"]),
                tuple(person["names"]),
                frozenset(person["leads"]),
                frozenset(person["partly"]),
            ),
            {path: tuple((sheet, row) for sheet, row in rows) for path, rows in plain["rows"].items()},
            plain["digests"],
            plain["runs"],
            date.fromisoformat(plain["day"]),
            None if plain["weeks"] is None else tuple(plain["weeks"]),
            plain.get("heirs", {}),  # a job of an older program
        )


def find(place: Office, *, numbers: tuple[str, ...] = (), lead: str = "") -> Job:
    """Who is meant: everything new is archived first, then his rows are looked for. Raises NotPossibleError."""
    archive, journal, day = Archive.open(place), Journal.open(place), clock(place)
    need_passwords(place, archive, journal)
    collect_settings(place, archive, day)
    list(collect_inbox(place, archive, day))
    list(collect_edited(place, archive, journal, day))
    archive.survey([entry.number for entry in archive.entries])
    if "archive-changed" in archive.damaged.values():
        raise NotPossibleError("存档里有文件被改过。请先运行 salessheets doctor")
    asked = {normal_number(number) for number in numbers} - {""}
    done = consolidate.consolidate(archive, current_plan(archive, journal, day))
    rows = ledger.stack(done.files)
    told = rows[(rows["aside"] == "") & rows["table"].isin(WITH_CUSTOMERS)]
    records, _ = cleaned(archive, done.files, told, day)
    lead_of = dict(zip(done.trace["rid"], done.trace["lead"], strict=True))
    contacts = _contacts(records)
    names = dict(zip(records["rid"], records["name"], strict=True))
    forgotten = Forgotten.open(place)
    wanted = lead_of.get(forgotten.heir(lead), lead)
    mine = {rid for rid, has in contacts.items() if has & asked or (wanted and wanted in (rid, lead_of.get(rid)))}
    if lead and not mine:
        raise NotPossibleError(f"没有找到客户编号 {lead}")
    mine = _grown(mine, lead_of, contacts, names)

    leads = {lead_of[rid] for rid in mine} - {""}
    partly = {lead_of[rid] for rid in contacts if rid not in mine} & leads
    others = set().union(*(has for rid, has in contacts.items() if rid not in mine))
    found = set().union(*(contacts[rid] for rid in mine))
    # Follow-ups and analyses of a customer who is gone altogether say his name and history.
    his = mine | {rid for rid, of in lead_of.items() if of in leads - partly}
    person = Person(
        tuple(sorted(asked | (found - others))),
        tuple(sorted({names[rid] for rid in mine} - {""})),
        frozenset((his | leads | {old for old in forgotten.heirs if forgotten.heir(old) in his}) - partly),
        frozenset(partly),
    )
    at = {rid: (number, sheet, row) for rid, number, sheet, row in zip(
        done.trace["rid"], done.trace["number"], done.trace["sheet_index"], done.trace["row"], strict=True)}  # fmt: skip
    places: dict[str, set[tuple[int, int]]] = {}
    for number, sheet, row in (at[rid] for rid in his):
        places.setdefault(archive.entry(number).path, set()).add((int(sheet), int(row)))
    own = {path: tuple(sorted(found)) for path, found in sorted(places.items())}
    heirs = {
        lead: _oldest(at, (r for r, of in lead_of.items() if of == lead and r in contacts and r not in his))
        for lead in partly & his
    }
    return Job(person, own, {e.path: e.sha256 for e in archive.entries}, len(journal.runs), day, heirs=heirs)


def _oldest(at: Mapping[str, tuple[int, int, int]], rids: Iterable[str]) -> str:
    return min(rids, key=lambda rid: at[rid])


def _grown(
    mine: set[str], lead_of: Mapping[str, str], contacts: Mapping[str, set[str]], names: Mapping[str, str]
) -> set[str]:
    """His other rows: of the same customer, or of none, with one of his numbers or his name, and no other name."""

    def fits(name: str, called: set[str]) -> bool:
        return not name or not called or any(name in one or one in name for one in called)

    while True:
        numbers = set().union(*(contacts[rid] for rid in mine))
        called = {names[rid] for rid in mine} - {""}
        leads = {lead_of.get(rid, "") for rid in mine} - {""}
        more = {
            rid
            for rid, has in contacts.items()
            if rid not in mine
            and lead_of.get(rid, "") in {*leads, ""}
            and ((has & numbers and fits(names[rid], called)) or (lead_of.get(rid) and names[rid] in called))
        }
        if not more:
            return mine
        mine = mine | more


def _contacts(records: pd.DataFrame) -> dict[str, set[str]]:
    """Record number → its phone, WeChat and QQ numbers."""
    return {str(rid): numbers_of(one) for rid, one in records.groupby("rid", sort=True)}


def told(job: Job) -> list[str]:
    """What would be erased, without saying who."""
    rows = sum(len(rows) for rows in job.rows.values())
    said = [f"找到 {rows} 行,在 {len(job.rows)} 个文件里。别的文件里提到的号码也会删掉。"]
    if job.person.partly:
        said.append("同一个客户还有别的联系人,他们的行会留下。")
    return said
