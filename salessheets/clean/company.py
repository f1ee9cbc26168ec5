"""Business names of a column (matching.md, "company")."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from . import business, facts
from .text import TEXT, by_value, distinct, texts

_STEM = "^(?P<stem>.*?)(?:" + "|".join(facts.words("trade")) + ")*$"


def clean(series: pd.Series) -> pd.DataFrame:
    """Read a column of business names.

    Returns, with the same index: name (as shown: half-width, simplified, without blanks between Chinese characters)
    · core (字号 + 行业: no place in front, no legal form, no branch; lower case) · branch (宝昌店, 武汉分公司 …).
    """
    return by_value(series, _row, {"name": "", "core": "", "branch": ""})


def _row(cell: str) -> tuple[str, str, str]:
    b = business.read(cell)
    return b.name, b.core, b.branch


def stems(cores: pd.Series) -> pd.Series:
    """The 字号 of each core: what stands before the words of trade at its end (康源养生馆 → 康源); "" when that is short."""
    values, codes = distinct(texts(cores))
    found = pc.struct_field(pc.extract_regex(values, _STEM), 0)
    long = pc.if_else(pc.greater(pc.utf8_length(found), 1), found, pa.scalar("", TEXT))
    return pd.Series(long.take(pa.array(codes)).to_pandas(), dtype="str").set_axis(cores.index)
