"""The engine: a table and a model in, weighed candidate pairs out. ``cluster`` makes clusters of them.

encode → block → pair → compare → distinct agreement patterns → weights. Every step is relational over integer keys; the
weight of a pair depends on its two records, the model and the frequencies given, on nothing else in the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from salessheets.clean.text import column as text_column
from salessheets.parallel import threads

from .columns import TEXT, Column, Columns, Ints, encode
from .compare import frequencies, levels, values_of
from .model import UNKNOWN, Comparison, Levels, Model, Part, Pattern, weigh
from .pairs import Pairs, pairs

Floats = npt.NDArray[np.float64]
Frequencies = Mapping[str, Mapping[str, float]]  # comparison → value → share of the records that know it
_SMALL = 1e-9


@dataclass(frozen=True)
class Encoded:
    """A table ready for the engine: its columns as codes, and one code per comparison and row."""

    columns: Columns
    values: Mapping[str, Column]
    size: int


@dataclass(frozen=True)
class Weighed:
    """Candidate pairs with their evidence. ``pattern``: number into ``patterns``; ``rare``: bits of term frequencies."""

    left: Ints
    right: Ints
    weight: Floats
    pattern: Ints
    rare: Floats
    patterns: tuple[Pattern, ...]
    chained: Mapping[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.left)

    def strong(self, line: float) -> npt.NDArray[np.bool_]:
        """Pairs at or above the merge line about which no person has to be asked."""
        asks = np.array([bool(p.asks) for p in self.patterns], dtype=bool)
        result: npt.NDArray[np.bool_] = self.weight >= line
        return result & ~asks[self.pattern] if len(asks) else result

    def having(self, name: str, wanted: tuple[str, ...]) -> npt.NDArray[np.bool_]:
        """Pairs whose comparison (or flag) has one of these levels."""
        mine = np.array([p.levels.get(name, UNKNOWN) in wanted for p in self.patterns], dtype=bool)
        return mine[self.pattern] if len(mine) else np.zeros(len(self), dtype=bool)


def prepare(table: pd.DataFrame, model: Model) -> Encoded:
    """Encode the text columns of a frame that the model names. Rows keep their positions."""
    return encoded({name: encode(table[name]) for name in model.columns}, len(table), model)


def encoded(columns: Columns, size: int, model: Model) -> Encoded:
    """A table whose columns are codes already."""
    values = threads(lambda comparison: values_of(comparison, columns), model.comparisons)
    return Encoded(columns, dict(zip((c.name for c in model.comparisons), values, strict=True)), size)


def candidates(encoded: Encoded, model: Model, *, new_from: int = 0) -> Pairs:
    """All pairs that meet in a block."""
    bits = {block.evidence: n for n, block in enumerate(model.flags)}
    return pairs(model.blocks, bits, encoded.columns, encoded.size, new_from=new_from)


def compare(
    encoded: Encoded,
    model: Model,
    found: Pairs,
    *,
    lines: tuple[float, float] = (-np.inf, np.inf),
    given: Frequencies | None = None,
) -> Weighed:
    """Weigh candidate pairs. ``lines``: ask and merge line; late comparisons are asked only between or just below them.

    ``given``: frozen term frequencies; without them those of the table are used.
    """
    judged: dict[str, Levels] = {}
    for comparison in model.comparisons:
        judged[comparison.name] = (
            np.zeros(len(found), dtype=np.uint8)
            if comparison.late
            else levels(comparison, encoded.values[comparison.name], encoded.columns, found.left, found.right)
        )
    weighed = _weigh(encoded, model, found, judged, given)
    late = [c for c in model.comparisons if c.late]
    if not late:
        return weighed
    # What a late comparison can add or take decides which pairs it could still move over a line.
    up = sum(max(level.weight for level in c.levels) for c in late)
    down = sum(min(level.weight for level in c.levels) for c in late)
    open_ = np.flatnonzero((weighed.weight >= lines[0] - up) & (weighed.weight < lines[1] - down))
    for comparison in late:
        value = encoded.values[comparison.name]
        judged[comparison.name][open_] = levels(
            comparison, value, encoded.columns, found.left[open_], found.right[open_]
        )
    return _weigh(encoded, model, found, judged, given) if len(open_) else weighed


def _weigh(
    encoded: Encoded, model: Model, found: Pairs, judged: Mapping[str, Levels], given: Frequencies | None
) -> Weighed:
    packed = found.flags.astype(np.int64)
    for comparison in model.comparisons:
        packed = packed * len(comparison.levels) + judged[comparison.name]
    unique, number = _unique(packed)
    patterns = tuple(_pattern(model, int(code)) for code in unique)
    base = np.array([p.weight for p in patterns], dtype=np.float64)
    rare = np.zeros(len(found), dtype=np.float64)
    for comparison in model.comparisons:
        if comparison.frequency:
            rare += _rare(encoded, comparison, found, judged[comparison.name], given)
    weight = (base[number] if patterns else rare) + rare
    return Weighed(found.left, found.right, weight, number, rare, patterns, found.chained)


def _unique(packed: Ints) -> tuple[Ints, Ints]:
    """Distinct values in order, and the number of each."""
    codes, unique = pd.factorize(packed)
    order = np.argsort(unique, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return unique[order], rank[codes]


def _pattern(model: Model, packed: int) -> Pattern:
    known = model.seen.get(packed)
    if known is None:
        known = model.seen[packed] = _unpacked(model, packed)
    return known


def _unpacked(model: Model, packed: int) -> Pattern:
    found: dict[str, str] = {}
    for comparison in reversed(model.comparisons):
        packed, level = divmod(packed, len(comparison.levels))
        found[comparison.name] = comparison.levels[level].name
    found |= {flag.evidence: "yes" for n, flag in enumerate(model.flags) if packed >> n & 1}
    parts, asks = weigh(model, found)
    return Pattern(found, tuple(parts), model.prior + sum(part.weight for part in parts), tuple(asks))


def _rare(encoded: Encoded, comparison: Comparison, found: Pairs, judged: Levels, given: Frequencies | None) -> Floats:
    """Bits that a rare value earns and a common one loses, at the levels that say so (term frequency)."""
    column = encoded.columns[comparison.frequency]
    assert isinstance(column, Column)
    if given is None:
        share = frequencies(column)
    else:
        known = given.get(comparison.name, {})
        share = np.array([known.get(str(v), _SMALL) for v in column.values], dtype=np.float64)
    average = float((share**2).sum()) or _SMALL
    earned = np.log2(average / np.maximum(share, _SMALL))
    bits = np.array([level.rare for level in comparison.levels])[judged]
    a, b = column.codes[found.left], column.codes[found.right]
    known_both = (a >= 0) & (b >= 0) & (bits > 0)
    result = np.zeros(len(found), dtype=np.float64)
    commoner = np.minimum(earned[a[known_both]], earned[b[known_both]])
    result[known_both] = np.clip(commoner, -bits[known_both], bits[known_both])
    return result


def strongest_first(weighed: Weighed, chosen: Ints) -> Ints:
    """Positions of pairs, given in order, by falling weight; of equal weight by their records."""
    codes, weights = pd.factorize(weighed.weight[chosen].round(6))
    rank = np.empty(len(weights), dtype=np.min_scalar_type(len(weights)))  # few bits sort by radix
    rank[np.argsort(-weights, kind="stable")] = np.arange(len(weights))
    return chosen[np.argsort(rank[codes], kind="stable")]


def told(weighed: Weighed, shown: Ints) -> pd.Series:
    """The evidence of some pairs in words: 同手机 +11.2,姓名同音 +3.0 = 14.2. Pairs of one pattern say the same."""
    rares, bits = pd.factorize(weighed.rare[shown].round(1))
    codes, unique = pd.factorize(weighed.pattern[shown] * max(len(bits), 1) + rares)
    words = [_sentence(weighed.patterns[key // len(bits)], float(bits[key % len(bits)])) for key in unique.tolist()]
    return pd.Series(text_column(pa.array(words, TEXT).take(pa.array(codes))))


def _sentence(pattern: Pattern, rare: float) -> str:
    parts = [part for part in pattern.parts if part.words]
    if rare:
        parts.append(Part("少见" if rare > 0 else "常见", rare))
    words = "\uff0c".join(f"{part.words} {part.weight:+.1f}" for part in parts)
    why = f"\uff08{chr(0x3001).join(pattern.asks)}\uff0c请人确认\uff09" if pattern.asks else ""
    return f"{words} = {pattern.weight + rare:.1f}".replace("-", "\u2212") + why


def within(
    encoded: Encoded,
    model: Model,
    given: tuple[Ints, Ints],
    *,
    found: Pairs,
    weighed: Weighed,
    lines: tuple[float, float],
) -> Weighed:
    """Weigh pairs given from outside, each once. The candidate pairs ``found`` among them are ``weighed`` already."""
    left, right = given
    size = max(encoded.size, 1)
    packed = np.sort(np.minimum(left, right) * size + np.maximum(left, right))
    packed = packed[np.r_[True, packed[1:] != packed[:-1]]] if len(packed) else packed
    known = found.left * size + found.right
    at = np.searchsorted(known, packed)
    hit = np.zeros(len(packed), dtype=bool)
    inside = np.flatnonzero(at < len(known))
    hit[inside] = known[at[inside]] == packed[inside]
    rest = packed[~hit]
    flags = np.zeros(len(rest), dtype=np.uint32)
    fresh = compare(encoded, model, Pairs(rest // size, rest % size, flags, {}), lines=lines)

    def both(known: npt.NDArray[Any], new: npt.NDArray[Any]) -> npt.NDArray[Any]:
        result = np.empty(len(packed), dtype=known.dtype)
        result[hit], result[~hit] = known[at[hit]], new
        return result

    return Weighed(
        packed // size,
        packed % size,
        both(weighed.weight, fresh.weight),
        both(weighed.pattern, fresh.pattern + len(weighed.patterns)),
        both(weighed.rare, fresh.rare),
        (*weighed.patterns, *fresh.patterns),
    )
