"""Small faults around a sound table that would bring a reader down, put right in a copy that is read once.

Each was met in a real file: a shared-string count that lies, a sheet state nobody knows, merged whole columns (A:D).
"""

from __future__ import annotations

import io
import re
import zipfile

from .book import Facts
from .parts import BROKEN_ZIP, part_names, refuse_doctype

_COUNT = re.compile(rb"""\s(?:uniqueCount|count)\s*=\s*["'](\d+)["']""")
_STATE = re.compile(rb"""\sstate\s*=\s*["'](?!hidden["']|veryHidden["']|visible["'])\w*["']""")
_WHOLE_COLUMNS = re.compile(rb"""<(?:\w+:)?mergeCell\s+ref\s*=\s*["'](?:[A-Z]+:[A-Z]+|\d+:\d+)["']\s*/>""")
_SMALLEST_STRING = 5  # bytes: <si/>


def changes(archive: zipfile.ZipFile, facts: Facts) -> dict[str, bytes]:
    """Part name → new content, for the parts that need mending ({} nearly always)."""
    changed = _lying_counts(archive)
    main = part_names(archive).get("xl/workbook.xml")
    if main and _STATE.search(archive.read(main)):
        changed[main] = _STATE.sub(b"", archive.read(main))
    for sheet in facts.sheets.values():
        if sheet.merges_columns:
            changed[sheet.part] = _WHOLE_COLUMNS.sub(b"", archive.read(sheet.part))
    return changed


def _lying_counts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Shared strings without their counts, when these promise more strings than the part can hold."""
    name = part_names(archive).get("xl/sharedstrings.xml")
    if name is None:
        return {}
    size = archive.getinfo(name).file_size
    with archive.open(name) as stream:
        head = stream.read(2048)
    refuse_doctype(head)
    end = head.find(b">", head.find(b"sst"))
    if not any(int(count) * _SMALLEST_STRING > size for count in _COUNT.findall(head[:end])):
        return {}
    return {name: _COUNT.sub(b"", head[:end]) + archive.read(name)[end:]}


def repacked(archive: zipfile.ZipFile, changed: dict[str, bytes]) -> bytes:
    """Write the same zip with some parts replaced, not compressed."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as copy:
        for name in dict.fromkeys(archive.namelist()):
            try:
                copy.writestr(name, changed[name] if name in changed else archive.read(name))
            except (*BROKEN_ZIP, NotImplementedError):
                continue
    return target.getvalue()
