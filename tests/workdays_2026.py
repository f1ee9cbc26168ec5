"""The working days of 2026 as the State Council's notice gives them, typed in by hand: what the oracle of the quarter counts with."""

from __future__ import annotations

from datetime import date, timedelta

ONE = timedelta(days=1)
_FREE = (("01-01", 3), ("02-15", 9), ("04-04", 3), ("05-01", 5), ("06-19", 3), ("09-25", 3), ("10-01", 7))
_WORKED = ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")
FREE = {date.fromisoformat(f"2026-{first}") + n * ONE for first, size in _FREE for n in range(size)}
WORKED = {date.fromisoformat(f"2026-{day}") for day in _WORKED}


def works(day: date) -> bool:
    """Whether people work in China."""
    return day in WORKED or (day.weekday() < 5 and day not in FREE)


def following(day: date) -> date:
    """The next working day."""
    day += ONE
    while not works(day):
        day += ONE
    return day


def late(due: date, day: date) -> int:
    """Working days after ``due`` up to ``day``."""
    return sum(works(due + n * ONE) for n in range(1, (day - due).days + 1))
