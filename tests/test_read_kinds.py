"""Every kind of file that people hand in comes back as the same records, whatever its name says."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
import xlwt
from read_making import (
    HEADER,
    ROW,
    columns,
    in_sheet,
    ods,
    ods_row,
    problems,
    read,
    reader,
    rezipped,
    xls,
    xlsx,
)

from salessheets.read import Outcome, ReadError
from salessheets.read.binary import _scan_sheet
from salessheets.read.book import SheetFacts

WANTED = [["2026-11-03", "王建国", "13987650012"]]


def same(result):
    assert result.outcome is Outcome.READ
    assert columns(result, "consult_date", "name", "phone") == WANTED


# --- text -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "，", "|"])
def test_text_files(coding, sign):
    text = "\r\n".join(sign.join(row) for row in (["十一月咨询"], HEADER, ROW)) + "\r\n"
    same(read(text.encode(coding), "a.csv"))


def test_csv_rows_count_blank_lines_and_cells_may_hold_line_breaks():
    text = f'{",".join(HEADER)}\n\n2026-11-03,咨询电话,王建国,13987650012,"问,价格\n第二行"\n\n2026-11-04,咨询电话,李丽,13987650013,问"铺\n'
    result = read(text.encode(), "a.csv")
    assert columns(result, "row", "content") == [[3, "问,价格\n第二行"], [5, '问"铺']]


def test_a_csv_that_would_start_a_program_is_only_text():
    result = read(f"{','.join(HEADER)}\n{','.join(ROW[:4])},=cmd|' /C calc'!A0\n".encode(), "a.csv")
    assert result.rows["content"].tolist() == ["=cmd|' /C calc'!A0"]
    assert problems(result, "inert-content") == [("", "0", "DDE公式")]


# --- markup named .xls ----------------------------------------------------------------------------------------------


def table(*rows, cell="td"):
    return "".join("<tr>" + "".join(f"<{cell}>{c}</{cell}>" for c in row) + "</tr>" for row in rows)


PAGE = f"<html><body><p>导出</p><table>{table(HEADER, cell='th')}{table(ROW)}</table></body></html>"


@pytest.mark.parametrize("coding", ["utf-8", "gb2312", "utf-16"])
def test_html(coding):
    declared = PAGE.replace("<body>", f'<meta http-equiv="Content-Type" content="text/html; charset={coding}"><body>')
    same(read(declared.encode(coding), "a.xls"))


def test_html_without_its_charset():
    same(read(PAGE.encode("gb18030"), "a.xls"))


def test_html_with_a_wrong_charset():
    same(read(PAGE.replace("<body>", '<meta charset="klingon"><body>').encode(), "a.xls"))


def test_html_merged_cells_are_filled_down_and_nested_tables_stay_inside_their_cell():
    rows = f'<tr><td rowspan="2">2026-11-03</td>{"".join(f"<td>{c}</td>" for c in ROW[1:])}</tr>' + table(
        ["咨询电话", "李丽", "13987650013", "一<br>二<table><tr><td>内</td></tr></table>"]
    )
    result = read(f"<table>{table(HEADER)}{rows}</table>".encode(), "a.xls")
    assert columns(result, "consult_date", "name", "content") == [
        ["2026-11-03", "王建国", "问价格"],
        ["2026-11-03", "李丽", "一\n二内"],
    ]


def test_a_web_archive():
    mhtml = f"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=X\n\n--X\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{PAGE}\n--X--\n"
    same(read(mhtml.encode(), "a.xls"))


SPREADSHEETML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:x="urn:schemas-microsoft-com:office:excel">
<Worksheet ss:Name="咨询"><Table>
<Row ss:Index="3">{header}</Row>
<Row ss:Hidden="1"><Cell ss:MergeDown="1"><Data ss:Type="DateTime">2026-11-03T00:00:00.000</Data></Cell>
<Cell><Data ss:Type="String">咨询电话</Data></Cell><Cell><Data ss:Type="String">王建国</Data></Cell>
<Cell><Data ss:Type="Number">13987650012.0</Data></Cell><Cell><Data ss:Type="Error">#N/A</Data></Cell></Row>
<Row><Cell ss:Index="3"><Data ss:Type="String">李丽</Data></Cell><Cell ss:Formula="=R1C1"/>
<Cell><Data ss:Type="Boolean">1</Data></Cell><Cell><Data ss:Type="DateTime">2026-11-03T09:30:00.000</Data></Cell></Row>
</Table></Worksheet>
<Worksheet ss:Name="藏"><Table/><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet>
</Workbook>"""


def test_the_xml_of_excel_2003():
    header = "".join(f'<Cell><Data ss:Type="String">{text}</Data></Cell>' for text in HEADER)
    data = SPREADSHEETML.format(header=header).encode()
    result = read(data, "a.xls")
    assert columns(result, "row", "hidden", "consult_date", "name", "phone", "content") == [
        [4, True, "2026-11-03", "王建国", "13987650012", ""],
        [5, False, "2026-11-03", "李丽", "", "是"],
    ]
    assert problems(result, "cell-error") == [("咨询", "E4", "#N/A")]
    assert problems(result, "cell-formula") == [("咨询", "D5", "")]
    assert '"F列": "2026-11-03 09:30"' in result.rows["extra"][1]
    assert [sheet.hidden for sheet in reader().workbook(data, "a.xls").sheets] == [False, True]
    assert read(data[:-30], "a.xls").problems[0].code == "file-unreadable"
    assert "DOCTYPE" in read(data.replace(b"<Workbook", b"<!DOCTYPE x><Workbook", 1), "a.xls").problems[0].message


# --- .xls and .et ---------------------------------------------------------------------------------------------------


def test_old_excel_and_wps():
    for name in ("a.xls", "a.et", "a.xlsx", "a.csv"):
        same(read(xls([HEADER, ROW]), name))


def test_what_calamine_does_not_tell_about_an_xls():
    zeros = xlwt.easyxf(num_format_str="00000")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")

    def change(_, page):
        page.write(1, 0, 46329, day)
        page.write(2, 4, 7, zeros)
        page.write(3, 4, 100_007, zeros)
        page.write(4, 4, 0.5, zeros)
        page.write(5, 3, 8, zeros)
        page.write(5, 4, 9, zeros)
        page.write(6, 4, 1e9, zeros)
        page.row(3).hidden = True

    result = read(xls([HEADER, *[ROW] * 6], change=change), "a.xls")
    assert result.rows["content"].tolist() == ["问价格", "00007", "100007", "0.5", "00009", "1000000000"]
    assert result.rows["phone"][4] == "00008"
    assert result.rows["consult_date"][0] == "2026-11-03"
    assert problems(result, "hidden-row") == [("名单", "4", "")]


def test_error_cells_of_an_xls():
    def change(_, page):
        page.row(1).set_cell_error(4, 0x2A)

    result = read(xls([HEADER, ROW], change=change), "a.xls")
    assert problems(result, "cell-error") == [("名单", "E2", "#N/A")]
    assert result.rows["content"].tolist() == [""]


def test_an_xls_with_a_password(monkeypatch):
    data = bytearray(xls([HEADER, ROW]))
    at = data.find(struct.pack("<HH", 0x42, 2))  # CODEPAGE becomes FILEPASS
    data[at : at + 2] = struct.pack("<H", 0x2F)
    assert read(bytes(data), "a.xls").problems[0].code == "file-password"
    monkeypatch.setenv("SALESSHEETS_PASSWORD", "wrong")
    assert read(bytes(data), "b.xls").problems[0].code == "file-password"


def test_an_xls_that_calamine_refuses_is_read_by_xlrd():
    old = xls([HEADER, ROW]).replace(struct.pack("<HHH", 0x42, 2, 1200), struct.pack("<HHH", 0x42, 2, 9999))
    same(read(old, "a.xls"))


def test_the_second_reader_gives_the_same_texts_as_the_first():
    def change(_, page):
        page.write(1, 0, 46329.5, xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm"))
        page.write(1, 1, 0.5, xlwt.easyxf(num_format_str="hh:mm"))
        page.row(1).set_cell_boolean(2, True)
        page.row(1).set_cell_error(3, 0x2A)
        page.write(1, 4, 7, xlwt.easyxf(num_format_str="000"))

    data = xls([HEADER, ROW], change=change)
    old = data.replace(struct.pack("<HHH", 0x42, 2, 1200), struct.pack("<HHH", 0x42, 2, 9999))
    first, second = (reader().workbook(d, "a.xls") for d in (data, old))
    assert (first.engine, second.engine) == ("calamine", "xlrd")
    assert list(first.sheets[0].rows())[1] == (2, ("2026-11-03 12:00", "12:00", "是", "#N/A", "007"))
    assert list(second.sheets[0].rows()) == list(first.sheets[0].rows())


# --- .xlsx ----------------------------------------------------------------------------------------------------------


def test_what_calamine_does_not_tell_about_an_xlsx():
    def change(book, page):
        page.write_number(1, 4, 7, book.add_format({"num_format": "00000"}))
        page.write_formula(2, 4, "=1/0", None, "#DIV/0!")
        page.write_formula(4, 4, '=DISPIMG("ID_1",1)', None, '=DISPIMG("ID_1",1)')
        page.set_row(3, None, None, {"hidden": True})

    data = in_sheet(
        xlsx([HEADER, *[ROW] * 5], change=change),
        b"</sheetData>",
        b'<row r="9"><c r="C9" t="str"><v>x</v></c><c r="D9" t="str"><f>A1</f><v></v></c><c r="E9"><f>A1</f></c></row></sheetData>',
    )
    result = read(data)
    assert result.rows["content"].tolist() == ["00007", "", "问价格", "", "问价格", ""]
    assert problems(result, "cell-error") == [("Sheet1", "E3", "#DIV/0!")]
    assert problems(result, "cell-image") == [("Sheet1", "E5", "=DISPIMG")]
    assert problems(result, "cell-formula") == [("Sheet1", "E9", "")]
    assert problems(result, "hidden-row") == [("Sheet1", "4", "")]


def test_an_error_cell_outside_all_others_keeps_its_place():
    def change(_, page):
        for row, column in ((0, 0), (4, 5)):
            page.write_formula(row, column, "=NA()", None, "#N/A")

    data = xlsx([[], ["", *HEADER]], change=change)
    sheet = reader().workbook(data, "a.xlsx").sheets[0]
    assert [(row, texts) for row, texts in sheet.rows() if any(texts)] == [
        (1, ("#N/A", "", "", "", "", "")),
        (2, ("", *HEADER)),
        (5, ("", "", "", "", "", "#N/A")),
    ]


def test_a_sheet_of_error_cells_only():
    data = xlsx([], change=lambda _, page: page.write_formula(2, 1, "=NA()", None, "#N/A"))
    assert reader().workbook(data, "a.xlsx").sheets[0].cell(3, 1) == "#N/A"


def test_a_sheet_whose_xml_has_a_prefix():
    def change(name, content):
        if not name.endswith("sheet1.xml"):
            return content
        content = content.replace(b'xmlns="', b'xmlns:x="').replace(b"</", b"</x:").replace(b"<", b"<x:")
        return content.replace(b"<x:/x:", b"</x:").replace(b"<x:?", b"<?")

    def bad(book, page):
        page.write_formula(1, 4, "=1/0", None, "#DIV/0!")
        page.set_row(2, None, None, {"hidden": True})
        page.write_number(2, 4, 7, book.add_format({"num_format": "000"}))

    result = read(rezipped(xlsx([HEADER, ROW, ROW], change=bad), change))
    assert problems(result, "cell-error") == [("Sheet1", "E2", "#DIV/0!")]
    assert columns(result, "hidden", "content") == [[False, ""], [True, "007"]]


def test_strict_ooxml():
    spaces = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    }

    def strict(_, content):
        for old, new in spaces.items():
            content = content.replace(old, new)
        return content

    same(read(rezipped(xlsx([HEADER, ROW]), strict)))


def test_a_wrong_dimension_as_wps_writes_it():
    same(read(in_sheet(xlsx([HEADER, ROW]), b'ref="A1:E2"', b'ref="A1"')))


def test_what_calamine_refuses_is_read_by_openpyxl():
    def utf16(name, content):
        return (
            content.decode().replace("UTF-8", "UTF-16").encode("utf-16")
            if name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml")
            else content
        )

    data = rezipped(xlsx([HEADER, ROW]), utf16)
    same(read(data))
    assert reader().workbook(data, "表.xlsx").engine == "openpyxl"


def test_macros_links_and_connections_are_named_and_left_alone():
    data = rezipped(
        xlsx([HEADER, ROW]),
        lambda _, c: c,
        [("xl/vbaProject.bin", b"x"), ("xl/externalLinks/externalLink1.xml", b"<x/>")],
    )
    result = read(data)
    same(result)
    assert problems(result, "inert-content") == [("", "0", "宏、外部链接")]


def test_one_damaged_sheet_does_not_cost_the_others():
    data = xlsx([HEADER, ROW], change=lambda book, _: book.add_worksheet("坏").write(0, 0, "x"))
    broken = rezipped(data, lambda name, content: content[:-90] if name.endswith("sheet2.xml") else content)
    result = read(broken)
    same(result)
    assert problems(result, "sheet-unreadable") == [("坏", "0", "")]


def test_no_reader_manages_it():
    broken = rezipped(
        xlsx([HEADER, ROW]), lambda name, content: b"<worksheet><oops" if name.endswith("sheet1.xml") else content
    )
    with pytest.raises(ReadError) as error:
        reader().workbook(broken, "a.xlsx")
    assert (error.value.code, error.value.value) == ("file-unreadable", "文件内容已损坏")


# --- .ods and .xlsb -------------------------------------------------------------------------------------------------


def test_opendocument():
    bad = (
        '<table:table-row><table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell office:value-type="string"><text:p>李丽</text:p></table:table-cell><table:table-cell/>'
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" calcext:value-type="error"><text:p>#DIV/0!</text:p>'
        "</table:table-cell></table:table-row>"
        '<table:table-row><table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell office:value-type="string"><text:p>张三</text:p></table:table-cell>'
        '<table:table-cell table:formula="of:=[.A1]"/></table:table-row>'
    )
    merged = ods_row(ROW, 'table:visibility="collapse"').replace(
        "<table:table-cell", '<table:table-cell table:number-rows-spanned="2"', 1
    )
    below = ods_row(["", *ROW[1:]]).replace("<table:table-cell/>", "<table:covered-table-cell/>")
    names = '<table:named-expressions><table:named-expression table:name="salessheets_table" table:expression="of:=&quot;consult_log&quot;"/></table:named-expressions>'
    meta = '<x xmlns:meta="urn:m"><meta:user-defined meta:name="salessheets_version">1</meta:user-defined></x>'
    data = ods(
        f'<table:table table:name="咨询">{ods_row(HEADER)}{merged}{below}{bad}</table:table>{names}',
        [("meta.xml", meta.encode())],
    )
    result = read(data, "a.ods")
    assert columns(result, "row", "hidden", "consult_date", "name") == [
        [2, True, "2026-11-03", "王建国"],
        [3, False, "2026-11-03", "王建国"],
        [4, False, "", "李丽"],
        [5, False, "", "张三"],
    ]
    assert problems(result, "cell-error") == [("咨询", "E4", "#DIV/0!")]
    assert problems(result, "cell-formula") == [("咨询", "D5", "")]
    book = reader().workbook(data, "a.ods")
    assert (book.table, book.properties) == ("consult_log", {"salessheets_version": "1"})


def brt(kind, body):
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(body)]) + body


def binary_rows(*rows):
    """Binary sheet records: each row is (number, hidden, cells), each cell (column, record type, body)."""
    out = brt(145, b"")
    for number, hidden, cells in rows:
        out += brt(0, struct.pack("<IIHBB", number - 1, 0, 0, 0, 0x10 if hidden else 0) + bytes(5))
        for column, kind, body in cells:
            out += brt(kind, struct.pack("<II", column, 0) + body)
    return out + brt(146, b"")


def wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(rows, *far):
    """A minimal .xlsb of text cells; ``far`` are more (row, column) with a text."""
    cells = [(n, False, [(c, 6, wide(text)) for c, text in enumerate(row)]) for n, row in enumerate(rows, 1)]
    cells += [(row, False, [(column, 6, wide("远"))]) for row, column in far]
    size = brt(148, struct.pack("<IIII", 0, len(rows) - 1, 0, len(rows[0]) - 1))
    sheet = brt(129, b"") + size + binary_rows(*cells) + brt(130, b"")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{kind}" Target="worksheets/sheet1.bin"/></Relationships>'
    )
    custom = (
        '<Properties xmlns="c" xmlns:vt="v"><property name="salessheets_table">'
        "<vt:lpwstr>consult_log</vt:lpwstr></property></Properties>"
    )
    named = brt(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("咨询"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name, content in (
            ("[Content_Types].xml", "<Types/>"),
            ("xl/workbook.bin", brt(131, b"") + brt(143, b"") + named + brt(144, b"") + brt(132, b"")),
            ("xl/_rels/workbook.bin.rels", links),
            ("xl/worksheets/sheet1.bin", sheet),
            ("docProps/custom.xml", custom),
        ):
            new.writestr(name, content)
    return out.getvalue()


def test_binary_workbooks():
    same(read(xlsb([HEADER, ROW]), "a.xlsb"))
    assert reader().workbook(xlsb([HEADER, ROW]), "a.xlsb").table == "consult_log"


def test_a_stray_cell_in_a_binary_workbook():
    result = read(xlsb([HEADER, ROW], (1_048_576, 16_383)), "a.xlsb")
    same(result)
    assert problems(result, "far-cell") == [("咨询", "XFD1048576", "")]
    assert result.unread_rows == 1


def test_a_binary_workbook_that_is_really_too_big():
    far = [(row, 40) for row in range(1_000, 1_040_000, 1_500)]
    assert read(xlsb([HEADER, ROW], *far), "a.xlsb").problems[0].code == "file-too-big"


def test_binary_sheets_tell_hidden_rows_and_error_cells():
    sheet = SheetFacts()
    data = binary_rows((1, False, [(0, 7, bytes(4))]), (2, True, [(3, 3, b"\x2a"), (4, 1, b"")]))
    assert _scan_sheet(data, "表", sheet, [], 1_000_000) is None
    assert (sheet.hidden_rows, sheet.errors, sheet.values) == ([2], {(2, 3): "#N/A"}, 2)


def test_strays_are_cut_out_of_binary_sheets():
    sheet, notes = SheetFacts(), []
    near = binary_rows((1, False, [(0, 7, bytes(4))]), (2, False, [(0, 7, bytes(4))]))
    far = binary_rows(
        (1, False, [(0, 7, bytes(4)), (16_383, 7, bytes(4))]),
        (2, False, [(0, 7, bytes(4))]),
        (60_000, False, [(9, 7, bytes(4))]),
    )
    assert _scan_sheet(far, "表", sheet, notes, 1_000_000) == near
    assert [(cell, code) for code, _, cell, _ in notes] == [("XFD1", "far-cell"), ("J60000", "far-cell")]
    assert sheet.lost_rows == 1
