"""Registers, returns and corrections over several weeks, in an office small enough to see through."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from desk import Desk

from salessheets.settings import Blocked

W46, W47, W48, W49 = date(2026, 11, 13), date(2026, 11, 20), date(2026, 11, 27), date(2026, 12, 4)
NEW, AGAIN, BACK, UPDATED, NOTED = "新增客户", "重复提交", "退回更正", "更新", "登记"


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path / "办公室")


def open_returns(desk):
    return list(desk.report.returns["rid"])


def test_a_row_returned_for_its_date_is_taken_in_when_it_comes_again_after_that_day(desk):
    row = "name | phone | consult_date | brand\n王建国 | 13912345678 | 2026-11-26 | 康源"
    desk.hand_in("陈静/登记1.csv", row)
    desk.run(W46)
    assert desk.fates() == [("陈静/登记1.csv", 2, BACK)]
    desk.hand_in("陈静/登记2.csv", f"{row}\n李丽 | 13912345679 | 2026-11-26 | 康源")
    desk.run(W48)
    assert [fate for *_, fate in desk.fates()] == [BACK, NEW, NEW]
    assert open_returns(desk) == []
    desk.hand_in(
        "陈静/登记3.csv", f"{row}\n李丽 | 13912345679 | 2026-11-26 | 康源\n周全 | 13912345670 | 2026-12-01 | 康源"
    )
    desk.run(W49)
    assert [fate for *_, fate in desk.fates("陈静/登记3.csv")] == [AGAIN, AGAIN, NEW]
    assert sorted(desk.leads().values()) == ["周全", "李丽", "王建国"]


def test_an_analysis_of_an_unknown_customer_counts_when_it_comes_again_after_him(desk):
    analysis = "lead | name | scale | analyst | analysis_date\n00008-1-2 | 王建国 | 大 | 陈静 | 2026-11-12"
    desk.hand_in("陈静/分析1.csv", analysis, "analysis")
    desk.run(W46)
    assert [fate for *_, fate in desk.fates()] == [BACK]
    desk.hand_in("陈静/分析2.csv", f"{analysis} ", "analysis")
    desk.run(W47)
    assert [fate for *_, fate in desk.fates()] == [BACK, AGAIN]
    desk.hand_in("陈静/咨询.csv", "name | phone | consult_date | brand\n王建国 | 13912345678 | 2026-11-18 | 康源")
    desk.hand_in("陈静/分析3.csv", analysis, "analysis")
    desk.run(W48)
    assert [fate for *_, fate in desk.fates()] == [BACK, AGAIN, NOTED, NEW]
    assert open_returns(desk) == []
    assert desk.report.leads["scale"].tolist() == ["大"]


@pytest.mark.parametrize("weeks", [(W46, W46, W46, W46), (W46, W47, W48, W49)])
def test_a_register_row_that_is_changed_back_counts_as_it_stands_now(desk, weeks):
    first = "王建国 | 13912345678 | 2026-11-09 | 康源 | 问价格"
    rest = "李丽 | 13912345679 | 2026-11-09 | 康源 | 问代理"
    head = "name | phone | consult_date | brand | content"
    for day, name, row in zip(
        weeks,
        ("登记", "登记(1)", "登记(2)", "登记(3)"),
        (
            first,
            first.replace("13912345678", "13700000001"),
            f"{first}\n张新 | 13912345670 | 2026-11-10 | 康源 |",
            f"{first}\n张新 | 13912345670 | 2026-11-10 | 康源 |\n周全 | 13912345671 | 2026-11-10 | 康源 |",
        ),
        strict=True,
    ):
        desk.hand_in(f"陈静/{name}.csv", f"{head}\n{row}\n{rest}\n")
        desk.run(day)
    third, fourth = [UPDATED, NEW, AGAIN], [AGAIN, AGAIN, NEW, AGAIN]
    assert [fate for *_, fate in desk.fates()] == [NEW, NEW, UPDATED, AGAIN, *third, *fourth]
    leads = desk.report.leads.set_index("name")
    assert leads.at["王建国", "phone"] == "13912345678"
    assert leads.at["王建国", "lead"] == "00002-1-2"
    assert len(leads) == 4


def test_the_same_bytes_again_change_nothing_back(desk):
    head = "name | phone | consult_date | brand"
    desk.hand_in("陈静/登记.csv", f"{head}\n王建国 | 13912345678 | 2026-11-09 | 康源")
    desk.run(W46)
    desk.hand_in("陈静/登记(1).csv", f"{head}\n王建国 | 13700000001 | 2026-11-09 | 康源")
    desk.run(W47)
    desk.hand_in("陈静/登记(2).csv", f"{head}\n王建国 | 13912345678 | 2026-11-09 | 康源")
    desk.run(W48)
    assert [fate for *_, fate in desk.fates()] == [NEW, UPDATED, AGAIN]
    assert desk.report.leads["phone"].tolist() == ["13700000001"]


def test_a_return_closes_when_a_wrong_correction_is_put_right_in_the_register(desk):
    head = "name | phone | consult_date | brand | 记录编号"
    desk.hand_in("陈静/登记.csv", f"{head}\n王建国 | 139123 | 2026-11-09 | 康源 |")
    desk.run(W46)
    desk.hand_in("陈静/退回更正_陈静.csv", f"{head}\n王建国 | 139124 | 2026-11-09 | 康源 | 00002-1-2")
    desk.run(W47)
    assert open_returns(desk) == ["00004-1-2"]
    desk.hand_in("陈静/登记(1).csv", f"{head}\n王建国 | 13912345678 | 2026-11-09 | 康源 |")
    desk.run(W48)
    assert open_returns(desk) == []
    assert list(desk.leads().values()) == ["王建国"]


@pytest.mark.parametrize("by_number", [True, False])
def test_a_sheet_about_somebody_on_the_do_not_contact_list_neither_goes_back_nor_shows_him(desk, by_number):
    desk.hand_in("陈静/咨询.csv", "name | phone | consult_date | brand\n王建国 | 13912345678 | 2026-11-11 | 康源")
    desk.run(W46)
    lead = desk.lead("王建国")
    desk.set(replace(desk.settings, blocked=(Blocked("13912345678", "电话", "投诉"),)))
    known = f"{lead} | 王建国 |" if by_number else "| 王建国 | 13912345678"
    desk.hand_in(
        "刘洋/分析.csv",
        f"lead | name | phone | scale | analyst | analysis_date\n{known} | 大 | 刘洋 | 2026-11-17",
        "analysis",
    )
    desk.run(W47)
    assert desk.fates("刘洋/分析.csv") == [("刘洋/分析.csv", 2, "无效")]
    assert open_returns(desk) == []
    mine = desk.report.invalid.set_index("file").loc["刘洋/分析.csv"]
    assert [mine["reason"], mine["name"], mine["phone"]] == ["拒绝联系名单", "", ""]
