"""Edges → clusters: strongest edges first; an edge that would join records which must stay apart is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Clusters:
    """Union–find over positions 0..n-1 that asks before it joins. The root of a cluster is its smallest position."""

    size: int
    may_join: Callable[[list[int], list[int]], bool]
    parent: list[int] = field(init=False)
    members: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.parent = list(range(self.size))

    def find(self, position: int) -> int:
        """The root of the cluster that holds this position."""
        root = position
        while self.parent[root] != root:
            root = self.parent[root]
        while self.parent[position] != root:
            self.parent[position], position = root, self.parent[position]
        return root

    def of(self, root: int) -> list[int]:
        """All positions of the cluster with this root."""
        return self.members.get(root) or [root]

    def join(self, left: int, right: int) -> bool:
        """Join two clusters unless that is forbidden. True when they are one afterwards."""
        a, b = sorted((self.find(left), self.find(right)))
        if a == b:
            return True
        if not self.may_join(self.of(a), self.of(b)):
            return False
        self.parent[b] = a
        self.members[a] = self.of(a) + self.members.pop(b, [b])
        return True

    def labels(self) -> list[int]:
        """The root of every position."""
        return [self.find(position) for position in range(self.size)]
