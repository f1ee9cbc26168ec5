"""Reading what staff hand in: bytes of a file → rows of the manual's tables.

All cells become text here, once: 13800138000 without ``.0``, dates as ``2026-11-03``, times as ``09:30``, booleans as
是/否, outer white space gone, "" where empty. Every non-empty row below a recognised header comes out exactly once.

The names are looked up when first used: the reading process lives in this package and must start quickly.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .filerows import FileRows, Outcome
    from .frames import Block
    from .lists import ListRows
    from .reader import READ_VERSION, Reader
    from .workbook import ReadError, Sheet, Workbook

__all__ = ["READ_VERSION", "Block", "FileRows", "ListRows", "Outcome", "ReadError", "Reader", "Sheet", "Workbook"]

_HOMES = {
    "filerows": ("FileRows", "Outcome"),
    "frames": ("Block",),
    "lists": ("ListRows",),
    "reader": ("READ_VERSION", "Reader"),
    "workbook": ("ReadError", "Sheet", "Workbook"),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f".{module}", __name__), name)
    raise AttributeError(name)
