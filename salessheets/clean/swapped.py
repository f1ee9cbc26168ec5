"""Cells that stand in each other's columns: the phone under 客户姓名, the shop's name where the person's belongs.

Both cells must say so: a name that is nothing but a number, beside a phone without a digit; a name that ends like a
business, beside a business that is a person's full name.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.compute as pc

from . import facts, person
from .text import texts

# RE2.
_NUMBER = r"^[ +(\x{ff08}]*\d[\d ()\x{ff08}\x{ff09}+-]{6,}$"
_BUSINESS = (
    r"^[一-鿿]{2,}(?:公司|药房|药店|会所|中心|诊所|酒店|宾馆|浴场|足浴城?|养生[馆堂]|美容[院店]|推拿[馆店]|理疗[馆店]|"
    r"经营部|商行|超市|门诊部?|体验店|浴城|堂|馆)$"
)
_ENDING = "[店馆堂坊行厂部院所城社]$"
_SHORTEST_BUSINESS = 4

Cells = Mapping[str, pd.Series]


def put_right(cells: Cells) -> tuple[dict[str, pd.Series], pd.Series]:
    """name, phone and company with swapped cells put back, and which rows had any. Values that stay are as typed."""
    name, phone, company = (cells[field] for field in ("name", "phone", "company"))
    number = _matching(name, _NUMBER)
    number[number] = ~_matching(phone[number], r"\d")
    shop = _short(company) & ~number
    shop[shop] = ~_matching(company[shop], _ENDING)
    shop[shop] = _matching(name[shop], _BUSINESS) & (name[shop].str.len() >= _SHORTEST_BUSINESS).to_numpy()
    shop[shop] = _people(company[shop])
    fixed = {
        "name": name.mask(number, phone).mask(shop, company),
        "phone": phone.mask(number, name),
        "company": company.mask(shop, name),
    }
    return fixed, pd.Series(number | shop, index=name.index)


def _matching(column: pd.Series, pattern: str) -> npt.NDArray[np.bool_]:
    return np.array(pc.match_substring_regex(texts(column), pattern).to_numpy(zero_copy_only=False), dtype=bool)


def _short(column: pd.Series) -> npt.NDArray[np.bool_]:
    """Cells of two or three characters: most people's names, few businesses'."""
    length = pc.utf8_length(texts(column)).to_numpy(zero_copy_only=False)
    return np.asarray((length == 2) | (length == 3))


def _people(column: pd.Series) -> npt.NDArray[np.bool_]:
    """Full names with a surname that is common enough not to be a shop's first character by chance."""
    read = person.clean(column)
    sure = read["full"].astype(bool) & read["surname"].isin(list(facts.surnames())) & (read["title"] == "")
    return np.asarray(sure, dtype=bool)
