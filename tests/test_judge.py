"""How the benchmarks of matching judge clusters."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))

from judge import Score, best_line, components, score


@pytest.mark.parametrize(("labels", "truth", "precision", "recall"), [
    ("aab", "xxy", 1.0, 1.0),
    ("abc", "xxx", 0.0, 0.0),  # nothing joined
    ("aaa", "xxy", 1 / 3, 1.0),
    ("aabb", "xxxx", 1.0, 2 / 6),
    ("abcd", "wxyz", 0.0, 0.0),  # nothing to join
])  # fmt: skip
def test_pairs_in_one_cluster_are_counted(labels, truth, precision, recall):
    found = score(list(labels), list(truth))
    assert (found.precision, found.recall) == pytest.approx((precision, recall))


def test_f1_is_the_harmonic_mean():
    assert Score(0.5, 1.0).f1 == pytest.approx(2 / 3)
    assert Score(0.0, 0.0).f1 == 0.0


@pytest.mark.parametrize(("ask", "precision"), [((-1, -1, -1), 1 / 3), ((4, 4, 4), 1.0), ((4, 4, 5), 1 / 3)])
def test_pairs_to_ask_about_count_neither_way(ask, precision):
    assert score([0, 0, 0], [1, 1, 2], ask).precision == pytest.approx(precision)


def labels_of(edges, size):
    left, right = (
        (np.array(side, dtype=np.int64) for side in zip(*edges, strict=True)) if edges else (np.empty(0, np.int64),) * 2
    )
    return components(size, left, right)


def test_components_are_named_after_their_first_record():
    assert labels_of([(3, 4), (1, 3), (0, 2)], 6).tolist() == [0, 1, 0, 1, 1, 5]


def test_a_long_chain_is_one_component():
    order = np.random.default_rng(1).permutation(500)
    assert labels_of(list(pairwise(order)), 500).max() == 0


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=15))
def test_components_are_those_of_a_plain_search(edges):
    reach = {n: {n} for n in range(12)}
    for a, b in edges:
        joined = reach[a] | reach[b]
        for n in joined:
            reach[n] = joined
    assert labels_of(edges, 12).tolist() == [min(reach[n]) for n in range(12)]


def test_the_line_with_the_best_f1_is_taken():
    edges = pd.DataFrame({"left": [0, 0, 2], "right": [1, 2, 3], "weight": [9.0, 4.0, 6.0]})
    line, found = best_line(edges, [0, 0, 1, 1], None, [1, 5, 8])
    assert (line, found.f1) == (5.0, 1.0)
