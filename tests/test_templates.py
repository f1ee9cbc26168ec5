"""The blank forms as files: recognised, small, printable, with every list and nothing that old programs do not know."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from openpyxl import load_workbook

from salessheets import settings
from salessheets.read import Outcome, Reader
from salessheets.settings import Brand, Settings, Staff
from salessheets.tables import TABLES, Kind, Source, Table
from salessheets.write.template_form import FIRST, HEAD, HEADER, HINTS, REACH, READY, RULED
from salessheets.write.template_lists import regions
from salessheets.write.template_text import message, prose
from salessheets.write.templates import write_all, write_template

ROOT = Path(__file__).resolve().parents[1]
OFFICE = Settings(
    brands=(Brand("康源高电位"), Brand("体控仪"), Brand("旧品牌", stop=date(2026, 1, 1))),
    staff=(Staff("陈静"), Staff("周立"), Staff("刘洋"), Staff("离职的人", left=date(2026, 2, 1))),
    choices={"咨询渠道": ("抖音",)},
)
WITH_REGIONS = [key for key, table in TABLES.items() if any(c.source is Source.CITIES for c in table.columns)]

# Excel 2007 has all of these, and so have LibreOffice and the WPS versions that offices still use.
OLD_FUNCTIONS = {
    "COUNTA", "COUNTIF", "FIND", "IFERROR", "INDIRECT", "ISNUMBER", "LEN", "LOOKUP", "LOWER", "MID", "REPT", "SUBSTITUTE",
    "SUMPRODUCT", "TODAY", "TRIM", "VALUE",
}  # fmt: skip

tables = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
with_regions = pytest.mark.parametrize("table", [TABLES[key] for key in WITH_REGIONS], ids=WITH_REGIONS)


@cache
def form(key: str) -> bytes:
    return write_template(TABLES[key], OFFICE)


@cache
def book(key: str):
    return load_workbook(io.BytesIO(form(key)))


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def formulas(data: bytes) -> list[str]:
    """Every formula of a workbook: cells, names, validations, conditional formats."""
    elements = (element for text in parts(data).values() for element in ET.fromstring(text).iter())
    tags = ("f", "formula", "formula1", "formula2", "definedName")
    return [element.text or "" for element in elements if element.tag.rsplit("}")[-1] in tags]


def choices_of(key: str, header: str) -> list[str]:
    """What the dropdown of a column offers, read from the hidden list through the defined name."""
    workbook = book(key)
    name = dropdowns(key)[header]
    return named(workbook, name)


def named(workbook, name: str) -> list[str]:
    ((sheet, area),) = workbook.defined_names[name].destinations
    cells = workbook[sheet][area]
    rows = cells if isinstance(cells, tuple) else ((cells,),)
    return [str(row[0].value) for row in rows]


def dropdowns(key: str) -> dict[str, str]:
    """Header → source of its dropdown."""
    sheet = book(key).worksheets[0]
    found = {}
    for rule in sheet.data_validations.dataValidation:
        first = str(rule.sqref).split(":")[0]
        if rule.type == "list" and sheet[first].row > HEADER:
            found[sheet.cell(HEADER + 1, sheet[first].column).value] = rule.formula1
    return found


@tables
def test_the_committed_form_is_what_the_code_writes(table: Table):
    committed = ROOT / "templates_xlsx" / f"{table.name}.xlsx"
    assert committed.read_bytes() == write_template(table, settings.default()), "run: python scripts/write_templates.py"


def test_write_all_writes_twelve_files_named_in_chinese_and_nothing_else(tmp_path: Path):
    write_all(OFFICE, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {f"{table.name}.xlsx" for table in TABLES.values()}
    assert (tmp_path / "客户分析表.xlsx").read_bytes() == form("analysis")


@tables
def test_same_declaration_same_bytes_and_small(table: Table):
    assert write_template(table, OFFICE) == form(table.key)
    assert len(form(table.key)) < 300_000


@tables
def test_identified_in_four_places_with_a_visible_version(table: Table):
    workbook, files = book(table.key), parts(form(table.key))
    sheet = workbook.worksheets[0]
    properties = {p.name: p.value for p in workbook.custom_doc_props.props}
    assert properties == {"salessheets_table": table.key, "salessheets_version": table.version}
    assert workbook.defined_names["salessheets_table"].value == f'"{table.key}"'
    assert (workbook["_schema"]["A1"].value, workbook["_schema"]["B1"].value) == (table.key, table.version)
    assert [cell.value for cell in sheet[HEADER + 1]] == [column.header for column in table.columns]
    assert f"模板版本 {table.version}" in [cell.value for cell in sheet[1]]
    assert "docProps/custom.xml" in files


@tables
def test_five_sheets_of_which_the_form_is_open_and_the_lists_are_hidden(table: Table):
    assert [(sheet.title, sheet.sheet_state, sheet.protection.sheet) for sheet in book(table.key).worksheets] == [
        (table.name, "visible", False),
        ("填写说明", "visible", True),
        ("示例", "visible", True),
        ("_lists", "hidden", False),
        ("_schema", "hidden", False),
    ]
    assert "password" not in parts(form(table.key))["xl/worksheets/sheet2.xml"]


@tables
def test_five_hundred_ready_rows_are_a_real_table_with_filter(table: Table):
    sheet = book(table.key).worksheets[0]
    (found,) = sheet.tables.values()
    first, last = found.ref.split(":")
    assert (first, sheet[last].row - sheet[first].row) == (f"A{HEADER + 1}", READY)
    assert sheet[last].column == len(table.columns)
    assert found.autoFilter.ref == found.ref


@tables
def test_prints_landscape_one_page_wide_with_the_header_on_every_page(table: Table):
    for sheet in book(table.key).worksheets[:3]:
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    sheet = book(table.key).worksheets[0]
    assert sheet.print_title_rows == f"${HINTS + 1}:${HEADER + 1}"
    assert sheet.freeze_panes[-1] == str(FIRST + 1)


@tables
def test_required_columns_say_so_in_words(table: Table):
    sheet = book(table.key).worksheets[0]
    said = {column.field: sheet.cell(HINTS + 1, place).value for place, column in enumerate(table.columns, 1)}
    for column in table.columns:
        assert ("必填" in said[column.field]) >= column.required
        assert ("必填" in said[column.field]) >= bool(column.when)


def test_one_of_several_says_which():
    sheet = book("handover").worksheets[0]
    hints = {sheet.cell(HEADER + 1, n).value: sheet.cell(HINTS + 1, n).value for n in range(1, 28)}
    assert hints["单位/店名"] == "姓名、店名必填一项"
    assert hints["联系电话"] == "电话、微信、QQ必填一项"
    assert hints["补记日期"] == "是否紧急是「是」时必填"
    assert hints["处理人"] == "销售部填"


def test_the_handover_form_has_head_cells_and_a_live_count():
    sheet = book("handover").worksheets[0]
    assert [cell.value for cell in sheet[HEAD + 1] if cell.value and "=" not in str(cell.value)] == [
        "条数：", "还缺：", "移交日期：", "移交人：", "接收人：",
    ]  # fmt: skip
    assert str(sheet["C3"].value).startswith("=SUMPRODUCT(")


@tables
def test_every_choice_has_a_dropdown_and_every_cell_a_message(table: Table):
    offered = dropdowns(table.key)
    for column in table.columns:
        assert (column.header in offered) == (column.kind in (Kind.CHOICE, Kind.CHOICES)), column.field
        if column.choices and column.header != "咨询渠道":
            assert choices_of(table.key, column.header) == list(column.choices)
    messages = [rule.prompt for rule in book(table.key).worksheets[0].data_validations.dataValidation]
    assert len(messages) == len(table.columns) + len(table.head)
    assert all(0 < len(text) <= 255 for text in messages)


def test_the_office_decides_on_brands_staff_and_further_choices():
    assert choices_of("handover", "意向品牌") == ["康源高电位", "体控仪"]  # no longer the brand that was stopped
    assert choices_of("consult_log", "登记客服") == ["陈静", "周立", "刘洋"]  # nor the person who left
    assert choices_of("consult_log", "咨询渠道")[-2:] == ["其他", "抖音"]
    assert "list_brands" not in load_workbook(io.BytesIO(write_template(TABLES["handover"], Settings()))).defined_names


@tables
def test_dropdowns_and_checks_reach_beyond_the_table(table: Table):
    sheet = book(table.key).worksheets[0]
    for rule in sheet.data_validations.dataValidation:
        first, *last = str(rule.sqref).split(":")
        assert not last or (sheet[first].row, sheet[last[0]].row) == (FIRST + 1, FIRST + REACH)
    for area in sheet.conditional_formatting:
        first, *last = str(area.sqref).split(":")
        assert not last or sheet[last[0]].row == FIRST + REACH
        assert not last or sheet[first].row in (FIRST + 1, FIRST + RULED + 1)


@with_regions
def test_the_hidden_list_holds_all_divisions_of_the_country(table: Table):
    workbook = book(table.key)
    provinces = named(workbook, "list_province")
    cities = {(province, city) for province in provinces if province in workbook.defined_names
              for city in named(workbook, province)}  # fmt: skip
    counties = {(*where, county) for where in cities if "_".join(where) in workbook.defined_names
                for county in named(workbook, "_".join(where))}  # fmt: skip
    assert len(provinces) == 34
    assert {(p, c) for p, c, county in regions() if c and not county} <= cities  # 333 prefectures
    assert counties == {row for row in regions() if row[2]}
    assert (len(regions()), len(counties)) == (34 + 333 + 2846, 2846)


def test_city_and_county_follow_the_cells_before_them():
    offered = dropdowns("handover")
    assert offered["省"] == "list_province"
    assert offered["市"] == "INDIRECT($H7)"
    assert offered["县/区"] == 'INDIRECT($H7&"_"&$I7)'
    workbook = book("handover")
    assert named(workbook, "山东省")[0] == "济南市"
    assert named(workbook, "北京市") == ["北京市"]
    assert "历下区" in named(workbook, "山东省_济南市")
    assert named(workbook, "河南省_济源市") == ["济源市"]  # governed by the province, without counties
    assert "鼓楼区" in named(workbook, "江苏省_南京市")  # occurs in four cities
    assert "鼓楼区" in named(workbook, "河南省_开封市")


@tables
def test_no_literal_list_and_only_functions_that_old_programs_know(table: Table):
    for formula in formulas(form(table.key)):
        text = re.sub(r'"[^"]*"', '""', formula)
        assert set(re.findall(r"([A-Za-z.]+)\(", text)) <= OLD_FUNCTIONS, formula
        assert "_xlfn" not in formula
        assert "{" not in text
        assert len(formula) < 8192
    for source in dropdowns(table.key).values():
        assert not source.startswith('"')
    for rule in book(table.key).worksheets[0].data_validations.dataValidation:
        assert len(rule.formula1 or "") <= 255  # Excel's limit for any validation


@tables
def test_names_are_valid_everywhere(table: Table):
    for name in book(table.key).defined_names:
        assert re.fullmatch(r"[A-Za-z_\u4e00-\u9fff][\w]*", name)
        assert not re.fullmatch(r"[A-Za-z]{1,3}\d+|[RrCc]\d*", name)


@tables
def test_contacts_are_text_and_dates_are_dates(table: Table):
    sheet = book(table.key).worksheets[0]
    formats = {Kind.DATE: "yyyy\\-mm\\-dd", Kind.TIME: "hh:mm", Kind.INTEGER: "General", Kind.TEXT: "@"}
    formats |= dict.fromkeys((Kind.PHONE, Kind.WECHAT, Kind.QQ), "@")
    for place, column in enumerate(table.columns, 1):
        if column.kind in formats:
            assert sheet.cell(FIRST + 1, place).number_format.replace("\\", "") == formats[column.kind].replace(
                "\\", ""
            )
    assert "numberStoredAsText" in parts(form(table.key))["xl/worksheets/sheet1.xml"]


@tables
def test_the_guide_explains_every_column_and_quotes_the_manual(table: Table):
    sheet = book(table.key)["填写说明"]
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value}
    assert {prose(table.clause), prose(table.filled_by), prose(table.when), prose(table.goes_to)} <= cells
    assert {column.header for column in (*table.head, *table.columns)} <= cells
    assert any("病情" in cell for cell in cells)


@tables
def test_three_example_rows_stand_under_the_same_headers(table: Table):
    sheet = book(table.key)["示例"]
    assert [cell.value for cell in sheet[4]][: len(table.columns)] == [column.header for column in table.columns]
    assert sheet.max_row == 7
    assert all(any(cell.value for cell in sheet[row]) for row in (5, 6, 7))


@tables
def test_a_blank_form_is_read_as_an_empty_table(table: Table):
    with Reader() as reader:
        found = reader.read(form(table.key), f"{table.name}.xlsx")
    assert found.outcome is Outcome.READ
    assert [block.table for block in found.blocks] == [table.key]
    assert not any(found.blocks[0].head.values())
    assert (len(found.rows), found.unread_rows, found.problems) == (0, 0, ())


def test_messages_say_whether_how_and_for_example():
    table = TABLES["handover"]
    assert message(table, table.column("obtained_date")) == "必填\n写成 2026-11-02 这样\n例：2026-11-02"
    assert message(table, table.column("channel")).splitlines() == [
        "必填", "必须注明，没有来源的行会退回；点右边的箭头，从下拉中选", "例：网络咨询",
    ]  # fmt: skip


def test_chinese_sentences_get_chinese_punctuation():
    assert prose("谁填:客服,每天(下班前);写成 2026-11-02 09:30") == "谁填：客服，每天（下班前）；写成 2026-11-02 09:30"
