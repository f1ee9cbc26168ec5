"""What all workbooks share: widths for Chinese, text that stays text, the same bytes (excel.md, "Writing")."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from salessheets.write.book import FIRST, Book, Col, sheet_name
from salessheets.write.look import CLASS_COLOURS, MAX_WIDTH, column_width, display_width, lines_needed

DAY = date(2026, 11, 16)


def book(*columns, title="试一试", **options):
    made = Book(title=title, day=DAY, footer=title, **options)
    made.table(made.sheet("表"), title, "一行说明", columns)
    return made.done()


def opened(data, **options):
    return openpyxl.load_workbook(io.BytesIO(data), **options)


def column(data, sheet="表"):
    return [row[0].value for row in opened(data)[sheet].iter_rows(min_row=FIRST + 1, max_col=1)]


def part(data, name):
    return zipfile.ZipFile(io.BytesIO(data)).read(name).decode("utf-8")


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("客户", 4), ("A类客户", 7), ("(全角)", 6), ("一\n二三", 4), ("", 0)]
)
def test_a_chinese_character_is_as_wide_as_two_letters(text, width):
    assert display_width(text) == width


def test_a_column_fits_its_texts_and_no_column_is_wider_than_forty():
    assert column_width("市", ["石家庄市长安区"]) >= display_width("石家庄市长安区")
    assert column_width("情况摘要", ["很长" * 100]) == MAX_WIDTH


def test_a_text_that_wraps_makes_its_row_as_high_as_its_lines():
    data = book(Col("情况摘要", ["短", "一" * 60], most=40))
    height = opened(data)["表"].row_dimensions[FIRST + 2].height
    assert height >= 15 * lines_needed("一" * 60, 40)


def test_what_a_long_explanation_needs_is_shared_by_all_columns():
    made = Book(title="试一试", day=DAY, footer="试一试")
    advice = "一" * 40
    made.table(made.sheet("表"), "试一试", advice, [Col("姓名", ["王建国"]), Col("行数", [3], "count")])
    page = opened(made.done())["表"]
    widths = [page.column_dimensions[letter].width for letter in "AB"]
    assert sum(widths) >= display_width(advice)
    assert max(widths) - min(widths) < 10


@pytest.mark.parametrize(
    ("name", "sheet"),
    [
        ("康源", "康源"),
        ("益生/理疗*床", "益生_理疗_床"),
        ("[甲]:乙?丙\\丁", "_甲__乙_丙_丁"),
        ("一" * 40, "一" * 31),
    ],
)
def test_a_sheet_can_bear_any_name(name, sheet):
    assert sheet_name(name) == sheet


@pytest.mark.parametrize("name", ["'", "''", "", " ", "History", "'甲'"])
def test_names_that_excel_refuses_become_names_it_takes(name):
    data = Book(title="试", day=DAY, footer="试")
    data.sheet(name)
    (sheet,) = opened(data.done()).sheetnames
    assert sheet
    assert not sheet.startswith("'")
    assert not sheet.endswith("'")
    assert sheet.lower() != "history"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+86 138",
        "-5",
        "@某人",
        "\tTab",
        "'引号",
        "007",
        "1e5",
        "http://x.cn",
        "internal:概览!A1",
        "#N/A",
        "一\n二",
    ],
)
def test_text_is_written_as_it_is_whatever_it_looks_like(text):
    cell = opened(book(Col("备注", [text])))["表"].cell(FIRST + 1, 1)
    assert (cell.value, cell.hyperlink) == (text, None)
    assert cell.quotePrefix == text.startswith("=")


def test_a_text_that_fits_into_a_cell_is_whole_and_a_longer_one_says_that_it_was_cut():
    longest, longer = "字" * 32_767, "字" * 40_000
    whole, cut = column(book(Col("备注", [longest, longer])))
    assert whole == longest
    assert len(cut) <= 32_767
    assert cut.endswith("…(太长,后面的在原表里)")


@pytest.mark.parametrize("text", ["甲\ufffe乙", "甲\uffff乙", "甲\x01乙", "甲\x0b乙", "𠮷野家"])
def test_no_character_makes_a_workbook_that_excel_refuses(text):

    data = book(Col("备注", [text]))
    pack = zipfile.ZipFile(io.BytesIO(data))
    for name in pack.namelist():
        content = pack.read(name).decode("utf-8")
        ET.fromstring(content)
        assert not {"\ufffe", "\uffff"} & set(content)
    (value,) = column(data)
    assert re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), value) == text  # ECMA-376, 22.9.2.19


def test_days_are_real_dates_and_what_is_no_day_stays_as_it_was_typed():
    values = ["2026-11-18", "下周三", "", "1899-12-31", "2026-02-30"]
    cells = [opened(book(Col("日期", values, "date")))["表"].cell(FIRST + 1 + n, 1) for n in range(len(values))]
    assert [isinstance(c.value, datetime) for c in cells] == [True, False, False, False, False]
    assert cells[0].value.date() == date(2026, 11, 18)
    assert cells[0].number_format == "yyyy-mm-dd"
    assert [c.value for c in cells[1:]] == ["下周三", None, "1899-12-31", "2026-02-30"]


def test_numbers_are_numbers_with_their_format():
    data = book(Col("得分", [72.5], "score"), Col("完整度", [0.65], "percent"), Col("条数", [1200], "count"))
    cells = [opened(data)["表"].cell(FIRST + 1, n) for n in (1, 2, 3)]
    assert [(c.value, c.number_format) for c in cells] == [(72.5, "0.0"), (0.65, "0%"), (1200, "#,##0")]


def test_phones_are_text_and_excel_does_not_complain_about_them():
    data = book(Col("联系电话", ["13912345678"]))
    cell = opened(data)["表"].cell(FIRST + 1, 1)
    assert (cell.value, cell.number_format) == ("13912345678", "@")
    assert '<ignoredError sqref="A1:A4" numberStoredAsText="1"/>' in part(data, "xl/worksheets/sheet1.xml")


def test_short_choices_are_in_the_cell_long_ones_on_a_hidden_sheet():
    names = tuple(f"品牌名称第{n}个" for n in range(60))
    data = book(Col("跟进状态", [""], choices=("未跟进", "跟进中")), Col("归属品牌", [""], choices=names))
    page = opened(data)
    first, second = page["表"].data_validations.dataValidation
    assert first.formula1 == '"未跟进,跟进中"'
    sheet, _, cells = second.formula1.replace("$", "").partition("!")
    assert page[sheet.strip("'")].sheet_state == "hidden"
    assert tuple(row[0].value for row in page[sheet.strip("'")][cells]) == names
    assert {first.errorStyle, second.errorStyle} == {"warning"}  # a refused value is lost, a wrong one comes back


@pytest.mark.parametrize("choice", ["甲,乙", '带"引号"', "=1+1"])
def test_a_choice_with_a_comma_is_one_choice(choice):
    page = opened(book(Col("归属品牌", [""], choices=(choice, "丙"))))
    (rule,) = page["表"].data_validations.dataValidation
    if rule.formula1.startswith('"'):
        assert rule.formula1.strip('"').split(",") == [choice, "丙"]
    else:
        sheet, _, cells = rule.formula1.replace("$", "").partition("!")
        assert [row[0].value for row in page[sheet.strip("'")][cells]] == [choice, "丙"]


def test_a_class_is_a_letter_first_and_a_colour_second():
    page = opened(book(Col("级别", ["A", "B", "C", "待评"])))["表"]
    rules = [rule for group in page.conditional_formatting for rule in group.rules]
    found = {r.formula[0].strip('"'): (r.dxf.font.color.rgb[2:], r.dxf.fill.bgColor.rgb[2:]) for r in rules}
    assert found == {name: (ink.strip("#"), fill.strip("#")) for name, (ink, fill) in CLASS_COLOURS.items()}


def test_a_sheet_prints_landscape_one_page_wide_with_header_and_footer():
    data = book(Col("备注", ["x"]), title="甲&乙 W47")
    page = opened(data)["表"]
    setup = page.page_setup
    assert (setup.orientation, setup.fitToWidth or 1, setup.fitToHeight) == ("landscape", 1, 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.print_title_rows == "$3:$3"
    assert page.freeze_panes == "C4"
    assert "甲&amp;&amp;乙 W47" in part(data, "xl/worksheets/sheet1.xml")


def test_a_long_name_does_not_cost_the_page_number():
    data = book(Col("备注", ["x"]), title="很长的品牌名称" * 50)
    footer = opened(data)["表"].oddFooter
    assert "&P" in f"{footer.left.text}{footer.center.text}{footer.right.text}"


def test_the_table_has_a_name_a_filter_and_its_headers():
    (table,) = opened(book(Col("客户编号", ["1"]), Col("备注", [""])))["表"].tables.values()
    assert (table.ref, table.autoFilter.ref, table.column_names) == ("A3:B4", "A3:B4", ["客户编号", "备注"])
    assert table.name


def test_the_issue_id_is_a_property_and_a_name_and_the_clock_is_nowhere():
    data = book(Col("备注", ["x"]), issue="0123456789abcdef")
    page = opened(data)
    assert page.custom_doc_props["salessheets_issue"].value == "0123456789abcdef"
    assert page.defined_names["salessheets_issue"].attr_text == '"0123456789abcdef"'
    assert page.properties.created.date() == DAY
    assert page.properties.modified.date() == DAY
    assert {info.date_time for info in zipfile.ZipFile(io.BytesIO(data)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_same_content_gives_the_same_bytes():
    assert book(Col("备注", ["x"])) == book(Col("备注", ["x"]))
