"""The weekly consolidation as one function: archived files in, a finished week out. Touches no disk but the cache.

Everything is a function of the archive up to a file number, so a past week can be made again at any time (R15).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import pandas as pd

from . import brands, fates, followup, history, ledger, models, pairs, pool, portfolio
from . import settings as office_settings
from .allotment import allot
from .archive import Archive, Entry, FileKind
from .changes import Now, changes
from .clean.kept import cleaned
from .forgotten import Forgotten
from .issue import FATE_COLUMNS, Issue, no_figures, read_issue
from .journal import Run
from .match.decisions import in_force
from .match.leads import match
from .match.shared import Shared
from .merge import join_working, lead_numbers, merge
from .office import Week
from .parallel import collector_paused
from .read.archived import ArchivedFile, read_archived
from .returned import HEADER_OF_FIELD, SALES_WORKBOOK, WHITE, WORKED_OUT
from .roundtrip import apply_edits, read_edits
from .settings import Blocked, Settings
from .suggestions import suggestions
from .tables import WITH_CUSTOMERS
from .write.figures import WEEKS, issue_figures
from .write.issue import issue_cells, report_pairs
from .write.report import Report


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
    history of a lead is read from, what the rules look at, what people typed: (lead, brand or workbook, field) →
    value, and which weights said who is the same customer.
    """

    report: Report
    issue: Issue
    trace: pd.DataFrame
    files: list[ArchivedFile]
    sources: history.Sources
    facts: followup.Facts
    typed: Mapping[tuple[str, str, str], str]
    version: models.Version


@collector_paused()
def consolidate(archive: Archive, plan: Plan, progress: Callable[[Entry], None] = lambda _: None) -> Consolidated:
    """收件 → 读 → 清洗 → 匹配 → 合并 → 评分 → 报表, for one week."""
    settings = load_settings(archive, plan.settings)
    renamed = settings.renamed
    handed_in = list(archive.of_kind(FileKind.HAND_IN, FileKind.COPY, last=plan.last))
    files = read_archived(archive, handed_in, settings.aliases, progress)
    # A hand-in with rows of its own is a sheet; only a workbook of ours is read and found empty (read.reader).
    sheets = {file.entry.number for file in files if file.content.blocks}
    typed = read_edits(archive, plan.last, sheets, _directors(settings))
    files = _with_handmade(files, typed.files)
    every_entry = [*handed_in, *archive.of_kind(FileKind.RETURNED, last=plan.last)]
    arrival = arrivals(every_entry, plan)
    rows = ledger.stack(files)
    told = rows[(rows["aside"] == "") & rows["table"].isin(WITH_CUSTOMERS)]
    records, flags = cleaned(archive, files, told, plan.as_of)

    copies = {entry.number for entry in handed_in if entry.kind is FileKind.COPY}
    closed = _closed(archive, plan)
    # Who was erased is judged like one who must not be contacted, should he come in again.
    forgotten = Forgotten.open(archive.office)
    heirs = [forgotten.heir(lead) for lead in typed.edits["lead"]]
    typed = replace(typed, edits=typed.edits.assign(lead=pd.Series(heirs, typed.edits.index, dtype="object")))
    erased = tuple(Blocked(number) for number in sorted(forgotten.met(records)))
    barred = replace(settings, blocked=(*settings.blocked, *erased))
    judged = fates.judge(records, flags, arrival, plan.week, barred, _decided(closed), copies)
    customer_rows, working = _live(records, judged)
    answers = (*typed.decisions, *pairs.corrections(customer_rows))
    decisions = in_force(answers, pairs.newest_of(answers, judged, list(customer_rows["rid"])))
    # Which values identify nobody is found anew when a week is closed and stands until the next one (contracts.md).
    frozen = Shared.kept(closed[max(closed)].shared) if closed and not plan.finished else None
    version = models.in_force(archive, plan.last)
    matches = match(customer_rows, settings, decisions, frozen, version.model)
    # Who must not be contacted takes all records of that customer with him, also those without the blocked number.
    gone = matches.labels.isin(matches.labels[customer_rows["blocked"]])
    theirs = judged["rid"].isin(customer_rows["rid"][gone])
    judged.loc[theirs, "fate"], judged.loc[theirs, "reason"] = fates.INVALID, fates.BLOCKED
    if gone.any():
        # So do the sheets about him: they neither go back to be corrected nor show his name.
        about = _sheets_about(customer_rows[gone], matches.labels[gone], judged, working)
        unsettled = judged["rid"].isin(about) & (judged["fate"] == "")
        judged.loc[unsettled, "fate"], judged.loc[unsettled, "reason"] = fates.INVALID, fates.BLOCKED
        judged.loc[unsettled, "blocked"] = True
        customer_rows, matches = customer_rows[~gone], replace(matches, labels=matches.labels[~gone])
    lead_of = forgotten.with_heirs(lead_numbers(customer_rows, matches.labels, judged))
    customer_rows = customer_rows.assign(lead=customer_rows["rid"].map(lead_of))

    joined = join_working(working, customer_rows, lead_of)
    settled = fates.settle(judged, lead_of, joined)
    placed = settled[settled["lead"] != ""]
    belongs = {old: str(lead_of[old]) for old in forgotten.heirs if old in lead_of.index}
    belongs |= dict(zip(placed["rid"].tolist(), placed["lead"].tolist(), strict=True))
    state = apply_edits(typed.edits, belongs, renamed, settings.left(plan.as_of))

    resolved = brands.resolve(customer_rows["brand_text"], settings, plan.as_of)
    in_use = settings.in_use(plan.as_of)
    named = customer_rows.assign(
        brands=resolved["brands"],
        unknown_brand=resolved["unknown"],
        retired_brand=resolved["retired"],
        version=customer_rows["rid"].isin(judged["superseded_by"].unique()),
    )
    worked = {*joined.values(), *(lead for lead, _, _ in state.values)}
    worked |= {belongs.get(rid, "") for decision in decisions for rid in decision.left | decision.right}
    asleep = pool.sleeping(named, worked, in_use.rules.pool_limit)
    waiting, awake = pool.pool(named[asleep]), named[~asleep]
    golden = merge(awake)
    allotted = allot(golden["lead"], awake, state, in_use, arrival)
    worked_on = working.assign(lead=working["rid"].map(joined).astype("str").fillna(""))
    facts = followup.gather(
        rows,
        pd.concat([part[list(followup.FROM_RECORD)] for part in (named, worked_on)]),
        files,
        followup.dated_edits(typed.edits, belongs, renamed),
        settings,
        week=plan.week,
        as_of=plan.as_of,
    )
    prepared = followup.prepare(facts, allotted.brands_of, state.values)
    context = portfolio.Context(
        settings=in_use,
        week=plan.week,
        as_of=plan.as_of,
        held=_last_classes(closed, belongs, renamed),
        flags=flags,
        shared=frozenset(matches.shared["value"]),
        allotted=allotted,
        split_notes=pairs.split_notes(typed.splits, belongs, state.values, state.since, HEADER_OF_FIELD),
    )
    answered = portfolio.answers(rows, working, joined, settings)
    leads = portfolio.build(golden, awake, answered, replace(state, values=prepared.typed), context)
    others = pd.concat([leads.closed, leads.unbranded, waiting[["lead", "channel"]]], ignore_index=True)
    lists = followup.follow_up(facts, prepared, leads.open, others)
    books = ledger.Books(files, rows, records, flags, settled, arrival, plan.week, plan.as_of)
    newer = settled[settled["superseded_by"] != ""]
    chain = dict(zip(newer["rid"], newer["superseded_by"], strict=True))
    listed = followup.with_facts(leads.open, facts, lists.referrals)
    shown = pd.concat([listed, leads.closed, leads.unbranded], ignore_index=True)
    sources = history.Sources(
        books=books,
        edits=typed.edits,
        decisions=typed.decisions,
        belongs=belongs,
        renamed=renamed,
        sales=SALES_WORKBOOK,
        classes=[*((week.sunday, issue.leads) for week, issue in closed.items()), (plan.as_of, shown)],
        days={entry.number: entry.archived_at for entry in every_entry},
    )
    told_of = history.with_events(sources) | set(leads.open["lead"][leads.open["final_class"] == "A"])
    report = Report(
        week=plan.week,
        as_of=plan.as_of,
        finished=plan.finished,
        settings=in_use,
        leads=listed,
        closed=leads.closed,
        unbranded=leads.unbranded,
        merges=pairs.separable(ledger.merges(books, customer_rows, matches.edges, leads.brands_of), chain),
        doubts=pairs.doubts(matches.edges, pairs.Asked(customer_rows, leads.brands_of, decisions)),
        ledger=ledger.ledger(books),
        brand_ledger=ledger.brand_ledger(books, brands.resolve(records["brand_text"], settings, plan.as_of)["brands"]),
        invalid=ledger.invalid(books),
        returns=ledger.returns(books),
        unclaimed=ledger.unclaimed(books, settings),
        conflicts=ledger.conflicts(books, typed.problems, state.conflicts, matches.contradictions),
        counts=portfolio.counts([leads.first, waiting], plan.week),
        figures=_figures(closed, renamed),
        history=history.events(sources, told_of),
        lists=lists,
        pool=waiting,
        weights=version.words,
        changes=changes(
            Now(leads.open, leads.closed, belongs, renamed, set(waiting["lead"])),
            closed[max(closed)] if closed else None,
        ),
        changes_since=str(max(closed)) if closed else "",
        suggestions=suggestions(typed.trials, leads.open, in_use, renamed, plan.as_of),
        problems=(
            *settings.problems,
            *(problem for number, problem in typed.problems if arrival[number] == plan.week),
            *(p for f in files for p in f.content.problems),
        ),
    )
    trace = ledger.trace(books)
    mine = trace[(trace["week"] == str(plan.week)) | (trace["fate"] == fates.WAITING)]
    issue = Issue(
        cells=issue_cells(report),
        fates=mine[FATE_COLUMNS].reset_index(drop=True),
        leads=shown[["lead", "brand", *WHITE, *WORKED_OUT, "system_class", "final_class", "score"]],
        pairs=report_pairs(report),
        shared=matches.kept,
        figures=issue_figures(report),
    )
    return Consolidated(report, issue, trace, files, sources, facts, prepared.typed, version)


def _sheets_about(rows: pd.DataFrame, labels: pd.Series, judged: pd.DataFrame, working: pd.DataFrame) -> set[str]:
    """rid of the working rows that are about these customer rows."""
    if rows.empty or working.empty:
        return set()
    numbers = lead_numbers(rows, labels, judged)
    about = join_working(working, rows.assign(lead=rows["rid"].map(numbers)), numbers)
    return {rid for rid, lead in about.items() if lead}


def without_rows(done: Consolidated) -> Consolidated:
    """A week as far as a summary tells of it, without the million rows it was made from."""
    nothing = pd.DataFrame()
    books = replace(done.sources.books, files=[], rows=nothing, records=nothing, flags=nothing, settled=nothing)
    sources = replace(done.sources, books=books, belongs={}, classes=())
    facts = replace(done.facts, tables={}, sightings=nothing, costs=nothing)
    return replace(done, trace=nothing, files=[], sources=sources, facts=facts)


def _live(records: pd.DataFrame, judged: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows in force with what was judged of them: of customers, and of working tables."""
    told = records.drop(columns="fingerprint")  # the longest text of all, and only ``judge`` asks for it
    if (told["rid"].to_numpy() == judged["rid"].to_numpy()).all():
        everything = told.assign(
            **{str(column): judged[column].set_axis(told.index) for column in judged if column != "rid"}
        )
    else:
        everything = told.merge(judged, on="rid", validate="1:1")
    live = everything["fate"].isin(("", fates.INVALID, fates.NOTED)) & (everything["superseded_by"] == "")
    return everything[live & everything["customer"]], everything[live & ~everything["customer"]]


def _directors(settings: Settings) -> dict[str, str]:
    """Workbook → whose it is, also under the brand's former names."""
    found = {name: b.director for b in settings.brands for name in (*b.former, b.name)}
    head = next((person.name for person in settings.staff if person.role == "销售部负责人"), "")
    return found | {SALES_WORKBOOK: head}


def _with_handmade(files: list[ArchivedFile], handmade: tuple[ArchivedFile, ...]) -> list[ArchivedFile]:
    """Hand-ins, and the returned workbooks that hold rows of their own, by number."""
    by_number = {file.entry.number: file for file in (*files, *handmade)}
    return [by_number[number] for number in sorted(by_number)]


def load_settings(archive: Archive, number: int) -> Settings:
    """The settings file with this archive number; defaults when there is none (0).

    A 设置.xlsx that cannot be opened must not wipe brands and do-not-contact list: the one before it stays in force.
    """
    if not number:
        return office_settings.default()
    before = max((e.number for e in archive.of_kind(FileKind.SETTINGS, last=number - 1)), default=0)
    try:
        settings = _parsed(archive.data(archive.entry(number)))
    except FileNotFoundError:
        return load_settings(archive, before)
    if before and any(problem.code == "file-unreadable" for problem in settings.problems):
        return replace(load_settings(archive, before), problems=settings.problems)
    return settings


@lru_cache(maxsize=4)
def _parsed(data: bytes) -> Settings:
    """The same file is asked for several times in a run."""
    return office_settings.load(data)


def arrivals(entries: list[Entry], plan: Plan) -> dict[int, Week]:
    """File number → the first week that was still open when the file arrived."""
    closed = sorted((run.last, week) for week, run in plan.closings.items())
    start = min([plan.first_week, plan.week])
    return {
        entry.number: max([start, *(week.next() for last, week in closed if last < entry.number)]) for entry in entries
    }


def _closed(archive: Archive, plan: Plan) -> dict[Week, Issue]:
    """The issue records of the closed weeks before this one, oldest first."""
    found = ((week, read_issue(archive, archive.entry(run.issue))) for week, run in sorted(plan.closings.items()))
    return {week: issue for week, issue in found if issue is not None}


def _figures(closed: Mapping[Week, Issue], renamed: Mapping[str, str]) -> pd.DataFrame:
    """What 概览 counted in the closed weeks that it still shows, under the names that brands have now."""
    recent = sorted(closed)[1 - WEEKS :]
    every = [closed[week].figures.assign(week=str(week)) for week in recent]
    told = pd.concat([no_figures().assign(week=""), *every], ignore_index=True)
    return told.assign(brand=told["brand"].map(lambda name: renamed.get(name, name)))


def _decided(closed: Mapping[Week, Issue]) -> pd.DataFrame:
    """The fates that closed weeks recorded. 留待下周 is no decision."""
    if not closed:
        return pd.DataFrame(columns=FATE_COLUMNS, dtype="str")
    every = pd.concat([issue.fates for issue in closed.values()], ignore_index=True)
    return every[every["fate"] != fates.WAITING]


def _last_classes(
    closed: Mapping[Week, Issue], belongs: Mapping[str, str], renamed: Mapping[str, str]
) -> dict[tuple[str, str], str]:
    """(lead, brand) → class in the last closed week, for hysteresis (scoring.md, "No flutter").

    A lead that was merged since and a brand that was renamed keep theirs under the name they have now.
    """
    if not closed:
        return {}
    leads = closed[max(closed)].leads
    now = ([belongs.get(lead, lead) for lead in leads["lead"]], [renamed.get(brand, brand) for brand in leads["brand"]])
    found: dict[tuple[str, str], str] = {}
    for lead, brand, old, system_class in zip(*now, leads["lead"], leads["system_class"], strict=True):
        if lead == old or (lead, brand) not in found:
            found[lead, brand] = system_class
    return found
