"""Telephone numbers of a column: mobiles, landlines, hotlines, and what is wrong (matching.md, "phone").

The common shapes are read by kernels over the whole column: eleven digits by comparing bytes; blanks, dashes, +86, more
numbers, a name or an extension beside them by RE2 expressions. Only the distinct rest goes through
``numbers.read``; both ways give the same answer (tests/test_clean_properties.py holds them to it).
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from . import facts, numbers
from .text import TEXT, column, distinct, joined, objects, placed, texts

COLUMNS = ("mobiles", "landlines", "hotlines", "local", "extension", "name", "problem", "bad")
_TUPLES = ("mobiles", "landlines", "hotlines", "local", "bad")

# RE2. One number as usually written, by kind; the groups of a match joined are the number.
_MOBILE = r"^(?:(?:\+|00)?86)?[ -]?(?P<a>1[3-9]\d)[ -]?(?P<b>\d{4})[ -]?(?P<c>\d{4})(?:\.0)?$"
_FAR_MOBILE = r"^0(?P<a>1[3-9]\d)(?P<b>\d{4})(?P<c>\d{4})$"  # the 0 once dialled before a mobile of another city
_LANDLINE = r"^\(?(?P<a>010|02\d|0[3-9]\d\d)\)?[ -]?(?P<b>[2-9]\d{6,7})$"
_HOTLINE = r"^(?P<a>[48]00)-?(?P<b>\d{3})-?(?P<c>\d{4})$"
_LOCAL = r"^(?P<a>[2-9]\d{2,3})-?(?P<b>\d{4})$"
_SHORT = r"^1[3-9]\d{8}$"  # a mobile of ten digits: one is missing, nobody knows which
# RE2. A piece of a cell between separators: [a word] a number [its extension] [a word].
_PIECE = (
    r"^(?P<before>[一-鿿]{1,6})?[: ]?(?P<number>[+\d(][\d() -]{5,18}\d(?:\.0)?)"
    r"(?: ?(?:转|分机) ?(?P<extension>\d{1,6}))?[ (]?(?P<after>[一-鿿]{1,6})?\)?$"
)
_EXTENDED = r"^(?P<number>[\d() -]{10,16}?)-(?P<extension>\d{1,6})$"
# RE2. What stands between numbers, and rewritten so: a digit on either side, or a whole mobile before a blank.
_SEPARATOR = r"[ ]?[/;、,|\n][ ]?"
_REWRITTEN = (
    (r"^1\.([3-9]\d{9})[eE]\+?10$", r"1\1"),
    (r"(\d|\)) ?或者? ?([\d+])", r"\1/\2"),
    (r"(^|[^\d-])(1[3-9]\d{9}|\+?861[3-9]\d{9})(\.0)?(\([一-鿿]+\))? +([\d+])", r"\1\2\3\4/\5"),
)
_ABROAD = {"香港特别行政区": "+852", "澳门特别行政区": "+853"}
_PROBLEMS = pa.array(["", "phone-invalid", "phone-prefix"], TEXT)
_INVALID, _RARE = 1, 2
_KINDS = ("", numbers.MOBILE, numbers.LANDLINE, numbers.HOTLINE, numbers.LOCAL)
_NO_KIND, _IS_MOBILE, _IS_LANDLINE, _IS_HOTLINE, _IS_LOCAL = range(5)
_COLUMN = {_IS_MOBILE: "mobiles", _IS_LANDLINE: "landlines", _IS_HOTLINE: "hotlines", _IS_LOCAL: "local"}

Positions = npt.NDArray[np.int64]


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
    found = _Found(len(array))
    rows = np.flatnonzero(pc.not_equal(array, "").to_numpy(zero_copy_only=False))
    array = array.take(pa.array(rows)) if len(rows) < len(array) else array
    for way in (_single, _short, _pieces):
        done = way(array, rows, found)
        left = np.flatnonzero(~done)
        array, rows = array.take(pa.array(left)), rows[left]
    _odd(array, rows, found)
    return found.frame(series.index)


class _Found:
    """The columns while they are being filled, each kind of number by those who find it."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.tuples = {name: objects([()]).repeat(size) for name in _TUPLES}
        self.texts: dict[str, list[tuple[Positions, pa.Array]]] = {"extension": [], "name": [], "problem": []}

    def one_each(self, rows: Positions, kind: npt.NDArray[np.int8], values: pa.Array) -> None:
        """One number for each row."""
        for which, name in _COLUMN.items():
            mine = np.flatnonzero(kind == which)
            if not len(mine):
                continue
            chosen = values if len(mine) == len(kind) else values.take(pa.array(mine))
            self.tuples[name][rows[mine]] = objects(list(zip(chosen.to_pylist(), strict=True)))

    def text(self, name: str, rows: Positions, values: pa.Array) -> None:
        self.texts[name].append((rows, values))

    def cells(self, rows: Positions, read: list[numbers.Numbers], codes: Positions) -> None:
        """Whole cells: what each distinct one holds, and which of them each row is."""
        if not read:
            return
        for name in _TUPLES:
            self.tuples[name][rows] = objects([tuple(getattr(r, name)) for r in read])[codes]
        for name in self.texts:
            self.text(name, rows, pa.array([getattr(r, name) for r in read], TEXT).take(pa.array(codes)))

    def frame(self, index: pd.Index) -> pd.DataFrame:
        columns = {**self.tuples, **{name: column(placed(parts, self.size)) for name, parts in self.texts.items()}}
        return pd.DataFrame({name: columns[name] for name in COLUMNS}, index=index, copy=False)


def complete(phones: pd.DataFrame, province: pd.Series, city: pd.Series) -> pd.DataFrame:
    """Give landlines without area code the one of their city, where it has exactly one.

    ``phones`` is a result of ``clean``; ``province`` and ``city`` are full names with the same index. A number that
    was completed moves from ``local`` to ``landlines``; a problem that was only about it is gone.
    """
    landlines, local = (phones[name].to_numpy(dtype=object).copy() for name in ("landlines", "local"))
    waiting = [i for i, numbers_typed in enumerate(local.tolist()) if numbers_typed]
    rows = (column.iloc[waiting].tolist() for column in (province, city, phones["bad"], phones["problem"]))
    solved = []
    for i, row_province, row_city, bad, problem in zip(waiting, *rows, strict=True):
        area = _area(row_province, row_city)
        if not area:
            continue
        fits = [n for n in local[i] if len(n) == 8 or len(area) == 4]
        landlines[i] = tuple(dict.fromkeys([*landlines[i], *(f"{area}-{n}" for n in fits)]))
        local[i] = tuple(n for n in local[i] if n not in fits)
        if not local[i] and not bad and problem == "phone-invalid":
            solved.append(i)
    problems = phones["problem"].copy()
    problems.iloc[solved] = ""
    return phones.assign(landlines=landlines, local=local, problem=problems)


def _area(province: str, city: str) -> str:
    """Return the area code of the city, +852 and +853 in Hong Kong and Macao, "" where it is not certain."""
    return _ABROAD.get(province) or facts.city_codes().get((province, city), "")


def _single(array: pa.Array, rows: Positions, found: _Found) -> npt.NDArray[np.bool_]:
    """One number and nothing else."""
    kind, values, rare = _read(array)
    done: npt.NDArray[np.bool_] = kind != _NO_KIND
    found.one_each(rows[done], kind[done], values.filter(pa.array(done)))
    _flag(rows[rare], _RARE, found)
    _flag(rows[kind == _IS_LOCAL], _INVALID, found)
    return done


def _pieces(array: pa.Array, rows: Positions, found: _Found) -> npt.NDArray[np.bool_]:
    """Numbers with a name or an extension, and several in one cell."""
    normal = pc.utf8_normalize(array, "NFKC")
    for pattern, instead in _REWRITTEN:
        normal = pc.replace_substring_regex(normal, pattern, instead)
    cut = pc.split_pattern_regex(normal, _SEPARATOR)
    bounds = cut.offsets.to_numpy().astype(np.int64)
    bounds -= bounds[0]
    pieces = cut.flatten()
    parts, extended = pc.extract_regex(pieces, _PIECE), pc.extract_regex(pieces, _EXTENDED)
    number = pc.coalesce(pc.struct_field(extended, 0), pc.struct_field(parts, 1), pa.scalar("", TEXT))
    extension = pc.coalesce(pc.struct_field(extended, 1), pc.struct_field(parts, 2), pa.scalar("", TEXT))
    kind, values, rare = _read(number)
    names = _names(pc.struct_field(parts, 0)), _names(pc.struct_field(parts, 3))
    name = pc.if_else(pc.equal(names[0], ""), names[1], names[0])
    good = (kind != _NO_KIND) & (extended.is_null().to_numpy(zero_copy_only=False) | (kind == _IS_LANDLINE))
    done: npt.NDArray[np.bool_] = np.zeros(len(array), dtype=bool)
    if len(array):
        done |= np.logical_and.reduceat(good, bounds[:-1])
    single = done & (np.diff(bounds) == 1)
    at = bounds[:-1][single]
    found.one_each(rows[single], kind[at], values.take(pa.array(at)))
    for column_name, text in (("name", name), ("extension", extension)):
        found.text(column_name, rows[single], text.take(pa.array(at)))
    _flag(rows[single][rare[at]], _RARE, found)
    _flag(rows[single][kind[at] == _IS_LOCAL], _INVALID, found)
    _join(done & ~single, bounds, (kind, values, extension, name), rows, found)
    return done


def _join(
    which: npt.NDArray[np.bool_], bounds: Positions, pieces: tuple[Any, pa.Array, pa.Array, pa.Array],
    rows: Positions, found: _Found,
) -> None:  # fmt: skip
    """Cells of several numbers, piece by piece as ``numbers.read`` does it."""
    if not which.any():
        return
    kind, values, extension, name = (p.tolist() for p in (pieces[0], *(pieces[1:])))
    cells = []
    for start, end in zip(bounds[:-1][which].tolist(), bounds[1:][which].tolist(), strict=True):
        cell = numbers.Numbers()
        for i in range(start, end):
            numbers.keep(_KINDS[kind[i]], values[i], cell)
            cell.extension = cell.extension or extension[i]
            cell.name = cell.name or name[i]
        cells.append(cell)
    found.cells(rows[which], cells, np.arange(len(cells)))


def _short(array: pa.Array, rows: Positions, found: _Found) -> npt.NDArray[np.bool_]:
    """A mobile of ten digits is refused as it stands."""
    done: npt.NDArray[np.bool_] = pc.match_substring_regex(array, _SHORT).to_numpy(zero_copy_only=False)
    found.tuples["bad"][rows[done]] = objects(list(zip(array.filter(pa.array(done)).to_pylist(), strict=True)))
    _flag(rows[done], _INVALID, found)
    return done


def _read(array: pa.Array) -> tuple[npt.NDArray[np.int8], pa.Array, npt.NDArray[np.bool_]]:
    """Kind and standard form of each text that is one mobile or landline as usually written; which prefixes are rare.

    The values of texts of no kind are as they were.
    """
    kind = np.zeros(len(array), dtype=np.int8)
    prefixes = np.zeros(len(array), dtype=np.int64)
    positions, prefixes_found = _eleven(array)
    kind[positions], prefixes[positions] = _IS_MOBILE, prefixes_found
    parts = [(positions, array.take(pa.array(positions)))]
    left = np.flatnonzero(kind == _NO_KIND)
    rest = array.take(pa.array(left))
    for pattern, which in _PATTERNS:
        groups = pc.extract_regex(rest, pattern)
        good = groups.is_valid()
        if which == _IS_LANDLINE:
            area, local = pc.struct_field(groups, 0), pc.struct_field(groups, 1)
            eight = pc.or_(pc.equal(pc.binary_length(area), 4), pc.equal(pc.binary_length(local), 8))
            good = pc.fill_null(pc.and_(good, eight), False)
        fields = [pc.struct_field(groups, i).filter(good) for i in range(groups.type.num_fields)]
        mask = good.to_numpy(zero_copy_only=False)
        chosen = left[mask]
        kind[chosen] = which
        if which == _IS_MOBILE:
            prefixes[chosen] = fields[0].cast(pa.int64()).to_numpy()
        parts.append((chosen, joined(*fields, by="-" if which == _IS_LANDLINE else "")))
        left, rest = left[~mask], rest.filter(pa.array(~mask))
    rare = (kind == _IS_MOBILE) & ~_known_prefixes()[prefixes]
    return kind, placed(parts, len(array)), rare


_PATTERNS = (
    (_MOBILE, _IS_MOBILE), (_LANDLINE, _IS_LANDLINE), (_HOTLINE, _IS_HOTLINE), (_LOCAL, _IS_LOCAL),
    (_FAR_MOBILE, _IS_MOBILE),
)  # fmt: skip


def _eleven(array: pa.Array) -> tuple[Positions, Positions]:
    """Where eleven ASCII digits stand that begin 13 to 19, compared byte by byte, and their first three digits."""
    candidates = np.flatnonzero(pc.equal(pc.binary_length(array), 11).to_numpy(zero_copy_only=False))
    eleven = pa.concat_arrays([array.take(pa.array(candidates))])  # a buffer of its own, beginning at its first byte
    data = np.frombuffer(eleven.buffers()[2] or b"", dtype=np.uint8)[: 11 * len(eleven)]
    digits = data.reshape(-1, 11) - ord("0")
    good = (digits <= 9).all(axis=1) & (digits[:, 0] == 1) & (digits[:, 1] >= 3)
    return candidates[good], digits[good, :3] @ np.array([100, 10, 1])


@cache
def _known_prefixes() -> npt.NDArray[np.bool_]:
    """The first three digits of a mobile number → whether they are in use."""
    table = np.zeros(1000, dtype=bool)
    table[[int(p) for p in facts.mobile_prefixes()]] = True
    return table


def _flag(rows: Positions, problem: int, found: _Found) -> None:
    found.text("problem", rows, _PROBLEMS.take(pa.array(np.full(len(rows), problem))))


def _names(words: pa.Array) -> pa.Array:
    values, codes = distinct(pc.fill_null(words, ""))
    return pa.array([numbers.name(v) for v in values.to_pylist()], TEXT).take(pa.array(codes))


def _odd(array: pa.Array, rows: Positions, found: _Found) -> None:
    """Everything else, each distinct value once."""
    values, codes = distinct(array)
    found.cells(rows, [numbers.read(v) for v in values.to_pylist()], codes)
