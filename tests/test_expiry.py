"""到期清单: no contact for 资料保存月数, counted in whole months from the last contact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from small import frame
from written import OFFICE, week

from salessheets.expiry import expired
from salessheets.write.sales import EXPIRED, write_sales

LEADS = """
lead      | brand | name | phone | owner | last_date  | first_due  | next_date
00001-1-2 | 康    | 甲   | 1     | 陈静  | 2024-11-20 |            |
00001-1-3 | 康    | 乙   | 2     |       | 2024-11-21 |            |
00001-1-4 | 康    | 丙   | 3     |       | 2020-01-05 |            | 2026-12-01
00001-1-5 | 康    | 丁   | 4     |       | 2020-01-05 | 2026-10-01 |
00001-1-6 | 益    | 戊   | 5     |       | 2020-01-05 | 下个月     |
00001-1-7 | 益    | 己   | 6     |       |            |            |
"""


def listed(months: int, as_of: date = date(2026, 11, 20)) -> dict[str, int]:
    settings = replace(OFFICE, rules=replace(OFFICE.rules, retention_months=months))
    found = expired(frame(LEADS), settings, as_of)
    return dict(zip(found["name"], found["months"], strict=True))


def test_who_was_not_contacted_for_two_years_is_listed_longest_first():
    """A date that still lies ahead is a plan, no contact; what is no date says nothing."""
    assert listed(24) == {"丙": 82, "戊": 82, "甲": 24}


@pytest.mark.parametrize(
    ("day", "months"), [("2026-03-31", 1), ("2026-02-28", 0), ("2026-03-30", 1), ("2026-03-01", 1)]
)
def test_months_are_whole(day, months):
    leads = frame("lead|brand|name|phone|owner|last_date|first_due|next_date\na|b|c|d|e|2026-01-31||").assign(
        last_date="2026-01-31"
    )
    if day == "2026-02-28":
        leads = leads.assign(last_date="2026-01-29")
        day = "2026-02-27"
    settings = replace(OFFICE, rules=replace(OFFICE.rules, retention_months=1))
    assert len(expired(leads, settings, date.fromisoformat(day))) == months


def test_nobody_is_nobody():
    assert list(expired(frame(LEADS).iloc[:0], OFFICE, date(2026, 11, 20))["lead"]) == []


def test_the_sales_department_sees_the_list_and_only_when_there_is_one(tmp_path):
    made = week()
    assert EXPIRED not in openpyxl.load_workbook(_saved(tmp_path, made)).sheetnames
    old = replace(made, leads=made.leads.assign(last_date="2020-01-05", first_due="", next_date=""))
    page = openpyxl.load_workbook(_saved(tmp_path, old))[EXPIRED]
    assert page["A1"].value.startswith(EXPIRED)
    assert page.max_row == 3 + len(made.leads)


def _saved(tmp_path, made):
    path = tmp_path / "s.xlsx"
    path.write_bytes(write_sales(made, "id"))
    return path
