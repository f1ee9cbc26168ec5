"""What calamine does not tell, found in one streaming pass over the parts of an .xlsx file.

Error cells, formulas without a stored result, hidden rows, number formats that show leading zeros, how far the cells
reach, defined names, document properties, and whatever could be active (excel.md, "Reading"). Literal byte searches
come first and regular expressions only where something was found: an ordinary sheet costs little more than inflating.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from posixpath import dirname, join, normpath

from .book import IMAGE, Facts, Position, SheetFacts
from .parts import HEAD, parse, part_names, refuse_doctype

CHUNK = 1 << 20

_STYLE = re.compile(rb"""\bs=["'](\d+)["']""")
_NUMBER = re.compile(rb"""\br\s*=\s*["'](\d+)["']""")
_HIDDEN = re.compile(rb"""\bhidden\s*=\s*["'](?:1|true)["']""")
_REF = re.compile(rb"""\br\s*=\s*["']([A-Z]+)(\d+)["']""")
_WIDE = re.compile(rb"""r=["']([A-Z]{2,3})\d""")
_ERROR = re.compile(rb"""\bt=["']e["']""")
_IMAGE = re.compile(rb"<(?:\w+:)?f>[^<]*DISPIMG\(")
_PREFIX = re.compile(rb"<(\w+:)?worksheet\b")
ZEROS = re.compile(r'(?:"[^"]*")?(0{2,})(?:"[^"]*")?(?:;.*)?')


def column_index(letters: str) -> int:
    """A → 0, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def local(tag: str) -> str:
    """The tag without its namespace."""
    return tag.rsplit("}", 1)[-1]


def xlsx(archive: zipfile.ZipFile) -> Facts:
    """Scan the parts of an .xlsx. Raises KeyError, zipfile.BadZipFile or ET.ParseError for broken ones."""
    facts = Facts()
    parts = part_names(archive)
    properties = parts.get("docprops/custom.xml")
    if properties:
        facts.properties = custom_properties(archive.read(properties))
    main = parts.get("xl/workbook.xml")
    if main is None:
        return facts
    root = parse(archive.read(main))
    targets = relations(archive, parts, "xl/workbook.xml")
    digits = zero_styles(archive, parts)
    for node in root.iter():
        kind = local(node.tag)
        if kind == "sheet":
            link = next((value for key, value in node.attrib.items() if key.endswith("}id")), "")
            sheet = facts.sheets[node.get("name", "")] = SheetFacts(parts.get(targets.get(link, "").lower(), ""))
            if sheet.part:
                _scan_sheet(archive, sheet, digits)
        elif kind == "definedName":
            facts.names[node.get("name", "")] = (node.text or "").strip()
    return facts


def relations(archive: zipfile.ZipFile, parts: dict[str, str], part: str) -> dict[str, str]:
    """Relation id → part name of everything ``part`` points to inside the file."""
    folder, _, name = part.rpartition("/")
    links = parts.get(f"{folder}/_rels/{name}.rels".lower())
    if links is None:
        return {}
    targets = {}
    for node in parse(archive.read(links)):
        target = node.get("Target", "").replace("\\", "/")
        if target and node.get("TargetMode") != "External":
            path = target[1:] if target.startswith("/") else join(dirname(part), target)
            targets[node.get("Id", "")] = normpath(path)
    return targets


def custom_properties(data: bytes) -> dict[str, str]:
    """Read docProps/custom.xml: name → value."""
    root = parse(data)
    return {node.get("name", ""): "".join(node.itertext()).strip() for node in root if node.get("name")}


def zero_styles(archive: zipfile.ZipFile, parts: dict[str, str]) -> dict[int, int]:
    """Cell style → number of digits, for the formats that show leading zeros (00007)."""
    name = parts.get("xl/styles.xml")
    data = archive.read(name) if name else b""
    if b'="00' not in data and b";00" not in data:
        return {}
    formats: dict[str, int] = {}
    styles: dict[int, int] = {}
    for node in parse(data).iter():
        if local(node.tag) == "numFmt":
            found = ZEROS.fullmatch(node.get("formatCode", "").replace("\\", ""))
            if found:
                formats[node.get("numFmtId", "")] = len(found[1])
        elif local(node.tag) == "cellXfs":
            formatted = ((at, formats.get(style.get("numFmtId", ""), 0)) for at, style in enumerate(node))
            styles = {at: digits for at, digits in formatted if digits}
    return styles


def _scan_sheet(archive: zipfile.ZipFile, sheet: SheetFacts, digits: dict[int, int]) -> None:
    marks = None
    with archive.open(sheet.part) as stream:
        for block in whole_rows(iter(lambda: stream.read(CHUNK), b"")):
            if marks is None:
                refuse_doctype(block[:HEAD])
                prefix = _PREFIX.search(block)
                sheet.prefix = (prefix[1] or b"") if prefix else b""
                marks = _Marks(sheet.prefix, digits)
            _scan_rows(block, sheet, marks, digits)


def whole_rows(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Regroup a stream so that no row is cut in two."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        cut = max(rest.rfind(b"</row>"), rest.rfind(b":row>"))
        if cut > 0:
            yield rest[: cut + 6]
            rest = rest[cut + 6 :]
    yield rest


class _Marks:
    """The byte patterns of one sheet; ``prefix`` is its namespace prefix (mostly none)."""

    def __init__(self, prefix: bytes, zero_styles: Iterable[int]) -> None:
        self.row = re.compile(rb"<%brow\b([^>]*)>" % prefix)
        self.row_number = re.compile(rb"""<%brow\b[^>]*?\br=["'](\d+)""" % prefix)
        self.open_value, self.inline = b"<%bv>" % prefix, b"<%bis>" % prefix
        self.empty_value = b"<%bv></%bv>" % (prefix, prefix)
        self.whole = re.compile(rb"""<%bmergeCell ref=["'](?:[A-Z]+:[A-Z]|\d+:)""" % prefix)
        self.cell = b"<%bc " % prefix
        self.formula = b"<%bf" % prefix
        self.value = re.compile(rb"[^<]*(?:<%bf[^>]*/>|<%bf[^>]*>[^<]*</%bf>)?<%bv[^>]*>([^<]+)<" % ((prefix,) * 4))
        empty = rb"(?:</%bc>|<%bv\s*/>|<%bv></)" % ((prefix,) * 3)
        self.unsaved = re.compile(rb"</%bf>%b|<%bf\b[^>]*/>%b" % (prefix, empty, prefix, empty))
        styles = b"|".join(b"%d" % style for style in zero_styles)
        self.zeros = re.compile(rb"""<%bc\b[^>]*?\bs=["'](?:%b)["'][^>]*>""" % (prefix, styles)) if styles else None

    def cell_at(self, block: bytes, inside: int) -> tuple[Position, bytes, int] | None:
        """Position, start tag and end of the tag of the cell that encloses the byte ``inside``."""
        start = block.rfind(self.cell, 0, inside)
        end = block.find(b">", start) + 1 if start >= 0 else 0
        place = _REF.search(block, start, end) if end else None
        return ((int(place[2]), column_index(place[1].decode())), block[start:end], end) if place else None


def _scan_rows(block: bytes, sheet: SheetFacts, marks: _Marks, digits: dict[int, int]) -> None:
    """Note what is special in these whole rows."""
    values = block.count(marks.open_value) - block.count(marks.empty_value) + block.count(marks.inline)
    sheet.values += values
    if values:  # rows that are only formatted reach to row 1,048,576 and say nothing
        sheet.last_row = max(sheet.last_row, *map(int, marks.row_number.findall(block)), 0)
        for letters in set(_WIDE.findall(block)):
            sheet.last_column = max(sheet.last_column, column_index(letters.decode()))
    else:
        sheet.blank_bytes += len(block)
    if b"mergeCell" in block and marks.whole.search(block):
        sheet.merges_columns = True
    if b"hidden" in block:
        for row in marks.row.finditer(block):
            if _HIDDEN.search(row[1]) and (number := _NUMBER.search(row[1])):
                sheet.hidden_rows.append(int(number[1]))
    if b't="e"' in block or b"t='e'" in block:
        for found in _ERROR.finditer(block):
            cell = marks.cell_at(block, found.end())
            if cell:
                value = marks.value.match(block, cell[2])
                sheet.errors[cell[0]] = value[1].decode() if value else "#VALUE!"
    if b"DISPIMG(" in block:
        for found in _IMAGE.finditer(block):
            cell = marks.cell_at(block, found.end())
            if cell:
                sheet.errors[cell[0]] = IMAGE
    if marks.formula in block:
        for found in marks.unsaved.finditer(block):
            cell = marks.cell_at(block, found.start())
            if cell and b't="str"' not in cell[1] and cell[0] not in sheet.errors:
                sheet.unsaved.append(cell[0])
    if marks.zeros:
        for found in marks.zeros.finditer(block):
            cell = marks.cell_at(block, found.end())
            value, style = marks.value.match(block, found.end()), _STYLE.search(found[0])
            if cell and value and style and value[1].isdigit() and b't="s"' not in cell[1]:
                sheet.shown[cell[0]] = value[1].decode().zfill(digits[int(style[1])])
