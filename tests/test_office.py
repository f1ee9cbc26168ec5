from __future__ import annotations

import threading
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salessheets.office import Office, OfficeBusyError, Week


@pytest.mark.parametrize(
    ("text", "monday", "days"),
    [
        ("2026-W47", date(2026, 11, 16), "11月16日–11月22日"),
        ("2026-w1", date(2025, 12, 29), "12月29日–1月4日"),
        ("2026W53", date(2026, 12, 28), "12月28日–1月3日"),
    ],
)
def test_a_week_is_read_and_shown_with_its_dates(text, monday, days):
    week = Week.parse(text)
    assert week.monday == monday
    assert week.days == days


@pytest.mark.parametrize("text", ["", "2026", "W47", "2026-W54", "2026-11-20", "第47周"])
def test_what_is_no_week_is_refused(text):
    with pytest.raises(ValueError):
        Week.parse(text)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_every_day_lies_in_its_week_and_weeks_follow_each_other(day):
    week = Week.of(day)
    assert week.monday <= day <= week.sunday
    assert week.next().monday.toordinal() == week.sunday.toordinal() + 1
    assert week.next().back(1) == week
    assert Week.parse(str(week)) == week


def test_a_second_run_is_told_who_holds_the_office(tmp_path):
    office = Office(tmp_path)
    seen = []

    def second():
        try:
            with office.lock("李四", wait_seconds=0.1):
                seen.append("entered")
        except OfficeBusyError as busy:
            seen.append(str(busy))

    with office.lock("张三 的周报"):
        other = threading.Thread(target=second)
        other.start()
        other.join()
    assert seen == ["张三 的周报"]
    with office.lock("李四", wait_seconds=0.1):
        pass


def test_a_lock_file_left_by_a_crash_stops_nobody(tmp_path):
    office = Office(tmp_path)
    office.make()
    (office.archive / ".锁").write_bytes(b"")
    (office.archive / ".谁在运行").write_text("死掉的运行", encoding="utf-8")
    with office.lock("张三", wait_seconds=0.1):
        assert (office.archive / ".谁在运行").read_text(encoding="utf-8") == "张三"
