"""Telephone numbers of a column: mobiles, landlines, hotlines, and what is wrong (matching.md, "phone").

The common shapes are read by kernels over the whole column: eleven digits by comparing bytes, a mobile or landline
with blanks, dashes or +86 by one RE2 expression each. Only the distinct rest goes through ``numbers.read``; both ways
give the same answer (tests/test_clean_phone.py holds them to it).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from . import facts, numbers
from .text import distinct, joined, objects, texts

COLUMNS = ("mobiles", "landlines", "hotlines", "local", "extension", "name", "problem", "bad")

_MOBILE = r"^(?:(?:\+|00)?86)?[ -]?(?P<a>1[3-9]\d)[ -]?(?P<b>\d{4})[ -]?(?P<c>\d{4})(?:\.0)?$"
_LANDLINE = (r"^\(?(?P<a>010|02\d|0[3-9]\d\d)\)?[ -]?(?P<b>[2-9]\d{6,7})$")  # fmt: skip
_ABROAD = {"香港特别行政区": "+852", "澳门特别行政区": "+853"}
_NOTHING = ((), (), (), (), "", "", "", ())


def clean(series: pd.Series) -> pd.DataFrame:
    """Read a column of telephone cells.

    Returns, with the same index:
    mobiles (tuple of 11 digits) · landlines (tuple of ``0531-88881234``; foreign ``+852-91234567``) ·
    hotlines (tuple of 400/800 numbers) · local (tuple of landlines written without area code, see ``complete``) ·
    extension · name (a person's name written beside the number) · problem (one of phone-scientific, phone-invalid,
    phone-area-restored, phone-prefix or "") · bad (tuple of the pieces that were refused, as typed).
    A good number beside a bad one is kept. Nothing is guessed: 10-, 12- and 13-digit mobiles are refused.
    """
    array = texts(series)
    cells = [objects([empty]).repeat(len(array)) for empty in _NOTHING]
    rows = np.arange(len(array))
    array, rows = _plain_mobiles(array, rows, cells)
    array, rows = _spaced_mobiles(array, rows, cells)
    array, rows = _plain_landlines(array, rows, cells)
    _odd(array, rows, cells)
    return pd.DataFrame(
        {
            name: cell if isinstance(empty, tuple) else pd.array(cell, dtype="str")
            for name, cell, empty in zip(COLUMNS, cells, _NOTHING, strict=True)
        },
        index=series.index,
        copy=False,
    )


def complete(phones: pd.DataFrame, province: pd.Series, city: pd.Series) -> pd.DataFrame:
    """Give landlines without area code the one of their city, where it has exactly one.

    ``phones`` is a result of ``clean``; ``province`` and ``city`` are full names with the same index. A number that
    was completed moves from ``local`` to ``landlines``; a problem that was only about it is gone.
    """
    landlines, local, problem = (phones[name].tolist() for name in ("landlines", "local", "problem"))
    provinces, cities, bad = province.tolist(), city.tolist(), phones["bad"].tolist()
    for i, waiting in enumerate(local):
        area = _area(provinces[i], cities[i]) if waiting else ""
        if not area:
            continue
        fits = [n for n in waiting if len(n) == 8 or len(area) == 4]
        landlines[i] = tuple(dict.fromkeys([*landlines[i], *(f"{area}-{n}" for n in fits)]))
        local[i] = tuple(n for n in waiting if n not in fits)
        if not local[i] and not bad[i] and problem[i] == "phone-invalid":
            problem[i] = ""
    return phones.assign(landlines=objects(landlines), local=objects(local), problem=pd.array(problem, dtype="str"))


def _area(province: str, city: str) -> str:
    """Return the area code of the city, +852 and +853 in Hong Kong and Macao, "" where it is not certain."""
    return _ABROAD.get(province) or facts.city_codes().get((province, city), "")


Cells = list[Any]


def _plain_mobiles(array: pa.Array, rows: Any, cells: Cells) -> tuple[pa.Array, Any]:
    """Eleven ASCII digits that begin 13 to 19, compared byte by byte."""
    candidates = pc.equal(pc.binary_length(array), 11).to_numpy(zero_copy_only=False)
    eleven = array.filter(pa.array(candidates))
    data = np.frombuffer(eleven.buffers()[2] or b"", dtype=np.uint8)
    start = eleven.offset * 11
    digits = data[start : start + 11 * len(eleven)].reshape(-1, 11) - ord("0")
    good = (digits <= 9).all(axis=1) & (digits[:, 0] == 1) & (digits[:, 1] >= 3)
    chosen = np.flatnonzero(candidates)[good]
    values = eleven.filter(pa.array(good))
    prefixes = digits[good, :3] @ np.array([100, 10, 1])
    _store_mobiles(values.to_pylist(), prefixes, rows[chosen], cells)
    return _rest(array, rows, chosen)


def _spaced_mobiles(array: pa.Array, rows: Any, cells: Cells) -> tuple[pa.Array, Any]:
    parts = pc.extract_regex(array, _MOBILE)
    chosen = np.flatnonzero(parts.is_valid().to_numpy(zero_copy_only=False))
    found = parts.filter(parts.is_valid())
    a, b, c = (pc.struct_field(found, i) for i in range(3))
    values = joined(a, b, c)
    _store_mobiles(values.to_pylist(), a.cast(pa.int64()).to_numpy(), rows[chosen], cells)
    return _rest(array, rows, chosen)


def _store_mobiles(values: list[str], prefixes: Any, rows: Any, cells: Cells) -> None:
    cells[0][rows] = objects(list(zip(values, strict=True)))
    rare = ~np.isin(prefixes, [int(p) for p in facts.mobile_prefixes()])
    cells[COLUMNS.index("problem")][rows[rare]] = "phone-prefix"


def _plain_landlines(array: pa.Array, rows: Any, cells: Cells) -> tuple[pa.Array, Any]:
    parts = pc.extract_regex(array, _LANDLINE)
    area, number = pc.struct_field(parts, 0), pc.struct_field(parts, 1)
    fits = pc.or_(pc.equal(pc.binary_length(area), 4), pc.equal(pc.binary_length(number), 8))
    mask = pc.fill_null(pc.and_(parts.is_valid(), fits), False)
    values = joined(area.filter(mask), number.filter(mask), by="-")
    chosen = np.flatnonzero(mask.to_numpy(zero_copy_only=False))
    cells[1][rows[chosen]] = objects(list(zip(values.to_pylist(), strict=True)))
    return _rest(array, rows, chosen)


def _rest(array: pa.Array, rows: Any, done: Any) -> tuple[pa.Array, Any]:
    left = np.ones(len(array), dtype=bool)
    left[done] = False
    return array.filter(pa.array(left)), rows[left]


def _odd(array: pa.Array, rows: Any, cells: Cells) -> None:
    values, codes = distinct(array)
    read = [numbers.read(v) for v in values.to_pylist()]
    for cell, name in zip(cells, COLUMNS, strict=True):
        got = [getattr(r, name) for r in read]
        if got:
            cell[rows] = objects([tuple(g) if isinstance(g, list) else g for g in got])[codes]
