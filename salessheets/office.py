"""The office folder: where everything lies, the weeks and the lock (product.md, "The office folder")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

from filelock import FileLock, Timeout

from .passwords import Passwords

PATIENCE = 5.0  # seconds to wait for another run before we say that it is going on
SHANGHAI = timezone(timedelta(hours=8))  # no summer time; a fixed offset needs no time-zone data


@dataclass(frozen=True, order=True)
class Week:
    """An ISO week, Monday to Sunday."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Week:
        """The week a day lies in."""
        iso = day.isocalendar()
        return cls(iso.year, iso.week)

    @classmethod
    def parse(cls, text: str) -> Week:
        """``2026-W47`` → Week. Raises ValueError on anything else."""
        found = re.fullmatch(r"(\d{4})-?[Ww](\d{1,2})", text.strip())
        if not found:
            raise ValueError(text)
        week = cls(int(found[1]), int(found[2]))
        date.fromisocalendar(week.year, week.number, 1)
        return week

    @property
    def monday(self) -> date:
        """The first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        """The last day."""
        return self.monday + timedelta(days=6)

    def next(self) -> Week:
        """The following week."""
        return Week.of(self.monday + timedelta(days=7))

    def back(self, weeks: int) -> Week:
        """The week so many weeks earlier."""
        return Week.of(self.monday - timedelta(days=7 * weeks))

    @property
    def days(self) -> str:
        """Its dates as people read them: 11月16日–11月22日."""
        first, last = self.monday, self.sunday
        return f"{first.month}月{first.day}日–{last.month}月{last.day}日"

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"


def today() -> date:
    """The calendar day in Shanghai now. Only the commands call it; everything below gets the day handed in."""
    return datetime.now(UTC).astimezone(SHANGHAI).date()


class NotPossibleError(Exception):
    """The run cannot be done; the text says why, in Chinese."""


class OfficeBusyError(Exception):
    """Another run holds the office."""


@dataclass(frozen=True)
class Office:
    """Paths of one office folder. ``passwords``: what its workbooks are locked with, for this run only."""

    root: Path
    passwords: Passwords = field(default_factory=Passwords, repr=False, compare=False)

    @property
    def settings(self) -> Path:
        """设置.xlsx."""
        return self.root / "设置.xlsx"

    @property
    def templates(self) -> Path:
        """Blank forms with this office's choices."""
        return self.root / "模板"

    @property
    def inbox(self) -> Path:
        """Where staff drop sheets; never changed."""
        return self.root / "收件箱"

    @property
    def reports(self) -> Path:
        """Weekly workbooks."""
        return self.root / "周报"

    @property
    def returns(self) -> Path:
        """Rows to correct, one workbook per person."""
        return self.root / "退回更正"

    @property
    def dailies(self) -> Path:
        """Daily hand-over workbooks."""
        return self.root / "日报"

    @property
    def to_fill(self) -> Path:
        """Pre-filled forms, one folder per person."""
        return self.root / "待填"

    @property
    def replays(self) -> Path:
        """Past weeks written again."""
        return self.root / "复原"

    @property
    def archive(self) -> Path:
        """Immutable numbered copies; the truth."""
        return self.root / "存档"

    @property
    def cache(self) -> Path:
        """Derived data; may be deleted."""
        return self.root / "缓存"

    @property
    def logs(self) -> Path:
        """One log per run."""
        return self.root / "日志"

    @property
    def kept(self) -> tuple[Path, ...]:
        """The folders the program itself writes into."""
        return (
            self.archive, self.reports, self.dailies, self.returns, self.to_fill, self.replays, self.cache, self.templates,
        )  # fmt: skip

    def make(self) -> None:
        """Create the folders that are missing."""
        for folder in (self.templates, self.inbox, self.reports, self.returns, self.archive, self.cache, self.logs):
            folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def lock(self, who: str, *, wait_seconds: float | None = None) -> Iterator[None]:
        """Hold the office for one run. Raises OfficeBusyError naming who runs, after waiting."""
        self.archive.mkdir(parents=True, exist_ok=True)
        lock, note = FileLock(self.archive / ".锁"), self.archive / ".谁在运行"
        try:
            lock.acquire(timeout=PATIENCE if wait_seconds is None else wait_seconds)
        except Timeout:
            raise OfficeBusyError(_holder(note)) from None
        try:
            with suppress(OSError):  # it only tells others who runs
                note.write_text(who, encoding="utf-8")
            yield
        finally:
            with suppress(OSError):
                note.unlink(missing_ok=True)
            lock.release()


def _holder(note: Path) -> str:
    """Who runs, as the other run wrote it down; it may just be beginning or ending."""
    try:
        return note.read_text(encoding="utf-8") or "另一次运行"
    except (OSError, ValueError):
        return "另一次运行"
