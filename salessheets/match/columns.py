"""Columns of a table as integer codes: equal values, equal codes; blank is −1. The engine works on nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Column:
    """One value per row. ``codes``: per row, −1 for blank. ``values``: by code. ``hashes``: by code, of the content."""

    codes: Ints
    values: pd.Series
    hashes: Hashes


@dataclass(frozen=True)
class Bag:
    """Several values per row: ``rows`` and ``codes`` side by side, each (row, value) once; ``values`` by code."""

    rows: Ints
    codes: Ints
    values: pd.Series


def encode(series: pd.Series) -> Column:
    """Codes of a column of text (blank: "" or missing), booleans or numbers."""
    if isinstance(series.dtype, pd.StringDtype) or series.dtype == object:
        codes, values = _factorize(series)
        blank = np.flatnonzero((values == "").to_numpy(dtype=bool))
    else:
        found, uniques = pd.factorize(series, use_na_sentinel=True)
        codes, values, blank = found.astype(np.int64), pd.Series(uniques), np.array([], dtype=np.int64)
    if len(blank):
        codes = np.where(codes == blank[0], -1, codes)
    return Column(codes, values, content(values))


def _factorize(series: pd.Series) -> tuple[Ints, pd.Series]:
    array = pa.array(series, type=pa.large_string(), from_pandas=True)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks() if array.num_chunks != 1 else array.chunk(0)
    coded = array.dictionary_encode()
    codes = coded.indices.to_numpy(zero_copy_only=False)
    if array.null_count:
        codes = np.where(np.isnan(codes), -1, codes)
    return codes.astype(np.int64), pd.Series(coded.dictionary.to_pandas(), dtype="str")


def content(values: pd.Series) -> Hashes:
    """A 64-bit hash of each value, the same in every process and order."""
    if values.empty:
        return np.array([], dtype=np.uint64)
    return pd.util.hash_array(values.to_numpy(dtype=object if values.dtype == "str" else None), categorize=False)


def bag(series: pd.Series) -> Bag:
    """Codes of a column of tuples of text."""
    lists = pa.array(series, type=pa.large_list(pa.large_string()))
    if isinstance(lists, pa.ChunkedArray):
        lists = lists.combine_chunks()
    rows = np.repeat(np.arange(len(series)), np.diff(lists.offsets.to_numpy()))
    codes, values = _factorize(pd.Series(pd.array(lists.flatten().to_pylist(), dtype="str")))
    keep = np.unique(rows * max(len(values), 1) + codes) if len(codes) else np.array([], dtype=np.int64)
    width = max(len(values), 1)
    return Bag(keep // width, keep % width, values)


def encode_all(table: pd.DataFrame, names: Iterable[str]) -> dict[str, Column | Bag]:
    """Every named column: tuples as a Bag, anything else as a Column."""
    return {name: bag(table[name]) if _holds_tuples(table[name]) else encode(table[name]) for name in names}


def _holds_tuples(series: pd.Series) -> bool:
    return series.dtype == object and len(series) > 0 and isinstance(series.iloc[0], tuple)


def combined(parts: list[Ints]) -> Ints:
    """One integer per combination of codes, equal for equal combinations; −1 where any part is blank."""
    result, size = parts[0], int(parts[0].max(initial=0)) + 1
    for part in parts[1:]:
        width = int(part.max(initial=0)) + 1
        if size * width >= 2**62:
            result, size = (
                np.unique(result, return_inverse=True)[1].astype(np.int64) - int((result < 0).any()),
                len(result),
            )
        result, size = np.where((result < 0) | (part < 0), -1, result * width + part), size * width
    return result
