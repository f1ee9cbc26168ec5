"""The scan for .ods: rows, cells and repetitions of content.xml, without building a tree."""

from __future__ import annotations

import re
import zipfile
from html import unescape

from .book import Facts, RefusalError, SheetFacts
from .parts import HEAD, parse, refuse_doctype
from .scan import local
from .strays import MAX_AREA

_TOKEN = re.compile(rb"<table:table\s[^>]*>|<table:table-row\b[^>]*>")
_CELL = re.compile(
    rb"<table:(covered-)?table-cell\b([^>]*?)(?:/>|>(.*?)</table:(?:covered-)?table-cell>)",
    re.DOTALL,
)
_NAME = re.compile(rb'table:name="([^"]*)"')
_ROWS = re.compile(rb'table:number-rows-repeated="(\d+)"')
_COLUMNS = re.compile(rb'table:number-columns-repeated="(\d+)"')
_DOWN = re.compile(rb'table:number-rows-spanned="(\d+)"')
_RIGHT = re.compile(rb'table:number-columns-spanned="(\d+)"')
_HIDDEN = re.compile(rb'table:visibility="(?:collapse|filter)"')
_PARAGRAPH = re.compile(rb"<text:p[^>]*>([^<]*)<")
_NAMED = re.compile(rb"<table:named-(?:expression|range)\b([^>]*)>")
_TARGET = re.compile(rb'table:(?:expression|cell-range-address)="([^"]*)"')
_CONTENT = b"<text:p"


def scan(archive: zipfile.ZipFile) -> Facts:
    """Facts of an .ods. Raises RefusalError when its repetitions would fill the memory."""
    facts = Facts()
    content = archive.read("content.xml")
    refuse_doctype(content[:HEAD])
    if "meta.xml" in archive.namelist():
        for node in parse(archive.read("meta.xml")).iter():
            if local(node.tag) == "user-defined":
                name = next((value for key, value in node.attrib.items() if local(key) == "name"), "")
                facts.properties[name] = (node.text or "").strip()
    for found in _NAMED.finditer(content):
        label, target = _NAME.search(found[1]), _TARGET.search(found[1])
        if label and target:
            facts.names[_plain(label[1])] = _reference(_plain(target[1]))
    _sheets(content, facts)
    return facts


def _reference(target: str) -> str:
    """``of:="x"`` → ``="x"``; ``$_schema.$A$1`` → ``_schema!$A$1``."""
    target = target.removeprefix("of:")
    return target if '"' in target else target.replace(".$", "!$").replace("$'", "'").lstrip("$")


def _plain(raw: bytes) -> str:
    return unescape(raw.decode("utf-8", "replace"))


def _sheets(content: bytes, facts: Facts) -> None:
    tokens = list(_TOKEN.finditer(content))
    sheet, row = SheetFacts(), 0
    for at, token in enumerate(tokens):
        if not token[0].startswith(b"<table:table-row"):
            name = _NAME.search(token[0])
            sheet, row = facts.sheets.setdefault(_plain(name[1]) if name else "", SheetFacts()), 0
            continue
        end = tokens[at + 1].start() if at + 1 < len(tokens) else len(content)
        inner = content[token.end() : end]
        repeated = _count(_ROWS, token[0])
        if _CONTENT in inner:
            _row(inner, row + 1, sheet)
            if (row + repeated) * (sheet.last_column + 1) > MAX_AREA:
                raise RefusalError("file-too-big", f"工作表有{row + repeated}行{sheet.last_column + 1}列")
            if _HIDDEN.search(token[0]):
                sheet.hidden_rows += range(row + 1, row + repeated + 1)
        row += repeated


def _row(inner: bytes, row: int, sheet: SheetFacts) -> None:
    """Cells are looked at one by one only where one of them is special."""
    special = b"spanned" in inner or b"error" in inner or b"columns-repeated" in inner or inner.count(_CONTENT) > 26
    if not special and b"table:formula" not in inner:
        return
    column = 0
    for cell in _CELL.finditer(inner):
        attributes = cell[2]
        repeated = _count(_COLUMNS, attributes)
        filled = _CONTENT in (cell[3] or b"")
        if filled:
            sheet.last_column = max(sheet.last_column, column + repeated - 1)
        down, right = _count(_DOWN, attributes), _count(_RIGHT, attributes)
        if not cell[1] and (down > 1 or right > 1):
            sheet.merged.append((row, column, row + down - 1, column + right - 1))
        if b'value-type="error"' in attributes:
            shown = _PARAGRAPH.search(cell[3] or b"")
            sheet.errors[(row, column)] = _plain(shown[1]) if shown else "#VALUE!"
        elif b"table:formula" in attributes and not filled and b"value-type" not in attributes:
            sheet.unsaved.append((row, column))
        column += repeated


def _count(pattern: re.Pattern[bytes], tag: bytes) -> int:
    found = pattern.search(tag)
    return min(int(found[1]), 1 << 24) if found else 1
