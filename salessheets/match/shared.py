"""Values that belong to nobody in particular: switchboards, placeholders, staff phones, chains, namesakes.

Found from the records and 设置 when a week is closed, and frozen with the model of an office (contracts.md), so that the
evidence of two records never depends on what else arrived since.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from .columns import TEXT, Bag, Ints, array

if TYPE_CHECKING:
    from .lead_table import Basics

# A number seen with more full names or more businesses than this belongs to nobody in particular.
SHARED_LIMIT = 4
# A business name used by more people than this in one city: a shop has an owner and his wife, a chain has many.
CROWDED_LIMIT = 2
# A 字号 in more cities, or with more people, than this is a common name; one can only tell in a list of some length.
FEW, SETTLED = 4, 2_000
AT = "@"
_DIGITS = "0123456789"
# What people type to fill a cell: one digit over and over, or counting.
_PLACEHOLDERS = frozenset(
    ["13800138000", "12345678901", *(f"13{d}12345678" for d in _DIGITS), *(f"1{d * 10}" for d in _DIGITS)]
    + [f"1{a}{b}{d * 8}" for a in _DIGITS for b in _DIGITS for d in _DIGITS]
)
_EMPTY_LINES = frozenset(["1234567", "12345678", *(d * n for d in _DIGITS for n in (7, 8))])
_LONG_LIST, _SHORT_LIST = "长名单", "短名单"  # marks in what an issue record keeps
_OWN = "本公司人员的号码"
CROWD, CHAIN, COMMON, NAMESAKE = "多家共用的号码", "当地多家同名", "多地同名", "同名"
_SILENT = ("字号", "姓名", _SHORT_LIST)  # these only weaken evidence; nobody has to look at them


@dataclass(frozen=True)
class Shared:
    """kind, value, why. ``settled``: the list is long enough to tell a name that stands alone from one that is everywhere."""

    frame: pd.DataFrame
    settled: bool = False

    @classmethod
    def of(cls, parts: Iterable[pd.DataFrame], businesses: int) -> Shared:
        """From frames of kind, value, why; the first reason given for a value counts. ``businesses``: rows with a 单位."""
        frame = pd.concat(parts).astype("str").drop_duplicates(["kind", "value"])
        return cls(frame.sort_values(["kind", "value"], ignore_index=True), businesses >= SETTLED)

    @classmethod
    def kept(cls, frame: pd.DataFrame) -> Shared | None:
        """What an issue record kept (``to_keep``); None when it kept nothing."""
        if frame.empty:
            return None
        told = frame["kind"] == _LONG_LIST
        return cls(frame[~told].reset_index(drop=True), settled=bool(told.any()))

    def to_keep(self) -> pd.DataFrame:
        """SHARED_COLUMNS for the issue record of a week, never empty."""
        mark = {"kind": _LONG_LIST if self.settled else _SHORT_LIST, "value": "", "why": ""}
        return pd.concat([self.frame, pd.DataFrame([mark])], ignore_index=True).astype("str")

    def also(self, kind: str, values: Iterable[str], why: str) -> Shared:
        """The same and these values."""
        more = pd.DataFrame({"kind": kind, "value": sorted(values), "why": why}, dtype="str")
        frame = pd.concat([self.frame, more]).drop_duplicates(["kind", "value"])
        return Shared(frame.sort_values(["kind", "value"], ignore_index=True), self.settled)

    @property
    def listed(self) -> pd.DataFrame:
        """What a manager should see: numbers and business names."""
        return self.frame[~self.frame["kind"].isin(_SILENT)].reset_index(drop=True)

    def values(self, kind: str) -> frozenset[str]:
        """The values of one kind."""
        return frozenset(self.frame["value"][self.frame["kind"] == kind])


def find_shared(read: Basics, identifiers: dict[str, str], own_phones: Iterable[str]) -> Shared:
    """Look through a whole list. ``identifiers``: kind → name of its bag. ``own_phones``: of the office's staff."""
    parts = known_to_all(read, identifiers, own_phones)
    for kind, name in identifiers.items():
        one = read.bags[name]
        crowd = np.maximum(_kinds(one, read.columns["pinyin"].codes), _kinds(one, read.columns["core"].codes))
        parts.append(_listed(kind, one.values[crowd > SHARED_LIMIT], CROWD))
    return Shared.of([*parts, *_crowded(read), _namesakes(read)], int((read.columns["core"].codes >= 0).sum()))


def known_to_all(read: Basics, identifiers: dict[str, str], own_phones: Iterable[str]) -> list[pd.DataFrame]:
    """Values that say of themselves that they are nobody's: what fills a cell, and the phones of the office's staff."""
    own = list(own_phones)
    parts = []
    for kind, name in identifiers.items():
        values = read.bags[name].values
        empty = values[:0]
        if kind == "手机":
            empty = values[values.isin(_PLACEHOLDERS)]
        elif kind == "座机":
            local = pc.replace_substring_regex(array(values), "^.*-", "")
            empty = values[pc.is_in(local, pa.array(sorted(_EMPTY_LINES), TEXT)).to_numpy(zero_copy_only=False)]
        parts += [_listed(kind, empty, "占位号码"), _listed(kind, values[values.isin(own)], _OWN)]
    return parts


def _listed(kind: str, values: pd.Series, why: str) -> pd.DataFrame:
    return pd.DataFrame({"kind": kind, "value": values, "why": why})


def with_own_phones(shared: Shared, phones: Iterable[str]) -> Shared:
    """A frozen list and the phones of today's staff, which count at once."""
    return shared.also("手机", phones, _OWN)


def _kinds(one: Bag, codes: Ints) -> npt.NDArray[np.int64]:
    """How many different codes each value of a bag is seen with; blanks do not count."""
    return _distinct(one.codes, codes[one.rows], len(one.values))


def _distinct(groups: Ints, codes: Ints, count: int) -> npt.NDArray[np.int64]:
    known = (groups >= 0) & (codes >= 0)
    width = int(codes.max(initial=0)) + 1
    pairs = pd.unique(groups[known] * width + codes[known])
    return np.bincount(pairs // width, minlength=count)


def _crowded(read: Basics) -> list[pd.DataFrame]:
    """字号 that many people use: in one city (a chain there), or in many cities."""
    stem, city, person = (read.columns[name] for name in ("stem", "city", "pinyin"))
    placed = np.where(city.codes >= 0, stem.codes, -1)
    cities = _distinct(placed, city.codes, len(stem.values))
    people = _distinct(placed, person.codes, len(stem.values))
    width = len(city.values) + 1
    local, names = pd.factorize(np.where(placed < 0, -1, placed * width + city.codes))
    here = _distinct(np.where(placed < 0, -1, local), person.codes, len(names))
    many = names[here > CROWDED_LIMIT]
    chains = (
        stem.values.take(many // width).reset_index(drop=True)
        + AT
        + city.values.take(many % width).reset_index(drop=True)
    )
    common = stem.values[(cities > FEW) | (people > FEW)]
    return [
        pd.DataFrame({"kind": "单位", "value": chains, "why": CHAIN}),
        pd.DataFrame({"kind": "字号", "value": common, "why": COMMON}),
    ]


def _namesakes(read: Basics) -> pd.DataFrame:
    """Full names with more than one phone in a city: two people, or one with two phones; nobody can tell."""
    name, city, first = read.columns["name"], read.columns["city"], read.first
    full = read.columns["full"].codes >= 0
    width = len(city.values) + 1
    placed = full & (name.codes >= 0) & (city.codes >= 0)
    local, names = pd.factorize(np.where(placed, name.codes * width + city.codes, -1))
    phones = _distinct(np.where(placed, local, -1), first.codes, len(names))
    many = names[phones > 1]
    values = (
        name.values.take(many // width).reset_index(drop=True)
        + AT
        + city.values.take(many % width).reset_index(drop=True)
    )
    return pd.DataFrame({"kind": "姓名", "value": values, "why": NAMESAKE})
