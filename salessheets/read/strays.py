"""A stray cell far from everything else (someone leaned on Ctrl+End) must not cost the file.

A reader that keeps a sheet as a rectangle would need memory for every cell up to XFD1048576. The rectangle is cut
where the table ends; each cell cut off is named.
"""

from __future__ import annotations

import re
import zipfile
from bisect import bisect
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from xml.etree import ElementTree as ET

from .book import Facts, Note, RefusalError, SheetFacts
from .parts import part_names
from .scan import CHUNK, column_index, local, whole_rows

MAX_AREA = 9_000_000  # cells of a rectangle a reader may have to hold …
SMALL_AREA, PER_BYTE = 2_000_000, 20  # … and what a small file may claim: it cannot fill more
MAX_BLANK = 8 << 20  # bytes of rows without a value that a reader may have to go through
ROW_GAP, COLUMN_GAP = 2_000, 60  # so many empty rows or columns end a table
_NAMED = 20  # strays that are named one by one


def allowed(size: int) -> int:
    """Cells of the rectangle that a file of this size may claim."""
    return min(MAX_AREA, SMALL_AREA + PER_BYTE * size)


def cut_all(archive: zipfile.ZipFile, facts: Facts, changed: dict[str, bytes], area: int) -> list[Note]:
    """Put the sheets that had strays or long empty stretches, without them, into ``changed``; return what was cut off.

    Raises RefusalError when a sheet stays too big.
    """
    notes: list[Note] = []
    for name, sheet in facts.sheets.items():
        if sheet.part and sheet.last_row * (sheet.last_column + 1) > area:
            cut = _cut(archive, name, sheet, area)
            if cut:
                changed[sheet.part] = cut[0]
                notes += [("far-cell", name, cell, value) for cell, value in cut[1]]
        elif sheet.part and sheet.blank_bytes > MAX_BLANK:
            changed[sheet.part] = b"".join(_blocks_with_values(archive, sheet))
    return notes


def _blocks(archive: zipfile.ZipFile, sheet: SheetFacts) -> Iterator[bytes]:
    with archive.open(sheet.part) as stream:
        yield from whole_rows(iter(lambda: stream.read(CHUNK), b""))


def _blocks_with_values(archive: zipfile.ZipFile, sheet: SheetFacts) -> Iterator[bytes]:
    """The part without the stretches of rows that are only formatted."""
    filled = re.compile(rb"<%bv>[^<]|<%bis>|<%bsheetData\b|</%bsheetData>" % ((sheet.prefix,) * 4))
    return (block for block in _blocks(archive, sheet) if filled.search(block))


def _cut(
    archive: zipfile.ZipFile, sheet_name: str, sheet: SheetFacts, area: int
) -> tuple[bytes, list[tuple[str, str]]] | None:
    cell = re.compile(rb"""<%bc\b[^>]*?\br=["']([A-Z]+)(\d+)["'][^>]*?(/?)>""" % sheet.prefix)
    value = re.compile(rb"<%b(?:v|is)(?:>|\s[^>]*[^/]>)" % sheet.prefix)
    rows: set[int] = set()
    columns: set[bytes] = set()
    for block in _blocks_with_values(archive, sheet):
        for row in _rows(block, sheet.prefix):
            if value.search(row):
                found = [hit for hit in cell.finditer(row) if not hit[3]]
                columns.update(hit[1] for hit in found)
                rows.update(int(hit[2]) for hit in found[:1])
    numbers = {column_index(name.decode()) for name in columns}
    if not rows or max(rows) * (max(numbers) + 1) <= area:
        return None
    last_row, last_column = kept(rows, numbers)
    if last_row * (last_column + 1) > MAX_AREA:
        raise RefusalError("file-too-big", f"工作表「{sheet_name}」有{last_row}行{last_column + 1}列")
    sheet.lost_rows = sum(1 for row in rows if row > last_row)
    return _without(archive, sheet, cell, (last_row, last_column))


def _rows(block: bytes, prefix: bytes) -> list[bytes]:
    return re.split(rb"(?=<%brow\b)" % prefix, block)


def kept(rows: Collection[int], columns: Collection[int]) -> tuple[int, int]:
    """The last row and column of the table, given all that have a value."""
    return _before_gap(sorted(rows), ROW_GAP), _before_gap(sorted(columns), COLUMN_GAP)


def _before_gap(numbers: Sequence[int], gap: int) -> int:
    """The last number before the first gap (0 when there are none)."""
    for before, after in pairwise(numbers):
        if after - before > gap:
            return before
    return numbers[-1] if numbers else 0


def _without(
    archive: zipfile.ZipFile,
    sheet: SheetFacts,
    cell: re.Pattern[bytes],
    keep: tuple[int, int],
) -> tuple[bytes, list[tuple[str, str]]]:
    """The part with every cell beyond ``keep`` taken out."""
    whole = re.compile(cell.pattern.replace(b"(/?)>", b"(?:/>|>(.*?)</%bc>)" % sheet.prefix), re.DOTALL)
    strays: list[tuple[str, bytes, bytes]] = []

    def judge(hit: re.Match[bytes]) -> bytes:
        if int(hit[2]) <= keep[0] and column_index(hit[1].decode()) <= keep[1]:
            return hit[0]
        if hit[3]:
            strays.append(((hit[1] + hit[2]).decode(), hit[0], hit[3]))
        return b""

    kept = []
    for block in _blocks_with_values(archive, sheet):
        kept += [whole.sub(judge, row) for row in _rows(block, sheet.prefix)]
    sheet.values -= len(strays)
    texts = _texts(archive, strays[:_NAMED])
    named = [(place, text) for (place, _, _), text in zip(strays, texts, strict=False)]
    if len(strays) > _NAMED:
        named.append(("", f"另有{len(strays) - _NAMED}格"))
    return b"".join(kept), named


def _texts(archive: zipfile.ZipFile, strays: Sequence[tuple[str, bytes, bytes]]) -> list[str]:
    """What stood in the cells; shared strings are looked up."""
    values = []
    for _, tag, inner in strays:
        found = re.search(rb"<(?:\w+:)?(?:v|t)\b[^>]*>([^<]*)<", inner)
        text = found[1].decode("utf-8", "replace") if found else ""
        values.append((b't="s"' in tag.split(b">")[0], text))
    wanted = sorted({int(text) for shared, text in values if shared and text.isdigit()})
    strings = _shared_strings(archive, wanted)
    return [strings.get(int(text), "") if shared and text.isdigit() else text for shared, text in values]


def _shared_strings(archive: zipfile.ZipFile, wanted: Sequence[int]) -> dict[int, str]:
    name = part_names(archive).get("xl/sharedstrings.xml")
    if not wanted or name is None:
        return {}
    strings: dict[int, str] = {}
    at = 0
    with archive.open(name) as stream:
        for _, node in ET.iterparse(stream):  # noqa: S314
            if local(node.tag) == "si":
                if bisect(wanted, at) and wanted[bisect(wanted, at) - 1] == at:
                    strings[at] = "".join(part.text or "" for part in node.iter() if local(part.tag) == "t")
                node.clear()
                at += 1
                if at > wanted[-1]:
                    break
    return strings
