"""The scan for .xlsb: walks the records of the binary sheets ([MS-XLSB] 2.1.4, 2.3) and cuts strays off."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator

from .book import Facts, Note, RefusalError, SheetFacts
from .legacy import ERRORS
from .parts import part_names
from .scan import custom_properties, relations
from .strays import MAX_AREA, kept
from .workbook import letters

_ROW, _BLANK, _ERROR, _FORMULA_ERROR, _LAST_CELL = 0, 1, 3, 11, 11
_SHEET = 156
_HIDDEN = 0x10


def scan(archive: zipfile.ZipFile, area: int) -> tuple[Facts, dict[str, bytes], list[Note]]:
    """Facts, parts to replace, and what was cut off. Raises RefusalError, struct.error or KeyError."""
    facts, changed = Facts(), dict[str, bytes]()
    notes: list[Note] = []
    parts = part_names(archive)
    properties = parts.get("docprops/custom.xml")
    if properties:
        facts.properties = custom_properties(archive.read(properties))
    targets = relations(archive, parts, "xl/workbook.bin")
    for kind, body, _, _ in _records(archive.read(parts["xl/workbook.bin"])):
        if kind == _SHEET:
            link, at = _string(body, 8)
            name, _ = _string(body, at)
            sheet = facts.sheets[name] = SheetFacts(parts.get(targets.get(link, "").lower(), ""))
            if sheet.part:
                data = archive.read(sheet.part)
                cut = _scan_sheet(data, name, sheet, notes, area)
                if cut is not None:
                    changed[sheet.part] = cut
    return facts, changed, notes


def _scan_sheet(data: bytes, name: str, sheet: SheetFacts, notes: list[Note], area: int) -> bytes | None:
    """Note what is special; the records without the strays when the sheet reaches too far, else None."""
    rows: set[int] = set()
    columns: set[int] = set()
    row = 0
    for kind, body, _, _ in _records(data):
        if kind == _ROW:
            row = struct.unpack_from("<I", body)[0] + 1
            if len(body) > 11 and body[11] & _HIDDEN:
                sheet.hidden_rows.append(row)
        elif _BLANK < kind <= _LAST_CELL:
            column = struct.unpack_from("<I", body)[0]
            rows.add(row)
            columns.add(column)
            sheet.values += 1
            if kind in (_ERROR, _FORMULA_ERROR):
                sheet.errors[(row, column)] = ERRORS.get(body[8], "#VALUE!")
    if not rows or max(rows) * (max(columns) + 1) <= area:
        return None
    last_row, last_column = kept(rows, columns)
    if last_row * (last_column + 1) > MAX_AREA:
        raise RefusalError("file-too-big", f"工作表「{name}」有{last_row}行{last_column + 1}列")
    sheet.lost_rows = sum(1 for row in rows if row > last_row)
    return _without(data, name, sheet, (last_row, last_column), notes)


def _without(data: bytes, name: str, sheet: SheetFacts, keep: tuple[int, int], notes: list[Note]) -> bytes:
    result, row = [], 0
    for kind, body, start, end in _records(data):
        if kind == _ROW:
            row = struct.unpack_from("<I", body)[0] + 1
        if _ROW <= kind <= _LAST_CELL and (row > keep[0] or (kind > _ROW and _column(body) > keep[1])):
            if kind > _BLANK:
                sheet.values -= 1
                notes.append(("far-cell", name, f"{letters(_column(body))}{row}", ""))
            continue
        result.append(data[start:end])
    return b"".join(result)


def _column(body: bytes) -> int:
    return int.from_bytes(body[:4], "little")


def _records(data: bytes) -> Iterator[tuple[int, bytes, int, int]]:
    """(record type, body, where it starts, where it ends)."""
    at, size = 0, len(data)
    while at < size:
        start = at
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (data[at] << 7)
            at += 1
        length = shift = 0
        while True:
            byte = data[at]
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift > 21:
                break
        yield kind, data[at : at + length], start, at + length
        at += length


def _string(body: bytes, at: int) -> tuple[str, int]:
    length = struct.unpack_from("<I", body, at)[0]
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le"), end
