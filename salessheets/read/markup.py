"""Tables named .xls that are no workbooks: HTML, MHTML and Excel's XML of 2003 (what many web systems export)."""

from __future__ import annotations

import email
import email.policy
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

from .book import Area, RefusalError, SheetFacts
from .csvfile import decode
from .parts import parse
from .scan import local

MAX_SPAN = 1_000
MAX_GAP = 2_000  # empty rows or columns before a cell; a farther one is a stray
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)


class _Tables(HTMLParser):
    """Every table of a page, one below the other; nested tables count as text of their cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.merged: list[Area] = []
        self.depth = 0
        self.cell: list[str] | None = None
        self.span = (1, 1)
        self.taken: dict[int, set[int]] = {}  # row → columns covered by a cell that reaches down to it

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, row or cell."""
        if tag == "table":
            self.depth += 1
        elif tag == "tr" and self.depth == 1:
            self._close()
            self.rows.append([])
        elif tag in ("td", "th") and self.depth == 1:
            self._close()
            if not self.rows:
                self.rows.append([])
            given = dict(attrs)
            down, right = _span(given.get("rowspan")), _span(given.get("colspan"))
            self.span = (down, right) if down * right <= MAX_SPAN * 10 else (1, 1)
            self.cell = []
        elif tag in ("br", "p", "div") and self.cell:
            self.cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close a cell, row or table."""
        if tag == "table":
            if self.depth == 1:
                self._close()
                self.rows.append([])
            self.depth = max(self.depth - 1, 0)
        elif tag in ("td", "th", "tr") and self.depth == 1:
            self._close()

    def handle_data(self, data: str) -> None:
        """Collect the text of the open cell."""
        if self.cell is not None:
            self.cell.append(data)

    def _close(self) -> None:
        if self.cell is None:
            return
        row, number = self.rows[-1], len(self.rows)
        covered = self.taken.get(number, ())
        while len(row) in covered:
            row.append("")
        down, right = self.span
        first = len(row)
        row += [re.sub(r"[ \t\r\n]*\n[ \t\r\n]*", "\n", "".join(self.cell)).strip(), *[""] * (right - 1)]
        for below in range(number + 1, number + down):
            self.taken.setdefault(below, set()).update(range(first, first + right))
        if down > 1 or right > 1:
            self.merged.append((number, first, number + down - 1, first + right - 1))
        self.cell = None


def _span(value: str | None) -> int:
    return min(max(int(value), 1), MAX_SPAN) if value and value.isdigit() else 1


def html_rows(data: bytes) -> tuple[list[list[str]], list[Area]]:
    """Rows and merged areas of the tables of a page. Raises RefusalError when it has none."""
    declared = _CHARSET.search(data[:4096])
    try:
        text = (
            data.decode(declared[1].decode("ascii")) if declared and not data.startswith(b"\xff\xfe") else decode(data)
        )
    except (UnicodeDecodeError, LookupError):
        text = decode(data)
    tables = _Tables()
    tables.feed(text)
    tables.close()
    tables.handle_endtag("table")
    if not any(map(any, tables.rows)):
        raise RefusalError("file-unreadable", "这是网页,里面没有表格")
    return tables.rows, tables.merged


def mhtml_body(data: bytes) -> bytes:
    """The page inside a web archive (single file web page). Raises RefusalError when there is none."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            body = part.get_payload(decode=True)
            if isinstance(body, bytes) and b"<t" in body.lower():
                return body
    raise RefusalError("file-unreadable", "这是网页,里面没有表格")


class _MarkupSheet:
    """One worksheet of an XML workbook of 2003 while its rows arrive."""

    def __init__(self, name: str, *, hidden: bool) -> None:
        self.name, self.hidden = name, hidden
        self.rows: list[list[str]] = []
        self.facts = SheetFacts()


def spreadsheetml(data: bytes) -> list[tuple[str, list[list[str]], SheetFacts, bool]]:
    """Sheets of an XML workbook of 2003: name, rows, facts, hidden. Raises RefusalError or ET.ParseError."""
    sheets = []
    for worksheet in parse(data).iter():
        if local(worksheet.tag) != "Worksheet":
            continue
        hidden = any(local(n.tag) == "Visible" and (n.text or "").startswith("Sheet") for n in worksheet.iter())
        sheet = _MarkupSheet(_attribute(worksheet, "Name"), hidden=hidden)
        for row in worksheet.iter():
            if local(row.tag) == "Row":
                _add_row(sheet, row)
        sheets.append((sheet.name, sheet.rows, sheet.facts, sheet.hidden))
    return sheets


def _add_row(sheet: _MarkupSheet, row: ET.Element) -> None:
    index = _attribute(row, "Index")
    gap = int(index) - 1 - len(sheet.rows) if index.isdigit() else 0
    if 0 < gap <= MAX_GAP:
        sheet.rows += [[] for _ in range(gap)]
    number = len(sheet.rows) + 1
    if _attribute(row, "Hidden") == "1":
        sheet.facts.hidden_rows.append(number)
    texts: list[str] = []
    for cell in row:
        if local(cell.tag) != "Cell":
            continue
        place = _attribute(cell, "Index")
        skip = int(place) - 1 - len(texts) if place.isdigit() else 0
        texts += [""] * (skip if 0 < skip <= MAX_GAP else 0)
        at = len(texts)
        content = next((node for node in cell if local(node.tag) == "Data"), None)
        texts.append(_value(content) if content is not None else "")
        if content is not None and _attribute(content, "Type") == "Error":
            sheet.facts.errors[(number, at)] = texts[-1]
        elif _attribute(cell, "Formula") and not texts[-1]:
            sheet.facts.unsaved.append((number, at))
        right, down = (min(int(_attribute(cell, n) or 0), MAX_SPAN) for n in ("MergeAcross", "MergeDown"))
        texts += [""] * right
        if right or down:
            sheet.facts.merged.append((number, at, number + down, at + right))
    sheet.rows.append(texts)


def _attribute(node: ET.Element, name: str) -> str:
    return next((value for key, value in node.attrib.items() if local(key) == name), "")


def _value(content: ET.Element) -> str:
    text, kind = "".join(content.itertext()), _attribute(content, "Type")
    if kind == "Number" and re.fullmatch(r"-?\d+\.0+", text):
        return text.split(".")[0]
    if kind == "DateTime":
        day, _, clock = text.partition("T")
        return day if clock[:8] in ("", "00:00:00") else f"{day} {clock[:5]}"
    if kind == "Boolean":
        return "是" if text == "1" else "否"
    return text
