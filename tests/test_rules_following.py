"""R6, R7, R10, R14, R17 and the reminders, each rule on a small table (workflow.md; manual chapters 1–8)."""

from __future__ import annotations

from datetime import date

import pytest
from following import KANG, RUI, facts, leads, lists, reasons, settings

from salessheets.expiry import expired
from salessheets.followup import agenda
from salessheets.followup.lists import follow_up, prepare

REFERRAL = """table    | who | number | name   | phone       | referral_date | referral_way | referrer | referrer_phone | referrer_lead
              referral | L0  | 8      | 王建国 | 13800000000 | 2026-11-05    | 委托客户介绍 | 孙伟     | 13900000001    | {0}
              referral | {1} | 9      | 王建国 | 13800000000 | 2026-11-09    | 朋友介绍     | {2}      | {3}            |"""
ONE = "lead | name\nL0 | 王建国"


def talks(*rows):
    head = "table | who | talk_number | talk_date | our_people | content | talk_state | next_step | next_talk_date | deal_amount"
    return "\n".join([head, *(f"negotiation | {row}" for row in rows)])


def test_r06_the_referrer_is_linked_to_his_own_number():
    customers = "table | who | name | phone | consult_date\nconsult_log | L7 | 孙伟 | 13900000001 | 2026-11-02"
    by_phone = lists(facts(customers, REFERRAL.format("", "L1", "别人", "")), ONE).referrals.set_index("lead")
    assert by_phone.at["L0", "referrer_lead"] == "L7"
    typed = lists(facts(customers, REFERRAL.format("00010-1-5", "L1", "别人", "")), ONE).referrals.set_index("lead")
    assert typed.at["L0", "referrer_lead"] == "L7"


def test_r06_of_two_referrers_the_earlier_wins_and_both_are_shown():
    made = lists(facts(REFERRAL.format("", "L0", "李丽", "13900000002")), ONE)
    assert made.referrals[["lead", "referrer", "others"]].to_numpy().tolist() == [["L0", "孙伟", "李丽 2026-11-09"]]
    assert made.collisions.to_numpy().tolist() == [
        ["L0", "两个转介绍人", "孙伟", "2026-11-05", "李丽", "2026-11-09"]
    ]  # fmt: skip


def test_r06_the_same_referrer_twice_is_no_collision():
    assert lists(facts(REFERRAL.format("", "L0", "孙总", "13900000001")), ONE).collisions.empty


def test_r06_two_reps_at_one_customer_collide_and_so_does_a_rep_with_the_one_who_follows_him():
    visits = """table     | who | name   | phone       | visit_date | rep
                visit_log | L0  | 王建国 | 13800000000 | 2026-11-05 | 刘洋
                visit_log | L0  | 王建国 | 13800000000 | 2026-11-09 | 孙磊
                visit_log | L1  | 李丽   | 13800000001 | 2026-11-18 | 孙磊"""
    typed = f"number | day | workbook | lead | field | old | new\n5 | 2026-11-16 | {KANG} | L1 | owner | | 马晓东"
    made = lists(
        facts(visits, edits=typed),
        "lead | name | owner\nL0 | 王建国 |\nL1 | 李丽 | 马晓东",
        {("L1", KANG, "owner"): "马晓东"},
    )
    assert made.collisions.to_numpy().tolist() == [
        ["L1", "拜访了别人的客户", "马晓东", "2026-11-16", "孙磊", "2026-11-18"],
        ["L0", "两个业务代表", "刘洋", "2026-11-05", "孙磊", "2026-11-09"],
    ]


REFERRED = REFERRAL.format("", "L1", "别人", "")
WON = talks(
    "L0 | 1 | 2026-11-10 | 刘洋 | 谈了政策 | 建议报价 | 寄合同 | 2026-11-12 |",
    "L0 | 2 | 2026-11-12 | 刘洋 | 签了合同 | 成交 | | | 48000",
)


def thanks_of(made):
    return (
        made.referrals[made.referrals["lead"] == "L0"][["success", "success_date", "due", "state"]].to_numpy().tolist()
    )


def test_r07_a_deal_with_a_referred_lead_makes_exactly_one_thanks_due_in_seven_days():
    for tables in ((REFERRED, WON), (REFERRED, WON, WON)):  # also when the talks come in again
        made = lists(facts(*tables), ONE)
        assert thanks_of(made) == [["签约", "2026-11-12", "2026-11-19", "逾期"]]
        assert reasons(made, "L0") == "待答谢"


def test_r07_nothing_is_owed_before_the_deal_and_nothing_to_nobody():
    assert thanks_of(lists(facts(REFERRED, talks("L0 | 1 | 2026-11-10 | 刘洋 | 谈 | 建议报价 | | |")), ONE)) == [
        ["", "", "", ""]
    ]
    assert lists(facts(WON), ONE).referrals.empty


@pytest.mark.parametrize(("what", "day"), [("首次洽谈", "2026-11-10"), ("签约", "2026-11-12"), ("首单", "2026-11-12")])
def test_r07_what_counts_as_success_is_a_setting(what, day):
    made = lists(facts(REFERRED, WON, office=settings(thanks_after=what)), ONE)
    assert thanks_of(made)[0][:2] == [what, day]


@pytest.mark.parametrize(
    ("thanked", "state", "told", "left"),
    [("2026-11-15", "", "已答谢", ""), ("", "无需", "无需", ""), ("", "待答谢", "逾期", "待答谢")],
)
def test_r07_thanks_that_were_given_are_owed_no_more(thanked, state, told, left):
    record = f"""table           | who | referrer | lead      | success | success_date | thanked_date | state
                 referral_thanks | L0  | 孙伟     | 00008-1-5 | 签约    | 2026-11-12   | {thanked}    | {state}"""
    made = lists(facts(REFERRED, WON, record), ONE)
    assert thanks_of(made)[0][3] == told
    assert reasons(made, "L0") == left


def test_r07_a_director_who_marks_the_deal_owes_thanks_too():
    typed = f"number | day | workbook | lead | field | old | new\n5 | 2026-11-16 | {KANG} | L0 | status | | 已成交"
    made = lists(facts(REFERRED, edits=typed), ONE, {("L0", KANG, "status"): "已成交"})
    assert thanks_of(made) == [["签约", "2026-11-16", "2026-11-23", "待答谢"]]


CALLS = """lead | scale | team     | experience | philosophy | need     | problem_fit | likelihood | ease | channel  | inferred
           L0   | 大    | 20人以上 | 5年以上    | 一致       | 明确需求 | 能解决      | 高         | 易   | 网络咨询 |
           L1   | 大    | 20人以上 | 5年以上    |            | 明确需求 | 能解决      |            | 易   | 网络咨询 |
           L2   | 大    | 20人以上 | 5年以上    | 一致       |          |             |            |      | 网络咨询 |
           L3   | 微    | 5人以下  | 1年以下    | 不一致     | 无       |             | 低         | 难   | 购买名录 |
           L4   |       |          |            |            |          |             |            |      | 网络咨询 |"""


def test_r14_worth_a_call_are_exactly_those_whose_best_score_reaches_a():
    table = leads(CALLS)
    worth = agenda.to_call(facts(), table)
    # L0 is A already, L3 cannot reach it, of L4 too little is known; one answer brings both others 9, L1 may get farther.
    assert list(worth.items()) == [(("L1", KANG), "合作可能性"), (("L2", KANG), "需求")]
    assert len(agenda.to_call(facts(office=settings(call_limit=1)), table)) == 1


OWNED = "lead | name | owner | final_class | last_date\nL0 | 王建国 | 刘洋 | {} | 2026-11-01"


def test_r17_a_talk_sets_status_and_next_date():
    made = facts(talks("L0 | 1 | 2026-11-10 | 刘洋 | 谈了政策 | 建议报价 | 寄合同 | 2026-11-18 |"))
    shown = lists(made, OWNED.format("B")).agenda
    assert shown[["reasons", "person", "due", "late", "what"]].to_numpy().tolist() == [
        ["已逾期", "刘洋", "2026-11-18", 2, "寄合同"]
    ]


@pytest.mark.parametrize(("state", "shown"), [("需求确认", "已洽谈"), ("成交", "已成交"), ("失败", "跟进中")])
def test_r17_an_answer_after_a_talk_begins_again_but_takes_no_talk_back(state, shown):
    answer = "table | who | name | phone | handover_date | handled_date | result\nhandover | L0 | 王建国 | 13800000000 | 2026-11-12 | 2026-11-13 | 有意向"
    made = facts(talks(f"L0 | 1 | 2026-11-10 | 刘洋 | 谈 | {state} | | |"), answer)
    assert prepare(made, {"L0": (KANG,)}, {}).typed["L0", KANG, "status"] == shown


@pytest.mark.parametrize(
    ("date", "reason"),
    [("2026-11-19", "已逾期"), ("2026-11-20", "本周到期"), ("2026-11-22", "本周到期"), ("2026-11-23", "")],
)
def test_r17_due_and_overdue(date, reason):
    made = facts(talks(f"L0 | 1 | 2026-11-10 | 刘洋 | 谈 | 需求确认 | | {date} |"))
    assert reasons(lists(made, OWNED.format("B")), "L0") == reason


def test_r17_a_newer_contact_settles_what_was_due_until_then():
    first = "L0 | 1 | 2026-11-10 | 刘洋 | 谈 | 需求确认 | 再谈 | {} |"
    silent = "L0 | 2 | 2026-11-18 | 刘洋 | 又谈 | 建议报价 | | |"
    assert reasons(lists(facts(talks(first.format("2026-11-17"), silent)), OWNED.format("C")), "L0") == ""
    assert reasons(lists(facts(talks(first.format("2026-11-21"), silent)), OWNED.format("C")), "L0") == "本周到期"


def test_r17_the_newest_statement_counts_whether_typed_or_on_a_sheet():
    talk = talks("L0 | 1 | 2026-11-17 | 刘洋 | 谈 | 成交 | | | 100")
    for day, status in (("2026-11-16", "已成交"), ("2026-11-18", "暂缓")):
        typed = f"number | day | workbook | lead | field | old | new\n5 | {day} | {KANG} | L0 | status | | 暂缓"
        shown = prepare(facts(talk, edits=typed), {"L0": (KANG,)}, {("L0", KANG, "status"): "暂缓"}).typed
        assert shown["L0", KANG, "status"] == status


def test_r17_a_talk_is_about_the_brand_whose_rep_took_part():
    from salessheets.followup.lists import prepare

    talk = talks("L0 | 1 | 2026-11-17 | 刘洋、周立 | 谈 | 成交 | | | 100")
    owners = {("L0", KANG, "owner"): "刘洋", ("L0", RUI, "owner"): "孙磊"}
    shown = prepare(facts(talk), {"L0": (KANG, RUI)}, owners).typed
    assert [shown.get(("L0", brand, "status"), "") for brand in (KANG, RUI)] == ["已成交", ""]
    assert ("L0", RUI, "status") in prepare(facts(talk), {"L0": (KANG, RUI)}, {}).typed


def test_r17_the_steps_of_a_strategy_are_due_one_after_the_other():
    plan = """table    | who | number | goal | approach | responsible | step1 | step1_date | step2 | step2_date | outcome
              strategy | L0  | 30     | 签约 | 样板店   | 刘洋        | 电话  | 2026-11-11 | 到访  | 2026-11-19 | {}"""
    talk = talks("L0 | 1 | 2026-11-12 | 刘洋 | 谈 | 需求确认 | | |")
    made = lists(facts(plan.format(""), talk), OWNED.format("B"))
    assert made.agenda[["reasons", "due", "what"]].to_numpy().tolist() == [["已逾期", "2026-11-19", "到访"]]
    assert reasons(lists(facts(plan.format("已到访"), talk), OWNED.format("C")), "L0") == ""


def test_r17_a_prefilled_form_that_nobody_filled_in_is_no_event():
    blank = "table | who | talk_number | talk_date | content | talk_state\nnegotiation | L0 | | | |"
    plan = "table | who | goal | approach | step1_date\nstrategy | L0 | | |"
    made = lists(facts(blank, plan), ONE)
    assert made.events.empty
    assert made.plans.empty


def test_r17_after_the_deal_visits_and_complaints_are_due():
    visit = """table      | who | visit_date | visitor | satisfaction | issue    | responsible | deadline   | solved | next_visit_date
               aftersales | L0  | 2026-11-10 | 陈静    | 3            | 少到一箱 | 孙磊        | 2026-11-15 | {}     | 2026-11-20"""
    made = lists(facts(visit.format("否")), OWNED.format("B"))
    assert made.agenda[["reasons", "person"]].to_numpy().tolist() == [["本周到期", "刘洋"], ["售后未解决", "孙磊"]]
    assert reasons(lists(facts(visit.format("是")), OWNED.format("B")), "L0") == "本周到期"


@pytest.mark.parametrize(("name", "days"), [("A", 3), ("B", 7), ("C", 30)])
def test_reminders_by_class_when_nothing_is_planned(name, days):
    last = date(2026, 11, 22)
    for shift, reason in ((0, "定期提醒"), (1, "")):
        contact = date.fromordinal(last.toordinal() - days + shift)
        made = facts(talks(f"L0 | 1 | {contact} | 刘洋 | 谈 | 需求确认 | | |"))
        assert reasons(lists(made, OWNED.format(name)), "L0") == reason


def test_reminders_end_with_a_deal_a_pause_or_without_anybody_to_remind():
    contact = "L0 | 1 | 2026-11-01 | 刘洋 | 谈 | {} | | |"
    assert reasons(lists(facts(talks(contact.format("失败"))), OWNED.format("A")), "L0") == ""
    nobody = "lead | name | owner | final_class\nL0 | 王建国 | | A"
    assert reasons(lists(facts(talks(contact.format("需求确认"))), nobody), "L0") == ""


def test_whoever_somebody_worked_on_is_not_listed_as_expired():
    talk = talks("L0 | 1 | 2026-11-10 | 刘洋 | 谈 | 有意向 | | |")
    old = "lead | first_date\nL0 | 2024-11-20\nL1 | 2024-11-20\nL2 | 2024-11-21"
    made = facts(talk)
    shown = expired(leads(old), made.settings, made.as_of, lists(made, old).touched)
    assert shown["lead"].tolist() == ["L1"]


def test_a_talk_keeps_a_lead_off_the_expired_whatever_was_typed_after_the_sunday_of_a_finished_week():
    typed = f"number | day | workbook | lead | field | old | new\n5 | 2026-11-24 | {KANG} | L0 | manual_class | | C"
    made = facts(talks("L0 | 1 | 2026-11-10 | 刘洋 | 谈 | 需求确认 | | |"), as_of="2026-11-22", edits=typed)
    old = "lead | first_date\nL0 | 2024-11-20\nL1 | 2024-11-20"
    shown = expired(leads(old, "2026-11-22"), made.settings, made.as_of, lists(made, old).touched)
    assert shown["lead"].tolist() == ["L1"]


def test_a_lead_of_no_brand_was_served_all_the_same():
    answer = "table | who | name | phone | handover_date | handled_date | result\nhandover | L0 | 王建国 | 13800000000 | 2026-11-12 | 2026-11-13 | 有意向"
    made = facts(answer)
    prepared = prepare(made, {}, {})
    shown = follow_up(made, prepared, leads(ONE).iloc[:0], leads("lead | brand | channel\nL0 | | 购买名录"))
    assert shown.funnel[["channel", "leads", "followed"]].to_numpy().tolist() == [["购买名录", 1, 1]]
    assert shown.touched["L0", ""] == "2026-11-13"


def test_the_funnel_counts_each_lead_once_at_its_farthest_stage():
    talk = talks(
        "L0 | 1 | 2026-11-10 | 刘洋 | 谈 | 建议报价 | | |",
        "L1 | 1 | 2026-11-10 | 刘洋 | 谈 | 成交 | | | 1",
    )
    bought = "table | who | name | phone | channel | cost\ndirectory | L2 | 甲 | 13800000002 | 购买名录 | 30\ndirectory | L3 | 乙 | 13800000003 | 购买名录 | 15"
    table = "lead | channel\nL0 | 网络咨询\nL1 | 网络咨询\nL2 | 购买名录\nL3 | 购买名录"
    shown = lists(facts(talk, bought), table).funnel.fillna(0)
    assert shown.to_numpy().tolist() == [["网络咨询", 2, 2, 2, 1, 0, 0], ["购买名录", 2, 0, 0, 0, 45, 22.5]]


def test_years_whose_holidays_are_unknown_are_said():
    assert lists(facts(as_of="2026-11-20"), ONE).remarks == ()
    assert "2051" in lists(facts(as_of="2051-03-01"), ONE).remarks[0]


def test_r07_a_finished_week_does_not_know_of_thanks_given_later():
    record = """table           | who | referrer | lead      | success | success_date | thanked_date | state
                referral_thanks | L0  | 孙伟     | 00008-1-5 | 签约    | 2026-11-12   | 2026-11-24   | 已答谢"""
    assert thanks_of(lists(facts(REFERRED, WON, record, as_of="2026-11-22"), ONE))[0][3] == "逾期"
    assert thanks_of(lists(facts(REFERRED, WON, record, as_of="2026-11-24"), ONE))[0][3] == "已答谢"


def test_r07_of_two_brands_one_owes_the_thanks():
    both = f"lead | brand | owner\nL0 | {KANG} | 孙磊\nL0 | {RUI} | 刘洋"
    owners = {("L0", KANG, "owner"): "孙磊", ("L0", RUI, "owner"): "刘洋"}
    made = lists(facts(REFERRED, WON), both, owners)
    assert [reasons(made, "L0", brand) for brand in (KANG, RUI)] == ["", "待答谢"]


def test_a_lead_whose_first_contact_was_just_demanded_does_not_go_back_to_the_pool():
    typed = "number | day | workbook | lead | field | old | new\n5 | {} | {} | L0 | first_due | | 2026-12-01"
    table = OWNED.format("B").replace("2026-11-01", "2026-08-01")
    for day, listed in (("2026-08-20", True), ("2026-11-18", False)):
        made = facts(as_of="2026-11-20", edits=typed.format(day, KANG))
        assert ("可回收" in reasons(lists(made, table), "L0")) == listed
