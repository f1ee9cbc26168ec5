"""``doctor``: looks at everything an office keeps, repairs what it safely can, and says what needs a person.

Safe is: what a crash left behind, copies that can be made again byte for byte, the cache.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq

from . import settings as office_settings
from .archive import Archive, FileKind
from .consolidate import consolidate
from .files import remove, sha256, write_whole
from .journal import Journal
from .models import is_version, number_of
from .office import Office
from .placing import owner
from .problems import Problem, Severity
from .week import plan_of, sweep


@dataclass
class Diagnosis:
    """mended: what was put right. problems: what a person must do or know. checked: how many archived files."""

    checked: int = 0
    mended: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def well(self) -> bool:
        """Nothing is left for a person."""
        return all(problem.severity is Severity.NOTICE for problem in self.problems)


def examine(place: Office) -> Diagnosis:
    """Check and mend. Under the lock only."""
    found = Diagnosis()
    for path in sweep(place):
        found.mended.append(_mended(place, path, "doctor-leftover"))
    for path in (place.archive / "登记.csv", place.archive / "运行记录.csv"):
        if path.exists() and not path.read_bytes().endswith(b"\n"):
            found.mended.append(_mended(place, path, "doctor-torn"))  # opening it cuts the torn line off
    archive, journal = Archive.open(place), Journal.open(place)
    _registers(archive, journal, found)
    _copies(archive, journal, found)
    _extras(place, archive, found)
    _cache(place, found)
    _reports(place, journal, found)
    if place.settings.exists():
        loaded = office_settings.load(place.settings.read_bytes())
        found.problems += [Problem(p.code, place.settings.name, p.sheet, p.row, p.cell, p.value, p.details)
                           for p in loaded.problems]  # fmt: skip
    return found


def _mended(place: Office, path: Path, code: str) -> Problem:
    below = path.relative_to(place.root).as_posix()
    return Problem(code, file=below, value=below)


def _registers(archive: Archive, journal: Journal, found: Diagnosis) -> None:
    """Numbers without a gap, and every number the journal names in the archive."""
    numbers = [entry.number for entry in archive.entries]
    for number in sorted(set(range(1, archive.last + 1)) - set(numbers)):
        found.problems.append(Problem("doctor-gap", file=archive.manifest.name, value=f"{number:05d}"))
    kinds = {entry.number: entry.kind for entry in archive.entries}
    for run in journal.runs:
        named = (
            (run.issue, FileKind.ISSUE),
            (run.settings, FileKind.SETTINGS),
            (number_of(run.model), FileKind.MODEL),
        )
        for number, kind in named:
            if number and kinds.get(number) is not kind:
                found.problems.append(Problem("doctor-run", file=journal.path.name, value=str(run.week)))
                break


def _copies(archive: Archive, journal: Journal, found: Diagnosis) -> None:
    """Every copy holds what it held. Lost issue records are made again where the same bytes come out."""
    found.checked = len(archive.entries)
    archive.survey([entry.number for entry in archive.entries])
    for run in journal.weekly:
        if run.issue in archive.damaged and archive.damaged[run.issue] != "archive-restored":
            entry = archive.entry(run.issue)
            packed = consolidate(archive, plan_of(archive, journal, run)).issue.pack()
            if sha256(packed) == entry.sha256:
                write_whole(archive.office.root / entry.path, packed)
                archive.damaged[run.issue] = "archive-restored"
    for problem in archive.problems():
        (found.mended if problem.code == "archive-restored" else found.problems).append(problem)


def _extras(place: Office, archive: Archive, found: Diagnosis) -> None:
    """Files in the archive that no line names. One that is registered elsewhere was left by a crash, and goes; so
    does a version of the weights that was never in force.
    """
    known, digests = {entry.path for entry in archive.entries}, {entry.sha256 for entry in archive.entries}
    for path in sorted(path for path in place.archive.rglob("*") if path.is_file()):
        below = path.relative_to(place.root).as_posix()
        if path.parent == place.archive or below in known:
            continue
        if sha256(path.read_bytes()) in digests or is_version(path.name):
            remove(path)
            found.mended.append(_mended(place, path, "doctor-leftover"))
        else:
            found.problems.append(Problem("archive-extra", file=below, value=below))


def _cache(place: Office, found: Diagnosis) -> None:
    """What cannot be read is deleted: it is made again."""
    for path in sorted(place.cache.rglob("*.parquet")) if place.cache.exists() else ():
        try:
            pq.read_table(io.BytesIO(path.read_bytes()))
        except (OSError, ValueError):
            remove(path)
            found.mended.append(_mended(place, path, "doctor-cache"))


def _reports(place: Office, journal: Journal, found: Diagnosis) -> None:
    """Reports that are gone, changed or open: the next run sees to it."""
    newest = {run.week: run for run in journal.weekly}
    for run in newest.values():
        for path in run.outputs:
            target = place.root / path
            if not target.exists() and path.startswith("周报/"):
                found.problems.append(Problem("doctor-report-gone", file=path, value=path))
            elif owner(target) is not None:
                found.problems.append(
                    Problem("doctor-open", file=path, value=path, details={"who": owner(target) or "别人"})
                )
