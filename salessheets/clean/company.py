"""Business names of a column (matching.md, "company").

A name of Chinese characters, perhaps with a branch in brackets, is taken apart for many rows at once: places off the front, legal
form and 经营部 off the end, by the word lists of ``business``. The rest goes through ``business.read``; both ways give
the same answer (tests/test_clean_properties.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from . import business, facts, han, naming
from .text import NOTHING, TEXT, column, distinct, joined, merged, one_by_one, simplify, table, texts

_TRADES = "(?:" + "|".join(facts.words("trade")) + ")+$"  # the leftmost match takes as many words as there are
_BLANK = {"name": "", "core": "", "branch": ""}
_WIDTH = 30  # characters; longer names are rare and read one by one
_CHUNK = 1 << 16  # rows at a time: the matrices stay in the processor's cache
# RE2. A name of Chinese characters, perhaps in quotes, with blanks between, or with a branch in brackets behind it.
_SIMPLE = (
    r"^(?P<open>[“\"]?)(?P<head>[一-龥 ]{2,30})(?:[(\x{ff08}](?P<aside>[一-龥]{1,10})[)\x{ff09}])?(?P<close>[”\"]?)$"
)


def clean(series: pd.Series) -> pd.DataFrame:
    """Read a column of business names.

    Returns, with the same index: name (as shown: half-width, simplified, without blanks between Chinese characters)
    · core (字号 + 行业: no place in front, no legal form, no branch; lower case) · branch (宝昌店, 武汉分公司 …).
    """
    values, codes = distinct(texts(series))
    candidates = np.flatnonzero(pc.match_substring_regex(values, _SIMPLE).to_numpy(zero_copy_only=False))
    parts = []
    left = np.ones(len(values), dtype=bool)
    for start in range(0, len(candidates), _CHUNK):
        chosen = candidates[start : start + _CHUNK]
        sure, columns = _plain(values.take(pa.array(chosen)))
        parts.append((chosen[sure], columns))
        left[chosen[sure]] = False
    odd = np.flatnonzero(left)
    parts.append((odd, one_by_one(values.take(pa.array(odd)), _row, _BLANK)))
    return table(merged(parts), codes, series.index)


def _row(cell: str) -> tuple[str, str, str]:
    b = business.read(cell)
    return b.name, b.core, b.branch


def _plain(values: pa.Array) -> tuple[npt.NDArray[np.int64], dict[str, Any]]:
    """The positions of names whose head holds no branch, and their columns."""
    parts = pc.extract_regex(values, _SIMPLE)
    before, head, aside, behind = (pc.fill_null(pc.struct_field(parts, i), "") for i in range(4))
    head = pc.replace_substring(head, " ", "")
    codes = naming.normal()[han.spread(head, _WIDTH)]
    lengths = pc.utf8_length(head).to_numpy().astype(np.int64)
    shown = han.cut(codes, np.zeros_like(lengths), lengths)
    odd = pc.match_substring_regex(shown, business.BRANCH).to_numpy(zero_copy_only=False)
    odd |= pc.is_in(shown, value_set=pa.array(sorted(NOTHING), TEXT)).to_numpy(zero_copy_only=False)
    starts, ends, unsure = naming.cores(codes, lengths)
    sure = np.flatnonzero(~(odd | unsure | (lengths < 2)))
    core = han.cut(codes[sure], starts[sure], ends[sure])
    nobody = pc.is_in(core, value_set=pa.array(sorted(business.NOT_NAMES), TEXT))
    written, branch = _asides(aside)
    return sure, {
        "name": joined(before, shown, written, behind).take(pa.array(sure)),
        "core": pc.if_else(nobody, "", core),
        "branch": branch.take(pa.array(sure)),
    }


def _asides(words: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Words in brackets as they are shown, and the branches they are."""
    values, codes = distinct(words)
    plain = [simplify(v) for v in values.to_pylist()]
    shown = pa.array([f"({v})" if v else "" for v in plain], TEXT)
    return shown.take(pa.array(codes)), pa.array([business.aside(v) for v in plain], TEXT).take(pa.array(codes))


def stems(cores: pd.Series) -> pd.Series:
    """The 字号 of each core: what stands before the words of trade at its end (康源养生馆 → 康源); "" when that is short."""
    values, codes = distinct(texts(cores))
    found = pc.replace_substring_regex(values, _TRADES, "")
    long = pc.if_else(pc.greater(pc.utf8_length(found), 1), found, pa.scalar("", TEXT))
    return pd.Series(column(long.take(pa.array(codes))), index=cores.index)
