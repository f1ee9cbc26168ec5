"""Weights learnt from the list itself, for ``dedupe`` and ``retrain``.

u, how often levels agree by chance, is counted on random pairs. m, how often they agree for true pairs, comes from the
EM algorithm (Winkler 1988) inside one block at a time: the pairs of a block hold many true ones, and the comparisons of
other columns are free to vary. Over the union of blocks EM finds the blocks instead of the people, so m is averaged
over the blocks that could learn it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from .columns import Ints
from .compare import levels
from .engine import Encoded, Floats, compare
from .model import Block, Comparison, Model
from .pairs import Pairs, pairs

ENOUGH = 10_000  # records below which a list has too few true pairs to learn from (matching.md, "Evidence")
_ROUNDS, _SETTLED, _LEAST = 60, 1e-5, 1e-4
_SAMPLE = 1_000_000

Shares = dict[str, Floats]  # comparison → probability of each level, UNKNOWN (0) left at 0


def train(encoded: Encoded, model: Model, *, seed: int = 1) -> Model:
    """The model with weights and prior of this list. Deterministic for a table in a given order."""
    chance = _by_chance(encoded, model, seed)
    learnt: dict[str, list[Floats]] = {c.name: [] for c in model.comparisons}
    for block in model.blocks:
        free = [c for c in model.comparisons if not set(c.columns) & set(_roots(block, model))]
        found = pairs([block], {block.evidence: 0}, encoded.columns, encoded.size)
        if len(free) > 1 and len(found) > 100:
            for name, share in _em(encoded, free, found, chance).items():
                learnt[name].append(share)
    weights: dict[str, dict[str, float]] = {}
    for comparison in model.comparisons:
        if learnt[comparison.name]:
            m = np.mean(learnt[comparison.name], axis=0)
            bits = np.log2(np.maximum(m, _LEAST) / np.maximum(chance[comparison.name], _LEAST / 100))
            weights[comparison.name] = {
                level.name: round(float(b), 3) for level, b in zip(comparison.levels[1:], bits[1:], strict=True)
            }
    return _with_prior(encoded, model.weighted(weights, 0.0))


def _roots(block: Block, model: Model) -> list[str]:
    """The columns a block key was made of; a derived key is named after its column: ``surname:3``."""
    del model
    return [key.split(":")[0] for name in block.keys for key in name.split("+")]


def _by_chance(encoded: Encoded, model: Model, seed: int) -> Shares:
    """u: the share of each level among random pairs of records."""
    rng = np.random.default_rng(seed)
    left, right = (rng.integers(0, encoded.size, _SAMPLE) for _ in range(2))
    different = left != right
    left, right = left[different], right[different]
    return {c.name: _shares(_judged(encoded, c, left, right), len(c.levels)) for c in model.comparisons}


def _judged(encoded: Encoded, comparison: Comparison, left: Ints, right: Ints) -> npt.NDArray[np.uint8]:
    return levels(comparison, encoded.values[comparison.name], encoded.columns, left, right)


def _shares(judged: npt.NDArray[np.uint8], count: int, weight: Floats | None = None) -> Floats:
    """Share of each level among the pairs where both sides are known; every level a little, so that no log is lost."""
    counted = np.bincount(judged, weights=weight, minlength=count).astype(np.float64)
    counted[0] = 0
    counted[1:] += 0.5 if weight is None else 1e-6
    shares: Floats = counted / max(float(counted.sum()), 1e-12)
    return shares


def _em(encoded: Encoded, free: list[Comparison], found: Pairs, chance: Shares) -> Shares:
    """m of the free comparisons from the pairs of one block; u stays as counted."""
    judged = np.stack([_judged(encoded, c, found.left, found.right) for c in free])
    patterns, counts = np.unique(judged, axis=1, return_counts=True)
    m = {c.name: _start(len(c.levels)) for c in free}
    share = 0.5
    for _ in range(_ROUNDS):
        odds = np.full(patterns.shape[1], np.log(share / (1 - share)))
        for row, comparison in enumerate(free):
            with np.errstate(divide="ignore", invalid="ignore"):
                bits = np.log(np.maximum(m[comparison.name], 1e-9) / np.maximum(chance[comparison.name], 1e-9))
            bits[0] = 0.0
            odds += bits[patterns[row]]
        match = counts / (1 + np.exp(-odds))
        before, share = share, float(np.clip(match.sum() / counts.sum(), 1e-6, 1 - 1e-6))
        m = {c.name: _shares(patterns[row], len(c.levels), match) for row, c in enumerate(free)}
        if abs(share - before) < _SETTLED:
            break
    return m


def _start(count: int) -> Floats:
    start = np.array([0.0, *(0.5**n for n in range(1, count))])
    shares: Floats = start / start.sum()
    return shares


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
