"""Everybody can read it: contrast, words for pictures, tables that sort, panes that stay."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook
from report_fixture import KANG, YI
from written import OFFICE, books, parts, week

from salessheets.write.look import CLASS_COLOURS
from salessheets.write.sales import SALES
from salessheets.write.settings_book import write_settings

BOOKS = {**books(week()), "设置": write_settings(OFFICE)}
PLAIN = ("概览", "说明", "选项")  # no lists
every_book = pytest.mark.parametrize("name", BOOKS)


def opened(name: str):
    return load_workbook(io.BytesIO(BOOKS[name]))


def luminance(colour: str) -> float:
    """Relative luminance of RRGGBB (WCAG 2.2)."""
    parts_ = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts_)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(ink: str, ground: str) -> float:
    light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def pairs(name: str) -> set[tuple[str, str]]:
    """Ink and ground of every cell that may hold text."""
    found = set()
    for sheet in opened(name):
        for row in sheet.iter_rows():
            for cell in row:
                ink = cell.font.color.rgb[-6:] if cell.font.color and cell.font.color.type == "rgb" else "000000"
                ground = cell.fill.fgColor.rgb[-6:] if cell.fill.fill_type else "FFFFFF"
                found.add((ink, ground))
    return found


def test_contrast_is_measured_as_the_standard_does():
    assert [round(contrast(*pair), 1) for pair in (("000000", "FFFFFF"), ("777777", "FFFFFF"))] == [21.0, 4.5]


@every_book
def test_every_text_stands_out_from_its_ground(name):
    assert {pair: round(contrast(*pair), 1) for pair in pairs(name) if contrast(*pair) < 4.5} == {}


def test_class_letters_stand_out_from_their_colour():
    found = {letter: round(contrast(ink[1:], ground[1:]), 1) for letter, (ink, ground) in CLASS_COLOURS.items()}
    assert found == {"A": 5.2, "B": 9.3, "C": 14.9}


@every_book
def test_every_chart_has_words_for_those_who_do_not_see_it(name):
    drawings = [xml for part, xml in parts(BOOKS[name]).items() if part.startswith("xl/drawings/drawing")]
    frames = re.findall(r"<xdr:graphicFrame.*?<xdr:cNvPr ([^>]*)>", "".join(drawings), re.DOTALL)
    charts = [part for part in parts(BOOKS[name]) if part.startswith("xl/charts/chart")]
    assert len(frames) == len(charts)
    assert all(re.search(r'descr="[^"]{10,}"', frame) for frame in frames)


@pytest.mark.parametrize(("name", "charts"), [(KANG, 4), (YI, 4), (SALES, 4)])
def test_the_overview_has_channels_classes_the_trend_and_the_funnel(name, charts):
    assert sum(part.startswith("xl/charts/chart") for part in parts(BOOKS[name])) == charts


@every_book
def test_lists_sort_and_filter(name):
    """One real table from column A, no merged cell in it, its header frozen and filtered."""
    for sheet in opened(name):
        if sheet.title in (*PLAIN, "策略图"):
            continue
        assert len(sheet.tables) == 1, sheet.title
        (table,) = sheet.tables.values()
        assert table.ref.startswith("A3:"), sheet.title
        own = {"评分标准": "criteria"}  # formulas name it
        if name != "设置":  # made by its own module
            assert table.displayName == own.get(sheet.title, "表_" + re.sub(r"\W", "_", sheet.title))
        assert table.autoFilter is not None, sheet.title
        assert not sheet.merged_cells.ranges, sheet.title
        assert re.fullmatch(r"[A-Z]+4", sheet.freeze_panes), sheet.title
        assert sheet.print_title_rows == "$3:$3", sheet.title


@every_book
def test_pages_are_landscape_or_narrow_and_one_page_wide(name):
    for sheet in opened(name):
        if sheet.sheet_state == "visible":
            assert sheet.page_setup.fitToWidth in (None, 1), sheet.title
            assert sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title
            assert sheet.page_setup.paperSize == 9, sheet.title


@every_book
def test_every_text_names_the_font_of_a_chinese_office(name):
    fonts = {
        cell.font.name for s in opened(name) if s.title != "选项" for row in s.iter_rows() for cell in row if cell.value
    }
    assert fonts == {"微软雅黑"}


def test_the_class_is_a_letter_in_the_middle_before_it_is_a_colour():
    for sheet, column in (("有效客户名单", "A"), ("待分配", "B"), ("客户分析", "A")):
        cells = load_workbook(io.BytesIO(BOOKS[KANG]), data_only=True)[sheet][column][3:]
        assert {cell.alignment.horizontal for cell in cells} == {"center"}
        assert {cell.value for cell in cells} <= {"A", "B", "C", "待评"}
