"""Our model: which records are the same customer (matching.md, "What counts as one customer").

Weights are log2(m/u): the share of true pairs that agree like this over the share of other candidate pairs that do;
shipped with the program, tuned on the generator's seeds 1 to 3, so that an office of ten records has them too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA

from salessheets.clean import facts

from .model import UNKNOWN, Block, Comparison, Contradiction, Group, Level, Levels, Model, Rule

VERSION = "leads-2"
_CONTACTS = ("mobile", "wechat", "qq", "line", "tail", "hotline", "said", "digits", "ids")
_SAME_NAME = ("alone", "rare", "usual", "common")
_FITTING = (*_SAME_NAME, "homophone", "part")
_OTHER_NAME = ("other", "other_surname")
_UNSURE_NAME = (UNKNOWN, "surname", "near", "hidden_other", *_OTHER_NAME)
_SAME_BUSINESS = ("own", "own_close", "same", "close")
_ELSEWHERE = ("other_county", "other_city")
_HERE = (UNKNOWN, "province", "city", "county")
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


_NAMES = (
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


def _judge_names(a: pd.DataFrame, b: pd.DataFrame) -> Levels:
    left, right = _text(a, "name"), _text(b, "name")
    full = (a["full"].to_numpy() != "") & (b["full"].to_numpy() != "")
    same = left == right
    surname_a, surname_b = _text(a, "surname"), _text(b, "surname")
    known = (surname_a != "") & (surname_b != "")
    same_surname = known & (surname_a == surname_b)
    given_a, given_b = _text(a, "given"), _text(b, "given")
    part = _where(~same, lambda i: len(left[i]) > 1 < len(right[i]) and (left[i] in right[i] or right[i] in left[i]))
    near = _where(full & same_surname & ~same, lambda i: _alike(given_a[i], given_b[i]))
    odds = np.ones(len(a))
    odds[same & full] = [_share(surname_a[i], given_a[i]) for i in np.flatnonzero(same & full)]
    homophone = full & (_text(a, "pinyin") == _text(b, "pinyin"))
    return _levels(
        _NAMES,
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
        (known, "hidden_other"),
    )


def _where(asked: Marks, holds: Callable[[int], bool]) -> Marks:
    """A question asked row by row, only of the rows where it matters."""
    result = np.zeros(len(asked), dtype=bool)
    rows = np.flatnonzero(asked).tolist()
    result[rows] = [holds(row) for row in rows]
    return result


def _alike(x: str, y: str) -> bool:
    """Given names of two characters that share one."""
    return len(x) == len(y) == 2 and (x[0] == y[0]) != (x[1] == y[1])


@cache
def _share(surname: str, given: str) -> float:
    """A rough share of people of this name: the surname's, times that of a given name of that length."""
    frequency = facts.surnames().get(surname, ("", 5))[1] / 100_000
    return frequency * _LIKELY_GIVEN.get(len(given), 1 / 50_000)


_BUSINESSES = (UNKNOWN, "own", "own_close", "same", "close", "chain", "generic", "alike", "branch", "other")


def _judge_businesses(a: pd.DataFrame, b: pd.DataFrame) -> Levels:
    cores, stems, branches = ((_text(a, c), _text(b, c)) for c in ("core", "stem", "branch"))
    plain = (np.array([_ENDING.sub("", c) for c in side], dtype=object) for side in cores)
    same = next(plain) == next(plain)
    no_stem = (stems[0] == "") | (stems[1] == "")
    branch = _where(
        (branches[0] != "") & (branches[1] != "") & (branches[0] != branches[1]),
        lambda i: branches[0][i] not in branches[1][i] and branches[1][i] not in branches[0][i],
    )
    close = _where(~same, lambda i: _close(cores[0][i], cores[1][i], stems[0][i], stems[1][i]))
    alike = _where(~same & ~close, lambda i: _sounds_alike(stems[0][i], stems[1][i]))
    own = (_text(a, "own") != "") & (_text(b, "own") != "")
    return _levels(
        _BUSINESSES,
        (branch & (same | close), "branch"),
        ((same | close) & (_text(a, "crowded") != "") & (_text(b, "crowded") != ""), "chain"),
        (same & no_stem, "generic"),
        (same & own, "own"),
        (same, "same"),
        (close & own, "own_close"),
        (close, "close"),
        (alike, "alike"),
        default="other",
    )


_ENDING = re.compile("(?<=..)[店馆行厂部]$")


def _follows(short: str, long: str) -> bool:
    """Every character of the shorter name stands in the longer one, in order."""
    rest = iter(long)
    return all(c in rest for c in short)


def _close(core_a: str, core_b: str, stem_a: str, stem_b: str) -> bool:
    """One name written shorter: the same 字号, or all of the shorter one, in order, in the longer one."""
    short, long = sorted((core_a, core_b), key=len)
    if (len(short) >= 3 and short in long) or (len(short) >= 4 and _follows(short, long)):
        return True
    if stem_a and stem_a == stem_b:
        return True
    few, many = sorted((stem_a, stem_b), key=len)
    return len(few) >= 2 and few in many


@cache
def _sound(text: str) -> str:
    return " ".join(facts.readings().get(c, c) for c in text)


def _sounds_alike(x: str, y: str) -> bool:
    if not x or not y:
        return False
    return _sound(x) == _sound(y) or (len(x) == len(y) >= 3 and sum(p != q for p, q in zip(x, y, strict=True)) == 1)


_PLACES = (UNKNOWN, "county", "city", "province", "other_county", "other_city")


def _judge_places(a: pd.DataFrame, b: pd.DataFrame) -> Levels:
    province, city, county = ((_text(a, c), _text(b, c)) for c in ("province", "city", "county"))

    def both(pair: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
        return (pair[0] != "") & (pair[1] != "")

    return _levels(
        _PLACES,
        (province[0] != province[1], "other_city"),
        (both(city) & (city[0] != city[1]), "other_city"),
        (both(county) & (county[0] != county[1]), "other_county"),
        (both(county), "county"),
        (both(city), "city"),
        default="province",
    )


_PHONES = (UNKNOWN, "near", "far")


def _judge_phones(a: pd.DataFrame, b: pd.DataFrame) -> Levels:
    left, right = a["digits"].tolist(), b["digits"].tolist()
    distance = process.cpdist(left, right, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8)
    long = np.fromiter((min(len(x), len(y)) >= 9 for x, y in zip(left, right, strict=True)), bool, len(left))
    return _levels(_PHONES, ((distance <= 1) & long, "near"), default="far")


_ADDRESSES = (UNKNOWN, "same", "other")


def _judge_addresses(a: pd.DataFrame, b: pd.DataFrame) -> Levels:
    same = np.fromiter((_same_address(x, y) for x, y in zip(a["address"], b["address"], strict=True)), bool, len(a))
    return _levels(_ADDRESSES, (same, "same"), default="other")


def _same_address(x: str, y: str) -> bool:
    """The same characters in another order, or one without what stands in front (西宾路商服37号, 西宾路37号商服)."""
    short, long = sorted((x, y), key=len)
    return sorted(x) == sorted(y) or (len(short) >= 5 and long.endswith(short))


_NAMED = ("name", "surname", "given", "full", "core")
_TITLES = ("总", "老板", "店长", "经理")
_REMARKS = (UNKNOWN, "none", "mention")
_SAYS = (UNKNOWN, "none", "apart", "passing")


def _judge_remarks(a: pd.DataFrame, b: pd.DataFrame) -> Levels:
    """A remark of one side names the other's contact or business."""
    result = np.full(len(a), _REMARKS.index("none"), dtype=np.uint8)
    sides = [list(zip(*(f[c].tolist() for c in ("remark", *_NAMED)), strict=True)) for f in (a, b)]
    for at, (left, right) in enumerate(zip(*sides, strict=True)):
        if (left[0] and _mentions(left[0], *right[1:])) or (right[0] and _mentions(right[0], *left[1:])):
            result[at] = _REMARKS.index("mention")
    return result


def _judge_sayings(a: pd.DataFrame, b: pd.DataFrame) -> Levels:
    left, right = _text(a, "says"), _text(b, "says")
    return _levels(
        _SAYS,
        ((left == "apart") | (right == "apart"), "apart"),
        ((left == "passing") | (right == "passing"), "passing"),
        default="none",
    )


def _mentions(said: str, name: str, surname: str, given: str, full: str, core: str) -> bool:
    """A remark names the other's contact or business."""
    named = [name, core, *(surname + title for title in _TITLES if surname), *([given] if full else [])]
    return any(len(n) > 1 and n in said for n in named)


def _made(levels: tuple[str, ...], weights: dict[str, tuple[float, str]]) -> tuple[Level, ...]:
    return tuple(Level(name, *weights.get(name, (0.0, ""))) for name in levels)


NAME = Comparison(
    "name", ("name", "pinyin", "surname", "given", "full", "alone"),
    _made(_NAMES, {
        "alone": (6.8, "同姓名\uff0c当地没有第二个号码"), "rare": (6.0, "同姓名"), "usual": (5.0, "同姓名"), "common": (3.4, "同姓名"), "homophone": (3.0, "姓名同音"),
        "part": (3.0, "姓名写得短"), "surname": (1.8, "同姓"), "near": (-1.0, "姓名差一字"),
        "other_surname": (-5.0, "姓名不同"), "other": (-7.0, "姓名不同"), "hidden_other": (-5.0, "姓不同"),
    }),
    _judge_names,
)  # fmt: skip
BUSINESS = Comparison(
    "business", ("core", "stem", "branch", "crowded", "own"),
    _made(_BUSINESSES, {
        "own": (11.3, "同单位\uff0c别处没有这个字号"), "own_close": (10.4, "单位相近\uff0c别处没有这个字号"),
        "same": (6.0, "同单位"), "close": (4.0, "单位相近"), "chain": (1.0, "单位同名的多"), "generic": (2.0, "单位名很普通"), "alike": (0.5, "单位音近"),
        "branch": (-6.0, "分店不同"), "other": (-3.5, "单位不同"),
    }),
    _judge_businesses,
)  # fmt: skip
PLACE = Comparison(
    "place", ("province", "city", "county"),
    _made(_PLACES, {
        "county": (1.5, "同县区"), "city": (0.7, "同城市"), "province": (0.0, ""), "other_county": (-2.5, "县区不同"),
        "other_city": (-4.0, "城市不同"),
    }),
    _judge_places,
)  # fmt: skip
ADDRESS = Comparison(
    "address",
    ("address",),
    _made(_ADDRESSES, {"same": (6.5, "同地址"), "other": (-3.0, "地址不同")}),
    _judge_addresses,
    equal="same",
)
PHONE = Comparison(
    "phone",
    ("digits",),
    _made(_PHONES, {"near": (4.5, "号码只差一位"), "far": (-0.7, "号码不同")}),
    _judge_phones,
    equal=UNKNOWN,
    late=True,
)
REMARK = Comparison(
    "remark", ("any", "remark", *_NAMED), _made(_REMARKS, {"mention": (5.0, "备注提到对方")}), _judge_remarks, late=True
)
SAYING = Comparison("saying", ("says",), _made(_SAYS, {"apart": (-8.0, "备注说明不是一家")}), _judge_sayings)

BLOCKS = (
    Block("手机", ("mobiles",), "mobile", 11.2, "同手机"),
    Block("微信", ("wechat",), "wechat", 11.0, "同微信"),
    Block("QQ", ("qq",), "qq", 10.5, "同QQ"),
    Block("座机", ("lines",), "line", 8.5, "同座机"),
    Block("座机后七位", ("tails",), "tail", 7.5, "座机后七位相同"),
    Block("热线", ("hotlines",), "hotline", 5.0, "同400电话"),
    Block("备注里的号码", ("said",), "said", 6.5, "备注里有对方号码"),
    Block("号码数字", ("long_digits",), "digits", 9.0, "号码数字相同"),
    Block("执照号", ("ids",), "ids", 10.0, "同执照号"),
    Block("公用号码和单位", ("weak", "stem"), "weak", 2.5, "同公用号码"),
    Block("公用号码和姓名", ("weak", "pinyin"), "weak", 2.5, "同公用号码"),
    Block("姓名和字号", ("pinyin", "stem")),
    Block("姓名和县区", ("pinyin", "county")),
    Block("姓名和城市", ("pinyin", "city")),
    Block("字号和县区", ("stem", "county")),
    Block("字号和城市", ("stem", "city"), limit=50),
    Block("地址和城市", ("address", "city"), limit=50),
)

MODEL = Model(
    VERSION,
    (NAME, BUSINESS, PLACE, ADDRESS, SAYING, PHONE, REMARK),
    BLOCKS,
    rules=(
        Rule("同单位的另一联系人", {"name": _OTHER_NAME, "business": _SAME_BUSINESS, "place": _HERE}, 4.0),
        Rule("同单位的另一联系人", {"name": ("hidden_other",), "business": _SAME_BUSINESS, "place": _HERE}, 1.5),
        Rule("当地同姓的店主", {"name": ("surname",), "business": ("close",), "place": ("county",)}, 0.8),
        Rule("不在那个地方", {"name": ("alone",), "place": _ELSEWHERE}, -2.5),
        Rule("同名同址的店", {"name": _OTHER_NAME, "business": ("chain",), "address": ("same",)}, 7.0),
        Rule("不在一个地方", {"name": _UNSURE_NAME, "business": _SAME_BUSINESS, "place": _ELSEWHERE}, cap=7.9),
        Rule("号码在另一家店", {"name": (UNKNOWN,), "business": ("other", "branch")}, cap=7.9),
        Rule("同一人两家店", {"name": _FITTING, "business": ("other", "branch")}, cap=7.9),
        Rule("同一人两地的店", {"name": _FITTING, "business": ("close", "own_close"), "place": ("other_city",)}, cap=7.9),
        Rule("正在转让", {"saying": ("passing",)}, cap=7.9),
    ),
    groups=(
        Group(("mobile", "said", "digits")), Group(("line", "tail", "digits")),  # one number seen in several ways
        Group(_CONTACTS, extra=2.0),
    ),
    contradictions=(
        Contradiction(
            {"name": _OTHER_NAME, "business": (UNKNOWN,)},
            waived={"name": (UNKNOWN, "hidden_other", *_OTHER_NAME), "business": _SAME_BUSINESS},
        ),
        Contradiction({"name": _OTHER_NAME, "business": ("generic", "alike", "other")}),
        Contradiction({"name": _OTHER_NAME, "business": ("chain",), "address": (UNKNOWN, "other")}),
        Contradiction({"business": ("branch", "other")}),
    ),
)  # fmt: skip
