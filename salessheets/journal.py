"""The run journal 存档/运行记录.csv: one line per run that issued something, and which weeks are closed.

A line is written after everything it speaks of is on disk: state moves last. Before the first workbook is replaced a
line 准备 says what is about to be written, so that a run which was killed in between is never taken for a person.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from .archive import csv_line, read_csv_rows
from .files import append_line, drop_torn_line
from .office import Office, Week

_HEADER = [
    "run", "command", "week", "as_of", "state", "first", "last", "settings", "issue", "issue_id", "model", "program",
    "outputs", "missing", "locked",
]  # fmt: skip
CLOSED, OPEN, PREPARED = "已结", "未完", "准备"
WEEKLY, DAILY = "weekly", "daily"


@dataclass(frozen=True)
class Run:
    """One line: inputs up to file ``last`` and settings file ``settings`` gave ``outputs`` (path → sha256).

    missing: numbers of archived files that could not be used. locked: workbooks written with a password (brands, 销售部).
    """

    week: Week
    as_of: date
    closed: bool
    first: int
    last: int
    settings: int
    issue: int
    issue_id: str
    model: str
    program: str
    outputs: Mapping[str, str] = field(hash=False)
    command: str = WEEKLY
    missing: tuple[int, ...] = ()
    locked: tuple[str, ...] = ()


@dataclass
class Journal:
    """All runs so far, oldest first. ``prepared``: what runs were about to write, finished or not."""

    path: Path
    dry: bool = False
    runs: list[Run] = field(default_factory=list)
    prepared: list[Run] = field(default_factory=list)
    _pending: bool = False  # the newest line is 准备: that run was not finished

    @classmethod
    def open(cls, office: Office, *, dry: bool = False) -> Journal:
        """Load the journal; a line torn by a crash is cut off first."""
        journal = cls(office.archive / "运行记录.csv", dry)
        if not dry:
            drop_torn_line(journal.path)
        for row in read_csv_rows(journal.path):
            run = Run(
                week=Week.parse(row["week"]),
                as_of=date.fromisoformat(row["as_of"]),
                closed=row["state"] == CLOSED,
                first=int(row["first"]),
                last=int(row["last"]),
                settings=int(row["settings"]),
                issue=int(row["issue"]),
                issue_id=row["issue_id"],
                model=row["model"],
                program=row["program"],
                outputs=json.loads(row["outputs"]),
                command=row["command"],
                missing=tuple(int(number) for number in row["missing"].split()),
                locked=tuple(json.loads(row["locked"])),
            )
            journal._keep(run, prepared=row["state"] == PREPARED)
        return journal

    def _keep(self, run: Run, *, prepared: bool) -> None:
        (self.prepared if prepared else self.runs).append(run)
        self._pending = prepared

    def prepare(self, run: Run) -> None:
        """Say what is about to be written. The same words again, after a crash, are not said twice."""
        run = replace(run, closed=False)
        if not (self._pending and self.prepared[-1] == run):
            self._append(run, PREPARED)
            self._keep(run, prepared=True)

    def add(self, run: Run) -> None:
        """Append one run that is done."""
        self._append(run, CLOSED if run.closed else OPEN)
        self._keep(run, prepared=False)

    def _append(self, run: Run, state: str) -> None:
        if self.dry:
            return
        if not self.path.exists():
            append_line(self.path, csv_line(_HEADER))
        append_line(
            self.path,
            csv_line([
                str(len(self.runs) + 1), run.command, str(run.week), run.as_of.isoformat(), state, str(run.first),
                str(run.last), str(run.settings), str(run.issue), run.issue_id, run.model, run.program,
                json.dumps(dict(run.outputs), ensure_ascii=False, sort_keys=True),
                " ".join(str(number) for number in run.missing), json.dumps(run.locked, ensure_ascii=False),
            ]),
        )  # fmt: skip

    @property
    def closings(self) -> dict[Week, Run]:
        """The run that closed each closed week."""
        return {run.week: run for run in self.runs if run.closed}

    def before(self, week: Week) -> dict[Week, Run]:
        """Closings of the weeks before this one."""
        return {closed: run for closed, run in self.closings.items() if closed < week}

    def newest(self, week: Week) -> Run | None:
        """The newest finished weekly run of a week."""
        return next((run for run in reversed(self.weekly) if run.week == week), None)

    @property
    def weekly(self) -> list[Run]:
        """The finished runs that wrote the workbooks of a week, oldest first; ``forget`` writes them, too."""
        return [run for run in self.runs if run.command != DAILY]

    def daily_before(self, day: date) -> Run | None:
        """The newest 日报 of an earlier day."""
        earlier = [run for run in self.runs if run.command == DAILY and run.as_of < day]
        return max(earlier, key=lambda run: run.as_of, default=None)

    @property
    def published(self) -> set[str]:
        """Checksums of every workbook ever written or about to be, to tell a changed workbook from one of ours."""
        return {digest for run in (*self.runs, *self.prepared) for digest in run.outputs.values()}
