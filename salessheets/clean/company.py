"""Business names of a column (matching.md, "company")."""

from __future__ import annotations

import pandas as pd

from . import business
from .text import by_value


def clean(series: pd.Series) -> pd.DataFrame:
    """Read a column of business names.

    Returns, with the same index: name (as shown: half-width, simplified, without blanks between Chinese characters)
    · core (字号 + 行业: no place in front, no legal form, no branch; lower case) · branch (宝昌店, 武汉分公司 …).
    """
    return by_value(series, _row, {"name": "", "core": "", "branch": ""})


def _row(cell: str) -> tuple[str, str, str]:
    b = business.read(cell)
    return b.name, b.core, b.branch
