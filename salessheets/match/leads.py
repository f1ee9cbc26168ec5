"""Our model: which records are the same customer (matching.md, "What counts as one customer").

Same mobile, WeChat or QQ, unless two full names contradict each other; or same full name at the same company in the
same place. The weights are log2 odds, additive, and are kept in words for 合并明细.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise

import pandas as pd

from salessheets.settings import Settings

from .cluster import Clusters
from .keys import identifiers, shared

MODEL_VERSION = "leads-1"

# log2(m/u), from the shares of true and random pairs that agree (matching.md, "Evidence").
_WEIGHTS = {"手机": 11.2, "微信": 11.0, "QQ": 10.5}
_NAME_AND_COMPANY = 9.5
_SAME_NAME, _SAME_COMPANY, _OTHER_NAME, _OTHER_CONTACT = 3.4, 4.0, -9.0, -1.9


@dataclass(frozen=True)
class Matches:
    """labels: position of the first record of each record's cluster, index of the records.
    edges: left, right (rids), weight, reason, joined (bool). shared: kind, value, why.
    """

    labels: pd.Series
    edges: pd.DataFrame
    shared: pd.DataFrame


def match(records: pd.DataFrame, settings: Settings) -> Matches:
    """Cluster records (RECORD_COLUMNS); the result does not depend on their order."""
    order = records.sort_values(["number", "sheet", "row"], kind="stable")
    found = identifiers(order)
    weak = shared(found, order, [person.phone for person in settings.staff if person.phone])
    usable = found.merge(weak[["kind", "value"]], on=["kind", "value"], how="left", indicator="seen")
    usable = usable[usable["seen"] == "left_only"]
    facts = list(
        order[["name", "full", "pinyin", "core", "city", "county"]].itertuples(index=False, name=None),
    )
    pairs = _identifier_pairs(usable, facts)
    pairs += _name_pairs(order)
    return _cluster(order, facts, pairs, weak, records.index, settings.rules.merge_line)


def _identifier_pairs(usable: pd.DataFrame, facts: list[tuple[str, bool, str, str, str, str]]) -> list[tuple]:  # type: ignore[type-arg]
    """Candidate pairs per shared identifier. Rows that say the same of name and company are chained, not crossed."""
    pairs: dict[tuple[int, int], list[str]] = {}
    repeated = usable[usable.duplicated(["kind", "value"], keep=False)]
    holders: dict[tuple[str, str], list[int]] = {}
    for kind, value, row in zip(repeated["kind"], repeated["value"], repeated["row"].tolist(), strict=True):
        holders.setdefault((kind, value), []).append(row)
    for (kind, _value), rows in sorted(holders.items()):
        groups: dict[tuple[str, bool, str, str, str, str], list[int]] = {}
        for row in rows:
            groups.setdefault(facts[row], []).append(row)
        for members in groups.values():
            for a, b in pairwise(members):
                pairs.setdefault((a, b), []).append(kind)
        for a, b in combinations(sorted(members[0] for members in groups.values()), 2):
            pairs.setdefault((a, b), []).append(kind)
    return [(a, b, *_evidence(facts[a], facts[b], kinds)) for (a, b), kinds in sorted(pairs.items())]


def _evidence(
    left: tuple[str, bool, str, str, str, str], right: tuple[str, bool, str, str, str, str], kinds: list[str]
) -> tuple[float, str]:
    parts = [(f"同{kind}", _WEIGHTS[kind]) for kind in kinds]
    company = bool(left[3]) and left[3] == right[3] and _same_place(left, right)
    if left[1] and right[1]:
        if names_conflict(left[0], left[2], right[0], right[2]):
            # Two people of one shop are one customer; two people who share nothing but a number are not.
            parts.append(("联系人不同", _OTHER_CONTACT) if company else ("姓名不同", _OTHER_NAME))
        elif left[2] == right[2]:
            parts.append(("同姓名", _SAME_NAME) if left[0] == right[0] else ("姓名同音", _SAME_NAME))
    if company:
        parts.append(("同单位", _SAME_COMPANY))
    weight = round(sum(points for _, points in parts), 1)
    words = ",".join(f"{word} {points:+.1f}".replace("-", "−") for word, points in parts)
    return weight, f"{words} = {weight:g}"


def _same_place(left: tuple[str, bool, str, str, str, str], right: tuple[str, bool, str, str, str, str]) -> bool:
    """City and county do not contradict each other."""
    return all(not a or not b or a == b for a, b in zip(left[4:6], right[4:6], strict=True))


def names_conflict(left: str, left_pinyin: str, right: str, right_pinyin: str) -> bool:
    """Two full names that cannot be one person: neither homophones nor one written shorter."""
    return left_pinyin != right_pinyin and left not in right and right not in left


def _name_pairs(order: pd.DataFrame) -> list[tuple[int, int, float, str]]:
    """Same full name, same company core, same city, county not contradicting."""
    frame = order[["name", "full", "core", "city", "county"]].reset_index(drop=True)
    frame = frame[frame["full"] & (frame["core"] != "") & (frame["city"] != "")]
    frame = frame[frame.duplicated(["name", "core", "city"], keep=False)]
    reason = f"同姓名,同单位,同城市 = {_NAME_AND_COMPANY:g}"
    groups: dict[tuple[str, str, str], list[tuple[int, str]]] = {}
    columns = ("name", "core", "city", "county")
    for at, name, core, city, county in zip(frame.index.tolist(), *(frame[c] for c in columns), strict=True):
        groups.setdefault((name, core, city), []).append((at, county))
    return [
        (a, b, _NAME_AND_COMPANY, reason)
        for _, group in sorted(groups.items())
        for (a, here), (b, there) in combinations(group, 2)
        if not here or not there or here == there
    ]


def _cluster(
    order: pd.DataFrame,
    facts: list[tuple[str, bool, str, str, str, str]],
    pairs: list[tuple],  # type: ignore[type-arg]
    weak: pd.DataFrame,
    index: pd.Index,
    line: float,
) -> Matches:
    def may_join(left: list[int], right: list[int]) -> bool:
        return not any(_contradict(facts[a], facts[b]) for a in left for b in right)

    clusters = Clusters(len(order), may_join)
    strong_first = sorted(pairs, key=lambda p: (-p[2], p[0], p[1]))
    joined = [weight >= line and clusters.join(a, b) for a, b, weight, _ in strong_first]
    rids = order["rid"].to_numpy()
    edges = pd.DataFrame(
        {
            "left": [rids[p[0]] for p in strong_first],
            "right": [rids[p[1]] for p in strong_first],
            "weight": [p[2] for p in strong_first],
            "reason": [p[3] for p in strong_first],
            "joined": pd.Series(joined, dtype=bool),
        }
    )
    labels = pd.Series(order.index.to_numpy()[clusters.labels()], index=order.index)
    return Matches(labels.reindex(index), edges, weak)


def _contradict(left: tuple[str, bool, str, str, str, str], right: tuple[str, bool, str, str, str, str]) -> bool:
    """Full names conflict and nothing says that they work at the same place."""
    if not (left[1] and right[1]) or not names_conflict(left[0], left[2], right[0], right[2]):
        return False
    return not (left[3] and left[3] == right[3] and _same_place(left, right))
