"""The run journal 存档/运行记录.csv: one line per run that issued something, and which weeks are closed.

A line is written after everything it speaks of is on disk: state moves last.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from .archive import csv_line, read_csv_rows
from .files import append_line, drop_torn_line
from .office import Office, Week

_HEADER = [
    "run", "command", "week", "as_of", "state", "first", "last", "settings", "issue", "issue_id", "model", "program",
    "outputs",
]  # fmt: skip
CLOSED, OPEN = "已结", "未完"
WEEKLY, DAILY = "weekly", "daily"


@dataclass(frozen=True)
class Run:
    """One line: inputs up to file ``last`` and settings file ``settings`` gave ``outputs`` (path → sha256)."""

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


@dataclass
class Journal:
    """All runs so far, oldest first."""

    path: Path
    dry: bool = False
    runs: list[Run] = field(default_factory=list)

    @classmethod
    def open(cls, office: Office, *, dry: bool = False) -> Journal:
        """Load the journal; a line torn by a crash is cut off first."""
        journal = cls(office.archive / "运行记录.csv", dry)
        if not dry:
            drop_torn_line(journal.path)
        for row in read_csv_rows(journal.path):
            journal.runs.append(
                Run(
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
                ),
            )
        return journal

    def add(self, run: Run) -> None:
        """Append one run."""
        if not self.dry:
            if not self.path.exists():
                append_line(self.path, csv_line(_HEADER))
            append_line(
                self.path,
                csv_line([
                    str(len(self.runs) + 1), run.command, str(run.week), run.as_of.isoformat(),
                    CLOSED if run.closed else OPEN, str(run.first), str(run.last), str(run.settings), str(run.issue),
                    run.issue_id, run.model, run.program,
                    json.dumps(dict(run.outputs), ensure_ascii=False, sort_keys=True),
                ]),
            )  # fmt: skip
        self.runs.append(run)

    @property
    def closings(self) -> dict[Week, Run]:
        """The run that closed each closed week."""
        return {run.week: run for run in self.runs if run.closed}

    def before(self, week: Week) -> dict[Week, Run]:
        """Closings of the weeks before this one."""
        return {closed: run for closed, run in self.closings.items() if closed < week}

    def newest(self, week: Week) -> Run | None:
        """The newest weekly run of a week."""
        return next((run for run in reversed(self.runs) if run.week == week and run.command == WEEKLY), None)

    def daily_before(self, day: date) -> Run | None:
        """The newest 日报 of an earlier day."""
        earlier = [run for run in self.runs if run.command == DAILY and run.as_of < day]
        return max(earlier, key=lambda run: run.as_of, default=None)

    @property
    def published(self) -> set[str]:
        """Checksums of every workbook ever written, to tell a changed workbook from one of ours."""
        return {digest for run in self.runs for digest in run.outputs.values()}
