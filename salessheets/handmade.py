"""Rows that a director wrote himself: customers added to his list, and white cells he corrected.

Both become records like any other, under the number of the returned workbook, so that they are in 对账 and in the
history of their customer (product.md, "Nothing a person typed is ever overwritten").
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from .archive import Entry
from .clean.records import BY_HAND
from .read import Outcome
from .read.archived import ArchivedFile
from .read.filerows import FileRows
from .read.frames import Block
from .returned import UNBRANDED, Line

_TABLE = "valid_leads"
_OUR_OWN = "周报"


@dataclass(frozen=True)
class HandMade:
    """One row. lead: the customer whose white cells (``cells``) were corrected, "" when the row was added."""

    line: Line
    lead: str = ""
    cells: dict[str, str] = field(default_factory=dict)


def shown_file(file: str, table: str) -> str:
    """A row's file as a brand's workbook names it: without folder; a workbook of ours would name another brand."""
    return _OUR_OWN if table == _TABLE else file.rsplit("/", 1)[-1]


def as_file(entry: Entry, rows: Sequence[HandMade], person: str, brand: str) -> ArchivedFile:
    """The rows of one returned workbook as a file that was read. person: its director; brand: whose workbook it is."""
    lines = {(row.line.index, row.line.row): _record(row, entry, brand) for row in rows}
    sheets = {row.line.index: row.line.sheet for row in rows}
    frame = pd.DataFrame(
        [
            {"table": _TABLE, "sheet": sheet, "block": 1, "row": row, "hidden": False, "aside": "", **record}
            for (sheet, row), record in sorted(lines.items())
        ]
    ).fillna("")
    blocks = tuple(Block(index, name, 1, _TABLE, 0, {}, {}, {}) for index, name in sorted(sheets.items()))
    return ArchivedFile(replace(entry, person=person), FileRows(Outcome.READ, blocks, frame, (), 0))


def _record(row: HandMade, entry: Entry, brand: str) -> dict[str, str]:
    if row.lead:
        # The file number tells the same correction, made twice, apart.
        extra = json.dumps({BY_HAND: f"{entry.number:05d}"}, ensure_ascii=False)
        return {"extra": extra, "lead": row.lead, **row.cells}
    texts = {name: text for name, text in row.line.white.items() if text}
    if row.line.place and "address" not in texts:
        texts["address"] = row.line.place
    named = row.line.yellow.get("assigned_brand", "") if row.line.sheet == UNBRANDED else brand
    return {"extra": "", "brand": named, **texts}
