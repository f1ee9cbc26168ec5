"""New records against known ones: only what a new record could touch is compared again (matching.md, "Engine").

The result equals a full run over all records under the same frozen model: the weight of a pair depends on its two
records alone, and a cluster on the component of strong edges it lies in. So a new record needs the known records that
meet it in a block, and the whole components of those. (Blocks above their limit are chained by content; there a full run
and a step may differ.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from salessheets.settings import Settings

from . import engine, lead_table
from .cluster import components
from .columns import Bag, Columns, Ints, array
from .leads import Matches, match
from .leads_model import MODEL
from .model import Block
from .shared import Shared

_RECENT = 100_000  # records added since the indexes were built; above it they are built again


@dataclass(frozen=True)
class _Index:
    """A block of the known records: its keys in order, and the row of each."""

    keys: Ints
    rows: Ints


class Known:
    """Records that were matched before. ``labels``: rid of the first record of each record's cluster, by rid."""

    def __init__(self, records: pd.DataFrame, settings: Settings, shared: Shared) -> None:
        self.settings, self.shared = settings, shared
        self.recent = records.iloc[:0]
        self.records = records.sort_values(["number", "sheet", "row"], kind="stable")
        read = lead_table.basics(self.records)
        self._columns = lead_table.build(self.records, shared, read)
        self._size = read.size
        encoded = engine.encoded(self._columns, read.size, MODEL)
        found = engine.candidates(encoded, MODEL)
        lines = (settings.rules.ask_line, settings.rules.merge_line)
        weighed = engine.compare(encoded, MODEL, found, lines=lines)
        strong = weighed.strong(lines[1])
        self._component = components(read.size, weighed.left[strong], weighed.right[strong])
        self._order = np.argsort(self._component, kind="stable")
        self._widths = {name: len(column.values) + 1 for name, column in self._columns.items()}
        self._blocks = {block.name: self._index(block) for block in MODEL.blocks}
        first = engine_labels(self.records, match(self.records, settings, shared=shared))
        self.labels = pd.Series(first.to_numpy(), index=self.records["rid"].to_numpy())

    def add(self, new: pd.DataFrame) -> Matches:
        """Match new records against all known ones and remember them.

        Returns what ``match`` says of the records that the new ones touch; ``labels`` of all others stand.
        """
        if len(self.recent) > _RECENT:
            self.__init__(pd.concat([self.records, self.recent]), self.settings, self.shared)  # type: ignore[misc]
        fresh = pd.concat([self.recent, new])
        touched = self._touched(fresh)
        table = pd.concat([self.records.iloc[touched], fresh])
        result = match(table.reset_index(drop=True), self.settings, shared=self.shared)
        first = engine_labels(table.reset_index(drop=True), result)
        changed = pd.Series(first.to_numpy(), index=table["rid"].to_numpy())
        self.labels = pd.concat([self.labels[~self.labels.index.isin(changed.index)], changed])
        self.recent = fresh
        return result

    def _index(self, block: Block) -> _Index:
        rows, key = _keys(block, self._columns, self._size, self._widths)
        order = np.argsort(key, kind="stable")
        return _Index(key[order], rows[order])

    def _touched(self, fresh: pd.DataFrame) -> Ints:
        """Known rows in the components of those that meet a fresh record in a block."""
        columns = lead_table.build(fresh, self.shared)
        named = {name for block in MODEL.blocks for name in block.keys}
        translated = {name: _translated(columns[name].values, self._columns[name].values) for name in named}
        met = [self._meeting(block, columns, translated, len(fresh)) for block in MODEL.blocks]
        rows = np.unique(np.concatenate(met)) if met else np.array([], dtype=np.int64)
        wanted = np.unique(self._component[rows])
        ordered = self._component[self._order]
        starts, ends = np.searchsorted(ordered, wanted), np.searchsorted(ordered, wanted, side="right")
        spans = [self._order[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
        return np.sort(np.concatenate(spans)) if spans else np.array([], dtype=np.int64)

    def _meeting(self, block: Block, columns: Columns, translated: dict[str, Ints], size: int) -> Ints:
        _, key = _keys(block, columns, size, self._widths, translated)
        wanted, index = np.unique(key), self._blocks[block.name]
        starts, ends = np.searchsorted(index.keys, wanted), np.searchsorted(index.keys, wanted, side="right")
        spans = [index.rows[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True) if b > a]
        return np.concatenate(spans) if spans else np.array([], dtype=np.int64)


def _translated(fresh: pd.Series, known: pd.Series) -> Ints:
    """For each fresh value its number among the known ones, −1 for none. The few are hashed, the many only looked up."""
    number = pc.fill_null(pc.index_in(array(known), array(fresh)), -1).to_numpy(zero_copy_only=False)
    at = np.flatnonzero(number >= 0)
    result = np.full(len(fresh), -1, dtype=np.int64)
    result[number[at]] = at
    return result


def _keys(
    block: Block, columns: Columns, size: int, widths: dict[str, int], translated: dict[str, Ints] | None = None
) -> tuple[Ints, Ints]:
    """Rows and keys of a block in the codes of the known records; unknown values and blanks are left out."""
    rows = np.arange(size)
    for name in block.keys:
        column = columns[name]
        if isinstance(column, Bag):
            rows = column.rows
    key = np.zeros(len(rows), dtype=np.int64)
    for name in block.keys:
        column = columns[name]
        codes = column.codes if isinstance(column, Bag) else column.codes[rows]
        if translated is not None:
            codes = np.append(translated[name], -1)[codes]
        key = np.where((key < 0) | (codes < 0), -1, key * widths[name] + codes)
    return rows[key >= 0], key[key >= 0]


def engine_labels(records: pd.DataFrame, result: Matches) -> pd.Series:
    """The rid of the first record of each record's cluster, in the order of records."""
    rids = pd.Series(records["rid"].to_numpy(), index=records.index)
    return rids.reindex(result.labels.reindex(records.index).to_numpy())
