"""Pairs on which people decide: 待确认重复 (are these two one?) and 合并明细 (this record is somebody else).

An answer is kept as both sets of record numbers (match.decisions), so each line knows its two sides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from .issue import PAIR_COLUMNS, joined_rids
from .match.decisions import NO, UNSURE, YES, Decision
from .match.leads import APART, ASK
from .merge import newest_version
from .returned import DOUBTS, MERGES
from .tables import TABLES

_SIDE = ("lead", "name", "phone", "company", "place", "source", "date")
DOUBT_COLUMNS = (
    "key", "brands", *(f"left_{c}" for c in _SIDE), *(f"right_{c}" for c in _SIDE), "reason", "weight", "answer",
    "left_rids", "right_rids",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What is needed to ask: the live customer records with their lead, where each lead is listed, all answers so far."""

    records: pd.DataFrame
    brands_of: Mapping[str, tuple[str, ...]]
    decisions: Sequence[Decision]


def corrections(records: pd.DataFrame) -> Iterator[Decision]:
    """A white cell that a director corrected belongs to its customer, whatever it says."""
    mine = records[records["lead_text"] != ""]
    for rid, lead, number, person in zip(mine["rid"], mine["lead_text"], mine["number"], mine["person"], strict=True):
        yield Decision(frozenset([lead]), frozenset([rid]), YES, int(number), person)


def newest_of(decisions: Sequence[Decision], judged: pd.DataFrame, live: Collection[str]) -> dict[str, str]:
    """Each record number of the answers → the version of it that is live now; those that are gone are left out."""
    if not decisions:
        return {}
    newer = judged[judged["superseded_by"] != ""]
    chain = dict(zip(newer["rid"], newer["superseded_by"], strict=True))
    alive = set(live)
    named = {rid for decision in decisions for side in (decision.left, decision.right) for rid in side}
    newest = {rid: newest_version(rid, chain) for rid in named}
    return {rid: version for rid, version in newest.items() if version in alive}


def doubts(edges: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """待确认重复, DOUBT_COLUMNS: leads that the evidence neither joins nor parts, strongest first, then those that were
    answered 不是 or 不确定, so that an answer can be changed. Only leads that are listed somewhere.

    ``brands``: the workbooks that ask, those of the brands that both leads have; () = only 销售部_周报.
    """
    listed = asked.records[asked.records["lead"].isin(asked.brands_of)]
    lead_of = dict(zip(listed["rid"], listed["lead"], strict=True))
    found: dict[tuple[str, str], tuple[float, str, str]] = {}
    answered = _answers(asked.decisions, lead_of)
    doubtful = edges[edges["outcome"].isin((ASK, APART)) & edges["left"].isin(lead_of) & edges["right"].isin(lead_of)]
    doubtful = doubtful.sort_values("weight", ascending=False, kind="stable")
    columns = (doubtful[c] for c in ("left", "right", "weight", "reason", "outcome"))
    for left, right, weight, reason, outcome in zip(*columns, strict=True):
        pair = _pair(lead_of.get(left, ""), lead_of.get(right, ""))
        if all(pair) and pair[0] != pair[1] and (outcome == ASK or pair in answered):
            found.setdefault(pair, (float(weight), reason, answered.get(pair, "")))
    for pair, answer in answered.items():
        found.setdefault(pair, (0.0, "", answer))
    sides = _sides(listed, {lead for pair in found for lead in pair})
    rids = _rids(listed, sides)
    rows = []
    for (left, right), (weight, reason, answer) in sorted(found.items(), key=lambda i: (i[1][2] != "", -i[1][0], i[0])):
        if left in asked.brands_of and right in asked.brands_of:
            common = tuple(b for b in asked.brands_of[left] if b in asked.brands_of[right])
            both = [
                {f"{side}_{c}": v for c, v in sides[lead].items()} for side, lead in (("left", left), ("right", right))
            ]
            rows.append({
                "key": f"{left}/{right}", "brands": common, **both[0], **both[1], "reason": reason, "weight": weight,
                "answer": answer, "left_rids": rids[left], "right_rids": rids[right],
            })  # fmt: skip
    return pd.DataFrame(rows, columns=list(DOUBT_COLUMNS))


def _rids(records: pd.DataFrame, leads: Collection[str]) -> dict[str, frozenset[str]]:
    """Lead → its record numbers."""
    mine = records[records["lead"].isin(set(leads))]
    found: dict[str, set[str]] = {}
    for lead, rid in zip(mine["lead"], mine["rid"], strict=True):
        found.setdefault(lead, set()).add(rid)
    return {lead: frozenset(rids) for lead, rids in found.items()}


def _answers(decisions: Sequence[Decision], lead_of: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Pairs of leads that were answered 不是, or 不确定 while nothing new is known of either."""
    size: dict[str, int] = {}
    for lead in lead_of.values():
        size[lead] = size.get(lead, 0) + 1
    found: dict[tuple[str, str], str] = {}
    for decision in sorted(decisions, key=lambda d: d.when):
        sides = [{lead_of[rid] for rid in side if rid in lead_of} for side in (decision.left, decision.right)]
        for left in sides[0]:
            for right in sides[1] - {left}:
                pair = _pair(left, right)
                known = size[left] + size[right]
                same = known == sum(rid in lead_of for rid in decision.left | decision.right)
                if decision.answer == NO or (decision.answer == UNSURE and same):
                    found[pair] = decision.answer
                else:
                    found.pop(pair, None)
    return found


def _sides(records: pd.DataFrame, leads: Collection[str]) -> dict[str, dict[str, str]]:
    """What is shown of each lead: what its newest records say."""
    mine = records[records["lead"].isin(set(leads))].sort_values(["date", "number", "sheet", "row"], kind="stable")
    found: dict[str, dict[str, str]] = {}
    for row in mine.to_dict("records"):
        side = found.setdefault(row["lead"], dict.fromkeys(_SIDE, "") | {"lead": row["lead"]})
        numbers = (*row["mobiles"], *row["landlines"], *row["hotlines"], row["wechat"], row["qq"])
        place = " ".join(dict.fromkeys(p for p in (row["province"], row["city"], row["county"]) if p))
        source = f"{row['person']} {TABLES[row['table']].name}".strip()
        new = {"name": row["name"], "phone": next(filter(None, numbers), ""), "company": row["company"],
               "place": place, "source": source, "date": row["date"]}  # fmt: skip
        side.update({column: text for column, text in new.items() if text})
    return found


def _pair(left: str, right: str) -> tuple[str, str]:
    return (left, right) if left < right else (right, left)


def separable(merges: pd.DataFrame, superseded_by: Mapping[str, str]) -> pd.DataFrame:
    """合并明细 with left_rids and right_rids for every record that can be taken out of its lead: all but those of the
    first sighting (empty there). A record and its older versions are one.
    """
    unit = {rid: newest_version(rid, superseded_by) for rid in merges["rid"]}
    of_lead: dict[str, list[str]] = {}
    for lead, rid in zip(merges["lead"], merges["rid"], strict=True):
        of_lead.setdefault(lead, []).append(rid)
    left, right = [], []
    for lead, rid in zip(merges["lead"], merges["rid"], strict=True):
        mine = frozenset(r for r in of_lead[lead] if unit[r] == unit[rid])
        first = lead in mine
        right.append(frozenset() if first else mine)
        left.append(frozenset() if first else frozenset(of_lead[lead]) - mine)
    objects = {"left_rids": left, "right_rids": right}
    return merges.assign(**{name: pd.Series(sets, index=merges.index, dtype=object) for name, sets in objects.items()})


def issue_pairs(workbook: str, merges: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """PAIR_COLUMNS of one workbook: the lines on which its reader may answer."""
    rows: list[tuple[str, ...]] = []
    mine = merges[merges["right_rids"].astype(bool)]
    columns = (mine[c] for c in ("rid", "left_rids", "right_rids", "name"))
    for rid, left, right, name in zip(*columns, strict=True):
        rows.append((workbook, MERGES, rid, joined_rids(left), joined_rids(right), name, ""))
    columns = (asked[c] for c in ("key", "left_rids", "right_rids", "left_name", "left_phone"))
    for key, left, right, name, phone in zip(*columns, strict=True):
        rows.append((workbook, DOUBTS, key, joined_rids(left), joined_rids(right), name, phone))
    return pd.DataFrame(rows, columns=PAIR_COLUMNS, dtype="str")


def split_notes(
    splits: Sequence[Decision],
    lead_of: Mapping[str, str],
    values: Mapping[tuple[str, str, str], str],
    since: Mapping[tuple[str, str, str], int],
    headers: Mapping[str, str],
) -> dict[tuple[str, str], str]:
    """拆分前备注: (lead, brand) → what was typed for both when they were still one lead; it stays with the older one."""
    found: dict[tuple[str, str], list[str]] = {}
    for decision in splits:
        if decision.answer != NO:
            continue
        leads = sorted({lead_of[rid] for rid in decision.left | decision.right if rid in lead_of})
        taken_out = {lead_of[rid] for rid in decision.right if rid in lead_of}
        for lead in leads[1:]:
            if lead in taken_out or leads[0] in taken_out:
                for (of, brand, field), text in values.items():
                    if of == leads[0] and text and since[of, brand, field] <= decision.when:
                        found.setdefault((lead, brand), []).append(f"{headers[field]}:{text}")
    return {key: ";".join(dict.fromkeys(texts)) for key, texts in found.items()}
