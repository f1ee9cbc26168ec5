"""The rows of the tables found → one DataFrame of text columns, each row with its place."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .rows import Found
from .workbook import Sheet, letters

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

PLACE = ("table", "sheet", "block", "row", "hidden", "aside", "extra")


@dataclass(frozen=True)
class Block:
    """One table found in one sheet. ``header_row`` is the Excel row of its (last) header row."""

    sheet: int  # 1-based index in the workbook, hidden sheets counted
    sheet_name: str
    block: int  # 1-based table within the sheet
    table: str
    header_row: int
    columns: Mapping[str, int]  # field → 0-based column
    extras: Mapping[str, int]  # unknown header → 0-based column
    head: Mapping[str, str]  # head cells: field → raw text

    def cell(self, field: str, row: int) -> str:
        """Address of a field in an Excel row: "C15"; "" when the sheet has no such column."""
        column = self.columns.get(field)
        return "" if column is None else f"{letters(column)}{row}"


def block_of(sheet: Sheet, number: int, found: Found) -> Block:
    """The public description of a table found."""
    return Block(
        sheet.index,
        sheet.name,
        number,
        found.fit.table.key,
        found.header.row,
        {name: at + sheet.left for name, at in found.fit.columns.items()},
        {name: at + sheet.left for name, at in found.fit.extras.items()},
        found.head,
    )


def frame(blocks: Sequence[tuple[Block, Sheet, Found]], *, extra: bool = True) -> pd.DataFrame:
    """All blocks as one table: PLACE, then one column for each declared field that some block has.

    extra: whether unknown columns are wanted; else the column is blank.
    """
    import pandas as pd
    import pyarrow as pa

    fields = list(dict.fromkeys(name for block, _, _ in blocks for name in (*block.columns, *block.head)))
    parts: dict[str, list[Any]] = {name: [] for name in (*PLACE, *fields)}
    for block, sheet, found in blocks:
        columns = _Columns(sheet, found)
        height = len(found.rows)
        parts["table"].append(_same(block.table, height))
        parts["sheet"] += [block.sheet] * height
        parts["block"] += [block.block] * height
        parts["row"] += found.rows
        parts["hidden"] += [sheet.hidden or row in sheet.hidden_rows for row in found.rows]
        parts["aside"].append(pa.array(found.asides, pa.large_string()))
        parts["extra"].append(columns.extra() if extra else _same("", height))
        for name in fields:
            if name in block.columns:
                parts[name].append(columns.field(name))
            else:
                parts[name].append(_same(block.head.get(name, ""), height))
    dtype = pd.StringDtype(na_value=float("nan"))
    numbers = {"sheet": "int64", "block": "int64", "row": "int64", "hidden": "bool"}
    return pd.DataFrame(
        {
            name: pd.array(values, dtype=numbers[name])  # type: ignore[call-overload]
            if name in numbers
            else pd.arrays.ArrowStringArray(_join(values), dtype=dtype)  # type: ignore[call-arg]
            for name, values in parts.items()
        },
        copy=False,
    )


class _Columns:
    """The records' cells of one table, column by column."""

    def __init__(self, sheet: Sheet, found: Found) -> None:
        import pyarrow as pa

        self.sheet, self.found, self.pa = sheet, found, pa
        rows = found.rows
        self.height = len(rows)
        self.start = rows[0] - sheet.top if rows else 0
        self.whole = not rows or rows[-1] - rows[0] + 1 == len(rows)
        self.taken = None if self.whole else pa.array([row - sheet.top for row in rows], pa.int64())
        self.position = {} if self.whole and not (sheet.errors or sheet.merged) else {r: i for i, r in enumerate(rows)}
        self.changes = self._changes()

    def _changes(self) -> dict[int, dict[int, str]]:
        """Column → record → text: error cells are no values, merged cells count for every row they cover."""
        changes: dict[int, dict[int, str]] = {}
        for first_row, first, last_row, _ in self.sheet.merged:
            if last_row > first_row and last_row >= self.found.header.row:
                value = self.sheet.cell(first_row, first)
                for row in range(max(first_row, self.found.header.row) + 1, last_row + 1):
                    if value and row in self.position and first_row > self.found.header.row:
                        changes.setdefault(first - self.sheet.left, {})[self.position[row]] = value
        for row, column in self.sheet.errors:
            if row in self.position:
                changes.setdefault(column - self.sheet.left, {})[self.position[row]] = ""
        return changes

    def at(self, column: int) -> pa.LargeStringArray:
        """The cells of one column, for the records only."""
        cells = self.sheet.columns[column]
        cells = cells.slice(self.start, self.height) if self.whole else cells.take(self.taken)
        changed = self.changes.get(column)
        if changed:
            texts = cells.to_pylist()
            for record, text in changed.items():
                texts[record] = text
            cells = self.pa.array(texts, self.pa.large_string())
        return cells

    def field(self, name: str) -> pa.LargeStringArray:
        """A declared field; further phone columns are joined to it with /."""
        cells = self.at(self.found.fit.columns[name])
        others = [self.at(column).to_pylist() for column in self.found.fit.joined.get(name, ())]
        if not others:
            return cells
        rows = zip(cells.to_pylist(), *others, strict=True)
        return self.pa.array(["/".join(dict.fromkeys(filter(None, row))) for row in rows], self.pa.large_string())

    def extra(self) -> pa.LargeStringArray:
        """Unknown columns as JSON text, only what is filled; columns without a header under their letter."""
        unknown = dict(self.found.fit.extras)
        used = {*unknown.values(), *self.found.fit.columns.values()}.union(*self.found.fit.joined.values())
        for column in range(self.sheet.width):
            if column not in used:
                unknown.setdefault(f"{letters(column + self.sheet.left)}列", column)
        values = {name: self.at(column) for name, column in unknown.items()}
        values = {name: cells for name, cells in values.items() if _filled(cells)}
        if not values:
            return _same("", self.height)
        rows = zip(*(cells.to_pylist() for cells in values.values()), strict=True)
        texts = ({name: text for name, text in zip(values, row, strict=True) if text} for row in rows)
        return self.pa.array([json.dumps(t, ensure_ascii=False) if t else "" for t in texts], self.pa.large_string())


def _filled(cells: pa.LargeStringArray) -> bool:
    """Whether any of the cells says something: the offsets tell."""
    if not len(cells):
        return False
    offsets = memoryview(cells.buffers()[1]).cast("q")
    return bool(offsets[cells.offset] != offsets[cells.offset + len(cells)])


def _same(text: str, height: int) -> pa.LargeStringArray:
    """A column that says the same in every row, made without a list."""
    import pyarrow as pa

    data = text.encode()
    ends = array("q", range(0, len(data) * height + 1, len(data))) if data else array("q", bytes(8 * (height + 1)))
    return pa.Array.from_buffers(pa.large_string(), height, [None, pa.py_buffer(ends), pa.py_buffer(data * height)])


def _join(parts: Sequence[Any]) -> Any:
    import pyarrow as pa

    if not parts:
        return pa.array([], pa.large_string())
    return parts[0] if len(parts) == 1 else pa.concat_arrays(parts)
