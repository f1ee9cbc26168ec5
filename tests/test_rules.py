"""R9–R16 end to end on the sample office; R1–R8 and R17 have small tables of their own (test_rules_*.py)."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pytest
from following import leads
from test_roundtrip import book_path, run, shown, type_in

from salessheets.fates import FATES
from salessheets.followup import agenda
from salessheets.portfolio import _sorted
from salessheets.score import half_up
from salessheets.week import trace

LEVELS = ["省级", "地级市", "市级", "县级", "乡镇", "待定"]


def test_r09_the_equation_holds_for_every_file_and_week(ran):
    for done in ran[1].weeks:
        ledger = done.report.ledger
        assert (ledger["rows"] + ledger["opening"] == ledger[list(FATES)].sum(axis=1)).all()


def test_r10_an_assignment_is_kept_and_leaves_the_waiting_list(office):
    waiting = trace(office).report.leads.query("brand == '康源高电位' and owner == ''")["lead"]
    type_in(book_path(office), "待分配", waiting.iloc[0], 跟进人="刘洋")
    for _ in range(2):
        report = run(office).weeks[-1].report if _ == 0 else trace(office).report
        assert report.leads.query("brand == '康源高电位'").set_index("lead").at[waiting.iloc[0], "owner"] == "刘洋"
    assert shown(book_path(office), "有效客户名单", waiting.iloc[0], "跟进人") == "刘洋"
    assert not run(office).fresh


def test_r11_one_lead_per_level_comes_in_exactly_this_order():
    text = "\n".join(["lead | region_level", *(f"L{n} | {level}" for n, level in enumerate(reversed(LEVELS)))])
    assert _sorted(leads(text))["region_level"].tolist() == LEVELS


SAME = "大 | 5-9人 | 3-5年 | 一致 | 可激发 | 能解决 | 中 | 易 | 网络咨询"
WEAK = "微 | 5-9人 | 3-5年 | 基本一致 | 潜在 | 能解决 | 中 | 难 | 网络咨询"


def test_r12_moving_to_another_region_may_change_the_class_never_the_score():
    head = "lead | province | city | scale | team | experience | philosophy | need | problem_fit | likelihood | ease | channel"
    others = [f"A{n} | 山东省 | 济南市 | {SAME}" for n in range(5)] + [
        f"B{n} | 山东省 | 潍坊市 | {WEAK}" for n in range(5)
    ]
    at = {
        city: leads("\n".join([head, *others, f"X | 山东省 | {city} | {WEAK}"])).set_index("lead").loc["X"]
        for city in ("济南市", "潍坊市")
    }
    assert at["济南市"]["score"] == at["潍坊市"]["score"]
    assert [at["济南市"]["system_class"], at["潍坊市"]["system_class"]] == ["C", "B"]


def test_r13_the_points_of_the_reasons_add_up_to_the_score(ran):
    rows = trace(ran[0]).report.leads
    added = pd.Series([sum(points for _, _, points, _ in reasons) for reasons in rows["reasons"]])
    assert half_up(added).tolist() == rows["score"].tolist()


def test_r14_the_list_is_exactly_those_whose_best_possible_score_reaches_a(ran):
    done = ran[1].weeks[-1]
    rows, rules = done.report.leads, done.report.settings.rules
    listed = set(agenda.to_call(done.facts, rows))
    unsure = [any(answer == "未知" or guess for _, answer, _, guess in reasons) for reasons in rows["reasons"]]
    wanted = {
        (r.lead, r.brand)
        for r, open_question in zip(rows.itertuples(), unsure, strict=True)
        if r.completeness >= 0.4 and r.system_class != "A" and r.score_high >= r.line_a and open_question
        if r.status not in ("已成交", "放弃", "暂缓")
    }
    assert listed == wanted
    assert all(len({k for k in listed if k[1] == b.name}) <= rules.call_limit for b in done.report.settings.brands)
    assert listed


def test_r15_the_analysis_says_when_it_was_archived_and_whom_it_went_to(ran):
    report = trace(ran[0]).report
    assert set(report.leads["handed_to"]) >= {"刘洋", "孙磊"}
    page = openpyxl.load_workbook(book_path(ran[0]))["客户分析"]
    assert {"归档日期", "移交跟进人"} <= {cell.value for cell in page[3]}


@pytest.mark.parametrize("reason", ["空号停机", "拒绝联系", "无效", "拒绝联系名单"])
def test_r16_who_is_invalid_is_listed_with_the_reason_and_on_no_list(ran, reason):
    report = trace(ran[0]).report
    mine = report.invalid[report.invalid["reason"] == reason]
    assert len(mine)
    phones = set(mine["phone"]) - {""}
    assert not phones & set(report.leads["phone"])
    assert phones or reason == "拒绝联系名单"
    assert not phones & set(report.lists.agenda["phone"])
