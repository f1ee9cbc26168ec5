"""The Chinese working calendar: weekends, public holidays, 调休, and what the office says in 设置.xlsx「请假与调休」.

Public holidays come from the package chinesecalendar, which is brought up to date after the State Council's yearly
notice. For a year that it does not know yet only weekends are free, and ``unknown_years`` says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from .settings import AT_WORK, Settings

_DAY = timedelta(days=1)
_FAR = 400  # days; an office that never works again would be searched for ever


@cache
def _public(day: date) -> bool | None:
    """Whether the national calendar makes this a working day; None for a year it does not know."""
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


@dataclass(frozen=True)
class Workdays:
    """The working days of one office. Everything is inclusive of the days named."""

    settings: Settings

    def works(self, day: date, person: str = "") -> bool:
        """Whether the office works on this day; with a person: whether he does."""
        found = _public(day)
        result = day.weekday() < 5 if found is None else found
        for absence in self.settings.absences:
            if absence.person in ("", person) and absence.first <= day <= absence.last:
                result = absence.kind == AT_WORK
        return result

    def away(self, day: date, person: str) -> bool:
        """Whether this person is free on a day on which the office works."""
        return self.works(day) and not self.works(day, person)

    def following(self, day: date) -> date:
        """The next working day after a day."""
        return next((d for d in _days(day + _DAY, day + _DAY * _FAR) if self.works(d)), day + _DAY)

    def preceding(self, day: date) -> date:
        """The last working day before a day: Friday for a Monday, the day before the holiday after a holiday."""
        return next((day - _DAY * n for n in range(1, _FAR) if self.works(day - _DAY * n)), day - _DAY)

    def between(self, first: date, last: date) -> list[date]:
        """The working days from first to last."""
        return [day for day in _days(first, last) if self.works(day)]

    def due(self, day: date) -> date:
        """When feedback on a hand-over of this day is due: 第二天 (R4), by 规则 反馈期限 a working or a calendar day."""
        return self.following(day) if self.settings.rules.feedback_days == "工作日" else day + _DAY

    def late(self, due: date, day: date) -> int:
        """How many days after ``due`` the day is, in the days that 反馈期限 counts; 0 when it is not later."""
        if self.settings.rules.feedback_days == "工作日":
            return len(self.between(due + _DAY, day))
        return max(0, (day - due).days)


def unknown_years(days: Iterable[date]) -> list[int]:
    """The years among these days whose public holidays are not known: there only weekends count as free."""
    return sorted({day.year for day in days if _public(day) is None})


def _days(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + _DAY * n
