"""Names of a column of contact persons (matching.md, "person")."""

from __future__ import annotations

import pandas as pd

from . import names
from .text import by_value

_BLANK = {"name": "", "surname": "", "given": "", "title": "", "full": False, "pinyin": ""}


def clean(series: pd.Series) -> pd.DataFrame:
    """Read a column of names.

    Returns, with the same index: name (as shown: simplified, without blanks, a full name without its title) ·
    surname · given · title (总, 经理, 老板娘 …) · full (surname and given name are known) · pinyin (the homophone
    key, ``wang jianguo``; "" unless full).
    """
    return by_value(series, _row, _BLANK)


def _row(cell: str) -> tuple[str, str, str, str, bool, str]:
    p = names.read(cell)
    return p.name, p.surname, p.given, p.title, p.full, p.pinyin
