"""Weights of the lead model learnt from long lists, for ``dedupe --learn`` and ``retrain``.

The shipped weights were set on invented leads. EM inside the pairs of one block (``train``) tells two things of a list
that may be otherwise there: how often true pairs agree (m: a list in which addresses are written anew each time), and
how many pairs of the block are true at all (a list of one town, where a 字号 is found in many shops). A weight log2(m/u)
moves by the difference between the list and those leads, counted by the same code (data/learning.csv), so the scale
stays that of the lines and the rules, which no list teaches. u needs no learning: how common a name, a 字号 or a number
is in the list is looked up for each list anyway (``shared``, term frequency in ``judges``).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

from salessheets.settings import Settings

from . import engine, lead_table
from .leads import find_shared
from .leads_model import MODEL, VERSION
from .model import Model, Rule
from .shared import Shared
from .train import by_chance, shares, taught

ENOUGH = 10_000  # records below which a list has too few true pairs to learn from (matching.md, "Evidence")
MOST = 3.0  # bits that a weight may move
WORTH = 0.6  # bits; a smaller difference is within what two lists of one kind differ by
_BELIEF = 30  # pairs as they usually are that are mixed in: a few odd ones move nothing
_SAMPLE = 100_000  # random pairs for u
_FILE = "learning.csv"

# Class of levels → the levels: those that differ only in how common a value is in the list have shares that depend on
# its length, and move together.
CLASSES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "name": {
        "同姓名": ("rare", "usual", "common"), "当地唯一的同姓名": ("alone",), "姓名同音": ("homophone",), "姓名写得短": ("part",),
        "只知道同姓": ("surname",), "姓名差一字": ("near",), "姓名不同": ("other_surname", "other"),
        "姓不同": ("hidden_other",),
    },
    "business": {
        "同单位": ("own", "same"), "单位相近": ("own_close", "close"), "单位音近": ("alike",), "分店不同": ("branch",),
        "单位不同": ("other",),
    },
    "place": {
        "同县区": ("county",), "同城市": ("city",), "县区不同": ("other_county",), "城市不同": ("other_city",),
    },
    "address": {"同地址": ("same",), "地址不同": ("other",)},
}  # fmt: skip
_ALL = ("name", "business", "place", "address")
# Block → the comparisons that are free to vary in it, and the classes (or the flag) that are worth what it finds.
_LESSONS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "手机": (_ALL, ("mobile",)),
    "微信": (_ALL, ("wechat",)),
    "QQ": (_ALL, ("qq",)),
    "座机": (_ALL, ("line",)),
    "姓名和城市": (("business", "address"), ("同姓名",)),
    "字号和城市": (("name", "address"), ("同单位", "单位相近")),
    "地址和城市": (("name", "business"), ("同地址",)),
}
_MEETING = {
    "手机": "手机相同", "微信": "微信相同", "QQ": "QQ相同", "座机": "座机相同", "姓名和城市": "同城市同姓名",
    "字号和城市": "同城市同字号", "地址和城市": "同城市同地址",
}  # fmt: skip
_BY_ODDS = ("同姓名", "同单位", "同地址")  # classes whose blocks teach them; m alone would count twice
_BY_NUMBER = ("手机", "微信", "QQ", "座机")  # whose pairs are chosen by nothing that is compared: they teach m


@dataclass(frozen=True)
class Seen:
    """True pairs that EM expects, and the pairs they are a share of: a class's of its comparison, or a whole block's."""

    pairs: float
    of: float

    @property
    def share(self) -> float:
        """m of a class; of a block, how many of its pairs are one customer."""
        return self.pairs / max(self.of, 1.0)


Lessons = Mapping[str, Seen]  # class or block → what was seen of it


@dataclass(frozen=True)
class Learnt:
    """The model of a list, and in bits what is worth more or less in it than usual, the greatest difference first."""

    model: Model
    changes: tuple[tuple[str, float], ...]


def enough(records: pd.DataFrame) -> bool:
    """Whether a list is long enough to learn from."""
    return len(records) >= ENOUGH


def learn(records: pd.DataFrame, settings: Settings, shared: Shared | None = None) -> Learnt:
    """The lead model with weights of these records (RECORD_COLUMNS). Deterministic, whatever their order."""
    return applied(differences(counted(records, settings, shared), usual(len(records))))


def told(changes: Sequence[tuple[str, float]]) -> list[str]:
    """What a list taught, for its reader: one sentence per class or block."""
    return [sentence(name, bits) for name, bits in changes]


def sentence(name: str, bits: float) -> str:
    """One class or block, and what it is worth now."""
    by = f"{abs(bits):.1f} 分"
    if name in _LESSONS:
        seen = "同一客户比平常多" if bits > 0 else "不同的客户比平常多"
        return f"{_MEETING[name]}的两行\uff0c在这份名单里{seen}\uff1a证据{'加' if bits > 0 else '减'} {by}"
    against = any(
        level.weight < 0 for c in MODEL.comparisons for level in c.levels if level.name in _levels(c.name, name)
    )
    does = ("少扣" if bits > 0 else "多扣") if against else ("加" if bits > 0 else "减")
    return f"「{name}」\uff1a在这份名单里\uff0c同一客户比平常更{'常' if bits > 0 else '少'}这样\uff1a{does} {by}"


def _levels(comparison: str, kind: str) -> tuple[str, ...]:
    return CLASSES.get(comparison, {}).get(kind, ())


def counted(records: pd.DataFrame, settings: Settings, shared: Shared | None = None) -> dict[str, Seen]:
    """What EM finds in these records."""
    order = records.sort_values(["number", "sheet", "row"], kind="stable")
    read = lead_table.basics(order)
    columns = lead_table.build(order, shared or find_shared(order, settings), read)
    encoded = engine.encoded(columns, read.size, MODEL)
    compared = {c.name: c for c in MODEL.comparisons if c.name in CLASSES}
    chance = {n: shares(counts) for n, counts in by_chance(encoded, list(compared.values()), sample=_SAMPLE).items()}
    true = {name: np.zeros(len(c.levels)) for name, c in compared.items()}
    found: dict[str, Seen] = {}
    for block in (b for b in MODEL.blocks if b.name in _LESSONS):
        lesson = taught(encoded, block, [compared[name] for name in _LESSONS[block.name][0]], chance)
        found[block.name] = Seen(lesson.share * lesson.pairs, lesson.pairs)
        for name, counts in lesson.true.items() if block.name in _BY_NUMBER else ():
            true[name] = true[name] + counts
    for name, comparison in compared.items():
        for kind, levels in CLASSES[name].items():
            at = [comparison.number(level) for level in levels]
            found[kind] = Seen(float(true[name][at].sum()), float(true[name].sum()))
    return found


def differences(found: Lessons, known: Lessons) -> dict[str, float]:
    """Class or block → bits by which it is worth more in this list than usually, where that is worth telling.

    Of a class the logarithm of m is compared, of a block the odds that a pair is true (which hold m already).
    """
    moved = {}
    for name, seen in found.items():
        bits = _more(seen.pairs, seen.of * known[name].share)
        if name in _LESSONS:
            bits -= _more(seen.of - seen.pairs, seen.of * (1 - known[name].share))
        bits = round(float(np.clip(bits, -MOST, MOST)), 1)
        if abs(bits) >= WORTH and name not in _BY_ODDS:
            moved[name] = bits
    return moved


def _more(seen: float, usual: float) -> float:
    return float(np.log2((seen + _BELIEF) / (usual + _BELIEF)))


def applied(moved: Mapping[str, float], name: str = f"{VERSION}+") -> Learnt:
    """The shipped model with some weights moved. An agreement stays one, and so does a contradiction."""
    bits = dict.fromkeys([*(b.evidence for b in MODEL.flags), *(k for kinds in CLASSES.values() for k in kinds)], 0.0)
    for lesson, by in moved.items():
        for kind in _LESSONS[lesson][1] if lesson in _LESSONS else (lesson,):
            bits[kind] += by
    weights: dict[str, dict[str, float]] = {}
    for comparison in MODEL.comparisons:
        for kind, levels in CLASSES.get(comparison.name, {}).items():
            for level in (comparison.levels[comparison.number(level)] for level in levels if bits[kind]):
                weights.setdefault(comparison.name, {})[level.name] = _moved(level.weight, bits[kind])
    blocks = tuple(replace(b, weight=_moved(b.weight, bits.get(b.evidence, 0.0))) for b in MODEL.blocks)
    told = sorted(moved.items(), key=lambda change: (-abs(change[1]), change[0]))
    rules = (*MODEL.rules, *_once(moved))
    return Learnt(replace(MODEL.weighted(weights, MODEL.prior), name=name, blocks=blocks, rules=rules), tuple(told))


def _moved(weight: float, bits: float) -> float:
    after = round(weight + bits, 1)
    return max(after, 0.0) if weight > 0 else min(after, 0.0)


def _once(moved: Mapping[str, float]) -> Sequence[Rule]:
    """What is found in a town of many customers is found of names and 字号 alike: where both agree it counts once."""
    name, business = moved.get("姓名和城市", 0.0), moved.get("字号和城市", 0.0)
    if name * business <= 0:
        return ()
    twice = max(name, business) if name < 0 else min(name, business)
    levels = {
        "name": CLASSES["name"]["同姓名"],
        "business": CLASSES["business"]["同单位"] + CLASSES["business"]["单位相近"],
    }
    return (Rule("姓名和单位都相同", levels, -twice),)


def usual(records: int) -> Lessons:
    """What EM finds in invented leads, of which the shipped weights came, in a list of that length.

    The longer a list, the more strangers meet in a block: blocks are read off between the lengths that were counted.
    """
    table = _table()
    sizes = sorted({size for _, size in table if size})
    found = {name: seen for (name, size), seen in table.items() if not size}
    for name in _LESSONS:
        shares_ = [table[name, size].share for size in sizes]
        found[name] = Seen(float(np.interp(np.log(records), np.log(sizes), shares_)), 1.0)
    return found


@cache
def _table() -> Mapping[tuple[str, int], Seen]:
    """(class or block, records of the list; 0 for classes) → what was seen."""
    text = files("salessheets.data").joinpath(_FILE).read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {(r["lesson"], int(r["records"])): Seen(float(r["pairs"]), float(r["of"])) for r in rows}


def table_of(counted_lists: Mapping[int, Sequence[Lessons]]) -> str:
    """The text of data/learning.csv from lists of several lengths (``benchmarks/learning.py``)."""
    out = ["lesson,records,pairs,of"]
    everything = [lessons for lists in counted_lists.values() for lessons in lists]
    for name in everything[0]:
        groups = counted_lists if name in _LESSONS else {0: everything}
        for size, lists in groups.items():
            pairs, of = (sum(getattr(lessons[name], part) for lessons in lists) for part in ("pairs", "of"))
            out.append(f"{name},{size},{pairs:.1f},{of:.1f}")
    return "\n".join(out) + "\n"
