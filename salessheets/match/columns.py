"""Columns of a table as integer codes: equal values, equal codes; blank is −1. The engine works on nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from salessheets.clean.text import column as text_column

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
TEXT = pa.large_string()


@dataclass(frozen=True)
class Column:
    """One value per row. ``codes``: per row, −1 for blank. ``values``: by code."""

    codes: Ints
    values: pd.Series


@dataclass(frozen=True)
class Bag:
    """Several values per row: ``rows`` and ``codes`` side by side, each (row, value) once; ``values`` by code."""

    rows: Ints
    codes: Ints
    values: pd.Series

    def only(self, keep: npt.NDArray[np.bool_]) -> Bag:
        """The entries where ``keep`` holds."""
        return Bag(self.rows[keep], self.codes[keep], self.values)

    def known(self, wanted: Any) -> npt.NDArray[np.bool_]:
        """Entries whose value is one of ``wanted``."""
        if not len(wanted):
            return np.zeros(len(self.codes), dtype=bool)
        return among(self.values, wanted)[self.codes]


Columns = Mapping[str, Column | Bag]


def array(values: Any) -> pa.Array:
    """One Arrow text array from a pandas column, a list or an Arrow array."""
    if isinstance(values, pd.Series) and isinstance(values.dtype, pd.StringDtype):
        values = values.array  # its own Arrow buffers, nothing is copied
    found = values if isinstance(values, pa.Array) else pa.array(values, type=TEXT, from_pandas=True)
    if isinstance(found, pa.ChunkedArray):
        found = found.combine_chunks() if found.num_chunks != 1 else found.chunk(0)
    return found.cast(TEXT)


def among(values: pd.Series, wanted: Any) -> npt.NDArray[np.bool_]:
    """Which of the values are among the wanted ones."""
    found: npt.NDArray[np.bool_] = pc.is_in(array(values), pa.array(list(wanted), TEXT)).to_numpy(zero_copy_only=False)
    return found


def encode(values: Any) -> Column:
    """Codes of a column of text (blank: "" or missing)."""
    coded = array(values).dictionary_encode()
    codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    blank = pc.index(coded.dictionary, pa.scalar("", TEXT)).as_py()
    if blank >= 0:
        codes[codes == blank] = -1
    return Column(codes, pd.Series(text_column(coded.dictionary)))


def bag(tuples: pd.Series) -> Bag:
    """Codes of a column of tuples of text."""
    listed = tuples.tolist()
    sizes = np.fromiter(map(len, listed), np.int64, len(listed))
    return of_values(np.repeat(np.arange(len(listed)), sizes), list(chain.from_iterable(listed)))


def of_values(rows: Ints, values: Any) -> Bag:
    """A bag of (row, value) pairs, repetitions and blanks removed."""
    column = encode(values)
    width = max(len(column.values), 1)
    packed = (rows * width + column.codes)[column.codes >= 0]
    if (np.diff(rows) <= 0).any():  # else each row has one value
        packed = pd.unique(packed)
    return Bag(packed // width, packed % width, column.values)


def united(*bags: Bag) -> Bag:
    """All entries of several bags, as one bag with codes of its own."""
    rows = np.concatenate([b.rows for b in bags])
    return of_values(rows, pa.concat_arrays([array(b.values).take(pa.array(b.codes)) for b in bags]))


def content(columns: Columns, size: int) -> Hashes:
    """A 64-bit hash of what each row says, the same in every process and order of rows."""
    mixed = np.zeros(size, dtype=np.uint64)
    for name in sorted(columns):
        column, mine = columns[name], np.zeros(size, dtype=np.uint64)
        if len(column.values):
            hashes = pd.util.hash_array(column.values.to_numpy(dtype=object), categorize=False)
            if isinstance(column, Bag):
                np.add.at(mine, column.rows, hashes[column.codes])
            else:
                mine[column.codes >= 0] = hashes[column.codes[column.codes >= 0]]
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + mine
    return mixed


def combined(parts: list[Ints]) -> Ints:
    """One integer per combination of codes, equal for equal combinations; −1 where any part is blank."""
    result, size = parts[0], int(parts[0].max(initial=0)) + 1
    for part in parts[1:]:
        width = int(part.max(initial=0)) + 1
        if size * width >= 2**62:
            codes, uniques = pd.factorize(result)
            blank = np.flatnonzero(uniques == -1)
            result, size = np.where(codes == blank[0], -1, codes) if len(blank) else codes, len(uniques) + 1
        result, size = np.where((result < 0) | (part < 0), -1, result * width + part), size * width
    return result.astype(np.int64)
