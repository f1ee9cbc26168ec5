"""Records → the columns the lead model compares: identifiers as bags, names and businesses as codes, remarks as facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from salessheets.clean import facts
from salessheets.parallel import threads

from .columns import TEXT, Bag, Column, Columns, among, array, bag, encode, of_values, united
from .shared import AT, Shared

IDENTIFIERS = {"手机": "mobiles", "微信": "wechat", "QQ": "qq", "座机": "lines", "热线": "hotlines"}
_COMPARED = ("name", "pinyin", "surname", "given", "core", "stem", "branch", "province", "city", "county")
_NUMBERS = ("mobiles", "lines", "hotlines")  # a remark can say of these that they are another's
_ID = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{15,18}(?![0-9A-Z])")
_MOBILE = r"(?:^|\D)(1[3-9]\d{9})(?:$|\D)"
_NUMBER_IN = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_LONG = 9  # digits from which a number says something without knowing what kind it is


@dataclass(frozen=True)
class Basics:
    """What ``shared`` and ``build`` both need, read from the records once."""

    size: int
    bags: dict[str, Bag]
    columns: dict[str, Column]
    first: Column  # the first mobile, else landline, of each record


def basics(records: pd.DataFrame) -> Basics:
    """Read the columns of records (RECORD_COLUMNS); positions are rows."""
    size = len(records)
    lines = bag(records["landlines"])
    whole = pc.replace_substring_regex(array(lines.values), r"^([^-]*-[^-]*)-.*$", r"\1")  # without the extension
    bags = {
        "mobiles": bag(records["mobiles"]),
        "wechat": _single(records["wechat"]),
        "qq": _single(records["qq"]),
        "lines": of_values(lines.rows, whole.take(pa.array(lines.codes))),
        "hotlines": bag(records["hotlines"]),
    }
    columns = dict(zip(_COMPARED, threads(lambda name: encode(records[name]), _COMPARED), strict=True))
    columns["full"] = _flag(records["full"].to_numpy(dtype=bool))
    return Basics(size, bags, columns, _first(size, bags))


def _single(series: pd.Series) -> Bag:
    column = encode(series)
    rows = np.flatnonzero(column.codes >= 0)
    return Bag(rows, column.codes[rows], column.values)


def _flag(holds: npt.NDArray[np.bool_]) -> Column:
    return Column(holds.astype(np.int64) - 1, pd.Series(["1"], dtype="str"))


def _first(size: int, bags: Mapping[str, Bag]) -> Column:
    """The first mobile, else landline, of each record."""
    codes = np.full(size, -1, dtype=np.int64)
    values = pd.concat([bags["mobiles"].values, bags["lines"].values], ignore_index=True)
    for name, offset in (("lines", len(bags["mobiles"].values)), ("mobiles", 0)):
        one = bags[name]
        codes[one.rows[::-1]] = one.codes[::-1] + offset  # the first of a record is written last
    return Column(codes, values)


def build(
    records: pd.DataFrame, shared: Shared, read: Basics | None = None, elsewhere: frozenset[str] | None = None
) -> Columns:
    """The columns of ``leads_model``, one row per record, in order.

    ``elsewhere``: given where the records are a part of a list: their mobiles that remarks of other parts name. Then
    ``long_digits`` holds what could meet a damaged number anywhere, and ``damaged`` says which rows have one.
    """
    read = read or basics(records)
    said = _remarks(records)
    columns: dict[str, Column | Bag] = dict(read.columns)
    weak: list[Bag] = []
    for kind, name in IDENTIFIERS.items():
        one = read.bags[name]
        bad = one.known(shared.values(kind))
        if name in _NUMBERS:
            bad |= said.others[one.rows]
        columns[name] = one.only(~bad)
        weak.append(one.only(bad))
    columns["weak"] = united(*weak)
    columns["tails"] = _tails(columns["lines"])
    columns["said"] = _said(columns["mobiles"], said.numbers, elsewhere or frozenset())
    columns["ids"] = said.ids
    columns["any"] = Column(np.zeros(read.size, dtype=np.int64), pd.Series(["1"], dtype="str"))
    columns["remark"], columns["says"] = said.text, said.says
    columns["address"] = _addresses(records["address"])
    good = {name: one for name, one in columns.items() if isinstance(one, Bag)}
    columns["digits"], columns["long_digits"], damaged = _digits(records, good, read.size, part=elsewhere is not None)
    if elsewhere is not None:
        columns["damaged"] = damaged
    columns["alone"] = _flag(_stands_alone(read, "name", shared, "姓名") & (read.columns["full"].codes >= 0))
    unusual = (read.columns["stem"].codes >= 0) & shared.settled & ~_among(read.columns["stem"], shared.values("字号"))
    columns["own"] = _flag(unusual)
    columns["crowded"] = _flag(~unusual & _among_pairs(read, "stem", shared.values("单位")))
    crowded = columns["crowded"]
    assert isinstance(crowded, Column)
    stem = read.columns["stem"]
    columns["open_stem"] = Column(np.where(crowded.codes >= 0, -1, stem.codes), stem.values)
    return columns


def numbers_said(records: pd.DataFrame) -> Bag:
    """The mobiles that remarks and addresses name, per record."""
    return _remarks(records).numbers


def _where(codes: npt.NDArray[np.int64], holds: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """The codes whose value is marked; the others blank."""
    if not len(holds):
        return codes
    return np.where((codes >= 0) & holds[np.maximum(codes, 0)], codes, -1)


def _among(column: Column, wanted: frozenset[str]) -> npt.NDArray[np.bool_]:
    if not wanted or not len(column.values):
        return np.zeros(len(column.codes), dtype=bool)
    return (column.codes >= 0) & among(column.values, wanted)[np.maximum(column.codes, 0)]


def _among_pairs(read: Basics, name: str, wanted: frozenset[str]) -> npt.NDArray[np.bool_]:
    """Rows whose value and city, written value@city, are in the list."""
    result = np.zeros(read.size, dtype=bool)
    if not wanted:
        return result
    value, city = read.columns[name], read.columns["city"]
    width = len(city.values) + 1
    parts = [text.rsplit(AT, 1) for text in sorted(wanted)]
    number, place = (
        pc.fill_null(pc.index_in(pa.array(texts, TEXT), array(column.values)), -1).to_numpy(zero_copy_only=False)
        for texts, column in zip(zip(*parts, strict=True), (value, city), strict=True)
    )
    packed = (number.astype(np.int64) * width + place)[(number >= 0) & (place >= 0)]
    both = (value.codes >= 0) & (city.codes >= 0)
    result[both] = pd.Series(value.codes[both] * width + city.codes[both]).isin(packed).to_numpy()
    return result


def _stands_alone(read: Basics, name: str, shared: Shared, kind: str) -> npt.NDArray[np.bool_]:
    known = (read.columns[name].codes >= 0) & (read.columns["city"].codes >= 0)
    return known & shared.settled & ~_among_pairs(read, name, shared.values(kind))


def _tails(lines: Column | Bag) -> Bag:
    """Area and last seven digits: seven-digit numbers got an eighth in front."""
    assert isinstance(lines, Bag)
    column = encode(pc.replace_substring_regex(array(lines.values), r"^([^-]*-).*?(.{7})$", r"\1\2"))
    return Bag(lines.rows, column.codes[lines.codes], column.values)


def _said(mobiles: Column | Bag, numbers: Bag, elsewhere: frozenset[str]) -> Bag:
    """Numbers in remarks, and the mobiles that are among them."""
    assert isinstance(mobiles, Bag)
    return united(mobiles.only(mobiles.known(elsewhere.union(numbers.values))), numbers)


def _addresses(series: pd.Series) -> Column:
    """Addresses as keys: no punctuation; short ones and those without a number say nothing."""
    column = encode(series)
    keys = pc.replace_substring_regex(array(column.values), r"[\s\pP\pS]+", "")
    good = pc.and_(pc.greater_equal(pc.utf8_length(keys), 5), pc.match_substring_regex(keys, "[0-9]"))
    keyed = encode(pc.if_else(good, keys, pa.scalar("", TEXT)))
    return Column(np.where(column.codes < 0, -1, np.append(keyed.codes, -1)[column.codes]), keyed.values)


def _digits(records: pd.DataFrame, bags: Mapping[str, Bag], size: int, *, part: bool) -> tuple[Column, Column, Column]:
    """The digits of the first good number of a record, else of a damaged one, to see what is only mistyped.

    And the same again where the damaged ones, or foreign ones, have a number in common with any record (``part``: with
    a record of another part, for all one knows here); and which records have nothing but a damaged one.
    """
    first = _first(size, bags)
    odd = bag(records["bad_numbers"])
    codes, values = first.codes.copy(), pd.concat([first.values, odd.values], ignore_index=True)
    rows = odd.rows[::-1]
    damaged = np.zeros(size, dtype=bool)
    damaged[rows] = codes[rows] < 0
    codes[rows] = np.where(codes[rows] < 0, odd.codes[::-1] + len(first.values), codes[rows])
    plain = encode(pc.replace_substring_regex(array(values), r"[^0-9]+", ""))
    digits = Column(np.append(plain.codes, -1)[codes], plain.values)
    long = pc.greater_equal(pc.utf8_length(array(plain.values)), _LONG).to_numpy(zero_copy_only=False)
    strange = np.zeros(len(plain.values) + 1, dtype=bool)
    strange[digits.codes[damaged]] = True
    asked = long if part else long & strange[:-1]
    return digits, Column(_where(digits.codes, asked), plain.values), _flag(damaged)


@cache
def _pattern(key: str) -> str:
    return "|".join(facts.words(key))


@dataclass(frozen=True)
class _Remarks:
    """What 备注 says. ``text``: blank when nothing. ``says``: "0", "apart" or "passing". ``others``: another's number."""

    text: Column
    says: Column
    others: npt.NDArray[np.bool_]
    numbers: Bag
    ids: Bag


def _remarks(records: pd.DataFrame) -> _Remarks:
    source = array(records["source_detail"])
    numbered = pc.match_substring(source, "号")
    text = pc.binary_join_element_wise(
        array(records["note"]), pc.if_else(numbered, source, pa.scalar("", TEXT)), pa.scalar("\n", TEXT)
    )
    column = encode(pc.utf8_trim_whitespace(text))
    values = array(column.values)

    def found(key: str) -> npt.NDArray[np.bool_]:
        mask: npt.NDArray[np.bool_] = pc.match_substring_regex(values, _pattern(key)).to_numpy(zero_copy_only=False)
        return mask

    says = np.where(found("apart"), "apart", np.where(found("handed-over"), "passing", "0")).astype(object)
    spoken = encode(pd.Series([*says, "0"], dtype="str"))
    others = np.append(found("others-number"), False)[column.codes]
    theirs = found("others-person")
    ids, numbers = [], []
    for code in np.flatnonzero(pc.match_substring_regex(values, "[0-9]").to_numpy(zero_copy_only=False)).tolist():
        said = column.values.iloc[code]
        ids += [(code, i) for i in _ID.findall(said)]
        numbers += [] if theirs[code] else [(code, n) for n in _NUMBER_IN.findall(said)]
    address = array(records["address"])
    rows = np.flatnonzero(pc.match_substring_regex(address, _MOBILE).to_numpy(zero_copy_only=False))
    inside = [(row, n) for row in rows for n in _NUMBER_IN.findall(address[int(row)].as_py())]
    of_remark = _per_row(column, numbers)
    in_address = of_values(np.array([r for r, _ in inside], dtype=np.int64), [n for _, n in inside])
    return _Remarks(
        column,
        Column(spoken.codes[column.codes], spoken.values),
        others,
        united(of_remark, in_address),
        _per_row(column, ids),
    )


def _per_row(column: Column, found: list[tuple[int, str]]) -> Bag:
    """(code, value) pairs of distinct remarks → (row, value) of the records that make them."""
    listed = pd.DataFrame(found, columns=["code", "value"]).astype({"code": "int64"})
    rows = pd.DataFrame({"code": column.codes, "row": np.arange(len(column.codes))})
    both = rows[rows["code"].isin(listed["code"])].merge(listed, on="code")
    return of_values(both["row"].to_numpy(), both["value"].astype("str"))
