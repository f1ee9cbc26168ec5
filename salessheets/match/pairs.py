"""Blocks → candidate pairs, each once, with the flags of the blocks that set them. Relational over integer keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from salessheets.parallel import threads

from .columns import Bag, Columns, Ints, combined
from .columns import content as hashes
from .model import Block

Flags = npt.NDArray[np.uint32]


@dataclass(frozen=True)
class Pairs:
    """Candidate pairs of rows, left < right, sorted. ``flags``: bit n is set when flag n of the model holds.

    ``chained``: block → number of its groups above the limit, whose records are linked in a chain only.
    """

    left: Ints
    right: Ints
    flags: Flags
    chained: Mapping[str, int]

    def __len__(self) -> int:
        return len(self.left)


def keys(block: Block, columns: Columns, size: int) -> tuple[Ints, Ints]:
    """Rows and keys of a block, blank keys left out. At most one of its key columns may hold several values a row."""
    rows = np.arange(size)
    for name in block.keys:
        column = columns[name]
        if isinstance(column, Bag):
            rows = column.rows
    parts = [
        column.codes if isinstance(column, Bag) else column.codes[rows]
        for column in (columns[name] for name in block.keys)
    ]
    key = combined(parts)
    known = key >= 0
    return rows[known], key[known]


def pairs(
    blocks: Sequence[Block],
    bits: Mapping[str, int],
    columns: Columns,
    size: int,
    *,
    new_from: int = 0,
) -> Pairs:
    """All candidate pairs of the blocks. ``size``: number of rows.

    ``new_from``: only pairs with a row at or after this position (known rows come first and are not compared again).
    """
    shift = max(bits.values(), default=0) + 1
    if size**2 >= 2 ** (62 - shift):
        raise OverflowError(f"{size} rows are too many for pairs in one integer with {shift} flags")
    flag = {block.name: 1 << bits[block.evidence] if block.evidence else 0 for block in blocks}

    def packed(left: Ints, right: Ints, block: Block) -> Ints:
        if new_from:
            fresh = np.maximum(left, right) >= new_from
            left, right = left[fresh], right[fresh]
        return (np.minimum(left, right) * size + np.maximum(left, right)) << shift | flag[block.name]

    def met(block: Block) -> tuple[Ints, list[Ints]]:
        left, right, long = _within(*keys(block, columns, size), block.limit, new_from)
        return packed(left, right, block), long

    by_block = threads(met, blocks)
    found = [pairs for pairs, _ in by_block]
    chained = {block.name: len(long) for block, (_, long) in zip(blocks, by_block, strict=True) if long}
    if chained:
        # Content, not position, decides who is next to whom, so that a chain does not depend on the order of rows.
        content = hashes(columns, size)
        for block, (_, long) in zip(blocks, by_block, strict=True):
            chains = [members[np.argsort(content[members], kind="stable")] for members in long]
            found += [packed(chain[:-1], chain[1:], block) for chain in chains]
    del by_block
    # The flags ride in the low bits, so that one plain sort brings the blocks of a pair together.
    everything = np.sort(np.concatenate(found)) if found else np.array([], dtype=np.int64)
    pair = everything >> shift
    starts = np.flatnonzero(np.r_[True, pair[1:] != pair[:-1]]) if len(pair) else np.array([], dtype=np.int64)
    flags = np.bitwise_or.reduceat(everything & ((1 << shift) - 1), starts) if len(starts) else starts
    pair = pair[starts]
    return Pairs(pair // max(size, 1), pair % max(size, 1), flags.astype(np.uint32), chained)


def _within(rows: Ints, key: Ints, limit: int, new_from: int) -> tuple[Ints, Ints, list[Ints]]:
    """Pairs of rows with equal keys, and the groups that are above the limit."""
    if new_from:
        mine = pd.Series(key, copy=False).isin(pd.unique(key[rows >= new_from])).to_numpy()
        rows, key = rows[mine], key[mine]
    elif len(key):
        codes, uniques = pd.factorize(key)  # most keys are alone: they are gone before anything is sorted
        mine = np.bincount(codes, minlength=len(uniques))[codes] > 1
        rows, key = rows[mine], codes[mine]
    order = np.argsort(key, kind="stable")
    rows, key = rows[order], key[order]
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else np.array([], dtype=np.int64)
    sizes = np.diff(np.r_[starts, len(key)])
    chosen = (sizes > 1) & (sizes <= limit)
    left, right = crossed(rows, starts[chosen], sizes[chosen])
    return left, right, [rows[starts[at] : starts[at] + sizes[at]] for at in np.flatnonzero(sizes > limit)]


def crossed(rows: Ints, starts: Ints, sizes: Ints) -> tuple[Ints, Ints]:
    """Every pair inside each group: position p of a group of n meets the n − 1 − p after it."""
    if not len(starts):
        return np.array([], dtype=np.int64), np.array([], dtype=np.int64)
    total = int(sizes.sum())
    offsets = np.repeat(np.cumsum(sizes) - sizes, sizes)
    place = np.arange(total) - offsets
    positions = np.repeat(starts, sizes) + place
    partners = np.repeat(sizes, sizes) - 1 - place
    first = np.repeat(positions, partners)
    step = np.arange(int(partners.sum())) - np.repeat(np.cumsum(partners) - partners, partners)
    return rows[first], rows[first + 1 + step]
