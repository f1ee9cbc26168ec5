"""Province, city, county and township of a row in full official names (matching.md, "region"; workflow.md, R11)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from . import locate, places
from .text import distinct, is_nothing, simplify, table, texts, tidy

COLUMNS = ("province", "city", "county", "township", "level", "problem", "value")
_INPUT = ("province", "city", "county")
Row = tuple[str, str, str, str, str, str, str]


def clean(frame: pd.DataFrame) -> pd.DataFrame:
    """Read the columns province, city, county, township, address (missing ones count as empty).

    Returns, with the same index: province, city, county, township (full names of 2024; "" unknown) · level (省级,
    地级市, 市级, 县级, 乡镇, 待定; "" when nothing is known) · problem (region-contradiction, region-ambiguous,
    region-unknown or "") · value (the text the problem is about).

    In 香港, 澳门 and 台湾 the county is kept as typed. The city of a 直辖市 is the 直辖市 itself, and a unit directly
    under its province is its own city. The address is read only where the columns leave something open, and never
    against them.
    """
    arrays = {
        name: texts(frame[name]) if name in frame else pa.array([""] * len(frame), pa.large_string())
        for name in (*_INPUT, "township", "address")
    }
    located, where = _by_columns([arrays[name] for name in _INPUT])
    address, at = distinct(_needed(arrays["address"], located, where))
    township, town = distinct(arrays["township"])
    keys = (where.astype(np.int64) * len(address) + at) * len(township) + town
    codes, unique = pd.factorize(keys)
    addresses, townships = address.to_pylist(), township.to_pylist()
    names = [_named(value) for value in townships]
    rows: list[Row] = []
    for key in unique.tolist():
        pair, t = divmod(key, len(townships))
        w, a = divmod(pair, len(addresses))
        rows.append(_row(located[w], addresses[a], names[t]))
    return table({name: [r[i] for r in rows] for i, name in enumerate(COLUMNS)}, codes, frame.index)


def _by_columns(arrays: list[pa.Array]) -> tuple[list[locate.Located], Any]:
    """Locate each distinct combination of the three columns once."""
    parts = [distinct(a) for a in arrays]
    keys = np.zeros(len(arrays[0]), dtype=np.int64)
    for values, codes in parts:
        keys = keys * max(len(values), 1) + codes
    codes, unique = pd.factorize(keys)
    lists = [values.to_pylist() for values, _ in parts]
    located = []
    for key in unique.tolist():
        cells = []
        for values in reversed(lists):
            key, position = divmod(key, max(len(values), 1))  # noqa: PLW2901
            cells.append(values[position])
        located.append(locate.columns(*reversed(cells)))
    return located, codes


def _needed(address: pa.Array, located: list[locate.Located], where: Any) -> pa.Array:
    """Blank the addresses that cannot add anything: the county is known and no town is named."""
    complete = np.array([len(found.path) == 3 for found in located], dtype=bool)[where] if located else where == 0
    towns = pc.match_substring_regex(address, "[镇乡鎮鄉]|苏木|蘇木|街道")
    return pc.if_else(pc.or_(pa.array(~complete), towns), address, pa.scalar("", pa.large_string()))


def _named(township: str) -> str:
    text = simplify(tidy("".join(tidy(township).split()))).removesuffix("办事处")
    return "" if is_nothing(text) else text


def _below(town: str, path: tuple[str, ...]) -> str:
    """Take the names of the places above off a township: 浚县善堂镇 → 善堂镇."""
    above = next((name for name in path if town.startswith(name) and town != name), "")
    rest = town.removeprefix(above).strip(" -·,/")
    if not above or is_nothing(rest):
        return town
    return _below(rest, path)


def _row(found: locate.Located, address: str, township: str) -> Row:
    path, problem, value = found.path, found.problem, found.value
    town = township or found.township
    if address and problem != "region-contradiction":
        places_left, there = locate.address(address, found.places)
        better = locate.common(places_left)
        town = town or there
        if len(better) > len(path):
            path, problem, value = better, "", ""
    town = _below(town, path)
    province, city, county = (*path, "", "", "")[:3]
    return province, city, county or found.district, town, places.level(path, town), problem, value
