"""The weekly run, as the manual's own process: collect, consolidate, hand over (chapter 1, 3).

收件箱 → archive → read → clean → match → merge → score → weekly workbooks, corrections and 对账.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from . import __version__, office, publish
from . import settings as office_settings
from .archive import Archive, FileKind
from .collect import collect_edited, collect_inbox, collect_settings
from .consolidate import Consolidated, Plan, consolidate, load_settings
from .files import sha256, write_whole
from .journal import WEEKLY, Journal, Run
from .office import Office, Week
from .problems import Problem

Progress = Callable[[str], None]
# A workbook may be saved while we consolidate; it is archived and the week made again, this often at most.
_ATTEMPTS = 3


@dataclass(frozen=True)
class Outcome:
    """What one weekly run did. ``weeks``: newest last. ``fresh``: False when nothing was new since the last run."""

    weeks: tuple[Consolidated, ...]
    runs: tuple[Run, ...]
    paths: tuple[str, ...]
    new_files: int
    problems: tuple[Problem, ...] = field(default=())
    fresh: bool = True


class NotPossibleError(Exception):
    """The run cannot be done; the text says why, in Chinese."""


def clock(place: Office, as_of: date | None = None) -> date:
    """The day of a run: --as-of, else 基准日期 of 设置.xlsx, else today in Shanghai."""
    if as_of is None and place.settings.exists():
        as_of = office_settings.load(place.settings.read_bytes()).rules.base_date
    return as_of or office.today()


def weekly(
    place: Office, *, day: date, week: Week | None = None, dry: bool = False, progress: Progress = lambda _: None
) -> Outcome:
    """Close every finished week that is not closed, oldest first, then write the running week (or stop at ``week``)."""
    archive, journal = Archive.open(place, dry=dry), Journal.open(place, dry=dry)
    before = archive.last
    collect_settings(place, archive, day)
    for entry in collect_inbox(place, archive, day):
        progress(f"收件 {entry.inbox_path}")
    list(collect_edited(place, archive, journal, day))
    restored = _restore_closed_weeks(place, archive, journal)

    weeks: list[Consolidated] = []
    runs: list[Run] = []
    paths = list(restored)
    problems: list[Problem] = []
    for plan in _plans(archive, journal, day, week):
        if _nothing_new(place, archive, journal, plan):
            continue
        done, published = _make(place, archive, journal, plan, progress)
        weeks.append(done)
        runs.append(published.run)
        paths += published.paths
        problems += published.problems
    problems += [Problem("file-busy", file=source, value=source) for source in archive.unreadable]
    new = sum(entry.kind is not FileKind.ISSUE for entry in archive.entries if entry.number > before)
    return Outcome(tuple(weeks), tuple(runs), tuple(paths), new, tuple(problems), fresh=bool(weeks or restored))


def _make(
    place: Office, archive: Archive, journal: Journal, plan: Plan, progress: Progress
) -> tuple[Consolidated, publish.Published]:
    """Consolidate and publish one week; when a workbook was saved meanwhile, take its edits in and start over."""
    for _ in range(_ATTEMPTS):
        done = consolidate(archive, plan, lambda entry: progress(f"读取 {entry.inbox_path}"))
        published = publish.publish(place, archive, journal, plan, done)
        if published is not None:
            return done, published
        plan = replace(plan, last=newest_input(archive))
    raise NotPossibleError("周报正在被不停地保存。请让大家先关闭周报,再运行一次")


def _plans(archive: Archive, journal: Journal, day: date, until: Week | None) -> Iterator[Plan]:
    """The weeks this run writes: finished ones not yet closed, then the running one."""
    running = Week.of(day)
    first = first_week(archive, running)
    closed = journal.closings
    week = max(closed).next() if closed else first
    stop = min(running, until) if until else running
    if until and until in closed:
        raise NotPossibleError(f"{until} 已经结过了。要再看那一周,请用 --replay {until}")
    if until and until > running:
        raise NotPossibleError(f"{until} 还没有开始")
    while week <= stop:
        yield Plan(
            week=week,
            as_of=min(day, week.sunday),
            finished=week < running,
            last=newest_input(archive),
            settings=newest_settings(archive),
            closings=journal.before(week),
            first_week=first,
        )
        week = week.next()


def first_week(archive: Archive, running: Week) -> Week:
    """规则 起始周, else the week in which the first sheet was archived."""
    number = next((e.number for e in archive.of_kind(FileKind.SETTINGS)), 0)
    named = load_settings(archive, number).rules.first_week
    if named:
        return min(Week.parse(named), running)
    first = next(archive.of_kind(FileKind.HAND_IN), None)
    return Week.of(first.archived_at) if first else running


def newest_input(archive: Archive) -> int:
    """The highest number that is an input; our own issue records are not."""
    return max((e.number for e in archive.entries if e.kind is not FileKind.ISSUE), default=0)


def newest_settings(archive: Archive, last: int | None = None) -> int:
    """The number of 设置.xlsx in force; 0 when there is none."""
    return max((e.number for e in archive.of_kind(FileKind.SETTINGS, last=last)), default=0)


def _nothing_new(place: Office, archive: Archive, journal: Journal, plan: Plan) -> bool:
    """The newest run of this week had the same inputs and everything it wrote is still there."""
    run = journal.newest(plan.week)
    if run is None or archive.dry:
        return False
    before = (run.as_of, run.closed, run.last, run.settings, run.program)
    now = (plan.as_of, plan.finished, plan.last, plan.settings, __version__)
    return before == now and all(_holds(place, path, digest) for path, digest in run.outputs.items())


def _holds(place: Office, path: str, digest: str) -> bool:
    file = place.root / path
    return file.exists() and sha256(file.read_bytes()) == digest


def _restore_closed_weeks(place: Office, archive: Archive, journal: Journal) -> list[str]:
    """Workbooks of closed weeks that were deleted come back from the archive."""
    restored: list[str] = []
    if archive.dry:
        return restored
    for run in journal.closings.values():
        missing = [p for p in run.outputs if p.startswith("周报/") and not (place.root / p).exists()]
        if missing:
            _, books = publish.workbooks(
                consolidate(archive, _plan_of(archive, journal, run)), folder="周报", with_returns=False
            )
            for path in missing:
                if path in books:
                    write_whole(place.root / path, books[path])
                    restored.append(path)
    return restored


def _plan_of(archive: Archive, journal: Journal, run: Run) -> Plan:
    closings = journal.before(run.week)
    return Plan(run.week, run.as_of, run.closed, run.last, run.settings, closings, first_week(archive, run.week))


def replay(place: Office, week: Week) -> list[str]:
    """Write a past week again into 复原/, from the line of its run (R15). Returns the paths written."""
    archive, journal = Archive.open(place), Journal.open(place)
    run = journal.closings.get(week) or journal.newest(week)
    if run is None:
        raise NotPossibleError(f"{week} 没有运行记录")
    _, books = publish.workbooks(
        consolidate(archive, _plan_of(archive, journal, run)), folder="复原", with_returns=False
    )
    for path, data in books.items():
        write_whole(place.root / path, data)
    return list(books)


def trace(place: Office) -> Consolidated:
    """Where every archived row went, as of the newest run's inputs; writes nothing."""
    archive, journal = Archive.open(place, dry=True), Journal.open(place, dry=True)
    run = next((run for run in reversed(journal.runs) if run.command == WEEKLY), None)
    if run is None:
        raise NotPossibleError("这个办公文件夹还没有运行过周报")
    return consolidate(archive, _plan_of(archive, journal, run))
