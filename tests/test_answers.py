"""是 joins, 不是 parts, and both outlive reruns, another program and a deleted cache (matching.md, "Decision")."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date

import openpyxl
import pandas as pd
import pytest
from desk import KANG, YI, Desk, header_of, shown, type_in

from salessheets import consolidate
from salessheets.match import leads as engine
from salessheets.match.leads_model import MODEL

W46, W47, W48 = date(2026, 11, 13), date(2026, 11, 20), date(2026, 11, 27)
LEADS, MERGES, DOUBTS, SALES = "有效客户名单", "合并明细", "待确认重复", "销售部_周报"
HEAD = "name | phone | consult_date | brand | company | city"
# One phone, no full names that contradict: the program makes one customer of the three.
ROWS = """王总 | 13958671234 | 2026-11-09 | 康源 | | 济南市
王经理 | 13958671234 | 2026-11-10 | 康源 | | 济南市
老王 | 13958671234 | 2026-11-10 | 康源 | | 济南市"""
FIRST, SECOND, THIRD = "00002-1-2", "00002-1-3", "00002-1-4"


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path / "办公室")
    desk.hand_in("陈静/咨询.csv", f"{HEAD}\n{ROWS}")
    desk.run(W46)
    assert list(desk.leads()) == [FIRST]
    return desk


def not_he(desk, week, *rids, book=None):
    for rid in rids:
        type_in(book or desk.book(week), MERGES, rid, column="记录编号", 不是同一客户="不是")


def doubt(monkeypatch, *pairs):
    """An engine that doubts these pairs of records."""

    def match(records, settings, decisions=(), shared=None, model=MODEL):
        found = engine.match(records, settings, decisions, shared, model)
        here = set(records["rid"])
        asks = [(a, b, 4.0, "同微信群 +4 = 4", engine.ASK, False) for a, b in pairs if {a, b} <= here]
        asks = pd.DataFrame(asks, columns=["left", "right", "weight", "reason", "outcome", "joined"])
        return replace(found, edges=pd.concat([found.edges, asks]))

    monkeypatch.setattr(consolidate, "match", match)


def test_a_record_is_taken_out_of_its_lead_for_ever(desk):
    not_he(desk, "2026-W46", SECOND)
    desk.run(W46)
    assert sorted(desk.leads()) == [FIRST, SECOND]
    shutil.rmtree(desk.office.cache)
    desk.hand_in("陈静/咨询2.csv", f"{HEAD}\n小王 | 13958671234 | 2026-11-17 | 康源 | | 济南市")
    desk.run(W47)
    assert sorted(desk.leads()) == [FIRST, SECOND]
    assert set(desk.report.merges["rid"]) == {FIRST, THIRD, "00006-1-2"}


def test_two_taken_out_together_may_still_be_one(desk):
    not_he(desk, "2026-W46", SECOND, THIRD)
    desk.run(W46)
    assert sorted(desk.leads()) == [FIRST, SECOND]
    assert set(desk.report.merges["rid"]) == {SECOND, THIRD}


def test_the_first_sighting_has_no_yellow_cell(desk):
    page = openpyxl.load_workbook(desk.book("2026-W46"))[MERGES]
    top, texts = header_of(page)
    fills = [page.cell(r, texts["不是同一客户"]).fill.fgColor.rgb for r in range(top + 1, top + 4)]
    assert fills == ["00000000", "FFFFF2CC", "FFFFF2CC"]


def test_what_was_typed_stays_with_the_older_part_and_the_other_sees_it(desk):
    type_in(desk.book("2026-W46"), LEADS, FIRST, 备注="约周五", 跟进状态="跟进中")
    desk.run(W46)
    not_he(desk, "2026-W46", SECOND)
    desk.run(W46)
    leads = desk.report.leads.set_index("lead")
    assert (leads.at[FIRST, "note"], leads.at[FIRST, "split_note"]) == ("约周五", "")
    assert (leads.at[SECOND, "note"], leads.at[SECOND, "split_note"]) == ("", "跟进状态:跟进中;备注:约周五")
    assert dict(shown(desk.book("2026-W46"), LEADS, ["客户编号", "拆分前备注"]))[SECOND].endswith("备注:约周五")
    type_in(desk.book("2026-W46"), LEADS, FIRST, 备注="后来写的")
    desk.run(W47)
    assert "后来写的" not in desk.report.leads.set_index("lead").at[SECOND, "split_note"]


def test_an_answer_can_be_taken_back_where_it_is_listed(desk):
    not_he(desk, "2026-W46", SECOND)
    desk.run(W46)
    pair = f"{FIRST}/{SECOND}"
    assert shown(desk.book("2026-W46"), DOUBTS, ["编号", "是否同一客户"]) == [(pair, "不是")]
    type_in(desk.book("2026-W46"), DOUBTS, pair, column="编号", 是否同一客户="是")
    desk.run(W47)
    assert list(desk.leads()) == [FIRST]
    assert desk.report.conflicts["kind"].tolist() == ["回答矛盾"]
    assert desk.report.conflicts[["older", "newer"]].to_numpy().tolist() == [["不是", "是"]]
    desk.run(W48)
    assert list(desk.leads()) == [FIRST]


def test_yes_joins_two_leads_under_the_older_number(desk, monkeypatch):
    desk.hand_in("陈静/咨询2.csv", f"{HEAD}\n李丽 | 13912345670 | 2026-11-10 | 康源 | 康乐店 | 潍坊市")
    doubt(monkeypatch, (FIRST, "00005-1-2"), (SECOND, "00005-1-2"))
    desk.run(W46)
    other = "00005-1-2" if "00005-1-2" in desk.leads() else max(desk.leads())
    doubt(monkeypatch, (FIRST, other), (SECOND, other))
    desk.hand_in("陈静/空.csv", f"{HEAD}\n周全 | 13712340000 | 2026-11-10 | 康源 | | ")
    desk.run(W46)
    pair = f"{FIRST}/{other}"
    rows = shown(desk.book("2026-W46"), DOUBTS, ["编号", "是否同一客户", "客户姓名", "另一个:客户姓名", "相同和不同"])
    assert rows == [(pair, "", "老王", "李丽", "同微信群 +4 = 4")]
    type_in(desk.book("2026-W46"), DOUBTS, pair, column="编号", 是否同一客户="是")
    desk.run(W46)
    assert other not in desk.leads()
    row = desk.report.merges.set_index("rid").loc[other]
    assert (row["lead"], row["reason"]) == (FIRST, "人工确认是同一客户(林总监)")
    not_he(desk, "2026-W46", other)
    desk.run(W47)
    assert other in desk.leads()


def test_unsure_is_not_asked_again_before_something_new_is_known(desk, monkeypatch):
    desk.hand_in("陈静/咨询2.csv", f"{HEAD}\n李丽 | 13912345670 | 2026-11-10 | 康源 | 康乐店 | 潍坊市")
    desk.run(W46)
    other = max(desk.leads())
    doubt(monkeypatch, (FIRST, other))
    desk.hand_in("陈静/空.csv", f"{HEAD}\n周全 | 13712340000 | 2026-11-10 | 康源 | | ")
    desk.run(W46)
    type_in(desk.book("2026-W46"), DOUBTS, f"{FIRST}/{other}", column="编号", 是否同一客户="不确定")
    desk.run(W46)
    assert desk.report.doubts["answer"].tolist() == ["不确定"]
    desk.hand_in("陈静/咨询3.csv", f"{HEAD}\n李丽 | 13912345670 | 2026-11-17 | 康源 | 康乐店 | 潍坊市")
    desk.run(W47)
    assert desk.report.doubts["answer"].tolist() == [""]


def test_pairs_across_brands_are_asked_only_by_the_sales_department(desk, monkeypatch):
    desk.hand_in("陈静/咨询2.csv", f"{HEAD}\n李丽 | 13912345670 | 2026-11-10 | 益生 | 康乐店 | 潍坊市")
    desk.run(W46)
    (other,) = desk.leads(YI)
    doubt(monkeypatch, (FIRST, other))
    desk.hand_in("陈静/空.csv", f"{HEAD}\n周全 | 13712340000 | 2026-11-10 | 康源 | | ")
    desk.run(W46)
    for brand in (KANG, YI):
        assert DOUBTS not in openpyxl.load_workbook(desk.book("2026-W46", brand)).sheetnames
    type_in(desk.book("2026-W46", SALES), DOUBTS, f"{FIRST}/{other}", column="编号", 是否同一客户="是")
    desk.run(W46)
    assert desk.leads(YI).keys() == {FIRST}


def test_an_answer_nobody_understands_is_named(desk):
    type_in(desk.book("2026-W46"), MERGES, SECOND, column="记录编号", 不是同一客户="也许")
    desk.run(W46)
    assert [p.code for p in desk.problems()] == ["edit-answer"]
    assert list(desk.leads()) == [FIRST]


def test_a_namesake_by_a_persons_word_takes_in_who_fits_one_of_the_names(desk):
    """是 between two full names: later rows with either name are his."""
    from salessheets.match.decisions import Decision

    head = "number | name | phone\n"
    from small import records

    rows = records(head + "2 | 王建国 | 13958671234\n3 | 李秀英 | 13958671234\n4 | 李秀英 | 13958671234")
    said = Decision(frozenset(["00002-1-5"]), frozenset(["00003-1-6"]), "是", 9)
    assert len(set(engine.match(rows, desk.settings).labels)) == 2
    assert len(set(engine.match(rows, desk.settings, (said,)).labels)) == 1
