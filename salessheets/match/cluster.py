"""Edges → clusters. Strongest edges first; an edge that would join records which contradict each other is refused.

Components of all joining edges are found for the whole table at once; only those that hold a contradiction, or a
decision of a person, are built edge by edge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from .columns import Ints
from .engine import Encoded, Weighed, strongest_first, within
from .model import Model, holds
from .pairs import Pairs, crossed


@dataclass(frozen=True)
class Decided:
    """What people decided, as pairs of positions, the smaller first. ``same`` are joined first, ``apart`` never."""

    same: frozenset[tuple[int, int]] = frozenset()
    apart: frozenset[tuple[int, int]] = frozenset()


@dataclass
class Clusters:
    """Union–find over any positions that asks before it joins. The root of a cluster is its smallest position."""

    may_join: Callable[[list[int], list[int], frozenset[int]], bool]
    parent: dict[int, int] = field(default_factory=dict)
    members: dict[int, list[int]] = field(default_factory=dict)

    def find(self, position: int) -> int:
        """The root of the cluster that holds this position."""
        root = position
        while self.parent.get(root, root) != root:
            root = self.parent[root]
        while self.parent.get(position, position) != root:
            self.parent[position], position = root, self.parent[position]
        return root

    def of(self, root: int) -> list[int]:
        """All positions of the cluster with this root."""
        return self.members.get(root) or [root]

    def join(self, left: int, right: int, waived: frozenset[int] = frozenset()) -> bool:
        """Join two clusters unless that is forbidden. True when they are one afterwards. ``waived``: rules set aside."""
        a, b = sorted((self.find(left), self.find(right)))
        if a == b:
            return True
        if not self.may_join(self.of(a), self.of(b), waived):
            return False
        self.parent[b] = a
        self.members[a] = self.of(a) + self.members.pop(b, [b])
        return True


def components(size: int, left: Ints, right: Ints) -> Ints:
    """The smallest position of the component of every position: labels flow along the edges and jump to their own."""
    label = np.arange(size, dtype=np.int64)
    while True:
        low = np.minimum(label[left], label[right])
        changed = (label[left] != low) | (label[right] != low)
        if not changed.any():
            return label
        left, right, low = left[changed], right[changed], low[changed]
        np.minimum.at(label, label[left], low)
        np.minimum.at(label, label[right], low)
        while True:
            jumped = label[label]
            if (jumped == label).all():
                break
            label = jumped


def inner_pairs(labels: Ints, largest: int) -> tuple[Ints, Ints]:
    """Every pair of positions with one label, for labels of 3 to ``largest`` members."""
    order = np.argsort(labels, kind="stable")
    ordered = labels[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(order) else order
    sizes = np.diff(np.r_[starts, len(ordered)])
    chosen = (sizes >= 3) & (sizes <= largest)
    return crossed(order, starts[chosen], sizes[chosen])


@dataclass(frozen=True)
class Grouped:
    """``labels``: smallest position of the cluster of each position."""

    labels: Ints


def grouped(
    encoded: Encoded,
    model: Model,
    found: Pairs,
    weighed: Weighed,
    lines: tuple[float, float],
    decided: Decided | None = None,
) -> Grouped:
    """Clusters of all records: components of the merging pairs, cut where they hold what may not be one."""
    decided = decided or Decided()
    strong = weighed.strong(lines[1])
    left, right = weighed.left[strong], weighed.right[strong]
    yes = np.array(sorted(decided.same), dtype=np.int64).reshape(-1, 2)
    labels = components(encoded.size, np.r_[left, yes[:, 0]], np.r_[right, yes[:, 1]])
    inner = within(encoded, model, inner_pairs(labels, model.largest), found=found, weighed=weighed, lines=lines)
    against = [_pairs(inner, ~inner.strong(lines[1]) & all_of(inner, c.when)) for c in model.contradictions]
    forbidden = set().union(decided.apart, *against)
    torn = {int(labels[x]) for x, y in forbidden if labels[x] == labels[y]} | {int(labels[x]) for x, _ in decided.same}
    if model.bridge is not None:
        torn |= set(labels[inner.left[inner.weight < model.bridge]].tolist())
    if torn:
        rules = [(decided.apart, None), *zip(against, (c.waived for c in model.contradictions), strict=True)]
        labels = _rebuilt(labels, torn, weighed, strong, _Judge(rules, inner, model.bridge, _kin(decided)), decided)
    return Grouped(labels)


def _kin(decided: Decided) -> dict[int, int]:
    """Position → root of the records that answers of 是 tie together."""
    clusters = Clusters(lambda _, __, ___: True)
    for x, y in sorted(decided.same):
        clusters.join(x, y)
    return {x: clusters.find(x) for pair in decided.same for x in pair}


def _pairs(weighed: Weighed, chosen: npt.NDArray[np.bool_]) -> frozenset[tuple[int, int]]:
    return frozenset(zip(weighed.left[chosen].tolist(), weighed.right[chosen].tolist(), strict=True))


def all_of(weighed: Weighed, when: Mapping[str, tuple[str, ...]]) -> npt.NDArray[np.bool_]:
    """Pairs with one of the named levels in every named comparison."""
    result = np.ones(len(weighed), dtype=bool)
    for name, levels in when.items():
        result &= weighed.having(name, levels)
    return result


class _Judge:
    """Whether two clusters may become one over an edge."""

    def __init__(
        self,
        rules: list[tuple[frozenset[tuple[int, int]], Mapping[str, tuple[str, ...]] | None]],
        inner: Weighed,
        bridge: float | None,
        kin: dict[int, int],
    ) -> None:
        self.bridge, self.kin = bridge, kin  # kin: position → the group a person's 是 ties it to
        self.enemies: dict[int, dict[int, set[int]]] = {}  # position → the other → the rules against it
        for number, (pairs, _) in enumerate(rules):
            for x, y in pairs:
                self.enemies.setdefault(x, {}).setdefault(y, set()).add(number)
                self.enemies.setdefault(y, {}).setdefault(x, set()).add(number)
        self.waivers = [waived for _, waived in rules]
        self.bits: dict[int, dict[int, float]] = {}
        if bridge is not None:
            for x, y, weight in zip(inner.left.tolist(), inner.right.tolist(), inner.weight.tolist(), strict=True):
                self.bits.setdefault(x, {})[y] = weight

    def waived(self, levels: Mapping[str, str]) -> frozenset[int]:
        """The rules that an edge of this pattern may join over."""
        return frozenset(number for number, waiver in enumerate(self.waivers) if waiver and holds(levels, waiver))

    def allows(self, one: list[int], other: list[int], waived: frozenset[int]) -> bool:
        """No rule against any two of them, and no weak bridge."""
        few, many = sorted((one, other), key=len)
        for x in few:
            for y in many if x in self.enemies else ():
                if self._against(x, y, waived) and not self._outvoted(x, few, y, many, waived):
                    return False
        if self.bridge is None or len(one) + len(other) < 3:
            return True
        known = [w for x in few for y in many if (w := self.bits.get(min(x, y), {}).get(max(x, y))) is not None]
        return not known or sum(known) / len(known) >= self.bridge

    def _against(self, x: int, y: int, waived: frozenset[int]) -> bool:
        return not self.enemies.get(x, {}).get(y, set()) <= waived

    def _outvoted(self, x: int, its: list[int], y: int, others: list[int], waived: frozenset[int]) -> bool:
        """A person made one customer of records that contradict each other: who fits one of them fits them all."""
        if _DECIDED in self.enemies[x][y]:
            return False
        return any(
            self.kin.get(a) is not None and self.kin.get(a) == self.kin.get(z) and not self._against(b, z, waived)
            for a, mine, b in ((y, others, x), (x, its, y))
            for z in mine
            if z != a
        )


_DECIDED = 0  # the number of the rule that a person's 不是 makes


def _rebuilt(
    labels: Ints,
    torn: set[int],
    weighed: Weighed,
    strong: npt.NDArray[np.bool_],
    judge: _Judge,
    decided: Decided,
) -> Ints:
    """The torn components again, edge by edge: what a person joined, then the strongest first."""
    inside = np.isin(labels, np.array(sorted(torn), dtype=np.int64))
    chosen = strongest_first(weighed, np.flatnonzero(strong & inside[weighed.left]))
    by_pattern = [judge.waived(pattern.levels) for pattern in weighed.patterns]
    clusters = Clusters(judge.allows)
    every = frozenset(range(1, len(judge.waivers)))  # a person's 是 overrules every rule but another's 不是
    for x, y in sorted(decided.same):
        clusters.join(x, y, every)
    for x, y, pattern in zip(
        *(a[chosen].tolist() for a in (weighed.left, weighed.right, weighed.pattern)), strict=True
    ):
        clusters.join(x, y, by_pattern[pattern])
    result = labels.copy()
    members = np.flatnonzero(inside)
    result[members] = [clusters.find(m) for m in members.tolist()]
    return result
