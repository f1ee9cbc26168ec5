"""How the lead model compares two values: names, businesses, places, addresses, phones, remarks. Levels, no weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from operator import ne

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA

from salessheets.clean import facts

from .model import UNKNOWN, Levels

# A rough share of people with a given name of so many characters.
_LIKELY_GIVEN = {1: 1 / 250, 2: 1 / 6000}

Marks = npt.NDArray[np.bool_]


def _text(frame: pd.DataFrame, column: str) -> np.ndarray:
    return frame[column].to_numpy(dtype=object)


def _levels(comparison: tuple[str, ...], *choices: tuple[np.ndarray, str], default: str = UNKNOWN) -> Levels:
    """The first condition that holds decides."""
    result = np.full(len(choices[0][0]), comparison.index(default), dtype=np.uint8)
    for condition, level in reversed(choices):
        result[condition] = comparison.index(level)
    return result


NAMES = (
    UNKNOWN,
    "alone",
    "rare",
    "usual",
    "common",
    "homophone",
    "part",
    "surname",
    "near",
    "other_surname",
    "other",
    "hidden_other",
)


def judge_names(a: pd.DataFrame, b: pd.DataFrame) -> Levels:
    """Full names, then hidden ones (王总, 张姐): the same, sounding the same, written shorter, or somebody else."""
    left, right = _text(a, "name"), _text(b, "name")
    full = (a["full"].to_numpy() != "") & (b["full"].to_numpy() != "")
    same = left == right
    surname_a, surname_b = _text(a, "surname"), _text(b, "surname")
    known = (surname_a != "") & (surname_b != "")
    same_surname = known & (surname_a == surname_b)
    given_a, given_b = _text(a, "given"), _text(b, "given")
    size_a, size_b = _lengths(left), _lengths(right)
    part = _where((size_a != size_b) & (size_a > 1) & (size_b > 1), _holds_other, left, right)
    near = _where(
        full & same_surname & ~same & (_lengths(given_a) == 2) & (_lengths(given_b) == 2),
        lambda x, y: x[0] == y[0] or x[1] == y[1],
        given_a,
        given_b,
    )
    # 华姐 may be 宗华: people are called by a character of the given name, too.
    called = _where(
        known & ~full & ~same_surname, lambda s, g, t, h: s in h or t in g, surname_a, given_a, surname_b, given_b
    )
    odds = np.ones(len(a))
    odds[same & full] = list(map(_share, surname_a[same & full], _lengths(given_a[same & full]).tolist()))
    homophone = full & (_text(a, "pinyin") == _text(b, "pinyin"))
    return _levels(
        NAMES,
        (same & full & (a["alone"].to_numpy() != "") & (b["alone"].to_numpy() != ""), "alone"),
        (same & full & (odds < 2e-6), "rare"),
        (same & full & (odds < 5e-5), "usual"),
        (same & full, "common"),
        (same & ~known, "part"),
        (homophone, "homophone"),
        (part & full, "part"),
        (near, "near"),
        (full & same_surname, "other_surname"),
        (full, "other"),
        (part & ~same_surname, "part"),
        (same_surname, "surname"),
        (called, UNKNOWN),
        (known, "hidden_other"),
    )


def _where(asked: Marks, holds: Callable[..., bool], *columns: np.ndarray) -> Marks:
    """A question asked row by row, only of the rows where it matters."""
    result = np.zeros(len(asked), dtype=bool)
    result[asked] = list(map(holds, *(column[asked] for column in columns)))
    return result


def _holds_other(x: str, y: str) -> bool:
    return x in y or y in x


def _lengths(texts: Sequence[str] | np.ndarray) -> npt.NDArray[np.int64]:
    return np.fromiter(map(len, texts), np.int64, len(texts))


@cache
def _share(surname: str, given: int) -> float:
    """A rough share of people of this name: the surname's, times that of a given name of that length."""
    frequency = facts.surnames().get(surname, ("", 5))[1] / 100_000
    return frequency * _LIKELY_GIVEN.get(given, 1 / 50_000)


BUSINESSES = (UNKNOWN, "own", "own_close", "same", "close", "chain", "generic", "alike", "branch", "other")


def judge_businesses(a: pd.DataFrame, b: pd.DataFrame) -> Levels:
    """The 字号 and trade of two businesses; a chain or a common name says little, one that stands alone says much."""
    cores, stems, branches = ((_text(a, c), _text(b, c)) for c in ("core", "stem", "branch"))
    same = cores[0] == cores[1]
    no_stem = (stems[0] == "") | (stems[1] == "")
    same_stem = (stems[0] == stems[1]) & ~no_stem
    same |= _where(~same & (same_stem | no_stem), lambda x, y: _unended(x) == _unended(y), *cores)
    named = (branches[0] != "") & (branches[1] != "")
    branch = named & ~_where(named, _holds_other, *branches)
    close = same_stem & ~same
    close |= _where(~same & ~close, _close, *cores, *stems)
    alike = _where(~same & ~close & (stems[0] != "") & (stems[1] != ""), _sounds_alike, *stems)
    own = (_text(a, "own") != "") & (_text(b, "own") != "")
    return _levels(
        BUSINESSES,
        (branch & (same | close), "branch"),
        ((same | close) & (_text(a, "crowded") != "") & (_text(b, "crowded") != ""), "chain"),
        (same & no_stem, "generic"),
        (same & own, "own"),
        (same, "same"),
        (close & own & same_stem, "own_close"),
        (close, "close"),
        (alike, "alike"),
        default="other",
    )


def _unended(core: str) -> str:
    """A core without the last of its words for a shop, where two characters are left."""
    return core[:-1] if len(core) > 2 and core[-1] in "店馆行厂部" else core


def _follows(short: str, long: str) -> bool:
    """Every character of the shorter name stands in the longer one, in order."""
    rest = iter(long)
    return all(c in rest for c in short)


def _close(core_a: str, core_b: str, stem_a: str, stem_b: str) -> bool:
    """One name written shorter: the same 字号, or all of the shorter one, in order, in the longer one."""
    short, long = (core_a, core_b) if len(core_a) <= len(core_b) else (core_b, core_a)
    if (len(short) >= 3 and short in long) or (len(short) >= 4 and _follows(short, long)):
        return True
    few, many = (stem_a, stem_b) if len(stem_a) <= len(stem_b) else (stem_b, stem_a)
    return len(few) >= 2 and few in many


@cache
def _sound(text: str) -> str:
    return " ".join(facts.readings().get(c, c) for c in text)


def _sounds_alike(x: str, y: str) -> bool:
    return (len(x) == len(y) >= 3 and sum(map(ne, x, y)) == 1) or _sound(x) == _sound(y)


PLACES = (UNKNOWN, "county", "city", "province", "other_county", "other_city")


def judge_places(a: pd.DataFrame, b: pd.DataFrame) -> Levels:
    """The finest level at which two places agree, or the coarsest at which they contradict."""
    province, city, county = ((_text(a, c), _text(b, c)) for c in ("province", "city", "county"))

    def both(pair: tuple[np.ndarray, np.ndarray]) -> Marks:
        known: Marks = (pair[0] != "") & (pair[1] != "")
        return known

    return _levels(
        PLACES,
        (province[0] != province[1], "other_city"),
        (both(city) & (city[0] != city[1]), "other_city"),
        (both(county) & (county[0] != county[1]), "other_county"),
        (both(county), "county"),
        (both(city), "city"),
        default="province",
    )


PHONES = (UNKNOWN, "near", "far")


def judge_phones(a: pd.DataFrame, b: pd.DataFrame) -> Levels:
    """Numbers that differ by one digit more, less, other or swapped."""
    left, right = a["digits"].tolist(), b["digits"].tolist()
    distance = process.cpdist(left, right, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8)
    long = np.minimum(_lengths(left), _lengths(right)) >= 9
    return _levels(PHONES, ((distance <= 1) & long, "near"), default="far")


ADDRESSES = (UNKNOWN, "same", "other")


def judge_addresses(a: pd.DataFrame, b: pd.DataFrame) -> Levels:
    """The same address, maybe in another order."""
    same = np.fromiter(map(_same_address, _text(a, "address"), _text(b, "address")), bool, len(a))
    return _levels(ADDRESSES, (same, "same"), default="other")


def _same_address(x: str, y: str) -> bool:
    """The same characters in another order, or one without what stands in front (西宾路商服37号, 西宾路37号商服)."""
    if len(x) == len(y):
        return sorted(x) == sorted(y)
    short, long = (x, y) if len(x) < len(y) else (y, x)
    return len(short) >= 5 and long.endswith(short)


NAMED = ("name", "surname", "given", "full", "core")
_TITLES = ("总", "老板", "店长", "经理")
REMARKS = (UNKNOWN, "none", "mention")
SAYS = (UNKNOWN, "none", "apart", "passing")


def judge_remarks(a: pd.DataFrame, b: pd.DataFrame) -> Levels:
    """A remark of one side names the other's contact or business."""
    left, right = _text(a, "remark"), _text(b, "remark")
    sides = [[_text(f, c) for c in NAMED] for f in (a, b)]
    mention = _where(left != "", _mentions, left, *sides[1])
    mention |= _where((right != "") & ~mention, _mentions, right, *sides[0])
    return _levels(REMARKS, (mention, "mention"), default="none")


def judge_sayings(a: pd.DataFrame, b: pd.DataFrame) -> Levels:
    """What the remarks of either side say: two customers, or a business that passes to another."""
    left, right = _text(a, "says"), _text(b, "says")
    return _levels(
        SAYS,
        ((left == "apart") | (right == "apart"), "apart"),
        ((left == "passing") | (right == "passing"), "passing"),
        default="none",
    )


def _mentions(said: str, name: str, surname: str, given: str, full: str, core: str) -> bool:
    """A remark names the other's contact or business."""
    if len(core) > 1 and core in said:
        return True
    if full and len(given) > 1 and given in said:
        return True
    if not surname or surname not in said:
        return len(name) > 1 and name in said
    return name in said or any(surname + title in said for title in _TITLES)
