"""Pairwise precision, recall and F1 of clusters against the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Score:
    """Of all pairs of records that are in one cluster (precision) or of one customer (recall)."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall or 1)


def components(size: int, left: Labels, right: Labels) -> Labels:
    """Clusters of records joined by edges, as numbers."""
    labels = np.arange(size, dtype=np.int64)
    while True:  # the smallest position reaches every record; halving the way each time
        before = labels.copy()
        np.minimum.at(labels, left, before[right])
        np.minimum.at(labels, right, before[left])
        np.minimum.at(labels, before, labels)
        labels = labels[labels]
        if np.array_equal(before, labels):
            return labels


def pairs_within(*keys: npt.ArrayLike) -> int:
    """How many pairs agree in all keys."""
    sizes = (
        pd.DataFrame({str(i): np.asarray(k) for i, k in enumerate(keys)})
        .groupby([str(i) for i in range(len(keys))])
        .size()
    )
    return int((sizes * (sizes - 1) // 2).sum())


def score(labels: npt.ArrayLike, truth: npt.ArrayLike, ask: npt.ArrayLike | None = None) -> Score:
    """Pairs with the same ``ask`` (not -1) and other truth are left out."""
    labels, truth = np.asarray(labels), np.asarray(truth)
    said, meant, right = pairs_within(labels), pairs_within(truth), pairs_within(labels, truth)
    if ask is not None:
        asked = np.asarray(ask) >= 0
        question, said_of, true_of = np.asarray(ask)[asked], labels[asked], truth[asked]
        said -= pairs_within(question, said_of) - pairs_within(question, said_of, true_of)
    return Score(right / (said or 1), right / (meant or 1))


def best_line(
    edges: pd.DataFrame, truth: npt.ArrayLike, ask: npt.ArrayLike | None, lines: npt.ArrayLike
) -> tuple[float, Score]:
    """The merge line with the best F1 when all edges at or above it join."""
    found = []
    for line in np.asarray(lines):
        keep = edges[edges["weight"] >= line]
        labels = components(len(np.asarray(truth)), keep["left"].to_numpy(), keep["right"].to_numpy())
        found.append((float(line), score(labels, truth, ask)))
    return max(found, key=lambda each: each[1].f1)
