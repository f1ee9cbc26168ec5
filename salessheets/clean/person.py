"""Names of a column of contact persons (matching.md, "person").

Most cells hold two or three Chinese characters that begin with a surname: those are read for the whole column by
comparing code points. Only the distinct rest goes through ``names.read``; both ways give the same answer.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from . import facts, han, names
from .text import NOTHING, constant, distinct, joined, merged, one_by_one, table, texts

_BLANK = {"name": "", "surname": "", "given": "", "title": "", "full": False, "pinyin": ""}


def clean(series: pd.Series) -> pd.DataFrame:
    """Read a column of names.

    Returns, with the same index: name (as shown: simplified, without blanks, a full name without its title) ·
    surname · given · title (总, 经理, 老板娘 …) · full (surname and given name are known) · pinyin (the homophone
    key, ``wang jianguo``; "" unless full).
    """
    values, codes = distinct(texts(series))
    parts = [_plain(values, length) for length in (2, 3)]
    left = np.ones(len(values), dtype=bool)
    for positions, _ in parts:
        left[positions] = False
    odd = np.flatnonzero(left)
    parts.append((odd, one_by_one(values.take(pa.array(odd)), _row, _BLANK)))
    return table(merged(parts), codes, series.index)


def _row(cell: str) -> tuple[str, str, str, str, bool, str]:
    p = names.read(cell)
    return p.name, p.surname, p.given, p.title, p.full, p.pinyin


def _plain(values: pa.Array, length: int) -> tuple[npt.NDArray[np.int64], dict[str, Any]]:
    """Names of one surname character and one or two more that can be nothing else."""
    positions, typed = han.matrix(values, length)
    codes = han.simplified()[typed]
    surname, readings, ends, words = _tables()
    number = surname[codes[:, 0]]
    syllable, listed = han.syllables()
    good = (number >= 0) & (syllable[codes] > 0).all(axis=1) & ~ends[length][codes[:, -1]]
    good &= ~np.isin(han.pack(codes), words[length]) & ~np.isin(han.pack(codes[:, :2]), words["compound"])
    if length == 3:
        good &= ~np.isin(han.pack(codes[:, 1:]), words["title"])
    positions, codes, number = positions[good], codes[good], number[good]
    spelt = [listed.take(pa.array(syllable[codes[:, i]])) for i in range(1, length)]
    return positions, {
        "name": han.text(codes),
        "surname": han.text(codes[:, :1]),
        "given": han.text(codes[:, 1:]),
        "title": constant("", len(positions)),
        "full": np.ones(len(positions), dtype=bool),
        "pinyin": joined(readings.take(pa.array(number)), joined(*spelt), by=" "),
    }


@cache
def _tables() -> tuple[npt.NDArray[np.int32], pa.Array, dict[int, npt.NDArray[np.bool_]], dict[Any, Any]]:
    """Surname numbers by code point and their readings; what a plain name does not end with, is, or begins with."""
    single = [s for s in facts.surnames() if len(s) == 1 and s not in "老小大阿"]
    number = np.full(1 << 16, -1, dtype=np.int32)
    number[[ord(s) for s in single]] = np.arange(len(single))
    readings = pa.array([facts.surnames()[s][0] for s in single], pa.large_string())
    ends = {2: han.members({*names.VOCATIVES, *names.KIN, "某"}), 3: han.members({*names.KIN, "某"})}
    no_names = [*NOTHING, *names.NO_NAMES, *names.OFFICES]
    words: dict[Any, Any] = {n: han.packed(no_names, n) for n in (2, 3)}
    words["compound"] = han.packed(facts.surnames(), 2)
    words["title"] = han.packed({office[-2:] for office in (*names.OFFICES, "副总")}, 2)
    return number, readings, ends, words
