"""Dates as text; today is Friday, 20 November 2026."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from salessheets.clean import date

TODAY = dt.date(2026, 11, 20)
BAD = "bad-date"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-11-03", "2026-11-03"),
        ("2026-11-03 09:30", "2026-11-03"),
        ("2026-11-03T09:30:00", "2026-11-03"),
        ("2026/11/3", "2026-11-03"),
        ("2026/11/03 09:30", "2026-11-03"),
        ("2026.11.3", "2026-11-03"),
        ("2026.11.03.", "2026-11-03"),
        ("２０２６．１１．３", "2026-11-03"),
        ("2026年11月3日", "2026-11-03"),
        ("2026年11月3号", "2026-11-03"),
        ("2026年11月3日 星期二", "2026-11-03"),
        ("2026年11月3日(周二)", "2026-11-03"),
        ("2026年11月3日下午3点", "2026-11-03"),
        ("2026 11 3", "2026-11-03"),
        ("20261103", "2026-11-03"),
        ("26.11.3", "2026-11-03"),
        ("25/11/2026", "2026-11-25"),
        ("11/25/2026", "2026-11-25"),
        ("'2026-11-3", "2026-11-03"),
        ("二〇二六年十一月三日", "2026-11-03"),
        ("11月3日", "2026-11-03"),
        ("11月3号", "2026-11-03"),
        ("十一月三日", "2026-11-03"),
        ("11.3", "2026-11-03"),
        ("11-3", "2026-11-03"),
        ("11/3", "2026-11-03"),
        ("11月3日上午", "2026-11-03"),
        ("去年11月3日", "2025-11-03"),
        ("46329", "2026-11-03"),  # Excel's serial
        ("46329.5", "2026-11-03"),
        ("43831", "2020-01-01"),
        ("2009-3-1", "2009-03-01"),
    ],
)
def test_a_date(cell: str, expected: str) -> None:
    assert tuple(date.clean(pd.Series([cell], dtype="str"), TODAY).iloc[0]) == (expected, "")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("11月20日", "2026-11-20"),
        ("12月21日", "2026-12-21"),  # a month ahead
        ("12月22日", "2025-12-22"),  # more than a month ahead: last year's
        ("1月5日", "2026-01-05"),
        ("2月29日", "2024-02-29"),  # the latest one there was
    ],
)
def test_without_a_year_the_latest_that_is_not_far_ahead(cell: str, expected: str) -> None:
    assert date.clean(pd.Series([cell], dtype="str"), TODAY)["date"].iloc[0] == expected


@pytest.mark.parametrize(
    "cell",
    ["2026-2-30", "2026-13-1", "13月1日", "2026-11", "上周", "3/11/2026", "1103", "39999", "60001", "下午3点", "王总"],
)
def test_no_date(cell: str) -> None:
    assert tuple(date.clean(pd.Series([cell], dtype="str"), TODAY).iloc[0]) == ("", BAD)


@pytest.mark.parametrize("cell", ["", "-", "无"])
def test_nothing(cell: str) -> None:
    assert tuple(date.clean(pd.Series([cell], dtype="str"), TODAY).iloc[0]) == ("", "")
