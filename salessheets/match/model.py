"""A declared model of a kind of record: which columns are compared, at which levels, and which records meet at all.

The evidence of a pair is additive: each comparison gives the weight of the level it agrees at, log2(m/u) in bits
(Fellegi and Sunter 1969), and rules add or take what is only true of levels together. Our leads are one model
(``leads_model``); the public benchmarks declare others. The engine knows no field of any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

Levels = npt.NDArray[np.uint8]
# Two frames of equal length, one row per pair of values that are known and unequal → the level of each pair.
Judge = Callable[[pd.DataFrame, pd.DataFrame], Levels]
UNKNOWN = "unknown"  # level 0 of every comparison: one side is blank, nothing is said


@dataclass(frozen=True)
class Level:
    """One level of agreement. ``weight``: log2(m/u) in bits. ``words``: how it is told to a reader ("" = silent).

    ``rare``: the term frequency of the left value moves the weight, by at most this many bits either way.
    """

    name: str
    weight: float = 0.0
    words: str = ""
    rare: float = 0.0


@dataclass(frozen=True)
class Comparison:
    """Columns that are compared together. ``levels[0]`` is UNKNOWN: ``key`` (first column) is blank on a side.

    ``equal``: the level of equal values. ``judge`` sees only unequal ones, each distinct pair once. ``late``: costly,
    asked only where it can change the outcome. ``frequency``: column whose values' frequencies move ``rare`` levels.
    """

    name: str
    columns: tuple[str, ...]
    levels: tuple[Level, ...]
    judge: Judge
    equal: str | None = None
    late: bool = False
    frequency: str = ""

    def number(self, level: str) -> int:
        """The number of a level."""
        return self.names.index(level)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the levels, in order."""
        return tuple(level.name for level in self.levels)


@dataclass(frozen=True)
class Block:
    """Records with equal values in all ``keys`` are candidate pairs. A key column may hold tuples: each value counts.

    ``evidence``: the flag that a shared value of this block sets (a comparison of its own, weight and words here);
    "" for blocks that only bring records together. ``limit``: larger groups are chained, not crossed.
    """

    name: str
    keys: tuple[str, ...]
    evidence: str = ""
    weight: float = 0.0
    words: str = ""
    limit: int = 100


@dataclass(frozen=True)
class Rule:
    """Points for levels that stand together. ``when``: comparison or flag → the levels it may have (flags: "yes").

    ``asks``: a person decides about such pairs, however much they weigh.
    """

    words: str
    when: Mapping[str, tuple[str, ...]]
    points: float = 0.0
    asks: bool = False


@dataclass(frozen=True)
class Group:
    """Comparisons and flags that speak of one thing: of what agrees, the strongest counts, and ``extra`` bits once more
    when a second agrees too (matching.md: correlated fields count once).
    """

    names: tuple[str, ...]
    extra: float = 0.0


@dataclass(frozen=True)
class Contradiction:
    """Levels that, together, never stand inside one cluster unless the two records reach the merge line by themselves.

    ``waived``: an edge with these levels has weighed the disagreement already and may join over it.
    """

    when: Mapping[str, tuple[str, ...]]
    waived: Mapping[str, tuple[str, ...]] | None = None


@dataclass(frozen=True)
class Part:
    """One piece of the evidence of a pair: what it says and how many bits it is worth."""

    words: str
    weight: float


@dataclass(frozen=True)
class Pattern:
    """One distinct agreement: its levels by name (flags "yes"), its evidence, its weight before term frequencies, and why
    a person should be asked.
    """

    levels: Mapping[str, str]
    parts: tuple[Part, ...]
    weight: float
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Model:
    """A whole declaration. ``bridge``: two clusters join only when their records, pair by pair, weigh more than this on
    average (None: no such rule). ``largest``: clusters up to this size are looked at pair by pair.
    """

    name: str
    comparisons: tuple[Comparison, ...]
    blocks: tuple[Block, ...]
    rules: tuple[Rule, ...] = ()
    groups: tuple[Group, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    prior: float = 0.0
    bridge: float | None = None
    largest: int = 60
    seen: dict[int, Pattern] = field(default_factory=dict, init=False, repr=False)  # agreement patterns weighed so far

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is compared or blocked on, each once."""
        named = [c for comparison in self.comparisons for c in comparison.columns]
        named += [c.frequency for c in self.comparisons if c.frequency]
        return tuple(dict.fromkeys([*named, *(k for block in self.blocks for k in block.keys)]))

    @cached_property
    def flags(self) -> tuple[Block, ...]:
        """One block per flag, in order of declaration; several blocks may set one flag."""
        return tuple({b.evidence: b for b in reversed(self.blocks) if b.evidence}.values())[::-1]

    def weighted(self, weights: Mapping[str, Mapping[str, float]], prior: float) -> Model:
        """The same model with trained weights: comparison → level → bits."""
        comparisons = tuple(
            replace(c, levels=tuple(replace(v, weight=weights.get(c.name, {}).get(v.name, v.weight)) for v in c.levels))
            for c in self.comparisons
        )
        return replace(self, comparisons=comparisons, prior=prior)


def weigh(model: Model, levels: Mapping[str, str]) -> tuple[list[Part], list[str]]:
    """The additive evidence of one agreement pattern, and why a person should be asked (nothing: he need not be).

    levels: comparison or flag → level name; flags that are set: "yes".
    """
    parts = {b.evidence: Part(b.words, b.weight) for b in model.flags if levels.get(b.evidence)}
    for comparison in model.comparisons:
        level = comparison.levels[comparison.number(levels.get(comparison.name, UNKNOWN))]
        if level.weight:
            parts[comparison.name] = Part(level.words, level.weight)
    for group in model.groups:
        agreeing = sorted(
            (n for n in group.names if n in parts and parts[n].weight > 0), key=lambda n: -parts[n].weight
        )
        for n, name in enumerate(agreeing[1:]):
            parts[name] = Part(parts[name].words, group.extra if n == 0 else 0.0)
    found = [part for part in parts.values() if part.weight]
    rules = [rule for rule in model.rules if holds(levels, rule.when)]
    return found + [Part(rule.words, rule.points) for rule in rules if rule.points], [r.words for r in rules if r.asks]


def holds(levels: Mapping[str, str], when: Mapping[str, tuple[str, ...]]) -> bool:
    """Each named comparison has one of the named levels."""
    for name, allowed in when.items():  # noqa: SIM110  asked of every rule and pattern: a generator costs three times as much
        if levels.get(name, UNKNOWN) not in allowed:
            return False
    return True
