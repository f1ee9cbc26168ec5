"""Ready comparisons for any list: equal, similar text, dates, nearly the same number. Levels go from strong to weak."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from .model import UNKNOWN, Comparison, Level, Levels


def exact(column: str, *, rare: float = 0.0) -> Comparison:
    """Equal or not. ``rare``: how many bits the frequency of the value may move the weight."""
    levels = (Level(UNKNOWN), Level("same", 4.0, f"同{column}", rare), Level("other", -3.0, f"{column}不同"))
    return Comparison(
        column, (column,), levels, lambda a, _: np.full(len(a), 2, dtype=np.uint8), equal="same", frequency=column
    )


def similar(
    column: str,
    steps: Sequence[float] = (0.92, 0.8),
    *,
    scorer: Callable[..., float] = JaroWinkler.normalized_similarity,
    rare: float = 0.0,
) -> Comparison:
    """Equal, then at least as similar as each step (0 to 1; Jaro–Winkler unless another scorer is given), then other."""
    names = ("same", *(f"{step:g}" for step in steps), "other")
    weights = np.linspace(5, -3, len(names))
    levels = (
        Level(UNKNOWN),
        *(
            Level(n, float(w), f"{column} {n}", rare if n == "same" else 0.0)
            for n, w in zip(names, weights, strict=True)
        ),
    )

    def judge(a: pd.DataFrame, b: pd.DataFrame) -> Levels:
        score = process.cpdist(a[column].tolist(), b[column].tolist(), scorer=scorer, dtype=np.float32)
        found: Levels = np.sum([score < step for step in (2.0, 2.0, *steps)], axis=0).astype(np.uint8)
        return found

    return Comparison(column, (column,), levels, judge, equal="same", frequency=column)


def edits(column: str, steps: Sequence[int] = (1, 2), *, rare: float = 0.0) -> Comparison:
    """Equal, then at most so many typing errors (optimal string alignment), then other. For dates and numbers as text."""
    names = ("same", *(f"{step} edits" for step in steps), "other")
    weights = np.linspace(6, -3, len(names))
    levels = (
        Level(UNKNOWN),
        *(
            Level(n, float(w), f"{column} {n}", rare if n == "same" else 0.0)
            for n, w in zip(names, weights, strict=True)
        ),
    )

    def judge(a: pd.DataFrame, b: pd.DataFrame) -> Levels:
        distance = process.cpdist(a[column].tolist(), b[column].tolist(), scorer=OSA.distance, dtype=np.int32)
        found: Levels = np.sum([distance > step for step in (-1, -1, *steps)], axis=0).astype(np.uint8)
        return found

    return Comparison(column, (column,), levels, judge, equal="same", frequency=column)
