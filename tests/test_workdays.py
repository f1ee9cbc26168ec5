"""The Chinese working calendar (R1, R4): weekends, public holidays, 调休, leave, and years that nobody knows yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from salessheets.settings import Absence, default
from salessheets.workdays import Workdays, unknown_years


def days(*absences: Absence, **rules: object) -> Workdays:
    settings = default()
    return Workdays(replace(settings, absences=absences, rules=replace(settings.rules, **rules)))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("handed_over", "due"),
    [
        ("2026-11-19", "2026-11-20"),  # Thursday → Friday
        ("2026-11-20", "2026-11-23"),  # Friday → Monday
        ("2026-09-30", "2026-10-08"),  # the day before National Day → the first working day after it
        ("2026-10-09", "2026-10-10"),  # Friday → a Saturday that is worked instead (调休)
        ("2026-02-13", "2026-02-14"),  # the Saturday before Spring Festival is worked
        ("2026-02-14", "2026-02-24"),  # and then Spring Festival: nine days
        ("2025-12-31", "2026-01-04"),  # New Year, with a worked Sunday after it
    ],
)
def test_r04_feedback_is_due_on_the_next_chinese_working_day(handed_over, due):
    assert days().due(day(handed_over)) == day(due)


def test_r04_an_office_may_count_calendar_days():
    calendar = days(feedback_days="自然日")
    assert calendar.due(day("2026-11-20")) == day("2026-11-21")
    assert calendar.late(day("2026-11-21"), day("2026-11-23")) == 2


@pytest.mark.parametrize(("today", "late"), [("2026-11-23", 0), ("2026-11-24", 1), ("2026-11-30", 5)])
def test_r04_days_late_are_working_days(today, late):
    assert days().late(day("2026-11-23"), day(today)) == late


@pytest.mark.parametrize(
    ("today", "before"),
    [
        ("2026-11-24", "2026-11-23"),
        ("2026-11-23", "2026-11-20"),
        ("2026-10-08", "2026-09-30"),
        ("2026-02-24", "2026-02-14"),
    ],
)
def test_the_last_working_day_is_found_on_monday_tuesday_and_after_a_holiday(today, before):
    assert days().preceding(day(today)) == day(before)


def test_leave_frees_one_person_and_a_company_holiday_everybody():
    calendar = days(
        Absence("陈静", "请假", day("2026-11-17"), day("2026-11-18")),
        Absence("", "放假", day("2026-11-19"), day("2026-11-19")),
        Absence("", "上班", day("2026-11-21"), day("2026-11-21")),
    )
    assert not calendar.works(day("2026-11-18"), "陈静")
    assert calendar.works(day("2026-11-18"), "何敏")
    assert calendar.between(day("2026-11-16"), day("2026-11-22")) == [
        day(f"2026-11-{n}") for n in (16, 17, 18, 20, 21)
    ]  # fmt: skip


def test_in_a_year_nobody_knows_yet_only_weekends_are_free_and_it_is_said():
    assert days().works(day("2051-10-02"))  # a Monday in what will be a holiday
    assert not days().works(day("2051-10-01"))  # a Sunday
    assert unknown_years([day("2026-12-31"), day("2051-01-01")]) == [2051]


def test_an_office_fills_in_a_year_that_is_not_known():
    calendar = days(Absence("", "放假", day("2051-10-02"), day("2051-10-06")))
    assert calendar.due(day("2051-09-29")) == day("2051-10-09")
