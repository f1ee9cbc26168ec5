"""The weekly run, as the manual's own process: collect, consolidate, hand over (chapter 1, 3).

收件箱 → archive → read → clean → match → merge → score → weekly workbooks, corrections and 对账.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from . import __version__, office, publish
from .archive import Archive, FileKind
from .collect import collect_edited, collect_inbox, collect_settings
from .consolidate import Consolidated, Plan, consolidate, load_settings, without_rows
from .files import leftovers, remove, sha256, write_whole
from .issue import issue_id
from .journal import Journal, Run
from .office import NotPossibleError, Office, Week
from .passwords import VARIABLE
from .placing import Placing, beside
from .problems import Problem
from .settings import Settings

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


def clock(place: Office, as_of: date | None = None) -> date:
    """The day of a run: --as-of, else 基准日期 of the settings in force, else today in Shanghai."""
    return as_of or settings_now(place).rules.base_date or office.today()


def settings_now(place: Office) -> Settings:
    """设置.xlsx as it lies there; while it cannot be opened, the newest archived one that can."""
    archive = Archive.open(place, dry=True)
    collect_settings(place, archive, office.today())
    return load_settings(archive, settings_number(archive))


def weekly(
    place: Office, *, day: date, week: Week | None = None, dry: bool = False, progress: Progress = lambda _: None
) -> Outcome:
    """Close every finished week that is not closed, oldest first, then write the running week (or stop at ``week``)."""
    if not dry:
        sweep(place)
    archive, journal = Archive.open(place, dry=dry), Journal.open(place, dry=dry)
    before = archive.last
    take_in(place, archive, journal, day, progress)
    restored, problems = _restore_closed_weeks(place, archive, journal)

    weeks: list[Consolidated] = []
    runs: list[Run] = []
    paths = list(restored)
    for plan in _plans(archive, journal, day, week):
        if _nothing_new(place, archive, journal, plan):
            continue
        weeks = [without_rows(done) for done in weeks]  # two weeks of a million rows each are too many
        made, published = _make(place, archive, journal, plan, progress)
        weeks.append(made)
        del made
        runs.append(published.run)
        paths += published.paths
        problems += published.problems
    problems += [Problem("file-busy", file=source, value=source) for source in archive.unreadable]
    problems += archive.problems()
    new = sum(entry.kind is not FileKind.ISSUE for entry in archive.entries if entry.number > before)
    return Outcome(tuple(weeks), tuple(runs), tuple(paths), new, tuple(problems), fresh=bool(weeks or restored))


def take_in(place: Office, archive: Archive, journal: Journal, day: date, progress: Progress) -> None:
    """Archive what is new on disk. Raises NotPossibleError when a password is missing."""
    collect_settings(place, archive, day)
    need_passwords(place, archive, journal)
    archive.survey(journal.runs[-1].missing if journal.runs else ())
    for entry in collect_inbox(place, archive, day):
        progress(f"收件 {entry.inbox_path}")
    list(collect_edited(place, archive, journal, day))


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
    closed = journal.closings
    first = _first_week(archive, settings_number(archive), running, closed)
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
            settings=settings_number(archive),
            closings=journal.before(week),
            first_week=first,
        )
        week = week.next()


def _first_week(archive: Archive, settings: int, running: Week, closed: Collection[Week]) -> Week:
    """规则 起始周 as it is now, else the week in which the first sheet was archived; weeks that are closed stay."""
    named = load_settings(archive, settings).rules.first_week
    first = next(archive.of_kind(FileKind.HAND_IN), None)
    seen = Week.of(first.archived_at) if first else running
    start = min(Week.parse(named), running) if named else seen
    return min([start, *closed])


def newest_input(archive: Archive) -> int:
    """The highest number that is an input; our own issue records are not."""
    return max((e.number for e in archive.entries if e.kind is not FileKind.ISSUE), default=0)


def settings_number(archive: Archive, last: int | None = None) -> int:
    """The newest archived settings file, 0 when there is none."""
    return max((e.number for e in archive.of_kind(FileKind.SETTINGS, last=last)), default=0)


def _nothing_new(place: Office, archive: Archive, journal: Journal, plan: Plan) -> bool:
    """The newest run of this week had the same inputs and everything it wrote is still there."""
    run = journal.newest(plan.week)
    if run is None or archive.dry:
        return False
    before = (run.as_of, run.closed, run.last, run.settings, run.program, run.missing, run.locked)
    settings = load_settings(archive, plan.settings)
    locked = publish.locked(settings, place.passwords)
    now = (plan.as_of, plan.finished, plan.last, plan.settings, __version__, archive.missing, locked)
    return before == now and all(holds(place, path, digest) for path, digest in run.outputs.items())


def holds(place: Office, path: str, digest: str) -> bool:
    """The file lies there as it was written."""
    file = place.root / path
    return file.exists() and sha256(file.read_bytes()) == digest


def sweep(place: Office) -> list[Path]:
    """Delete what a killed run left half written. Only who holds the lock may call it."""
    found = leftovers(*place.kept)
    for path in found:
        remove(path)
    return found


def need_passwords(place: Office, archive: Archive, journal: Journal) -> None:
    """A workbook that was locked is never written open by mistake: its password, or an empty one, must be given.

    Raises NotPossibleError.
    """
    if archive.dry or not journal.runs:
        return
    in_use = {brand.name for brand in load_settings(archive, settings_number(archive)).brands} | {publish.SALES}
    silent = [name for name in journal.runs[-1].locked if name in in_use and name not in place.passwords.of]
    if silent:
        raise NotPossibleError(
            f"「{'」「'.join(silent)}」的周报有密码,请用 --password {silent[0]} 输入,或写进环境变量 {VARIABLE}"
        )


def _restore_closed_weeks(place: Office, archive: Archive, journal: Journal) -> tuple[list[str], list[Problem]]:
    """Workbooks of closed weeks that were deleted come back from the archive; one that was open when its week was
    closed, and has lain beside since, is put into its place.
    """
    restored: list[str] = []
    problems: list[Problem] = []
    if archive.dry:
        return restored, problems
    placing = Placing(archive, journal)
    for run in journal.closings.values():
        wanted = [p for p in run.outputs if p.startswith("周报/") and _unfinished(place.root / p)]
        if wanted:
            for path, data in _again(place, archive, journal, run, wanted).items():
                placed = placing.place(path, data)
                if placed and placed[0] == place.root / path:
                    restored.append(path)
                problems += placed[1] if placed else []
    return restored, problems


def _unfinished(target: Path) -> bool:
    return not target.exists() or beside(target, 1).exists()


def _again(place: Office, archive: Archive, journal: Journal, run: Run, paths: list[str]) -> dict[str, bytes]:
    """The workbooks of a closed week once more: as they lie beside, else made from the archive."""
    found = {path: _bytes(beside(place.root / path, 1)) for path in paths}
    there = {path: data for path, data in found.items() if data and sha256(data) == run.outputs[path]}
    if len(there) == len(paths):
        return there
    plan = plan_of(archive, journal, run)
    done = consolidate(archive, plan)
    packed, books = publish.workbooks(done, folder="周报", with_returns=False, passwords=place.passwords)
    again = {path: books[path] for path in paths if path in books} | there
    digests = {path: sha256(data) for path, data in again.items()}
    if not journal.published.issuperset(digests.values()):  # another program, or a locked workbook
        issued = publish.archive_issue(archive, publish.issue_name(plan.week), packed, plan.as_of)
        journal.prepare(replace(run, outputs=digests, issue=issued.number, issue_id=issue_id(packed)))
    return again


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def plan_of(archive: Archive, journal: Journal, run: Run) -> Plan:
    """The plan a finished run was made from."""
    closings = journal.before(run.week)
    first = _first_week(archive, run.settings, run.week, closings)
    return Plan(run.week, run.as_of, run.closed, run.last, run.settings, closings, first)


def current_plan(archive: Archive, journal: Journal, day: date) -> Plan:
    """The running week with everything that is archived."""
    week = Week.of(day)
    settings, closings = settings_number(archive), journal.before(week)
    first = _first_week(archive, settings, week, closings)
    return Plan(week, day, False, newest_input(archive), settings, closings, first)


def replay(place: Office, week: Week) -> list[str]:
    """Write a past week again into 复原/, from the line of its run (R15). Returns the paths written."""
    sweep(place)
    archive, journal = Archive.open(place), Journal.open(place)
    need_passwords(place, archive, journal)
    run = journal.closings.get(week) or journal.newest(week)
    if run is None:
        raise NotPossibleError(f"{week} 没有运行记录")
    done = consolidate(archive, plan_of(archive, journal, run))
    _, books = publish.workbooks(done, folder="复原", with_returns=False, passwords=place.passwords)
    for path, data in books.items():
        write_whole(place.root / path, data)
    return list(books)


def trace(place: Office) -> Consolidated:
    """Where every archived row went, as of the newest run's inputs; writes nothing."""
    archive, journal = Archive.open(place, dry=True), Journal.open(place, dry=True)
    run = journal.weekly[-1] if journal.weekly else None
    if run is None:
        raise NotPossibleError("这个办公文件夹还没有运行过周报")
    return consolidate(archive, plan_of(archive, journal, run))
