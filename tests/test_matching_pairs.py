"""The labelled pairs in the benchmark of matching: outcomes are counted, texts are not kept."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

from engines import Run  # noqa: E402
from leads_facts import DATA  # noqa: E402
from matching_pairs import outcomes, read_pairs, report  # noqa: E402
from measure import Measured  # noqa: E402


def run_of(labels, edges):
    frame = pd.DataFrame(edges, columns=["left", "right", "weight", "outcome"])
    return Run(frame, np.array(labels), {}, Measured(0, 0, 0, 0, ""))


def test_a_pair_is_merged_asked_about_or_apart():
    found = run_of([0, 0, 2, 3, 4, 5, 6, 7], [(3, 2, 5.0, "ask"), (4, 5, 9.0, "refused"), (1, 6, 3.0, "ask")])
    assert outcomes(found, 4) == ["merge", "ask", "apart", "apart"]


def test_the_report_holds_counts_only():
    pairs = pd.DataFrame(
        {
            "label": ["same", "same", "review", "different"],
            "outcome": ["merge", "apart", "ask", "merge"],
            "by note": [False, True, False, False],
            "reason": ["甲" * 9] * 4,
        }
    )
    text = report(pairs)
    assert "| same | 1 | 0 | 1 | 0 | 0 | 1 |" in text
    assert "| review | 0 | 1 | 0 | 0 | 0 | 0 |" in text
    assert "2 of 4 as labelled; 1 of 2 merged pairs are two customers." in text
    assert "甲" not in text


@pytest.mark.skipif(not (DATA.parent / "leads").exists(), reason="../shared/leads is missing")
def test_every_pair_of_the_file_is_read_with_its_line_breaks():
    pairs = read_pairs()
    assert set(pairs["label"]) == {"same", "different", "review"}
    assert not pairs.apply(lambda column: column.str.contains(r"\\n", regex=False)).any(axis=None)
