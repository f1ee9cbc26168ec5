"""Small files for the tests of reading: rows in, the bytes of a file out; and one warm reader for all of them."""

from __future__ import annotations

import atexit
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from functools import cache

import xlsxwriter
import xlwt

from salessheets.read import FileRows, Reader

HEADER = ["咨询日期", "咨询渠道", "客户姓名", "联系电话", "咨询内容"]
ROW = ["2026-11-03", "咨询电话", "王建国", "13987650012", "问价格"]


@cache
def reader() -> Reader:
    """One reading process for the whole test run."""
    one = Reader()
    atexit.register(one.close)
    return one


def read(data: bytes, name: str = "表.xlsx") -> FileRows:
    return reader().read(data, name)


def xlsx(rows, *, sheet="Sheet1", change=None, options=None) -> bytes:
    """An .xlsx of these rows; ``change(book, sheet)`` may add to it. Empty cells are left out."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **(options or {})})
    page = book.add_worksheet(sheet)
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value != "":
                page.write(r, c, value)
    if change:
        change(book, page)
    book.close()
    return out.getvalue()


def xls(rows, *, change=None) -> bytes:
    """An .xls of these rows; ``change(book, sheet)`` may add to it."""
    book = xlwt.Workbook()
    page = book.add_sheet("名单", cell_overwrite_ok=True)
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value != "":
                page.write(r, c, value)
    if change:
        change(book, page)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rezipped(
    data: bytes, change: Callable[[str, bytes], bytes | None], more: Iterable[tuple[str, bytes]] = ()
) -> bytes:
    """The same zip with ``change(name, content)`` for each part (None drops it), and more parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name, content in more:
            new.writestr(name, content)
    return out.getvalue()


def in_sheet(data: bytes, old: bytes, new: bytes) -> bytes:
    """The first sheet's XML with one replacement, which must fit."""

    def change(name: str, content: bytes) -> bytes:
        if not name.endswith("sheet1.xml"):
            return content
        assert old in content
        return content.replace(old, new, 1)

    return rezipped(data, change)


def ods(sheet: str, more: Sequence[tuple[str, bytes]] = ()) -> bytes:
    """An .ods from the XML of its tables."""
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("table", "table"), ("text", "text"), ("meta", "meta"))
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} '
        f'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
        'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        new.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        new.writestr("content.xml", content)
        new.writestr("META-INF/manifest.xml", manifest)
        for name, part in more:
            new.writestr(name, part)
    return out.getvalue()


def ods_row(cells, attributes="") -> str:
    texts = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        if cell
        else "<table:table-cell/>"
        for cell in cells
    )
    return f"<table:table-row {attributes}>{texts}</table:table-row>"


def problems(result: FileRows, code: str) -> list[tuple[str, str, str]]:
    """(sheet, cell or row, value) of every problem with this code."""
    return [(p.sheet, p.cell or str(p.row), p.value) for p in result.problems if p.code == code]


def columns(result: FileRows, *names: str) -> list[list[object]]:
    return result.rows[list(names)].to_numpy().tolist()
