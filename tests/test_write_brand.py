"""The weekly workbook of a brand, sheet by sheet (workflow.md, "The weekly workbook of a brand")."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from datetime import datetime
from functools import cache
from xml.etree import ElementTree as ET

import openpyxl
import pandas as pd
import pytest
from report_fixture import EMPTY, KANG, WEEK, YI, changed, empty_report, report

from salessheets.write.brand import write_brand

OVERVIEW, WAITING, LEADS, ANALYSIS, MERGES, LEDGER, CRITERIA, NOTES = (
    "概览", "待分配", "有效客户名单", "客户分析", "合并明细", "对账", "评分标准", "说明",
)  # fmt: skip
DOUBTS, CONFLICTS, CARDS, REGIONS = "待确认重复", "冲突", "客户档案", "区域×级别"
WORKING = (WAITING, LEADS, ANALYSIS, DOUBTS, CONFLICTS, CARDS, MERGES, LEDGER)
CHART = "策略图"  # not a table
YELLOW, YELLOW_HEAD = "FFFFF2CC", "FFFFE699"


@cache
def usual(brand, *, formulas):
    return book(report(), brand, formulas=formulas)


def book(made=None, brand=KANG, *, formulas=False):
    """The workbook as a viewer shows it, or with its formulas."""
    if made is None:
        return usual(brand, formulas=formulas)
    data = write_brand(made, brand, "0123456789abcdef")
    return openpyxl.load_workbook(io.BytesIO(data), data_only=not formulas)


def table(sheet):
    """Header → cells below it, of the sheet's one table."""
    (one,) = sheet.tables.values()
    head, *rows = sheet[one.ref]
    return {cell.value: [row[at] for row in rows] for at, cell in enumerate(head)}


def links(sheet):
    return {cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}


def values(sheet, header):
    return [cell.value or "" for cell in table(sheet)[header]]


def shown(cell):
    """A real date as ISO text, anything else as it is."""
    return cell.value.date().isoformat() if isinstance(cell.value, datetime) else cell.value


def words(sheet):
    return [plain(str(cell.value)) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def plain(text):
    """Full-width punctuation as ASCII, so that a test can be typed and read."""
    return unicodedata.normalize("NFKC", text)


def charts(data):
    """Title and description of every chart."""
    pack = zipfile.ZipFile(io.BytesIO(data))
    titles = []
    for name in sorted(n for n in pack.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", n)):
        title = ET.fromstring(pack.read(name)).find(".//{*}chart/{*}title")
        titles.append("".join(t.text for t in title.iter() if t.tag.endswith(("}t", "}v"))))
    drawings = [pack.read(n).decode() for n in pack.namelist() if n.startswith("xl/drawings/drawing")]
    described = [text for drawing in drawings for text in re.findall(r' descr="([^"]*)"', drawing)]
    return [plain(title) for title in titles], [plain(text) for text in described]


# --- the workbook -------------------------------------------------------------------------------------------------


def test_the_sheets_come_in_the_same_order_every_week():
    assert book().sheetnames == [
        OVERVIEW,
        WAITING,
        LEADS,
        ANALYSIS,
        DOUBTS,
        CONFLICTS,
        REGIONS,
        CHART,
        CARDS,
        MERGES,
        LEDGER,
        CRITERIA,
        NOTES,
    ]


def test_sheets_with_nothing_to_say_are_left_out_and_the_notes_say_which():
    page = book(brand=EMPTY)
    assert page.sheetnames == [OVERVIEW, NOTES]
    assert any({*WORKING, CRITERIA} <= {*text.split("、")} for text in words(page[NOTES]))


def test_a_week_without_anything_is_a_workbook_too():
    data = write_brand(empty_report(), KANG, "x")
    assert charts(data) == ([], [])
    assert any("没有图" in text for text in words(openpyxl.load_workbook(io.BytesIO(data))[OVERVIEW]))


def test_working_sheets_can_be_sorted_and_filtered_the_others_are_protected_without_password():
    page = book()
    for name in WORKING:
        (one,) = page[name].tables.values()
        assert one.autoFilter is not None
        assert page[name].freeze_panes
        assert not page[name].protection.sheet
        assert page[name].cell(3, 1).value == one.column_names[0]  # from column A, title and one line above it
        assert not page[name].merged_cells.ranges
    for name in (OVERVIEW, NOTES):
        assert (page[name].protection.sheet, page[name].protection.password) == (True, None)
        assert not page[name].tables
        assert page[name].auto_filter.ref is None


def test_nothing_is_hidden():
    page = book()
    assert {sheet.sheet_state for sheet in page} == {"visible"}
    assert {name for name in page.defined_names if not name.startswith(("规则_", "标准_"))} == {"salessheets_issue"}
    assert not [d for sheet in page for d in sheet.column_dimensions.values() if d.hidden]


def test_every_sheet_is_reached_from_the_overview_and_leads_back():
    page = book()
    targets = links(page[OVERVIEW])
    for name in (*WORKING, REGIONS, CHART, CRITERIA, NOTES):
        assert f"'{name}'!A1" in targets
        assert links(page[name]) == {f"'{OVERVIEW}'!A1"}


def test_the_cursor_is_at_the_start_of_every_sheet():
    page = book()
    assert page.active.title == OVERVIEW
    for name in WORKING:
        (cursor,) = (s.activeCell for s in page[name].sheet_view.selection if s.pane == "bottomRight")
        assert cursor == "A4"


# --- 概览 ---------------------------------------------------------------------------------------------------------


def test_the_overview_says_which_week_and_whether_it_is_over():
    assert "2026-W47(11月16日–11月22日)  截至 2026-11-20  本周未完,数字还会变" in words(book()[OVERVIEW])
    assert "2026-W47(11月16日–11月22日)  截至 2026-11-20  本周已结" in words(book(report(finished=True))[OVERVIEW])


@pytest.mark.parametrize(
    ("brand", "tiles"),
    [
        (KANG, {"有效客户": 6, "本周新增": 3, "待分配": 3, "紧急": 2, "A类": 2, "B类": 2, "C类": 0, "待评": 2}),
        (YI, {"有效客户": 3, "本周新增": 2, "待分配": 1, "紧急": 1, "A类": 1, "B类": 1, "C类": 0, "待评": 1}),
        (EMPTY, {"有效客户": 0, "本周新增": 0, "待分配": 0, "紧急": 0, "A类": 0, "B类": 0, "C类": 0, "待评": 0}),
    ],
)
def test_the_tiles_are_those_of_the_brand(brand, tiles):
    data = write_brand(report(), brand, "x")
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)[OVERVIEW]
    names = {cell.value: sheet.cell(cell.row + 1, cell.column).value for cell in sheet[4] if cell.value}
    assert names == tiles


def test_what_needs_a_person_is_said_with_a_link_to_its_sheet():
    sheet = book()[OVERVIEW]
    tasks = {plain(c.value): c.hyperlink.location for row in sheet.iter_rows(max_col=1) for c in row if c.hyperlink}
    assert tasks == {
        "→ 3 个客户待分配,其中紧急 2 个": f"'{WAITING}'!A1",
        "→ 1 个客户补一两项资料就能升A": f"'{ANALYSIS}'!A1",
        "→ 1 个客户有待补的资料(「待补」列)": f"'{LEADS}'!A1",
        "→ 1 对客户可能是同一个,请回答": f"'{DOUBTS}'!A1",
        "→ 2 处填写有冲突或没有采用": f"'{CONFLICTS}'!A1",
    }


def test_a_chart_says_its_finding_and_describes_itself():
    titles, described = charts(write_brand(report(), KANG, "x"))
    assert titles == [
        "本周 3 个渠道并列最多:各 1 个",
        "A类 2 个,B类 2 个;2 个要补资料才能评",
        "有效 6 个,还没有洽谈的",
        "本周到现在新增 3 个,上周 2 个",
    ]
    assert len(described) == len(titles)
    assert all(title in text for title, text in zip(titles, described, strict=True))


def test_of_a_finished_week_the_trend_says_more_or_less():
    titles, _ = charts(write_brand(report(finished=True), KANG, "x"))
    assert titles[-1] == "本周新增 3 个,比上周多 1 个"


@pytest.mark.parametrize(
    ("now", "before", "finding"),
    [
        ({"网络咨询": 3, "陌生拜访": 1}, {"购买名录": 9}, "本周网络咨询最多:3 个"),
        ({"网络咨询": 2, "陌生拜访": 2}, {}, "本周网络咨询和陌生拜访并列最多:各 2 个"),
        ({}, {"网络咨询": 2, "陌生拜访": 1}, "本周没有新增;上周网络咨询最多:2 个"),
    ],
)
def test_the_finding_about_channels_is_true_of_the_numbers(now, before, finding):
    rows = [(str(w), c, KANG, n) for w, sizes in ((WEEK, now), (WEEK.back(1), before)) for c, n in sizes.items()]
    counts = pd.DataFrame(rows, columns=["week", "channel", "brand", "new"])
    assert charts(write_brand(report(counts=counts), KANG, "x"))[0][0] == finding


def test_a_chart_that_has_nothing_to_show_is_left_out_and_a_sentence_says_why():
    full = report()
    only = report(counts=full.counts[full.counts["week"] == "2026-W47"], figures=full.figures.iloc[:0])
    assert len(charts(write_brand(only, KANG, "x"))[0]) == 3
    assert "还不到两周,看不出趋势。" in words(book(only)[OVERVIEW])
    quiet = report(counts=full.counts.iloc[:0], figures=full.figures.iloc[:0])
    assert charts(write_brand(quiet, KANG, "x"))[0] == [
        "A类 2 个,B类 2 个;2 个要补资料才能评",
        "有效 6 个,还没有洽谈的",
    ]
    assert any("最近两周没有新增客户,所以没有按渠道的图。" in text for text in words(book(quiet)[OVERVIEW]))


# --- 待分配 and 有效客户名单 ----------------------------------------------------------------------------------------


def test_the_list_keeps_the_order_of_the_report():
    made = report()
    assert values(book(made)[LEADS], "客户编号") == list(made.leads["lead"][made.leads["brand"] == KANG])


def test_customers_without_owner_wait_on_their_own_sheet_urgent_first_then_by_class():
    sheet = book()[WAITING]
    rows = list(zip(values(sheet, "紧急"), values(sheet, "级别"), values(sheet, "客户编号"), strict=True))
    assert rows == [("紧急", "B", "00002-1-6"), ("紧急", "待评", "00003-1-9"), ("", "待评", "00005-1-4")]


def test_the_formula_looks_a_customer_up_by_number_and_never_by_position():
    page = book(formulas=True)
    first = next(cell for cell in table(page[LEADS])["跟进人"] if cell.data_type == "f")
    key = page[LEADS].cell(3, 2).value
    assert key == "客户编号"
    assert first.value == f"=IFERROR(INDEX('待分配'!$L$4:$L$6,MATCH($B{first.row},'待分配'!$C$4:$C$6,0))&\"\",\"\")"
    assert [page[WAITING][f"{letter}3"].value for letter in "CL"] == ["客户编号", "跟进人"]


def test_the_directors_cells_are_yellow_and_show_what_he_typed():
    sheet = book()[LEADS]
    yellow = [cell.value for cell in sheet[3] if cell.fill.fgColor.rgb == YELLOW_HEAD]
    assert "、".join(yellow) == "跟进人、跟进状态、下次跟进日期、处理结果、备注、人工级别、调整原因、要求首次跟进日期"
    cells = table(sheet)
    assert {c.fill.fgColor.rgb for header in yellow[1:] for c in cells[header]} == {YELLOW}
    typed = [shown(cells[header][0]) for header in yellow]
    assert typed == ["刘洋", "跟进中", "2026-11-18", None, "只在下午接电话", None, None, None]


def test_yellow_cells_offer_their_choices():
    page = book()
    offered = {}
    for name in (WAITING, LEADS):
        for rule in page[name].data_validations.dataValidation:
            (area,) = rule.sqref.ranges
            offered[page[name].cell(3, area.min_col).value] = rule.formula1
    assert offered == {
        "跟进人": '"刘洋,赵强,陈静"',  # who left in October is not offered
        "跟进状态": '"未跟进,跟进中,已洽谈,已成交,暂缓,放弃"',
        "人工级别": '"A,B,C"',
    }


def test_values_are_what_they_look_like():
    cells = table(book()[LEADS])
    kinds = {header: (shown(cells[header][0]), cells[header][0].number_format) for header in
             ("联系电话", "首次获取日期", "得分", "完整度", "合并条数")}  # fmt: skip
    assert kinds == {
        "联系电话": ("13912345678", "@"),
        "首次获取日期": ("2026-11-02", "yyyy-mm-dd"),
        "得分": (94, "0.0"),
        "完整度": (1, "0%"),
        "合并条数": (2, "#,##0"),
    }


def test_everybody_assigned_leaves_no_sheet_to_assign_and_no_formula():
    made = report()
    page = book(report(leads=made.leads.assign(owner="刘洋")), formulas=True)
    assert WAITING not in page.sheetnames
    assert {cell.data_type for cell in table(page[LEADS])["跟进人"]} == {"s"}


# --- the others ---------------------------------------------------------------------------------------------------


def test_the_analysis_shows_the_points_of_each_answer_and_they_add_up():
    cells = table(book()[ANALYSIS])
    assert [cells[h][2].value for h in ("系统级别", "人工级别", "补什么可升A")] == ["B", "A", "补合作可能性可升A"]
    assert (cells["合作可能性"][2].value, cells["合作可能性分"][2].value) == ("高(推断)", 15)
    assert (cells["从业时间"][2].value, cells["从业时间分"][2].value) == (None, 4)
    points = [h for h in cells if h.endswith("分") and h != "得分"]
    for row, score in enumerate(cells["得分"]):
        assert sum(cells[h][row].value for h in points) == pytest.approx(score.value, abs=0.051)


def test_merged_rows_are_those_of_the_brands_customers():
    sheet = book(brand=YI)[MERGES]
    assert list(dict.fromkeys(values(sheet, "客户编号"))) == ["00006-1-5", "00002-1-6"]
    assert values(sheet, "合并依据")[1] == "同一行的新版本"


def test_the_ledger_of_a_brand_balances():
    cells = table(book()[LEDGER])
    assert [c.value for c in cells["交来行数"]] == [6, 6]
    assert {c.value for c in cells["相等"]} == {"✓"}


def test_the_notes_print_the_rules_in_force():
    sheet = book()[NOTES]
    rules = {row[0].value: row[1].value for row in sheet.iter_rows() if row[0].value}
    assert (rules["A类比例"], rules["A类最低分"], rules["分级区域"]) == ("20%", "65", "市")


def test_a_name_longer_than_its_place_is_written_whole_in_the_list():
    made = report()
    long = "刘洋(周三以后转给赵强,有事找陈静)"
    sheet = book(report(leads=changed(made.leads, "00002-1-5", owner=long)))[LEADS]
    assert long in values(sheet, "跟进人")
