"""客户档案 and ``explain``: each sighting, talk, typed cell, change of class and answer, with its source and day."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest
from click.testing import CliRunner
from desk import KANG, YI, Desk, shown, type_in

from salessheets.cli import main

W46, W47 = date(2026, 11, 13), date(2026, 11, 20)
LEADS, CARDS = "有效客户名单", "客户档案"
LEAD = "00002-1-2"


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path / "办公室")
    desk.hand_in(
        "陈静/咨询.csv",
        "name | phone | consult_date | brand | content\n"
        "王建国 | 13958671234 | 2026-11-09 | 康源、益生 | 问价格\n"
        "李秀英 | 13912345670 | 2026-11-10 | 康源 | ",
    )
    desk.run(W46)
    type_in(desk.book("2026-W46"), LEADS, LEAD, 跟进状态="跟进中")
    type_in(desk.book("2026-W46", YI), LEADS, LEAD, 备注="益生自己的")
    desk.hand_in(
        "刘洋/洽谈.csv",
        "lead | name | talk_number | talk_date | talk_way | our_people | content | talk_state\n"
        f"{LEAD} | 王建国 | 1 | 2026-11-12 | 上门 | 刘洋 | 谈了区域 | 初步接洽",
        "negotiation",
    )
    desk.hand_in(
        "陈静/移交.csv",
        "name | phone | channel | obtained_date | brand | content | urgent\n"
        "王建国 | 13958671234 | 网络咨询 | 2026-11-11 | 康源 | 想看样板店 | 否",
        "handover",
    )
    desk.run(W46)
    answers = "scale | team | experience | philosophy | need | problem_fit | likelihood | ease"
    desk.hand_in(
        "陈静/分析.csv",
        f"lead | name | {answers} | analyst | analysis_date\n"
        f"{LEAD} | 王建国 | 大 | 20人以上 | 5年以上 | 一致 | 明确需求 | 能解决 | 高 | 易 | 陈静 | 2026-11-17",
        "analysis",
    )
    desk.run(W47)
    return desk


def events(desk, brand):
    columns = ["客户编号", "日期", "事件", "谁"]
    return [(n, d[:10], e, w) for n, d, e, w in shown(desk.book("2026-W47", brand), CARDS, columns)]


def test_the_card_shows_every_event_in_its_order_and_only_leads_with_events(desk):
    assert events(desk, KANG) == [
        (LEAD, "2026-11-09", "首次登记", "陈静"),
        (LEAD, "2026-11-11", "再次登记", "陈静"),
        (LEAD, "2026-11-12", "洽谈", "刘洋"),
        (LEAD, "2026-11-13", "填写", "林总监"),
        (LEAD, "2026-11-17", "分析", "陈静"),
        (LEAD, "2026-11-20", "级别变化", ""),
    ]


def test_a_brand_sees_neither_what_another_typed_nor_its_name(desk):
    page = openpyxl.load_workbook(desk.book("2026-W47"))[CARDS]
    text = "\n".join(str(c.value) for row in page.iter_rows() for c in row)
    assert "益生" not in text
    assert "益生自己的" in str(shown(desk.book("2026-W47", YI), CARDS, ["内容"]))


def test_explain_tells_it_all_by_any_record_number(desk):
    other = next(r.rid for r in desk.outcome.weeks[-1].trace.itertuples() if r.file == "陈静/移交.csv")
    done = CliRunner().invoke(main, ["explain", other, str(desk.office.root)])
    assert done.exit_code == 0
    for told in (
        f"客户 {LEAD}({other} 已并入)", "王建国", "同手机 +11.2", "康源:级别 A", "企业规模 大 15", "洽谈 刘洋:", "谈了区域",
        "填写[益生]", "备注:益生自己的", "级别变化[康源]:待评 → A", "洽谈.csv「洽谈」第2行",
    ):  # fmt: skip
        assert told in done.output, told


def test_explain_says_when_nobody_has_the_number(desk):
    done = CliRunner().invoke(main, ["explain", "00099-1-1", str(desk.office.root)])
    assert done.exit_code == 1
    assert "没有编号是 00099-1-1 的客户" in done.stderr
