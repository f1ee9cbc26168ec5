"""R1–R4, R8: the daily hand-over, each rule on a small table (workflow.md; manual chapter 1, 2①④)."""

from __future__ import annotations

from datetime import date

import pytest
from following import facts, lists, settings

from salessheets.followup import handover
from salessheets.settings import Absence

WEEK = [f"2026-11-{n}" for n in (16, 17, 18, 19, 20)]


def matrix(made):
    return handover.form_matrix(made).set_index("person").T.to_dict()


def forms(person, *days, rows=3):
    return [(person, day, rows) for day in days]


def test_r01_one_days_file_left_out_is_exactly_one_missing():
    handed_in = [*forms("陈静", *WEEK), *forms("何敏", *(day for day in WEEK if day != "2026-11-18"))]
    shown = matrix(facts(forms=handed_in, as_of="2026-11-22"))
    assert [(p, d) for p, days in shown.items() for d, mark in days.items() if mark != "✓"] == [("何敏", "2026-11-18")]
    assert shown["何敏"]["2026-11-18"] == "缺"


def test_r01_an_empty_form_is_a_form_and_todays_is_not_due_before_the_evening():
    handed_in = [*forms("陈静", *WEEK[:3]), ("陈静", WEEK[3], 0)]
    assert list(matrix(facts(forms=handed_in))["陈静"].values()) == ["✓", "✓", "✓", "0", "待交"]


def test_r01_leave_is_no_missing_form_and_a_shifted_saturday_is_a_working_day():
    office = settings(Absence("陈静", "请假", date(2026, 10, 9), date(2026, 10, 10)))
    shown = matrix(facts(as_of="2026-10-11", office=office))
    assert list(shown["陈静"]) == ["2026-10-08", "2026-10-09", "2026-10-10"]  # National Day until the 7th
    assert list(shown["陈静"].values()) == ["缺", "假", "假"]
    assert list(shown["何敏"].values()) == ["缺", "缺", "缺"]


def test_r01_who_hands_in_although_he_is_no_clerk_is_shown_but_never_missing():
    assert matrix(facts(forms=forms("刘洋", WEEK[1]), as_of="2026-11-22"))["刘洋"] == {
        d: "✓" if d == WEEK[1] else "" for d in WEEK
    }


def log(count):
    lines = [f"consult_log | L{n} | 客户甲 | 138000{n:05d} | 2026-11-17 | 陈静" for n in range(count)]
    return "\n".join(["table | who | name | phone | consult_date | clerk", *lines])


def handed(numbers, day="2026-11-17"):
    lines = [f"handover | L{n} | 客户甲 | 138000{n:05d} | {day} | {day} | 网络咨询" for n in numbers]
    return "\n".join(["table | who | name | phone | obtained_date | handover_date | channel", *lines])


def test_r02_thirty_in_the_log_and_twenty_eight_handed_over_are_exactly_two_with_a_draft():
    made = facts(log(30), handed(n for n in range(30) if n not in (7, 19)))
    missed = handover.missed(made)
    assert sorted(missed["lead"]) == ["L19", "L7"]
    drafts = handover.drafts(made, missed)
    columns = ["clerk", "name", "phone", "channel", "obtained_date", "urgent"]
    assert drafts[columns].to_numpy().tolist() == [
        ["陈静", "客户甲", "13800000007", "网络咨询", "2026-11-17", "否"],
        ["陈静", "客户甲", "13800000019", "网络咨询", "2026-11-17", "否"],
    ]


@pytest.mark.parametrize(
    ("row", "missing"),
    [
        ("13800000000 | 2026-11-16 | 2026-11-17", 0),  # handed over the next morning
        ("13800000000 |            | 2026-11-17", 0),  # no 获取日期: the form's own day
        ("13800000000 | 2026-11-16 | 2026-11-20", 0),  # late, but it says which day it is about
        ("13800000000 | 2026-11-12 | 2026-11-12", 1),  # an earlier consultation of the same customer
        ("13800000000 | 2026-11-19 | 2026-11-19", 1),  # a later one
        ("13811111111 | 2026-11-16 | 2026-11-16", 1),  # somebody else
    ],
)
def test_r02_phone_and_day_decide(row, missing):
    consulted = "table | who | name | phone | consult_date\nconsult_log | L0 | 王建国 | 138 0000 0000 | 2026-11-16"
    form = f"table | who | name | phone | obtained_date | handover_date\nhandover | L0 | 王建国 | {row}"
    assert len(handover.missed(facts(consulted, form))) == missing


def test_r02_two_days_need_two_rows_and_two_calls_of_one_day_need_one():
    days = "\n".join(f"consult_log | L0 | 王建国 | zhang_san1 | 2026-11-{d}" for d in (16, 16, 17))
    consulted = f"table | who | name | wechat | consult_date\n{days}"
    form = "table | who | name | wechat | obtained_date\nhandover | L0 | 王建国 | zhang_san1 | 2026-11-16"
    assert handover.missed(facts(consulted, form))["date"].tolist() == ["2026-11-17"]


def test_r02_what_was_logged_before_a_holiday_may_be_handed_over_on_the_first_day_after():
    consulted = "table | who | name | phone | consult_date\nconsult_log | L0 | 王建国 | 13800000000 | 2026-09-30"
    form = "table | who | phone | handover_date\nhandover | L0 | 13800000000 | 2026-10-0{}"
    assert handover.missed(facts(consulted, form.format(8), as_of="2026-10-09")).empty
    assert len(handover.missed(facts(consulted, form.format(9), as_of="2026-10-09"))) == 1


URGENT = """table    | who | name   | phone       | obtained_date | handover_date | urgent | urgent_action | recorded_date
            handover | L0  | 王建国 | 13800000000 | 2026-11-19    | 2026-11-19    | 是     | 周立已回电    | {}
            handover | L1  | 李秀英 | 13800000001 | 2026-11-19    | 2026-11-19    | 否     |               |"""


def test_r03_urgent_without_a_later_record_is_a_reminder_and_never_a_block():
    made = facts(URGENT.format(""))
    assert handover.unrecorded(made)["lead"].tolist() == ["L0"]
    assert handover.unrecorded(facts(URGENT.format("2026-11-20"))).empty
    shown = lists(made, "lead | name\nL0 | 王建国\nL1 | 李秀英")
    assert shown.agenda["reasons"].tolist() == ["紧急"]
    assert shown.agenda["lead"].tolist() == ["L0"]


def test_r03_urgent_rows_that_nobody_handed_over_stand_first():
    text = """table | who | name | phone | consult_date | urgent
              consult_log | L0 | 王建国 | 13800000000 | 2026-11-16 | 否
              consult_log | L1 | 李秀英 | 13800000001 | 2026-11-17 | 是"""
    assert handover.missed(facts(text))["lead"].tolist() == ["L1", "L0"]


FORM = """table    | who | name   | phone       | obtained_date | handover_date | received_by | handler | handled_date | result
          handover | L0  | 王建国 | 13800000000 | {0}           | {0}           | 周立        | {1}"""


def answers(handed_over, answer, today, **rules):
    return handover.feedback(facts(FORM.format(handed_over, answer), as_of=today, office=settings(**rules)), {}).iloc[0]


@pytest.mark.parametrize(
    ("handed_over", "answer", "today", "state", "late"),
    [
        ("2026-11-19", "| |", "2026-11-20", "待反馈", 0),
        ("2026-11-19", "| |", "2026-11-23", "逾期未反馈", 1),  # Monday: one working day late
        ("2026-11-20", "| |", "2026-11-23", "待反馈", 0),  # Friday is answered on Monday
        ("2026-11-19", "| |", "2026-11-22", "逾期未反馈", 1),  # due on Friday: that Sunday its day is over
        ("2026-09-30", "| |", "2026-10-08", "待反馈", 0),  # the first working day after National Day
        ("2026-09-30", "| |", "2026-10-10", "逾期未反馈", 2),  # and that Saturday is worked
        ("2026-11-16", "刘洋 | 2026-11-17 | 有意向", "2026-11-20", "按时", 0),
        ("2026-11-16", "刘洋 | 2026-11-19 | 有意向", "2026-11-20", "迟反馈", 2),
        ("2026-11-19", "刘洋 | 2026-11-21 | 有意向", "2026-11-23", "迟反馈", 1),  # a day off after the due day
    ],
)
def test_r04_feedback_next_working_day(handed_over, answer, today, state, late):
    row = answers(handed_over, answer, today)
    assert (row["state"], row["late"]) == (state, late)


def test_r04_with_calendar_days_saturday_counts():
    assert answers("2026-11-20", "| |", "2026-11-23", feedback_days="自然日")["late"] == 2


def test_r04_who_owes_the_answer_and_his_rate():
    text = """table    | who | phone       | handover_date | received_by | handler | handled_date | result
              handover | L0  | 13800000000 | 2026-11-16    | 周立        | 刘洋    | 2026-11-17   | 有意向
              handover | L1  | 13800000001 | 2026-11-16    | 周立        | 刘洋    | 2026-11-19   | 未接通
              handover | L2  | 13800000002 | 2026-11-16    | 周立        |         |              |
              handover | L3  | 13800000003 | 2026-11-19    |             |         |              |"""
    made = facts(text, as_of="2026-11-20")
    people = handover.by_person(made, handover.feedback(made, {})).set_index("person")
    assert people.loc["刘洋", ["due", "on_time", "late", "overdue", "open", "rate"]].tolist() == [2, 1, 1, 0, 0, 0.5]
    assert people.loc["周立", ["due", "on_time", "late", "overdue", "open", "longest"]].tolist() == [1, 0, 0, 1, 1, 3]


def test_r04_a_talk_with_the_customer_is_an_answer_too():
    made = facts(FORM.format("2026-11-16", "| |"), as_of="2026-11-20")
    assert handover.feedback(made, {"L0": ["2026-11-12", "2026-11-17"]})["state"].tolist() == ["按时"]


VISIT = "table | who | number | name | phone | visit_date | rep | company | products | attitude\n"


def test_r08_a_visit_nobody_handed_over_becomes_a_draft_for_the_clerk():
    row = "visit_log | L0 | 7 | 王建国 | 13800000000 | 2026-11-17 | 刘洋 | 福寿堂 | 理疗床 | 热情"
    made = facts(VISIT + row)
    missed = handover.missed(made)
    assert missed[["kind", "person"]].to_numpy().tolist() == [["陌拜未移交", "刘洋"]]
    columns = ["clerk", "name", "company", "channel", "source_detail", "obtained_date", "content"]
    assert handover.drafts(made, missed)[columns].to_numpy().tolist() == [
        ["陈静", "王建国", "福寿堂", "陌生拜访", "刘洋拜访", "2026-11-17", "理疗床\uff0c态度热情"]
    ]


def test_r08_a_visit_handed_over_later_in_the_week_is_no_draft_any_more():
    row = "visit_log | L0 | 7 | 王建国 | 13800000000 | 2026-11-17 | 刘洋 | 福寿堂 | |"
    form = (
        "table | who | phone | handover_date | obtained_date\nhandover | L0 | 13800000000 | 2026-11-2{0} | 2026-11-2{0}"
    )
    assert handover.missed(facts(VISIT + row, form.format(0))).empty
    before = "table | who | phone | handover_date\nhandover | L0 | 13800000000 | 2026-11-13"
    assert len(handover.missed(facts(VISIT + row, before))) == 1
