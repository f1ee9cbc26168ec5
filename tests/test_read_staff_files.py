"""What goes wrong with staff's files: one test per line of the list in the design, with the exact cell in the message."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt

from salessheets.read import Outcome, Reader, ReadError

HEADER = ["咨询日期", "咨询渠道", "客户姓名", "联系电话", "咨询内容"]
ROW = ["2026-11-03", "咨询电话", "王建国", "13987650012", "问价格"]
HOSTILE = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "hostile"


@pytest.fixture(scope="module")
def reader():
    with Reader({"客户大名": "客户姓名"}) as one:
        yield one


def xlsx(rows, *, at=(0, 0), sheet="Sheet1", change=None, options=None):
    """An xlsx of these rows; ``change(book, sheet)`` may spoil it."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **(options or {})})
    page = book.add_worksheet(sheet)
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            page.write(at[0] + r, at[1] + c, value)
    if change:
        change(book, page)
    book.close()
    return out.getvalue()


def fields(result, *names):
    return result.rows[list(names)].to_numpy().tolist()


def cells(result, code):
    return [(p.sheet, p.cell or p.row) for p in result.problems if p.code == code]


def test_phones_as_floats(reader):
    result = reader.read(xlsx([HEADER, [*ROW[:3], 13987650012.0, "问"]]), "a.xlsx")
    assert fields(result, "phone") == [["13987650012"]]


def test_text_in_scientific_notation_stays_what_it_is(reader):
    result = reader.read(xlsx([HEADER, [*ROW[:3], "1.39E+10", "问"]]), "a.xlsx")
    assert fields(result, "phone") == [["1.39E+10"]]


def test_leading_zeros_that_only_a_number_format_shows(reader):
    def zeros(book, page):
        page.write_number(1, 4, 7, book.add_format({"num_format": "00000"}))

    result = reader.read(xlsx([HEADER, ROW], change=zeros), "a.xlsx")
    assert fields(result, "content") == [["00007"]]


def test_long_numbers_are_not_shown_in_powers(reader):
    result = reader.read(xlsx([HEADER, [*ROW[:4], 370102197001011200]]), "a.xlsx")
    assert fields(result, "content") == [["370102197001011200"]]


@pytest.mark.parametrize("date_1904", [False, True])
def test_dates_as_cells_also_in_the_1904_calendar(reader, date_1904):
    def day(book, page):
        page.write_datetime(1, 0, datetime(2026, 11, 3), book.add_format({"num_format": "yyyy-mm-dd"}))  # noqa: DTZ001

    data = xlsx([HEADER, ROW], change=day, options={"date_1904": date_1904})
    assert fields(reader.read(data, "a.xlsx"), "consult_date") == [["2026-11-03"]]


@pytest.mark.parametrize("text", ["2026.11.3", "11月3日", "20261103", "2026年11月3日"])
def test_dates_as_text_come_through_as_written(reader, text):
    assert fields(reader.read(xlsx([HEADER, [text, *ROW[1:]]]), "a.xlsx"), "consult_date") == [[text]]


@pytest.mark.parametrize("above", range(10))
def test_title_rows_above_the_header(reader, above):
    rows = [["客服部 11月咨询记录"]] * above + [HEADER, ROW]
    result = reader.read(xlsx(rows), "a.xlsx")
    assert fields(result, "row", "name") == [[above + 2, "王建国"]]
    assert result.blocks[0].cell("phone", above + 2) == f"D{above + 2}"


def test_merged_title_and_a_table_that_starts_in_column_c_row_4(reader):
    def title(book, page):
        page.merge_range(0, 2, 1, 6, "咨询登记", book.add_format())

    result = reader.read(xlsx([HEADER, ROW], at=(3, 2), change=title), "a.xlsx")
    assert result.blocks[0].cell("phone", 5) == "F5"
    assert fields(result, "name") == [["王建国"]]


def test_two_row_headers(reader):
    top = ["咨询日期", "咨询渠道", "客户信息", "", "咨询内容"]
    below = ["", "", "客户姓名", "联系电话", ""]
    result = reader.read(xlsx([top, below, ROW]), "a.xlsx")
    assert fields(result, "consult_date", "name", "phone", "content") == [
        ["2026-11-03", "王建国", "13987650012", "问价格"]
    ]


def test_duplicate_headers_keep_the_second_column_as_an_extra(reader):
    result = reader.read(xlsx([[*HEADER, "联系电话"], [*ROW, "13700001111"]]), "a.xlsx")
    assert cells(result, "duplicate-header") == [("Sheet1", "F1")]
    assert fields(result, "phone") == [["13987650012"]]
    assert "13700001111" in result.rows["extra"][0]


def test_cells_merged_down_a_column_are_filled_down(reader):
    def merged(book, page):
        page.merge_range(1, 0, 3, 0, "2026-11-03", book.add_format())

    rows = [HEADER, ROW, ["", *ROW[1:]], ["", *ROW[1:]]]
    assert fields(reader.read(xlsx(rows, change=merged), "a.xlsx"), "consult_date") == [["2026-11-03"]] * 3


def test_totals_and_signatures_are_set_aside_and_listed(reader):
    rows = [HEADER, ROW, ["合计", "", "", "1", ""], [], ["制表人:陈静", "", "审核:周立", "", ""]]
    result = reader.read(xlsx(rows), "a.xlsx")
    assert fields(result, "row", "aside") == [[2, ""], [3, "合计行"], [5, "签名行"]]
    assert cells(result, "row-aside") == [("Sheet1", 3), ("Sheet1", 5)]


def test_blank_rows_between_do_not_end_the_table(reader):
    result = reader.read(xlsx([HEADER, ROW, [], [], [], ROW]), "a.xlsx")
    assert result.rows["row"].tolist() == [2, 6]


def test_hidden_rows_are_read_and_flagged(reader):
    result = reader.read(
        xlsx([HEADER, ROW, ROW], change=lambda _b, p: p.set_row(2, None, None, {"hidden": True})), "a.xlsx"
    )
    assert result.rows["hidden"].tolist() == [False, True]
    assert cells(result, "hidden-row") == [("Sheet1", 3)]


def test_error_cells_and_formulas_without_a_result(reader):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (HEADER, ROW, ROW):
        sheet.append(row)
    sheet["D2"] = "#N/A"
    sheet["D2"].data_type = "e"
    sheet["D3"] = "=D1&1"
    out = io.BytesIO()
    book.save(out)
    result = reader.read(out.getvalue(), "a.xlsx")
    assert cells(result, "cell-error") == [("Sheet", "D2")]
    assert cells(result, "cell-formula") == [("Sheet", "D3")]
    assert len(result.rows) == 2


def test_several_sheets_renamed_sheets_and_a_notes_sheet(reader):
    def more(book, _page):
        for name in ("11.4", "备忘"):
            page = book.add_worksheet(name)
            rows = [HEADER, ROW] if name == "11.4" else [["记得买茶叶"], ["下周开会"]]
            for r, row in enumerate(rows):
                page.write_row(r, 0, row)

    result = reader.read(xlsx([HEADER, ROW], sheet="11.3", change=more), "a.xlsx")
    assert [(b.sheet, b.sheet_name, b.table) for b in result.blocks] == [
        (1, "11.3", "consult_log"),
        (2, "11.4", "consult_log"),
    ]
    assert result.unread_rows == 2
    assert cells(result, "sheet-unknown") == [("备忘", 0)]


def test_several_tables_in_one_sheet(reader):
    directory = ["客户姓名", "联系电话", "信息来源", "来源名称", "获取日期"]
    rows = [HEADER, ROW, [], directory, ["李丽", "13700001111", "医疗器械展", "上海展", "2026-11-04"]]
    result = reader.read(xlsx(rows), "a.xlsx")
    assert [(b.table, b.header_row) for b in result.blocks] == [("consult_log", 1), ("directory", 4)]
    assert result.rows["name"].tolist() == ["王建国", "李丽"]


def test_spaces_line_breaks_and_full_width_text_survive_inside_a_cell(reader):
    result = reader.read(xlsx([HEADER, [*ROW[:3], "139８７６５\n0012", "\u00a0问\u3000价 "]]), "a.xlsx")
    assert fields(result, "phone", "content") == [["139８７６５\n0012", "问\u3000价"]]


@pytest.mark.parametrize("word", ["NA", "None", "null", "nan", "007"])
def test_words_that_other_readers_swallow_stay_text(reader, word):
    assert fields(reader.read(xlsx([HEADER, [*ROW[:4], word]]), "a.xlsx"), "content") == [[word]]


def test_a_sheet_formatted_to_its_last_row(reader):
    data = xlsx([HEADER, ROW], change=lambda _b, p: p.write_blank(1_048_575, 0, None, _b.add_format({"bold": True})))
    assert len(reader.read(data, "a.xlsx").rows) == 1


def test_a_far_stray_cell_does_not_cost_the_table(reader):
    data = xlsx([HEADER, ROW], change=lambda _b, p: p.write_string(1_048_575, 16_383, "x"))
    result = reader.read(data, "a.xlsx")
    assert result.rows["name"].tolist()[0] == "王建国"


def xls(rows):
    book = xlwt.Workbook()
    sheet = book.add_sheet("名单")
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_text(separator):
    return "\r\n".join(separator.join(row) for row in (HEADER, ROW)) + "\r\n"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (xls([HEADER, ROW]), "a.xls"),
        (xls([HEADER, ROW]), "a.et"),
        (xls([HEADER, ROW]), "a.xlsx"),  # xls named xlsx
        (xlsx([HEADER, ROW]), "a.xls"),  # and the reverse
        (csv_text(",").encode("utf-8"), "a.csv"),
        (csv_text(",").encode("utf-8-sig"), "a.csv"),
        (csv_text(",").encode("gb18030"), "a.csv"),
        (csv_text("\t").encode("gb18030"), "a.txt"),
        (csv_text(";").encode("utf-8"), "a.csv"),
        (csv_text(",").encode("gb18030"), "a.xls"),  # csv named xls
        (
            (
                "<html><table>"
                + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in r) + "</tr>" for r in (HEADER, ROW))
                + "</table>"
            ).encode(),
            "a.xls",
        ),
    ],
    ids=[
        "xls",
        "et",
        "xls-as-xlsx",
        "xlsx-as-xls",
        "utf8",
        "bom",
        "gb18030",
        "tab",
        "semicolon",
        "csv-as-xls",
        "html-as-xls",
    ],
)
def test_wrong_endings_and_every_kind_of_text(reader, data, name):
    result = reader.read(data, name)
    assert result.outcome is Outcome.READ
    assert fields(result, "name", "phone") == [["王建国", "13987650012"]]


def test_csv_rows_are_counted_with_blank_lines(reader):
    text = ",".join(HEADER) + "\n\n\n" + ",".join(ROW) + "\n"
    assert reader.read(text.encode(), "a.csv").rows["row"].tolist() == [4]


def test_a_password_is_asked_for_in_plain_words(reader, monkeypatch):
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(xlsx([HEADER, ROW]))).encrypt("geheim", out)
    result = reader.read(out.getvalue(), "a.xlsx")
    assert [p.code for p in result.problems] == ["file-password"]
    monkeypatch.setenv("SALESSHEETS_PASSWORD", "geheim")
    with Reader() as other:
        assert len(other.read(out.getvalue(), "a.xlsx").rows) == 1


def test_links_macros_and_cell_pictures_are_inert(reader):
    def links(_book, page):
        page.write_formula(1, 4, "='[别的表.xlsx]Sheet1'!A1", None, "旧值")
        page.write_formula(2, 4, '=DISPIMG("ID_1",1)', None, "#NAME?")

    result = reader.read(xlsx([HEADER, ROW, ROW], change=links), "a.xlsx")
    assert len(result.rows) == 2
    assert result.rows["content"][0] == "旧值"


def test_a_nearly_known_table_says_what_is_missing(reader):
    result = reader.read(xlsx([["单号", "商品", "数量"], ["1", "茶", "2"]]), "出库单.xlsx")
    assert result.outcome is Outcome.UNKNOWN
    assert result.unread_rows == 2


def test_the_offices_own_header_names(reader):
    rows = [["咨询日期", "咨询渠道", "客户大名", "联系电话", "咨询内容"], ROW]
    assert reader.read(xlsx(rows), "a.xlsx").rows["name"].tolist() == ["王建国"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b"%PDF-1.4 something", "file-unreadable"),
        (xlsx([HEADER, ROW])[:900], "file-unreadable"),
        (b"PK\x03\x04" + b"\x00" * 200, "file-unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "file-unreadable"),
    ],
    ids=["empty", "pdf", "cut", "no zip", "no ole"],
)
def test_what_cannot_be_read_gets_a_named_reason(reader, data, code):
    result = reader.read(data, "a.xlsx")
    assert (result.outcome, result.problems[0].code) == (Outcome.FAILED, code)
    assert result.problems[0].message
    with pytest.raises(ReadError):
        reader.workbook(data, "a.xlsx")


def test_a_zip_bomb_is_refused_before_it_is_opened(reader):
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx([HEADER, ROW]))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, old.read(part))
        new.writestr("xl/worksheets/sheet9.xml", b" " * (450 << 20))
    assert reader.read(out.getvalue(), "a.xlsx").problems[0].code == "file-too-big"


@pytest.mark.skipif(not HOSTILE.exists(), reason="the hostile corpus is not here")
def test_the_hostile_corpus_neither_crashes_nor_hangs(reader):
    import time

    for path in sorted(HOSTILE.iterdir()):
        started = time.monotonic()
        result = reader.read(path.read_bytes(), path.name)
        assert time.monotonic() - started < 30, path.name
        assert result.outcome is not Outcome.FAILED or result.problems, path.name
    assert reader.read(xlsx([HEADER, ROW]), "a.xlsx").outcome is Outcome.READ
