"""Parts of a zip file: their names as the standard writes them, and their XML, refused when it has a DOCTYPE."""

from __future__ import annotations

import zipfile
import zlib
from xml.etree import ElementTree as ET

from .book import RefusalError

BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError)
HEAD = 65_536  # a DOCTYPE stands before the root element


def part_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Part name as the standard writes it, lower case, → name in this archive (some use backslashes and capitals)."""
    return {name.replace("\\", "/").lstrip("/").lower(): name for name in archive.namelist()}


def parse(data: bytes) -> ET.Element:
    """The root element. Raises RefusalError for a DOCTYPE, ET.ParseError for broken XML."""
    refuse_doctype(data[:HEAD])
    return ET.fromstring(data)  # noqa: S314  without a DOCTYPE there are no entities to expand


def refuse_doctype(head: bytes) -> None:
    """No office program writes a DOCTYPE; it is where entity bombs and outside files come from."""
    if b"!" in head and b"<!DOCTYPE" in head.replace(b"\x00", b"").upper():
        raise RefusalError("file-unreadable", "文件里有不该有的内容(DOCTYPE),为安全起见没有打开")
