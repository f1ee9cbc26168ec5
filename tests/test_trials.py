"""What a director types on 客户分析 and 评分标准 is taken, passed on, or named: nothing is ignored in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from desk import HEAD, KANG, LI, SETTINGS, WANG, Desk, shown, type_in

from salessheets.archive import Archive
from salessheets.copies import Baseline, read_copy
from salessheets.read import Reader
from salessheets.roundtrip import SALES_WORKBOOK as SALES
from salessheets.trials import applied, standard

W46, W47, MUCH_LATER = date(2026, 11, 13), date(2026, 11, 20), date(2026, 12, 25)
ANALYSIS, LEADS, STANDARD, SUGGESTED = "客户分析", "有效客户名单", "评分标准", "评分建议"


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path / "办公室")
    desk.hand_in("陈静/咨询.csv", f"{HEAD}\n{WANG}\n{LI}")
    desk.run(W46)
    return desk


def of(desk, name):
    leads = desk.report.leads
    return leads[leads["name"] == name].iloc[0]


def tried(desk, week="2026-W46", **numbers):
    """Type numbers into 评分标准: item_answer or rule → what is typed."""
    book = openpyxl.load_workbook(desk.book(week))
    page = book[STANDARD]
    for row in page.iter_rows(min_row=4):
        for name, cell in ((f"{row[0].value}_{row[1].value}", row[2]), (str(row[4].value), row[5])):
            if name in numbers:
                cell.value = numbers.pop(name)
    assert not numbers
    book.save(desk.book(week))


def suggested(desk):
    return desk.report.suggestions[["brand", "who", "key", "now", "wanted"]].to_numpy().tolist()


def not_taken(desk):
    rows = desk.report.conflicts
    return rows[rows["kind"] == "没有采用"][["brand", "field", "newer"]].to_numpy().tolist()


# --- 客户分析 -----------------------------------------------------------------------------------------------------


def test_a_class_typed_over_the_formula_on_the_analysis_is_taken_like_one_on_the_list(desk):
    lead = desk.lead("王建国")
    type_in(desk.book("2026-W46"), ANALYSIS, lead, 人工级别="A")
    desk.run(W46)
    assert (of(desk, "王建国")["manual_class"], of(desk, "王建国")["final_class"]) == ("A", "A")
    both = [dict(shown(desk.book("2026-W46"), sheet, ("客户编号", "人工级别"))) for sheet in (ANALYSIS, LEADS)]
    assert both == [{lead: "A", desk.lead("李秀英"): ""}] * 2
    type_in(desk.book("2026-W46"), LEADS, lead, 人工级别="C")
    desk.run(W47)
    assert of(desk, "王建国")["manual_class"] == "C"
    assert desk.report.conflicts.empty


def test_two_classes_typed_for_one_customer_are_both_shown(desk):
    lead = desk.lead("王建国")
    type_in(desk.book("2026-W46"), LEADS, lead, 人工级别="B")
    type_in(desk.book("2026-W46"), ANALYSIS, lead, 人工级别="A")
    desk.run(W46)
    rows = desk.report.conflicts[["kind", "field", "older", "newer"]].to_numpy().tolist()
    assert rows == [["两个值", "人工级别", "B", "A"]]


def test_another_name_on_the_analysis_is_said_not_to_be_taken(desk):
    type_in(desk.book("2026-W46"), ANALYSIS, desk.lead("王建国"), 客户姓名="汪建国")
    desk.run(W46)
    assert desk.lead("王建国")
    assert [row[0] for row in not_taken(desk)] == [KANG]


def test_a_workbook_of_an_older_program_is_read_as_it_was_written(desk):
    """Its issue record knows nothing of 客户分析 and 评分标准; nobody is told that his rows are unknown."""
    book = desk.book("2026-W46")
    with Reader() as reader:
        read = reader.workbook(book.read_bytes(), "book.xlsx")
    lead = desk.lead("王建国")
    cells = {("有效客户名单", lead, "note"): "", ("有效客户名单", lead, "owner"): ""}
    entry = next(iter(Archive.open(desk.office).entries))
    people, fields, order = {lead: ("王建国", "13958671234")}, {LEADS: frozenset({"note", "owner"})}, {LEADS: [lead]}
    copy = read_copy(read, Baseline(KANG, cells, people, {}, fields, order), entry, "林总监", {})
    assert {place[0] for place in copy.cells} == {LEADS}
    assert {p.sheet for p in copy.problems} & {ANALYSIS, STANDARD} == set()


# --- 评分标准 -----------------------------------------------------------------------------------------------------


def test_numbers_tried_out_are_suggested_to_the_sales_department_and_change_nothing(desk):
    before = of(desk, "王建国")["score"]
    tried(desk, 来源渠道_网络咨询=9, A类比例="25%")
    desk.run(W46)
    assert suggested(desk) == [
        [KANG, "林总监", "来源渠道 → 网络咨询", "7", "9"],
        [KANG, "林总监", "A类比例", "0.2", "0.25"],
    ]
    assert of(desk, "王建国")["score"] == before
    columns = ("品牌", "谁", "项目或规则", "答案", "现在", "建议")
    page = openpyxl.load_workbook(desk.book("2026-W46", SALES))[SUGGESTED]
    header = [cell.value for cell in page[3]]
    rows = [tuple(row[header.index(c)].value or "" for c in columns) for row in page.iter_rows(min_row=4)]
    assert rows == [(KANG, "林总监", "来源渠道", "网络咨询", "7", "9"), (KANG, "林总监", "A类比例", "", "20%", "25%")]
    assert others_than_the_offices(desk) == set()  # the new workbook shows the office's own numbers


def others_than_the_offices(desk) -> set[str]:
    """Numbers of 评分标准 in the newest workbook that are not the office's."""
    page = openpyxl.load_workbook(desk.book("2026-W46"), data_only=True)[STANDARD]
    office = standard(SETTINGS)
    keys = {f"{r[0].value} → {r[1].value}": r[2].value for r in page.iter_rows(min_row=4)}
    return {str(value) for key, value in keys.items() if key in office and float(office[key]) != float(value)}


def test_a_suggestion_stands_until_it_is_taken_back_or_the_office_says_the_same(desk):
    tried(desk, 来源渠道_网络咨询=9)
    desk.run(W47)
    assert [row[4] for row in suggested(desk)] == ["9"]
    criteria = tuple(
        replace(c, points=dict(c.points) | {"网络咨询": 9.0}) if c.field == "channel" else c for c in SETTINGS.criteria
    )
    desk.set(replace(SETTINGS, criteria=criteria))
    desk.run(W47)
    assert suggested(desk) == []
    desk.set(SETTINGS)
    desk.run(W47)
    assert [row[4] for row in suggested(desk)] == ["9"]
    desk.run(MUCH_LATER)
    assert suggested(desk) == []


def test_what_is_no_number_is_named(desk):
    tried(desk, A类最低分="很多", 小区域客户数=2.5)
    desk.run(W46)
    assert suggested(desk) == []
    assert [row[2] for row in not_taken(desk)] == ["很多", "2.5"]


def test_the_numbers_of_the_sheet_make_the_settings_they_stand_for():
    office = standard(SETTINGS)
    assert applied(SETTINGS, office) == SETTINGS
    other = applied(SETTINGS, {"A类比例": "0.5", "需求 → 明确需求": "20"})
    assert (other.rules.share_a, other.rules.share_b) == (0.5, SETTINGS.rules.share_b)
    assert next(c.maximum for c in other.criteria if c.field == "need") == 20
