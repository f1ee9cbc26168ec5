"""The scan for .xls: walks the BIFF records of the Workbook stream ([MS-XLS] 2.4) for what calamine does not tell."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Any

from .book import IMAGE, Facts, Note, Position, RefusalError, SheetFacts
from .cells import number
from .scan import ZEROS
from .strays import MAX_AREA, kept
from .workbook import letters

_BOF, _EOF, _NAME, _FILEPASS, _BOUNDSHEET = 0x809, 0x0A, 0x18, 0x2F, 0x85
_XF, _FORMAT, _ROW, _BOOLERR, _FORMULA, _NUMBER, _RK, _MULRK = 0xE0, 0x41E, 0x208, 0x205, 0x06, 0x203, 0x27E, 0xBD
_BLANK = 0x201
MAX_COLUMNS = 256
_SUMMARY, _USER_DEFINED = "\x05DocumentSummaryInformation", "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_STRING = 0x207  # the text a formula came to
_VALUES = frozenset((0xFD, 0x204, 0xD6, _NUMBER, _RK, _MULRK, _BOOLERR, _FORMULA, 0x206, 0x406))
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_BIFF8 = 0x600  # older ones (Excel 5 and 95) keep text in the code page of their day
_HEADER = struct.Struct("<HH")
_CELL = struct.Struct("<HHH")


class LockedError(Exception):
    """The workbook is encrypted."""


def scan(data: bytes) -> Facts:
    """Facts of an .xls. Raises LockedError when it has a password, OSError or struct.error when it is damaged."""
    import olefile  # type: ignore[import-untyped]

    facts = Facts()
    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        book = ole.openstream(_stream(ole)).read()
        if ole.exists(_SUMMARY):
            for entry in ole.get_userdefined_properties(_SUMMARY, _USER_DEFINED):
                facts.properties[_plain(entry["property_name"])] = _plain(entry["value"])
    styles = _globals(book, facts)
    for sheet in facts.sheets.values():
        formula = (0, 0)
        for kind, body, _ in _records(book, sheet.offset):
            if kind == _FORMULA:
                formula = _place(body)
            elif kind == _STRING and b"DISPIMG(" in body.replace(b"\0", b""):
                sheet.errors[formula] = IMAGE
            _note(kind, body, sheet, styles)
    return facts


def without_strays(data: bytes, facts: Facts, area: int) -> tuple[bytes, list[Note]]:
    """The file with its strays turned into blank cells, and what they were. Raises RefusalError when too big."""
    import olefile

    notes: list[Note] = []
    with olefile.OleFileIO(io.BytesIO(data), write_mode=True) as ole:
        name = _stream(ole)
        book = bytearray(ole.openstream(name).read())
        for sheet_name, sheet in facts.sheets.items():
            if reaches_too_far(sheet, area):
                notes += _cut(book, sheet_name, sheet)
        ole.write_stream(name, bytes(book))
        mended: bytes = ole.fp.getvalue()
    return mended, notes


def reaches_too_far(sheet: SheetFacts, area: int) -> bool:
    """Whether there are strays to look for; columns beyond IV can only come from damage."""
    return sheet.last_row * (sheet.last_column + 1) > area or sheet.last_column >= MAX_COLUMNS


def _cut(book: bytearray, name: str, sheet: SheetFacts) -> Iterator[Note]:
    cells = [(at, *_place(body)) for kind, body, at in _records(bytes(book), sheet.offset) if kind in _VALUES]
    last_row, last_column = kept(
        {row for _, row, _ in cells},
        {column for _, _, column in cells if column < MAX_COLUMNS} or {0},
    )
    if last_row * (last_column + 1) > MAX_AREA:
        raise RefusalError("file-too-big", f"工作表「{name}」有{last_row}行{last_column + 1}列")
    strays = [(at, row, column) for at, row, column in cells if row > last_row or column > last_column]
    sheet.lost_rows = len({row for _, row, _ in strays if row > last_row})
    sheet.values -= len(strays)
    for at, row, column in strays:
        struct.pack_into("<H", book, at, _BLANK)
        yield "far-cell", name, f"{letters(column)}{row}", ""


def _plain(value: object) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")
    return text.strip("\x00")


def _stream(ole: Any) -> str:
    return next((name for name in ("Workbook", "Book", "WORKBOOK", "BOOK") if ole.exists(name)), "Workbook")


def _globals(book: bytes, facts: Facts) -> dict[int, int]:
    """Sheets and defined names into ``facts``; cell style → digits, for the formats that show leading zeros."""
    flagged = len(book) > 6 and struct.unpack_from("<H", book, 4)[0] >= _BIFF8
    formats: dict[int, int] = {}
    styles: dict[int, int] = {}
    seen = 0
    for kind, body, _ in _records(book, 0):
        if kind == _FILEPASS:
            raise LockedError
        if kind == _BOUNDSHEET:
            name = _text(body, 6, 1) if flagged else body[7 : 7 + body[6]].decode("gb18030", "replace")
            facts.sheets[name] = SheetFacts(offset=struct.unpack_from("<I", body)[0])
        elif kind == _FORMAT and flagged:
            found = ZEROS.fullmatch(_text(body, 2, 2).replace("\\", ""))
            if found:
                formats[struct.unpack_from("<H", body)[0]] = len(found[1])
        elif kind == _XF:
            digits = formats.get(struct.unpack_from("<H", body, 2)[0], 0)
            if digits:
                styles[seen] = digits
            seen += 1
        elif kind == _NAME and flagged:
            _defined_name(body, facts)
    return styles


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes, int]]:
    """(type, body, position) of the records of one substream; a chart inside it is skipped."""
    depth = 0
    while at + 4 <= len(book):
        kind, size = _HEADER.unpack_from(book, at)
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, book[at + 4 : at + 4 + size], at
        at += 4 + size


def _text(body: bytes, at: int, width: int) -> str:
    """A short Unicode string whose length takes ``width`` bytes."""
    length = int.from_bytes(body[at : at + width], "little")
    wide = body[at + width] & 1
    raw = body[at + width + 1 : at + width + 1 + length * (1 + wide)]
    return raw.decode("utf-16-le" if wide else "latin-1", "replace")


def _defined_name(body: bytes, facts: Facts) -> None:
    """Only names that hold a text constant matter: salessheets_table ="handover"."""
    length, size = body[3], struct.unpack_from("<H", body, 4)[0]
    wide = body[14] & 1
    end = 15 + length * (1 + wide)
    name = body[15:end].decode("utf-16-le" if wide else "latin-1", "replace")
    formula = body[end : end + size]
    facts.names[name] = f'="{_text(formula, 1, 1)}"' if formula[:1] == b"\x17" else ""


def _note(kind: int, body: bytes, sheet: SheetFacts, styles: dict[int, int]) -> None:
    if kind in _VALUES:
        row, column = _place(body)
        sheet.last_row, sheet.last_column = max(sheet.last_row, row), max(sheet.last_column, column)
        sheet.values += (len(body) - 6) // 6 if kind == _MULRK else 1
    if kind == _ROW and len(body) >= 14 and body[12] & 0x20:
        sheet.hidden_rows.append(struct.unpack_from("<H", body)[0] + 1)
    elif kind == _BOOLERR and len(body) >= 8 and body[7]:
        sheet.errors[_place(body)] = ERRORS.get(body[6], "#VALUE!")
    elif kind == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
        sheet.errors[_place(body)] = ERRORS.get(body[8], "#VALUE!")
    elif styles and kind in (_NUMBER, _RK):
        row, column, style = _CELL.unpack_from(body)
        value = struct.unpack_from("<d", body, 6)[0] if kind == _NUMBER else _rk(struct.unpack_from("<I", body, 6)[0])
        _show(sheet, (row + 1, column), value, styles.get(style, 0))
    elif styles and kind == _MULRK:
        row, first = struct.unpack_from("<HH", body)
        for at in range((len(body) - 6) // 6):
            style, packed = struct.unpack_from("<HI", body, 4 + 6 * at)
            _show(sheet, (row + 1, first + at), _rk(packed), styles.get(style, 0))


def _place(body: bytes) -> Position:
    row, column = struct.unpack_from("<HH", body)
    return row + 1, column


def _rk(packed: int) -> float:
    """A packed number ([MS-XLS] 2.5.217)."""
    if packed & 2:
        value = float((packed >> 2) - (1 << 30 if packed & 0x80000000 else 0))
    else:
        value = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0]
    return value / 100 if packed & 1 else value


def _show(sheet: SheetFacts, place: Position, value: float, digits: int) -> None:
    text = number(value)
    if digits and text.isdigit():
        sheet.shown[place] = text.zfill(digits)
