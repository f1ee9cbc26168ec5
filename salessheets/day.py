"""The daily hand-over as the manual's own process: what came in since the last working day, to the 销售部负责人 (chapter 1,
2①③④). 收件箱 → archive → read → … as in the weekly run, then 日报 and drafts of 移交表; no week is closed by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from . import __version__, publish
from .archive import Archive
from .collect import collect_edited
from .consolidate import Consolidated, Plan, consolidate
from .files import sha256
from .followup.daily import Day, day_of, workbook_of
from .issue import FATE_COLUMNS, Issue, issue_id
from .journal import DAILY, Journal, Run
from .models import in_force
from .office import NotPossibleError, Office
from .passwords import Passwords
from .problems import Problem
from .roundtrip import book_id
from .rows import tuples
from .week import Progress, current_plan, holds, sweep, take_in
from .write import tofill
from .write.daily import DailyReport, daily_cells, write_daily

_ATTEMPTS = 3  # a workbook may be saved while we work; its answers are taken in and the day made again
_CUSTOMER = ["name", "phone", "wechat", "qq", "company", "province", "city", "county"]


@dataclass(frozen=True)
class DailyOutcome:
    """What one daily run did. paths: posix paths below the office."""

    day: Day
    consolidated: Consolidated
    paths: tuple[str, ...]
    problems: tuple[Problem, ...]


def daily(place: Office, *, day: date, progress: Progress = lambda _: None) -> DailyOutcome:
    """Make the workbook of the day. Running it again the same day keeps what was typed into it."""
    sweep(place)
    archive, journal = Archive.open(place), Journal.open(place)
    take_in(place, archive, journal, day, progress)
    for _ in range(_ATTEMPTS):
        plan = current_plan(archive, journal, day)
        done = consolidate(archive, plan, lambda entry: progress(f"读取 {entry.inbox_path}"))
        before = journal.daily_before(day)
        made = day_of(done.facts, done.report.lists, before.last if before else None, done.typed)
        issue, books = _workbooks(done, made, place.passwords)
        if list(collect_edited(place, archive, journal, day)):
            continue
        placed = _publish(
            place, archive, journal, plan, issue, books, publish.locked(done.report.settings, place.passwords)
        )
        if placed is None:
            continue
        paths, problems = placed
        busy = (Problem("file-busy", file=source, value=source) for source in archive.unreadable)
        return DailyOutcome(made, done, paths, (*problems, *busy, *archive.problems()))
    raise NotPossibleError("日报正在被不停地保存。请让大家先关闭,再运行一次")


def _workbooks(done: Consolidated, made: Day, passwords: Passwords) -> tuple[bytes, dict[str, bytes]]:
    """The packed issue record, and path below the office → bytes."""
    name = workbook_of(made.day)
    typed = {(lead, field): value for (lead, workbook, field), value in done.typed.items() if workbook == name}
    report = DailyReport(done.report, made, _people(done, made), typed)
    leads = report.people.loc[list(made.today["lead"]), ["name", "phone"]].reset_index()
    shown = leads.assign(brand="", system_class="", final_class="", score=0.0)
    packed = Issue(daily_cells(report), pd.DataFrame(columns=FATE_COLUMNS, dtype="str"), shown).pack()
    folder = f"日报/{made.day.isoformat()}"
    data = passwords.seal(write_daily(report, book_id(issue_id(packed), name)), publish.SALES)
    books = {f"{folder}/{made.day.isoformat()}_销售部_日报.xlsx": data}
    for clerk in sorted(set(done.report.lists.drafts["clerk"])):
        path = f"待填/{publish.safe_name(clerk)}/{made.day.isoformat()}_{tofill.DRAFT}.xlsx"
        books[path] = tofill.write_draft(done.report, clerk, made.day, done.facts.head)
    return packed, books


def _people(done: Consolidated, made: Day) -> pd.DataFrame:
    """lead → the customer's cells, brands and owners (text), for every lead of the day; "" where nothing is known."""
    report = done.report
    every = pd.concat([report.leads, report.closed, report.unbranded], ignore_index=True)
    mine = every[every["lead"].isin(made.today["lead"])]
    people = mine.drop_duplicates("lead").set_index("lead")[_CUSTOMER]
    people = people.reindex(list(dict.fromkeys(made.today["lead"]))).astype("object").fillna("")
    people.index.name = "lead"
    brands: dict[str, list[str]] = {}
    owners: dict[str, list[str]] = {}
    for lead, brand, owner in tuples(mine[["lead", "brand", "owner"]]):
        brands.setdefault(lead, []).extend([brand] if brand else [])
        owners.setdefault(lead, []).extend([owner] if owner else [])
    people["brands"] = [_joined(brands, lead) for lead in people.index]
    people["owners"] = [_joined(owners, lead) for lead in people.index]
    return people


def _joined(texts: Mapping[str, list[str]], lead: str) -> str:
    return "、".join(dict.fromkeys(texts.get(lead, ())))


def _publish(
    place: Office,
    archive: Archive,
    journal: Journal,
    plan: Plan,
    packed: bytes,
    books: dict[str, bytes],
    locked: tuple[str, ...],
) -> tuple[tuple[str, ...], tuple[Problem, ...]] | None:
    """Archive the issue, put the workbooks in place, then write the journal's line; the same day again without news is
    the same line. None when somebody saved a workbook meanwhile.
    """  # fmt: skip
    books = {path: data for path, data in books.items() if not publish.in_hand(place, journal, path)}
    issued = publish.archive_issue(archive, f"发布_日报_{plan.as_of.isoformat()}.zip", packed, plan.as_of)
    run = Run(
        week=plan.week, as_of=plan.as_of, closed=False, first=plan.last, last=plan.last, settings=plan.settings,
        issue=issued.number, issue_id=issue_id(packed), model=in_force(archive, plan.last).name, program=__version__,
        outputs={path: sha256(data) for path, data in books.items()}, command=DAILY, missing=archive.missing,
        locked=locked,
    )  # fmt: skip
    if run in journal.runs and all(holds(place, path, digest) for path, digest in run.outputs.items()):
        return tuple(books), ()
    placed = publish.replace_books(place, archive, journal, run, books)
    if placed is None:
        return None
    publish.remove_untouched(place, journal, place.to_fill.rglob(f"*_{tofill.DRAFT}.xlsx"), books)
    journal.add(run)
    return placed
