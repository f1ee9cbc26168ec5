"""Hostile and broken files: refused with a reason in plain words, or mended when the table itself is sound."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from read_making import HEADER, ROW, columns, in_sheet, ods, ods_row, problems, read, reader, rezipped, xls, xlsx

from salessheets.read import Outcome

GOOD = xlsx([HEADER, ROW, ROW])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def wide(name):
    return name.encode("utf-16-le")


@pytest.mark.parametrize(
    ("data", "name", "code", "reason"),
    [
        (b"", "a.xlsx", "file-empty", ""),
        (b"\xef\xbb\xbf \r\n\x00", "a.csv", "file-empty", ""),
        (GOOD, "~$咨询.xlsx", "file-unreadable", "临时文件"),
        (b"%PDF-1.7", "a.xlsx", "file-unreadable", "PDF"),
        (b"Rar!\x1a\x07", "a.xlsx", "file-unreadable", "压缩包"),
        (b"\x89PNG\r\n\x1a\n", "a.xls", "file-unreadable", "图片"),
        (b"BM" + bytes(60), "a.xls", "file-unreadable", "图片"),
        (b"\x00\x01\x02\x03binary\xff", "a.xls", "file-unreadable", "不是表格"),
        (OLE + wide("WordDocument"), "a.xls", "file-unreadable", "Word"),
        (OLE + wide("PowerPoint Document"), "a.xls", "file-unreadable", "演示文稿"),
        (OLE + wide("EncryptedPackage"), "a.xlsx", "file-password", ""),
        (GOOD[:2000], "a.xlsx", "file-unreadable", "不完整"),
        (b"<html><p>no table</p></html>", "a.xls", "file-unreadable", "网页"),
        (b"MIME-Version: 1.0\nContent-Type: text/plain\n\nhello", "a.xls", "file-unreadable", "网页"),
    ],
)
def test_what_is_no_table_is_named(data, name, code, reason):
    result = read(data, name)
    assert result.outcome is Outcome.FAILED
    assert result.problems[0].code == code
    assert reason in result.problems[0].message


def only(*names):
    """A zip that holds just these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name in names:
            new.writestr(name, b"<x/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        (("word/document.xml",), "Word"),
        (("ppt/presentation.xml",), "演示文稿"),
        (("index/Document.iwa",), "Numbers"),
        (("照片/1.jpg", "照片/2.jpg"), "压缩包"),
    ],
)
def test_other_things_in_a_zip(parts, reason):
    assert reason in read(only(*parts)).problems[0].message


def bomb(name, size):
    return rezipped(GOOD, lambda _, content: content, [(name, bytes(size))])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (bomb("xl/worksheets/sheet2.xml", 60 << 20), "倍"),
        (bomb("xl/styles2.xml", 65 << 20), "MB"),
        (rezipped(GOOD, lambda _, c: c, [(f"xl/{n}", b"") for n in range(20_001)]), "部件"),
        (rezipped(GOOD, lambda _, c: c, [(f"xl/{n:0120}", b"") for n in range(19_900)]), "部件太多"),
    ],
    ids=["ratio", "size", "entries", "directory"],
)
def test_bombs_are_refused_before_they_are_opened(data, reason):
    restarts = reader()._process.restarts
    result = read(data)
    assert (result.outcome, result.problems[0].code) == (Outcome.FAILED, "file-too-big")
    assert reason in result.problems[0].message
    assert reader()._process.restarts == restarts


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
def test_a_doctype_is_never_expanded(part, coding):
    entities = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'

    def change(name, content):
        if name != part:
            return content
        head, _, rest = content.decode().partition("?>")
        return f"{head.replace('UTF-8', coding)}?>{entities}{rest}".encode(coding)

    assert "DOCTYPE" in read(rezipped(GOOD, change)).problems[0].message


def test_a_password_protected_zip():
    data = bytearray(only("xl/workbook.xml"))
    data[6] |= 1  # the flag in the local header …
    data[data.find(b"PK\x01\x02") + 8] |= 1  # … and in the directory
    assert read(bytes(data)).problems[0].code == "file-password"


def sound(result):
    assert columns(result, "row", "name") == [[2, "王建国"], [3, "王建国"]]


def test_a_shared_string_count_that_lies():
    def lie(name, content):
        return (
            content.replace(b'uniqueCount="', b'uniqueCount="9999999')
            if name.endswith("sharedStrings.xml")
            else content
        )

    sound(read(rezipped(GOOD, lie)))


def test_a_sheet_state_that_nobody_knows():
    def lie(name, content):
        return content.replace(b'sheetId="1"', b'sheetId="1" state="show"') if name == "xl/workbook.xml" else content

    sound(read(rezipped(GOOD, lie)))


def test_whole_columns_merged():
    sound(
        read(in_sheet(GOOD, b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="H:K"/></mergeCells>'))
    )


def test_a_damaged_picture_does_not_cost_the_table():
    data = rezipped(
        GOOD, lambda _, content: content, [("xl/drawings/drawing1.xml", b"<a>" + bytes(range(32, 120)) * 9)]
    )
    at = data.find(b"drawing1.xml") + len("drawing1.xml") + 10
    sound(read(data[:at] + b"\x00\xff\x00" + data[at + 3 :]))


def test_parts_named_with_backslashes_and_capitals():
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name.replace("/", "\\").replace("sharedStrings", "SharedStrings"), old.read(name))
    assert read(out.getvalue()).outcome is Outcome.READ


@pytest.mark.parametrize(
    ("row", "cell", "value", "unread"),
    [
        (b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "XFD1048576", "1", 1),
        (b'<row r="900000"><c r="ZZ900000" t="s"><v>2</v></c></row>', "ZZ900000", "客户姓名", 1),
        (b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>', "A1048576", "1", 1),
        (b'<row r="700000"><c r="AZ700000" t="inlineStr"><is><t>x</t></is></c></row>', "AZ700000", "x", 1),
    ],
)
def test_a_stray_cell_is_cut_off_and_named(row, cell, value, unread):
    result = read(in_sheet(GOOD, b"</sheetData>", row + b"</sheetData>"))
    sound(result)
    assert problems(result, "far-cell") == [("Sheet1", cell, value)]
    assert result.unread_rows == unread


def test_a_stray_cell_in_a_row_of_a_long_table():
    rows = [HEADER, *[ROW] * 600]
    stray = xlsx(rows, change=lambda _, page: page.write_string(300, 16_383, "远"))
    result = read(stray)
    assert len(result.rows) == 600
    assert problems(result, "far-cell") == [("Sheet1", "XFD301", "远")]


def test_many_strays_are_counted():
    more = b"".join(b'<row r="%d"><c r="XFA%d"><v>1</v></c></row>' % (n, n) for n in range(900_000, 900_030))
    result = read(in_sheet(GOOD, b"</sheetData>", more + b"</sheetData>"))
    sound(result)
    assert len(problems(result, "far-cell")) == 21
    assert problems(result, "far-cell")[-1][2] == "另有10格"


def test_rows_that_are_only_formatted_up_to_the_last_one():
    rows = b"".join(b'<row r="%d" s="1" customFormat="1"><c r="A%d" s="0"/></row>' % (n, n) for n in range(4, 200_000))
    sound(read(in_sheet(GOOD, b"</sheetData>", rows + b"</sheetData>")))


def test_a_sheet_that_is_really_too_big():
    cells = b'<row r="1"><c r="A1"><v>1</v></c></row>' + b"".join(
        b'<row r="%d"><c r="A%d"><v>1</v></c><c r="BA%d"><v>1</v></c></row>' % (n, n, n)
        for n in range(1000, 1_040_000, 1000)
    )
    whole = rezipped(
        GOOD,
        lambda name, content: (
            content[: content.find(b"<sheetData>") + 11] + cells + b"</sheetData></worksheet>"
            if name.endswith("sheet1.xml")
            else content
        ),
    )
    result = read(whole)
    assert (result.outcome, result.problems[0].code) == (Outcome.FAILED, "file-too-big")
    assert "1039000行" in result.problems[0].message


def test_an_ods_that_repeats_itself_beyond_measure():
    rows = "".join(map(ods_row, (HEADER, ROW)))
    hard = ods(
        f'<table:table table:name="表">{rows}{ods_row(["x"], "table:number-rows-repeated=" + chr(34) + "1000000" + chr(34))}</table:table>'
    )
    assert read(hard, "a.ods").problems[0].code == "file-too-big"


def test_a_lone_quote_in_a_csv_does_not_swallow_the_lines_below():
    lines = [",".join(HEADER), *[",".join(ROW)] * 99]
    lines[5] = lines[5].replace("王建国", '"王建国')
    result = read("\n".join(lines).encode(), "a.csv")
    assert len(result.rows) == 99


def test_a_csv_line_of_many_columns():
    assert "20001列" in read(("a," * 20_000).encode(), "a.csv").problems[0].message


def test_xls_with_a_cell_in_its_last_corner():
    result = read(xls([HEADER, ROW, ROW], change=lambda _, page: page.write(65_535, 255, "x")), "a.xls")
    assert columns(result, "name")[:2] == [["王建国"], ["王建国"]]


def test_a_damaged_xls_whose_cells_claim_columns_that_do_not_exist():
    data = xls([HEADER, ROW, ROW], change=lambda _, page: page.write(3, 200, 3.14159265))
    number = struct.pack("<HHHH", 0x203, 14, 3, 200)
    assert number in data
    result = read(data.replace(number, struct.pack("<HHHH", 0x203, 14, 3, 50_000)), "a.xls")
    sound(result)
    assert problems(result, "far-cell") == [("名单", "BUYC4", "")]
