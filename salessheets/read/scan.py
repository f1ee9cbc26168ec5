"""What calamine does not tell, found in one streaming pass over the parts of an .xlsx file.

Error cells, formulas without a stored result, hidden rows, number formats that show leading zeros, defined names and
document properties (excel.md, "Reading"). Byte searches come first and regular expressions only where something was
found, so an ordinary sheet costs little more than inflating it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath
from xml.etree import ElementTree as ET

CHUNK = 1 << 20
Position = tuple[int, int]  # Excel row, 0-based column

_NUMBER = re.compile(rb"""\br\s*=\s*["'](\d+)["']""")
_HIDDEN = re.compile(rb"""\bhidden\s*=\s*["'](?:1|true)["']""")
_STYLE = re.compile(rb"""\bs=["'](\d+)["']""")
_REF = re.compile(rb"""\br\s*=\s*["']([A-Z]+)(\d+)["']""")
_PREFIX = re.compile(rb"<(\w+:)?worksheet\b")
_ZEROS = re.compile(r'^"?[^0#?"]*"?(0{2,})(?:_.*|"[^"]*"|@)?$')


@dataclass
class SheetFacts:
    """What the pass found in one sheet. Rows as in Excel, columns counted from 0."""

    part: str = ""
    hidden: bool = False
    hidden_rows: list[int] = field(default_factory=list)
    errors: dict[Position, str] = field(default_factory=dict)
    unsaved: list[Position] = field(default_factory=list)  # formulas without a stored result
    shown: dict[Position, str] = field(default_factory=dict)  # cells whose format adds zeros: the text they show


@dataclass
class Facts:
    """What the pass found in a workbook."""

    sheets: dict[str, SheetFacts] = field(default_factory=dict)  # by sheet name
    properties: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    inert: list[str] = field(default_factory=list)  # macros, external links …: never run, never fetched


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
    parts = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
    properties = parts.get("docprops/custom.xml")
    if properties:
        facts.properties = custom_properties(archive.read(properties))
    main = parts.get("xl/workbook.xml")
    if main is None:
        return facts
    root = ET.fromstring(archive.read(main))  # noqa: S314  the guard has refused documents with a DOCTYPE
    targets = relations(archive, parts, "xl/workbook.xml")
    styles = zero_styles(archive, parts)
    for node in root.iter():
        kind = local(node.tag)
        if kind == "sheet":
            link = next((value for key, value in node.attrib.items() if key.endswith("}id")), "")
            sheet = SheetFacts(parts.get(targets.get(link, "").lower(), ""))
            sheet.hidden = node.get("state", "visible") not in ("visible", "show")
            facts.sheets[node.get("name", "")] = sheet
            if sheet.part:
                scan_sheet(archive, sheet, styles)
        elif kind == "definedName":
            facts.names[node.get("name", "")] = (node.text or "").strip()
    return facts


def relations(archive: zipfile.ZipFile, parts: dict[str, str], part: str) -> dict[str, str]:
    """Relation id → part name of everything ``part`` points to inside the file."""
    folder = dirname(part)
    name = parts.get(f"{folder}/_rels/{part.rsplit('/', 1)[-1]}.rels".lower())
    if name is None:
        return {}
    root = ET.fromstring(archive.read(name))  # noqa: S314
    return {
        node.get("Id", ""): normpath(join(folder, target)) if not target.startswith("/") else target[1:]
        for node in root
        if (target := node.get("Target", "").replace("\\", "/")) and node.get("TargetMode") != "External"
    }


def custom_properties(data: bytes) -> dict[str, str]:
    """docProps/custom.xml → name: value."""
    root = ET.fromstring(data)  # noqa: S314
    return {node.get("name", ""): "".join(node.itertext()).strip() for node in root if node.get("name")}


def zero_styles(archive: zipfile.ZipFile, parts: dict[str, str]) -> dict[int, int]:
    """Cell style → number of digits, for the formats that show leading zeros (00007)."""
    name = parts.get("xl/styles.xml")
    if name is None:
        return {}
    data = archive.read(name)
    if b"00" not in data:
        return {}
    formats: dict[str, int] = {}
    styles: dict[int, int] = {}
    root = ET.fromstring(data)  # noqa: S314
    for node in root.iter():
        if local(node.tag) == "numFmt":
            found = _ZEROS.match(node.get("formatCode", "").split(";")[0].replace("\\", ""))
            if found:
                formats[node.get("numFmtId", "")] = len(found[1])
        elif local(node.tag) == "cellXfs":
            for at, style in enumerate(node):
                digits = formats.get(style.get("numFmtId", ""))
                if digits:
                    styles[at] = digits
    return styles


def scan_sheet(archive: zipfile.ZipFile, sheet: SheetFacts, digits: dict[int, int]) -> None:
    """Stream one sheet's part past ``scan_rows``."""
    with archive.open(sheet.part) as stream:
        marks = None
        for block in whole_rows(iter(lambda: stream.read(CHUNK), b"")):
            if marks is None:
                prefix = _PREFIX.search(block)
                marks = Marks(prefix[1] or b"" if prefix else b"", digits)
            scan_rows(block, sheet, marks, digits)


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


class Marks:
    """The byte patterns of one sheet; ``prefix`` is its namespace prefix (mostly none)."""

    def __init__(self, prefix: bytes, zero_styles: Iterable[int]) -> None:
        p = re.escape(prefix)
        self.row = re.compile(rb"<%brow\b([^>]*)>" % p)
        self.cell = b"<%bc " % prefix
        self.value = re.compile(rb"<%bv[^>]*>([^<]+)<" % p)
        self.error = re.compile(rb"""\bt=["']e["']""")
        empty = rb"(?:</%bc>|<%bv\s*/>|<%bv></)" % (p, p, p)
        self.unsaved = re.compile(rb"</%bf>%b|<%bf\b[^>]*/>%b" % (p, empty, p, empty))
        styles = b"|".join(b"%d" % style for style in zero_styles)
        self.zeros = re.compile(rb"""<%bc\b[^>]*?\bs=["'](?:%b)["'][^>]*>""" % (p, styles)) if styles else None

    def cell_at(self, block: bytes, inside: int) -> tuple[Position, bytes] | None:
        """Position and start tag of the cell that encloses the byte ``inside``."""
        start = block.rfind(self.cell, 0, inside)
        tag = block[start : block.find(b">", start) + 1] if start >= 0 else b""
        place = _REF.search(tag)
        return ((int(place[2]), column_index(place[1].decode())), tag) if place else None


def scan_rows(block: bytes, sheet: SheetFacts, marks: Marks, digits: dict[int, int]) -> None:
    """Note what is special in these whole rows."""
    if b"hidden" in block:
        for row in marks.row.finditer(block):
            if _HIDDEN.search(row[1]) and (number := _NUMBER.search(row[1])):
                sheet.hidden_rows.append(int(number[1]))
    for found in marks.error.finditer(block):
        cell = marks.cell_at(block, found.end())
        if cell:
            value = marks.value.search(block, found.end(), found.end() + 1000)
            sheet.errors[cell[0]] = value[1].decode() if value else "#VALUE!"
    if b"f>" in block or b"<f" in block:
        for found in marks.unsaved.finditer(block):
            cell = marks.cell_at(block, found.start())
            if cell and b't="str"' not in cell[1] and cell[0] not in sheet.errors:
                sheet.unsaved.append(cell[0])
    if marks.zeros:
        for found in marks.zeros.finditer(block):
            cell = marks.cell_at(block, found.end())
            value = marks.value.match(block, found.end())
            style = _STYLE.search(found[0])
            if cell and value and style and value[1].isdigit() and b't="s"' not in cell[1]:
                sheet.shown[cell[0]] = value[1].decode().zfill(digits[int(style[1])])
