"""Weights learnt from the list itself, for ``dedupe`` and ``retrain``.

u, how often levels agree by chance, is counted on random pairs. m, how often they agree for true pairs, comes from the
EM algorithm (Winkler 1988) inside one block at a time: the pairs of a block hold many true ones, and the comparisons of
other columns are free to vary. Over the union of blocks EM finds the blocks instead of the people, so m is averaged
over the blocks that could learn it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from .columns import Ints
from .compare import levels
from .engine import Encoded, Floats, compare
from .model import Block, Comparison, Model
from .pairs import Pairs, pairs

_ROUNDS, _SETTLED, _LEAST = 60, 1e-5, 1e-4
_FEW = 100  # pairs of a block that teach nothing

# Comparison → a number per level: how many pairs, or which share of them. UNKNOWN (level 0) is left at 0.
Counts = dict[str, Floats]


@dataclass(frozen=True)
class Taught:
    """What EM found in the pairs of one block. true: expected true pairs at each level; share: of all ``pairs``."""

    true: Counts
    share: float
    pairs: int


def train(encoded: Encoded, model: Model, *, seed: int = 1) -> Model:
    """The model with weights and prior of this list. Deterministic for a table in a given order."""
    chance = {name: shares(counts) for name, counts in by_chance(encoded, model.comparisons, seed=seed).items()}
    learnt: dict[str, list[Floats]] = {c.name: [] for c in model.comparisons}
    for block in model.blocks:
        for name, counts in taught(encoded, block, _free(block, model), chance).true.items():
            learnt[name].append(shares(counts))
    weights: dict[str, dict[str, float]] = {}
    for comparison in model.comparisons:
        if learnt[comparison.name]:
            m = np.mean(learnt[comparison.name], axis=0)
            bits = np.log2(np.maximum(m, _LEAST) / np.maximum(chance[comparison.name], _LEAST / 100))
            weights[comparison.name] = {
                level.name: round(float(b), 3) for level, b in zip(comparison.levels[1:], bits[1:], strict=True)
            }
    return _with_prior(encoded, model.weighted(weights, 0.0))


def by_chance(encoded: Encoded, comparisons: Sequence[Comparison], *, seed: int = 1, sample: int = 1_000_000) -> Counts:
    """For u: how many of a number of random pairs of records stand at each level."""
    rng = np.random.default_rng(seed)
    left, right = (rng.integers(0, encoded.size, sample) for _ in range(2))
    different = left != right
    left, right = left[different], right[different]
    return {c.name: _counts(_judged(encoded, c, left, right), len(c.levels), 0.5) for c in comparisons}


def taught(encoded: Encoded, block: Block, free: Sequence[Comparison], chance: Counts) -> Taught:
    """What the pairs of one block teach of the ``free`` comparisons, those of other columns than its keys.

    chance: u as shares. Nothing where the block has few pairs, or fewer than two comparisons are free.
    """
    found = pairs([block], {block.evidence: 0}, encoded.columns, encoded.size)
    return _em(encoded, free, found, chance) if len(free) > 1 and len(found) > _FEW else Taught({}, 0.0, 0)


def _free(block: Block, model: Model) -> list[Comparison]:
    """Comparisons of columns that a block key was not made of; ``surname:3`` was made of surname."""
    keyed = {key.split(":")[0] for name in block.keys for key in name.split("+")}
    return [c for c in model.comparisons if not set(c.columns) & keyed]


def shares(counts: Floats) -> Floats:
    """The share of each level."""
    found: Floats = counts / max(float(counts.sum()), 1e-12)
    return found


def _judged(encoded: Encoded, comparison: Comparison, left: Ints, right: Ints) -> npt.NDArray[np.uint8]:
    return levels(comparison, encoded.values[comparison.name], encoded.columns, left, right)


def _counts(judged: npt.NDArray[np.uint8], size: int, least: float, weight: Floats | None = None) -> Floats:
    """How many pairs stand at each level where both sides are known; each a little more, so that no log is lost."""
    counted = np.bincount(judged, weights=weight, minlength=size).astype(np.float64) + least
    counted[0] = 0.0
    return counted


def _em(encoded: Encoded, free: Sequence[Comparison], found: Pairs, chance: Counts) -> Taught:
    """Expected true pairs among the pairs of one block, and m of the free comparisons; u stays as counted."""
    judged = np.stack([_judged(encoded, c, found.left, found.right) for c in free])
    patterns, counts = np.unique(judged, axis=1, return_counts=True)
    true = {c.name: _start(len(c.levels)) for c in free}
    share = 0.5
    for _ in range(_ROUNDS):
        odds = np.full(patterns.shape[1], np.log(share / (1 - share)))
        for row, comparison in enumerate(free):
            m = shares(true[comparison.name])
            bits = np.log(np.maximum(m, 1e-9) / np.maximum(chance[comparison.name], 1e-9))
            bits[0] = 0.0
            odds += bits[patterns[row]]
        match = counts / (1 + np.exp(-odds))
        before, share = share, float(np.clip(match.sum() / counts.sum(), 1e-6, 1 - 1e-6))
        true = {c.name: _counts(patterns[row], len(c.levels), 1e-6, match) for row, c in enumerate(free)}
        if abs(share - before) < _SETTLED:
            break
    return Taught(true, share, int(counts.sum()))


def _start(count: int) -> Floats:
    return np.array([0.0, *(0.5**n for n in range(1, count))])


def _with_prior(encoded: Encoded, model: Model) -> Model:
    """The share of true pairs among all pairs of the list, found by counting expected true pairs until it stands."""
    bits = {block.evidence: n for n, block in enumerate(model.flags)}
    found = pairs(model.blocks, bits, encoded.columns, encoded.size)
    weighed = compare(encoded, model, found)
    everything = encoded.size * (encoded.size - 1) / 2
    share = min(0.5, encoded.size / everything)
    for _ in range(_ROUNDS):
        expected = float((1 / (1 + 2.0 ** -np.clip(weighed.weight + np.log2(share / (1 - share)), -60, 60))).sum())
        before, share = share, min(max(expected / everything, 1e-12), 0.5)
        if abs(np.log2(share / before)) < 1e-3:
            break
    return replace(model, prior=round(float(np.log2(share / (1 - share))), 3))


def weights_of(model: Model) -> Mapping[str, Mapping[str, float]]:
    """Comparison → level → bits, to be kept."""
    return {c.name: {v.name: v.weight for v in c.levels[1:]} for c in model.comparisons}
