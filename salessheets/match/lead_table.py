"""Records → the table the lead model compares: identifiers as bags, names and businesses as columns, remarks as facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from salessheets.clean import facts
from salessheets.clean.business import stem

# A value seen with more full names or more businesses than this belongs to nobody in particular (matching.md, "Keys").
SHARED_LIMIT = 4
# A business name used by more people than this in one city: a shop has an owner and his wife, a chain has many.
CROWDED_LIMIT = 2
# A 字号 in more cities, or with more people, than this is a common name; one can only tell in a list of some length.
FEW, SETTLED = 4, 2_000
_AT = "@"
_PLACEHOLDERS = re.compile(r"^1(\d)\1{9}$|^13800138000$|^12345678901$|^1\d{2}(\d)\2{7}$|^13[0-9]12345678$")
_EMPTY_LINES = re.compile(r".*-(?:(\d)\1{6,7}|12345678?)$")
_ID = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{15,18}(?![0-9A-Z])")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_ADDRESS_NOISE = re.compile(r"[\s\W_]+")
IDENTIFIERS = (("手机", "mobiles"), ("微信", "wechat"), ("QQ", "qq"), ("座机", "lines"), ("热线", "hotlines"))


@dataclass(frozen=True)
class Shared:
    """Identifiers that belong to nobody in particular: kind, value, why. Frozen with the model of an office.

    ``settled``: the list is long enough to tell a name that stands alone from one that is everywhere.
    """

    frame: pd.DataFrame
    settled: bool = False

    @property
    def listed(self) -> pd.DataFrame:
        """What a manager should see: numbers and business names; the other kinds only weaken evidence."""
        return self.frame[~self.frame["kind"].isin(("字号", "姓名"))].reset_index(drop=True)

    def values(self, kind: str) -> frozenset[str]:
        """The values of one kind."""
        return frozenset(self.frame["value"][self.frame["kind"] == kind])


def _tuples(values: Iterable[tuple[str, ...]], index: pd.Index) -> pd.Series:
    result = np.empty(len(index), dtype=object)
    result[:] = list(values)
    return pd.Series(result, index=index)


def _one(series: pd.Series) -> pd.Series:
    return _tuples(((v,) if v else () for v in series), series.index)


def _base(line: str) -> str:
    """A landline without its extension: 0535-6271188-801 → 0535-6271188."""
    return "-".join(line.split("-")[:2])


def identifiers(records: pd.DataFrame) -> dict[str, pd.Series]:
    """Kind → tuple of values per record."""
    lines = records["landlines"]
    return {
        "手机": records["mobiles"],
        "微信": _one(records["wechat"]),
        "QQ": _one(records["qq"]),
        "座机": _tuples((tuple(dict.fromkeys(map(_base, v))) if v else v for v in lines), lines.index),
        "热线": records["hotlines"],
    }


def find_shared(records: pd.DataFrame, own_phones: Iterable[str]) -> Shared:
    """Placeholders, the office's own phones, and numbers with more than SHARED_LIMIT names or businesses."""
    own, parts = set(own_phones), []
    for kind, bags in identifiers(records).items():
        found = pd.DataFrame({"value": bags.reset_index(drop=True).explode()}).dropna()
        if found.empty:
            continue
        found["person"] = records["pinyin"].to_numpy()[found.index]
        found["business"] = records["core"].to_numpy()[found.index]
        counts = found["value"].value_counts()
        often = found[found["value"].isin(counts.index[counts > SHARED_LIMIT])]
        people = often[often["person"] != ""].groupby("value")["person"].nunique()
        businesses = often[often["business"] != ""].groupby("value")["business"].nunique()
        many = set(people.index[people > SHARED_LIMIT]) | set(businesses.index[businesses > SHARED_LIMIT])
        values = pd.Series(counts.index, dtype="str")
        empty = values.str.match(_PLACEHOLDERS) if kind == "手机" else values.str.match(_EMPTY_LINES)
        for why, chosen in (
            ("占位号码", values[empty]),
            ("本公司人员的号码", values[values.isin(list(own))]),
            ("多家共用的号码", values[values.isin(sorted(many))]),
        ):
            parts.append(pd.DataFrame({"kind": kind, "value": chosen, "why": why}))
    parts += [_crowded(records), _namesakes(records)]
    frame = pd.concat(parts) if parts else pd.DataFrame(columns=["kind", "value", "why"], dtype="str")
    frame = frame.drop_duplicates(["kind", "value"]).sort_values(["kind", "value"], ignore_index=True)
    return Shared(frame, settled=int((records["core"] != "").sum()) >= SETTLED)


def _crowded(records: pd.DataFrame) -> pd.DataFrame:
    """字号 that many people use: in one city (a chain there), or in many cities; such a name joins nobody by itself."""
    frame = pd.DataFrame({"stem": _stems(records["core"]), "city": records["city"], "person": records["pinyin"]})
    frame = frame[(frame["stem"] != "") & (frame["city"] != "")].drop_duplicates()
    cities = frame.drop_duplicates(["stem", "city"])["stem"].value_counts()
    frame = frame[frame["person"] != ""]
    people = frame.drop_duplicates(["stem", "person"])["stem"].value_counts()
    local = (frame["stem"] + _AT + frame["city"]).value_counts()
    everywhere = cities.index[cities > FEW].union(people.index[people > FEW])
    return pd.concat([
        pd.DataFrame({"kind": "单位", "value": local.index[local > CROWDED_LIMIT], "why": "当地多家同名"}, dtype="str"),
        pd.DataFrame({"kind": "字号", "value": everywhere, "why": "多地同名"}, dtype="str"),
    ])  # fmt: skip


def _namesakes(records: pd.DataFrame) -> pd.DataFrame:
    """Full names with more than one phone in a city: two people, or one with two phones; nobody can tell."""
    said = pd.DataFrame({"value": records["name"] + _AT + records["city"], "phone": _first(records)})
    said = said[(records["full"] & (records["city"] != "")).to_numpy() & (said["phone"] != "")].drop_duplicates()
    return pd.DataFrame(
        {"kind": "姓名", "value": said["value"][said["value"].duplicated()].unique(), "why": "同名"}, dtype="str"
    )


def _first(records: pd.DataFrame) -> pd.Series:
    """The first mobile, else landline, of each record."""
    found = [(m or l or ("",))[0] for m, l in zip(records["mobiles"], records["landlines"], strict=True)]  # noqa: E741
    return pd.Series(found, index=records.index, dtype="str")


def _stems(cores: pd.Series) -> pd.Series:
    """The 字号 of each core; "" where only words of trade are left."""
    return _mapped(cores, lambda core: core[: stem(core)] if stem(core) > 1 else "")


def build(records: pd.DataFrame, shared: Shared) -> pd.DataFrame:
    """The columns of ``leads_model``, same order as records, positions as index."""
    frame = records.reset_index(drop=True)
    table = frame[["name", "pinyin", "surname", "given", "full", "core", "branch", "province", "city", "county"]].copy()
    table["full"] = np.where(frame["full"], "1", "")
    said = _remarks(frame)
    table["remark"] = said["text"].where(said["text"] != "", "-")
    weak: list[pd.Series] = []
    for (kind, column), bags in zip(IDENTIFIERS, identifiers(frame).values(), strict=True):
        mine = shared.values(kind)
        good, bad = _split(bags, mine, said["others"].to_numpy() if kind in ("手机", "座机", "热线") else None)
        table[column] = good
        weak.append(bad)
    table["weak"] = _united(*weak)
    table["tails"] = _tuples(
        (tuple(v[:4] + v[-7:] for v in lines) if lines else () for lines in table["lines"]), table.index
    )
    table["said"] = _united(table["mobiles"], said["numbers"])
    table["ids"] = said["ids"]
    table["stem"] = _stems(frame["core"])
    alone = frame["full"] & (frame["city"] != "") & ~(frame["name"] + _AT + frame["city"]).isin(shared.values("姓名"))
    table["alone"] = np.where(alone & shared.settled, "1", "")
    unusual = ~table["stem"].isin(shared.values("字号")) & (table["stem"] != "") & shared.settled
    table["own"] = np.where(unusual, "1", "")
    table["crowded"] = np.where((table["stem"] + _AT + frame["city"]).isin(shared.values("单位")) & ~unusual, "1", "")
    table["address"] = _mapped(frame["address"], _address)
    table["digits"] = _digits(table, frame)
    table["long_digits"] = table["digits"].where(table["digits"].str.len() >= 9, "")
    return table


def _split(bags: pd.Series, shared: frozenset[str], others: np.ndarray | None) -> tuple[pd.Series, pd.Series]:
    """Values that identify a customer, and values that do not: shared by many, or by its remark another's phone."""
    if not shared and (others is None or not others.any()):
        return bags, _tuples([()] * len(bags), bags.index)
    theirs = np.zeros(len(bags), dtype=bool) if others is None else others
    good, bad = [], []
    for values, not_his in zip(bags, theirs, strict=True):
        kept = () if not_his else tuple(v for v in values if v not in shared) if shared else values
        good.append(kept)
        bad.append(values if not_his else tuple(v for v in values if v in shared) if shared else ())
    return _tuples(good, bags.index), _tuples(bad, bags.index)


def _united(*bags: pd.Series) -> pd.Series:
    return _tuples((tuple(dict.fromkeys(sum(v, ()))) for v in zip(*bags, strict=True)), bags[0].index)


def _mapped(series: pd.Series, function: Callable[[str], str]) -> pd.Series:
    """A function of each distinct value."""
    codes, values = pd.factorize(series)
    found = pd.Series([function(v) for v in values], dtype="str")
    return found.take(codes).set_axis(series.index)


def _address(text: str) -> str:
    """An address as a key: no punctuation; too short ones say nothing."""
    key = _ADDRESS_NOISE.sub("", text)
    return key if len(key) >= 5 and any(c.isdigit() for c in key) else ""


def _digits(table: pd.DataFrame, records: pd.DataFrame) -> pd.Series:
    """The digits of the first number of a record, damaged ones included, to see what is only mistyped."""
    odd = records["bad_numbers"]
    found = [
        re.sub(r"\D", "", (m or l or o or ("",))[0])
        for m, l, o in zip(table["mobiles"], table["lines"], odd, strict=True)  # noqa: E741
    ]
    return pd.Series(found, index=records.index, dtype="str")


@cache
def _words(key: str) -> re.Pattern[str]:
    return re.compile("|".join(facts.words(key)))


def _remarks(records: pd.DataFrame) -> pd.DataFrame:
    """What 备注 says: its text, whether the number is another's, numbers and licence numbers in it."""
    text = records["note"] + records["source_detail"].map(lambda s: "\n" + s if "号" in s else "")
    has = (text != "").to_numpy()
    others = np.zeros(len(text), dtype=bool)
    numbers, ids = [()] * len(text), [()] * len(text)
    for at in np.flatnonzero(has):
        said = text.iloc[at]
        others[at] = bool(_words("others-number").search(said))
        if any(c.isdigit() for c in said):
            ids[at] = tuple(_ID.findall(said))
            if not _words("others-person").search(said):
                numbers[at] = tuple(_MOBILE.findall(said))
    for at in np.flatnonzero(records["address"].str.contains(_MOBILE).to_numpy()):
        numbers[at] += tuple(_MOBILE.findall(records["address"].iloc[at]))
    return pd.DataFrame({
        "text": text, "others": others, "numbers": _tuples(numbers, text.index), "ids": _tuples(ids, text.index),
    })  # fmt: skip
