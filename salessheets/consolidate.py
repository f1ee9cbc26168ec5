"""The weekly consolidation as one function: archived files in, a finished week out. Touches no disk but the cache.

Everything is a function of the archive up to a file number, so a past week can be made again at any time (R15).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from . import brands, fates, followup, ledger, portfolio
from . import settings as office_settings
from .archive import Archive, Entry, FileKind
from .clean.records import clean
from .issue import FATE_COLUMNS, Issue, unpack
from .journal import Run
from .match.leads import match
from .merge import join_working, lead_numbers, merge
from .office import Week
from .parallel import collector_paused
from .read.archived import ArchivedFile, read_archived
from .roundtrip import apply_edits, read_edits
from .settings import Settings
from .tables import INTAKE
from .write.issue import issue_cells
from .write.report import Report

_NO_CUSTOMERS = ("materials",)


@dataclass(frozen=True)
class Plan:
    """Which week to make, from which part of the archive. ``closings``: the runs that closed the weeks before it."""

    week: Week
    as_of: date
    finished: bool
    last: int
    settings: int
    closings: dict[Week, Run]
    first_week: Week


@dataclass(frozen=True)
class Consolidated:
    """A finished week: the report for the workbooks, its issue record, where every row ever handed in went, what the
    rules look at, and what people typed: (lead, brand or workbook, field) → value.
    """

    report: Report
    issue: Issue
    trace: pd.DataFrame
    files: list[ArchivedFile]
    facts: followup.Facts
    typed: Mapping[tuple[str, str, str], str]


@collector_paused()
def consolidate(archive: Archive, plan: Plan, progress: Callable[[Entry], None] = lambda _: None) -> Consolidated:
    """收件 → 读 → 清洗 → 匹配 → 合并 → 评分 → 报表, for one week."""
    settings = load_settings(archive, plan.settings)
    entries = list(archive.of_kind(FileKind.HAND_IN, FileKind.COPY, last=plan.last))
    files = read_archived(archive, entries, settings.aliases, progress)
    rows = ledger.stack(files)
    customers = rows[(rows["aside"] == "") & ~rows["table"].isin(_NO_CUSTOMERS)]
    records, flags = clean(customers, plan.as_of)

    arrival = arrivals(entries, plan)
    decided = _decided(archive, plan)
    judged = fates.judge(records, flags, arrival, plan.week, settings, decided)
    everything = records.merge(judged, on="rid", validate="1:1")
    live = everything[everything["fate"].isin(("", fates.INVALID, fates.NOTED)) & (everything["successor"] == "")]
    customer_rows = live[live["table"].isin(INTAKE)]
    matches = match(customer_rows, settings)
    # Who must not be contacted takes all records of that customer with him, also those without the blocked number.
    gone = matches.labels.isin(matches.labels[customer_rows["blocked"]])
    theirs = judged["rid"].isin(customer_rows["rid"][gone])
    judged.loc[theirs, "fate"], judged.loc[theirs, "reason"] = fates.INVALID, fates.BLOCKED
    customer_rows = customer_rows[~gone]
    matches = replace(matches, labels=matches.labels[~gone])
    lead_of = lead_numbers(customer_rows, matches.labels, judged)
    customer_rows = customer_rows.assign(lead=customer_rows["rid"].map(lead_of))

    working = live[~live["table"].isin(INTAKE)]
    joined = join_working(working, customer_rows, lead_of)
    settled = fates.settle(judged, lead_of, decided, joined)
    # A hand-in with rows of its own is a sheet; only a workbook of ours is read and found empty (read.reader).
    typed = read_edits(archive, plan.last, {file.entry.number for file in files if file.content.blocks})
    in_use = {brand.name for brand in settings.brands}
    renamed = {old: brand.name for brand in settings.brands for old in brand.former if old not in in_use}
    state = apply_edits(typed.edits, dict(zip(lead_of.index, lead_of, strict=True)), renamed)

    resolved = brands.resolve(customer_rows["brand_text"], settings)
    customer_rows = customer_rows.assign(brands=resolved["brands"], unknown_brand=resolved["unknown"])
    golden = merge(customer_rows)
    facts = followup.gather(
        rows,
        pd.concat([customer_rows, working.assign(lead=working["rid"].map(joined).astype("str").fillna(""))]),
        files,
        followup.dated_edits(typed.edits, archive, lead_of, renamed),
        settings,
        week=plan.week,
        as_of=plan.as_of,
    )
    brands_of = portfolio.brands_of(golden["lead"], customer_rows, state.values, settings)
    prepared = followup.prepare(facts, brands_of, state.values)
    leads = portfolio.build(
        golden,
        customer_rows,
        portfolio.answers(rows, working, joined),
        prepared.typed,
        settings,
        week=plan.week,
        held=_held(archive, plan),
        flags=flags,
        shared=frozenset(matches.shared["value"]),
    )
    open_leads = followup.with_leavers(leads.open, settings, plan.as_of)
    others = pd.concat([leads.closed, leads.unbranded], ignore_index=True)
    lists = followup.follow_up(facts, prepared, open_leads, others)
    books = ledger.Books(files, rows, records, flags, settled, arrival, plan.week, plan.as_of)
    report = Report(
        week=plan.week,
        as_of=plan.as_of,
        finished=plan.finished,
        settings=settings,
        leads=followup.with_facts(open_leads, facts, lists.referrals),
        closed=leads.closed,
        unbranded=leads.unbranded,
        merges=ledger.merges(books, customer_rows, matches.edges, leads.brands_of),
        ledger=ledger.ledger(books),
        brand_ledger=ledger.brand_ledger(books, brands.resolve(records["brand_text"], settings)["brands"]),
        invalid=ledger.invalid(books),
        returns=ledger.returns(books),
        unclaimed=ledger.unclaimed(books, settings),
        conflicts=state.conflicts,
        counts=portfolio.counts(leads, plan.week),
        lists=lists,
        problems=(*settings.problems, *typed.problems, *(p for f in files for p in f.content.problems)),
    )
    trace = ledger.trace(books)
    mine = trace[(trace["week"] == str(plan.week)) | (trace["fate"] == fates.WAITING)]
    shown = pd.concat([open_leads, leads.closed, leads.unbranded], ignore_index=True)
    issue = Issue(
        cells=issue_cells(report),
        fates=mine[FATE_COLUMNS].reset_index(drop=True),
        leads=shown[["lead", "brand", "name", "phone", "system_class", "final_class", "score"]],
    )
    return Consolidated(report, issue, trace, files, facts, prepared.typed)


def load_settings(archive: Archive, number: int) -> Settings:
    """The settings file with this archive number; defaults when there is none (0).

    A 设置.xlsx that cannot be opened must not wipe brands and do-not-contact list: the one before it stays in force.
    """
    if not number:
        return office_settings.default()
    settings = office_settings.load(archive.data(archive.entry(number)))
    before = max((e.number for e in archive.of_kind(FileKind.SETTINGS, last=number - 1)), default=0)
    if before and any(problem.code == "file-unreadable" for problem in settings.problems):
        return replace(load_settings(archive, before), problems=settings.problems)
    return settings


def arrivals(entries: list[Entry], plan: Plan) -> dict[int, Week]:
    """File number → the first week that was still open when the file arrived."""
    closed = sorted((run.last, week) for week, run in plan.closings.items())
    start = min([plan.first_week, plan.week])
    return {
        entry.number: max([start, *(week.next() for last, week in closed if last < entry.number)]) for entry in entries
    }


def _decided(archive: Archive, plan: Plan) -> pd.DataFrame:
    """The fates that closed weeks recorded. 留待下周 is no decision."""
    recorded = [unpack(archive.data(archive.entry(run.issue))).fates for _, run in sorted(plan.closings.items())]
    if not recorded:
        return pd.DataFrame(columns=FATE_COLUMNS, dtype="str")
    every = pd.concat(recorded, ignore_index=True)
    return every[every["fate"] != fates.WAITING]


def _held(archive: Archive, plan: Plan) -> dict[tuple[str, str], str]:
    """(lead, brand) → class in the last closed week, for hysteresis (scoring.md, "No flutter")."""
    if not plan.closings:
        return {}
    leads = unpack(archive.data(archive.entry(plan.closings[max(plan.closings)].issue))).leads
    return dict(zip(zip(leads["lead"], leads["brand"], strict=True), leads["system_class"], strict=True))
