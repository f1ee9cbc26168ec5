"""设置.xlsx as sheets of text cells.

The file is the office's own, but one slip must not cost all its settings, nor end the program: the native reader
allocates a sheet up to its farthest cell (a number typed in the last row and column aborts the process), believes the
count of texts, and passes error values as empty. So the XML is put right before it is read.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from datetime import date, datetime

import python_calamine

Grid = list[list[str]]  # rows of a sheet from its first row and column

MAX_ROW, MAX_COLUMN = 10_000, 200  # settings end long before
_MAX_BYTES = 64 << 20  # all parts, inflated
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_CELL = re.compile(rb"<((?:\w+:)?)c\b([^>]*?)(?:/>|>(.*?)</\1c>)", re.DOTALL)
_ADDRESS = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_ERROR = re.compile(rb'\bt="e"')
_COUNTS = re.compile(rb'(<(?:\w+:)?sst\b[^>]*?)\s(?:uniqueCount|count)="[^"]*"')
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\b[^>]*/>")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')


class UnreadableError(Exception):
    """The bytes are no workbook that can be read."""


def read_sheets(data: bytes) -> tuple[dict[str, Grid], list[tuple[str, str]]]:
    """Sheet name → its cells as text, and (sheet name, address) of cells too far away to be read.

    Numbers lose an integral ``.0``, dates are ISO, booleans 是/否, error values their own text (``#REF!``). Outer blanks
    are gone. Raises UnreadableError.
    """
    try:
        mended, far = _mended(data)
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(mended))
        grids = {name.strip(): _grid(book, name) for name in book.sheet_names}
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the native reader is no Exception
        raise UnreadableError from error
    return grids, far


def _grid(book: python_calamine.CalamineWorkbook, name: str) -> Grid:
    return [[_text(value) for value in row] for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _mended(data: bytes) -> tuple[bytes, list[tuple[str, str]]]:
    """The workbook without cells that are too far away, error values as text, no counts; and those cells' places."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data, []  # an .xls, or no workbook
    far: list[tuple[str, str]] = []
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        if sum(entry.file_size for entry in old.infolist()) > _MAX_BYTES:
            raise UnreadableError
        parts = {entry.filename: old.read(entry) for entry in old.infolist()}
        names = _sheet_names(parts)
        for path, part in parts.items():
            if _SHEET.fullmatch(path):
                sheet, places = _mended_sheet(part)
                far += [(names.get(path, ""), place) for place in places]
                new.writestr(path, sheet)
            else:
                new.writestr(path, _COUNTS.sub(rb"\1", _COUNTS.sub(rb"\1", part)) if "sharedStrings" in path else part)
    return out.getvalue(), far


def _mended_sheet(part: bytes) -> tuple[bytes, list[str]]:
    far: list[str] = []

    def cell(found: re.Match[bytes]) -> bytes:
        at = _ADDRESS.search(found[2])
        if at and (int(at[2]) > MAX_ROW or _column(at[1].decode()) > MAX_COLUMN):
            if found[3]:
                far.append((at[1] + at[2]).decode())
            return b""
        if _ERROR.search(found[2]):
            return found[0].replace(b't="e"', b't="str"', 1)
        return found[0]

    return _DIMENSION.sub(b"", _CELL.sub(cell, part), count=1), far


def _sheet_names(parts: dict[str, bytes]) -> dict[str, str]:
    """Path of each sheet's part → its name, as far as the workbook says so plainly."""
    targets = {}
    for relation in re.findall(r"<Relationship\b[^>]*>", _part(parts, "xl/_rels/workbook.xml.rels")):
        told = dict(_ATTRIBUTE.findall(relation))
        path = told.get("Target", "")
        targets[told.get("Id", "")] = path.lstrip("/") if path.startswith("/") else f"xl/{path}"
    names = {}
    for sheet in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", _part(parts, "xl/workbook.xml")):
        told = dict(_ATTRIBUTE.findall(sheet))
        names[targets.get(told.get("r:id", ""), "")] = html.unescape(told.get("name", ""))
    return names


def _part(parts: dict[str, bytes], path: str) -> str:
    return parts.get(path, b"").decode("utf-8", "replace")


def _column(letters: str) -> int:
    """A → 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def letters(column: int) -> str:
    """0 → A."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
