"""Text as people type it made comparable, and the way every cleaner works: each distinct value once.

Columns travel as Arrow arrays here, because Arrow's kernels (utf8proc, RE2) do the common shape of a value for a
whole column at once; Python sees only the distinct values that are left over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from . import facts

STR = pd.StringDtype(na_value=np.nan)
TEXT = pa.large_string()

# Zero-width and invisible characters, control characters but the line breaks, and the replacement character.
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
                        "\ufe00-\ufe0f\ufeff\ufff9-\ufffd\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")  # fmt: skip
_TIDY = re.compile("(?:[!-~一-鿿]+(?: [!-~一-鿿]+)*)?")  # printable ASCII and Chinese characters, single blanks between
_LINES = re.compile(r"\s*[\n\r\x0b\x0c\x85\u2028\u2029]\s*")
_BLANKS = re.compile(r"[^\S\n]+")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－﹣⁃", "-"))

# What people write into a cell to say that there is nothing to write.
NOTHING = frozenset(facts.words("nothing"))


def tidy(value: str) -> str:
    r"""NFKC, no invisible characters, one kind of dash, single spaces, ``\n`` between lines; outer blanks gone."""
    if _TIDY.fullmatch(value):
        return value
    text = value
    while True:  # removing an invisible character can bring two together that compose
        text, before = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)), text
        if text == before:
            break
    text = text.translate(_DASHES)
    return _BLANKS.sub(" ", _LINES.sub("\n", text)).strip()


def is_nothing(text: str) -> bool:
    """Whether a tidy text only says that nothing is known (无, -, 暂无 …)."""
    return not text or text.casefold() in NOTHING


@cache
def _traditional() -> dict[int, str]:
    old, new = facts.traditional()
    return {ord(o): n for o, n in zip(old, new, strict=True)}


def simplify(text: str) -> str:
    """Traditional characters to simplified ones, character by character."""
    table = _traditional()
    return text if text.isascii() or table.keys().isdisjoint(map(ord, text)) else text.translate(table)


def texts(series: pd.Series) -> pa.Array:
    """Return the column as one Arrow text array without nulls."""
    column = series if isinstance(series.dtype, pd.StringDtype) else series.astype(STR)
    array = pa.array(column.array, type=TEXT, from_pandas=True)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    array = array if isinstance(array, pa.Array) else pa.concat_arrays(array.chunks or [pa.array([], TEXT)])
    return pc.fill_null(array, "") if array.null_count else array


def joined(*parts: pa.Array, by: str = "") -> pa.Array:
    """Join text arrays element by element."""
    return pc.binary_join_element_wise(*parts, pa.scalar(by, TEXT))


def distinct(array: pa.Array) -> tuple[pa.Array, np.ndarray[Any, np.dtype[np.int64]]]:
    """Return the distinct values in order of appearance, and for each row the position of its value."""
    encoded = array.dictionary_encode()
    return encoded.dictionary, encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64, copy=False)


def column(values: pa.Array | Sequence[Any] | np.ndarray[Any, Any]) -> Any:
    """Return what a data frame column is made of: ``str`` for Arrow text, object for tuples, else as numpy sees it."""
    if isinstance(values, pa.Array):
        return STR.__from_arrow__(values.cast(TEXT))  # type: ignore[attr-defined]
    if isinstance(values, np.ndarray):
        return values
    if values and isinstance(values[0], tuple):
        return objects(values)
    if values and isinstance(values[0], bool):
        return np.array(values, dtype=bool)
    return STR.__from_arrow__(pa.array(values, TEXT))  # type: ignore[attr-defined]


def objects(values: Iterable[Any]) -> np.ndarray[Any, Any]:
    """Return a one-dimensional object array, also of tuples of equal length."""
    listed = values if isinstance(values, list) else list(values)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array


def table(columns: Mapping[str, Any], codes: np.ndarray[Any, Any], index: pd.Index) -> pd.DataFrame:
    """Spread columns over distinct values to the rows that hold them."""
    spread = {}
    for name, values in columns.items():
        ready = column(values)
        spread[name] = ready.take(codes) if len(ready) else ready
    return pd.DataFrame(spread, index=index, copy=False)


def by_value(series: pd.Series, one: Callable[[str], tuple[Any, ...]], blank: Mapping[str, Any]) -> pd.DataFrame:
    """Clean each distinct value once with ``one``; ``blank`` names the columns and their kinds by an empty value."""
    values, codes = distinct(texts(series))
    return table(one_by_one(values, one, blank), codes, series.index)


def one_by_one(values: pa.Array, one: Callable[[str], tuple[Any, ...]], blank: Mapping[str, Any]) -> dict[str, Any]:
    """Clean values with ``one`` into columns; ``blank`` as in ``by_value``."""
    rows = [one(v) for v in values.to_pylist()]
    return {name: typed([row[i] for row in rows], empty) for i, (name, empty) in enumerate(blank.items())}


def merged(parts: list[tuple[np.ndarray[Any, Any], dict[str, Any]]]) -> dict[str, Any]:
    """Put columns over disjoint positions together into columns in the order of the positions."""
    order = np.argsort(np.concatenate([positions for positions, _ in parts]), kind="stable")
    whole: dict[str, Any] = {}
    for name in parts[0][1]:
        pieces = [columns[name] for _, columns in parts]
        if isinstance(pieces[0], pa.Array):
            whole[name] = pa.concat_arrays(pieces).take(pa.array(order))
        else:
            whole[name] = np.concatenate(pieces)[order]
    return whole


def placed(parts: list[tuple[np.ndarray[Any, Any], pa.Array]], size: int) -> pa.Array:
    """A text column that has at the positions of each part its values, "" elsewhere; a later part wins."""
    where = np.zeros(size, dtype=np.int64)
    start = 1
    for positions, _ in parts:
        where[positions] = np.arange(start, start + len(positions))
        start += len(positions)
    return pa.concat_arrays([pa.array([""], TEXT), *(v.cast(TEXT) for _, v in parts)]).take(pa.array(where))


def constant(value: str, size: int) -> pa.Array:
    """A text column that says the same everywhere."""
    return pa.repeat(pa.scalar(value, TEXT), size)


def typed(cells: list[Any], like: Any) -> Any:
    """Return cells as a column of the kind of ``like``: tuples, booleans or text."""
    if isinstance(like, tuple):
        return objects(cells)
    if isinstance(like, bool):
        return np.array(cells, dtype=bool)
    return pa.array(cells, TEXT)
