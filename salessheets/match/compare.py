"""Candidate pairs → the level of each comparison. Only distinct pairs of unequal known values are looked at."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from .columns import Bag, Column, Columns, Ints, combined
from .model import Comparison, Levels

Rows = tuple[Ints, Ints]


def values_of(comparison: Comparison, columns: Columns) -> Column:
    """The compared columns of every row as one code; −1 where the first of them is blank."""
    first = columns[comparison.columns[0]]
    assert isinstance(first, Column)
    if len(comparison.columns) == 1:
        return first
    parts = [columns[name] for name in comparison.columns]
    packed = combined([part.codes + 1 for part in parts if isinstance(part, Column)])
    packed = np.where(first.codes < 0, -1, packed)
    codes, uniques = pd.factorize(packed)
    blank = np.flatnonzero(uniques == -1)
    at = np.empty(len(uniques), dtype=np.int64)
    at[codes[::-1]] = np.arange(len(codes))[::-1]  # the first row with each combination
    return Column(np.where(codes == blank[0], -1, codes) if len(blank) else codes, pd.Series(at))


def levels(comparison: Comparison, value: Column, columns: Columns, left: Ints, right: Ints) -> Levels:
    """Level number per pair."""
    a, b = value.codes[left], value.codes[right]
    result = np.zeros(len(left), dtype=np.uint8)
    known = (a >= 0) & (b >= 0)
    same = known & (a == b)
    if comparison.equal is not None:
        result[same] = comparison.number(comparison.equal)
        known &= ~same
    asked = np.flatnonzero(known)
    if not len(asked):
        return result
    low, high = np.minimum(a[asked], b[asked]), np.maximum(a[asked], b[asked])
    width = int(high.max()) + 1
    inverse, unique = pd.factorize(low * width + high)
    judged = comparison.judge(
        _frame(comparison, value, columns, unique // width), _frame(comparison, value, columns, unique % width)
    )
    result[asked] = judged[inverse]
    return result


def _frame(comparison: Comparison, value: Column, columns: Columns, codes: Ints) -> pd.DataFrame:
    """The values behind codes, one column per compared column; blanks as ""."""
    if len(comparison.columns) == 1:
        return pd.DataFrame({comparison.columns[0]: _objects(value.values, codes)}, copy=False)
    rows = value.values.to_numpy()[codes]
    return pd.DataFrame({name: plain(columns[name], rows) for name in comparison.columns}, copy=False)


def plain(column: Column | Bag, rows: Ints) -> pd.Series:
    """The values of some rows of a column; "" for blank."""
    assert isinstance(column, Column)
    return _objects(column.values, column.codes[rows])


def _objects(values: pd.Series, codes: Ints) -> pd.Series:
    """The values behind codes, "" for −1: each distinct one becomes an object once."""
    numbers, used = pd.factorize(codes)
    known = used >= 0
    found = np.full(len(used), "", dtype=object)
    found[known] = values.take(used[known]).to_numpy(dtype=object)
    return pd.Series(found[numbers], dtype=object, copy=False)


def frequencies(column: Column) -> npt.NDArray[np.float64]:
    """Share of each value among the rows where it is known, by code."""
    counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.values)).astype(np.float64)
    total: float = max(float(counts.sum()), 1.0)
    return np.divide(counts, total)
