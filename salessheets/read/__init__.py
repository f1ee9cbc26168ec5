"""Reading what staff hand in: bytes of a file → rows of the manual's tables.

All cells become text here, once: 13800138000 without ``.0``, dates as ``2026-11-03``, times as ``09:30``, booleans as
是/否, outer white space gone, "" where empty. Every non-empty row below a recognised header comes out exactly once.
"""

from __future__ import annotations

from .frames import Block
from .reader import READ_VERSION, FileRows, Outcome, Reader
from .workbook import ReadError, Sheet, Workbook

__all__ = ["READ_VERSION", "Block", "FileRows", "Outcome", "ReadError", "Reader", "Sheet", "Workbook"]
