"""本周待办: what is due with which lead, and whose it is (R3, R7, R14, R17; workflow.md, "Reminders")."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from salessheets.rows import dicts, tuples

from .facts import Facts
from .referrals import THANKS_DUE, THANKS_LATE
from .standing import Standing

URGENT, OVERDUE, DUE, FIRST, AGAIN, CALL, THANKS, PROBLEM, REMIND, RECYCLE = REASONS = (
    "紧急", "已逾期", "本周到期", "首次跟进", "再次来电", "待电话核实", "待答谢", "售后未解决", "定期提醒", "可回收",
)  # fmt: skip
AGENDA_COLUMNS = [
    "brand",
    "person",
    "reasons",
    "due",
    "late",
    "lead",
    "name",
    "phone",
    "company",
    "final_class",
    "what",
]
_DONE = ("已成交", "放弃", "暂缓")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Item:
    """One thing to do. due: ISO day; ``what`` in a few words."""

    brand: str
    lead: str
    person: str
    reason: str
    due: str
    what: str


def items(
    facts: Facts,
    leads: pd.DataFrame,
    standings: Mapping[tuple[str, str], Standing],
    contacted: Mapping[str, Sequence[str]],
    referred: pd.DataFrame,
) -> list[Item]:
    """Everything due up to the week's Sunday for these leads (LEAD_COLUMNS; open ones of every brand)."""
    calls = to_call(facts, leads)
    finders: tuple[Callable[..., Sequence[Item]], ...] = (_urgent, _planned, _again, _reminded, _recycled)
    news = _News.of(facts)
    found: list[Item] = []
    # Thousands of a bought list that nobody has touched need no look.
    touched = [key in standings or key[0] in news.urgent for key in zip(leads["lead"], leads["brand"], strict=True)]
    touched_or_owned = leads[pd.Series(touched, leads.index, dtype=bool) | (leads["owner"] != "") | (leads["next_date"] != "")
                             | (leads["first_due"] != "")]  # fmt: skip
    for lead in dicts(touched_or_owned):
        standing = standings.get((lead["lead"], lead["brand"]), Standing())
        for find in finders:
            found += find(facts, lead, standing, contacted.get(lead["lead"], ()), news)
    wanted = [key in calls for key in zip(leads["lead"], leads["brand"], strict=True)]
    asked = leads[pd.Series(wanted, leads.index, dtype=bool)]
    for lead in dicts(asked):
        question = calls[lead["lead"], lead["brand"]]
        found.append(_item(lead, CALL, facts.week.sunday.isoformat(), f"问\uff1a{question}"))
    return [*found, *_thanks(facts, leads, referred, standings), *_problems(facts, leads)]


def agenda(facts: Facts, leads: pd.DataFrame, found: Sequence[Item]) -> pd.DataFrame:
    """One line per brand, lead and person with all its reasons: AGENDA_COLUMNS; the most pressing first.

    due: the earliest day; late: calendar days since then.
    """
    known = {(r["lead"], r["brand"]): r for r in dicts(leads)}
    grouped: dict[tuple[str, str, str], list[Item]] = {}
    for item in found:
        grouped.setdefault((item.brand, item.lead, item.person), []).append(item)
    lines = []
    for (brand, lead, person), mine in grouped.items():
        mine.sort(key=lambda item: REASONS.index(item.reason))
        row, due = known[lead, brand], min(item.due for item in mine)
        late = max(0, (facts.as_of - date.fromisoformat(due)).days)
        what = "\uff1b".join(dict.fromkeys(item.what for item in mine if item.what))
        reasons = "、".join(dict.fromkeys(item.reason for item in mine))
        lines.append((REASONS.index(mine[0].reason), brand, person, reasons, due, late, lead, row["name"], row["phone"],
                      row["company"], row["final_class"], what))  # fmt: skip
    made = pd.DataFrame(lines, columns=["rank", *AGENDA_COLUMNS])
    made = made.sort_values(["brand", "rank", "due", "person", "lead"], kind="stable")
    return made[AGENDA_COLUMNS].reset_index(drop=True)


def _item(lead: Mapping[str, Any], reason: str, due: str, what: str = "", person: str | None = None) -> Item:
    return Item(lead["brand"], lead["lead"], lead["owner"] if person is None else person, reason, due, what)


@dataclass(frozen=True)
class _News:
    """Of each lead: the newest urgent row (day, due), and the days on which he got in touch himself."""

    urgent: Mapping[str, tuple[str, str]]
    calls: Mapping[str, list[str]]

    @classmethod
    def of(cls, facts: Facts) -> _News:
        urgent: dict[str, tuple[str, str]] = {}
        calls: dict[str, list[str]] = {}
        today = facts.as_of.isoformat()
        for table in ("consult_log", "handover", "visit_log"):
            for row in facts.of(table):
                if row.date > today:
                    continue
                if row.urgent:
                    urgent[row.lead] = max(urgent.get(row.lead, ("", "")), (row.date, row.date))
                if table == "consult_log":
                    calls.setdefault(row.lead, []).append(row.date)
        return cls(urgent, {lead: sorted(days) for lead, days in calls.items()})


def _urgent(
    facts: Facts, lead: Mapping[str, Any], standing: Standing, contacted: Sequence[str], news: _News
) -> list[Item]:
    """R3: urgent, and nobody dealt with him since."""
    del facts
    day, due = news.urgent.get(lead["lead"], ("", ""))
    if not day or standing.status in _DONE or any(one >= day for one in contacted):
        return []
    return [_item(lead, URGENT, due, "紧急客户\uff0c马上联系")]


def _planned(
    facts: Facts, lead: Mapping[str, Any], standing: Standing, contacted: Sequence[str], news: _News
) -> list[Item]:
    """R17: the next date, overdue or due by Sunday; the day a director set for the first contact."""
    del contacted, news
    found = []
    today, sunday = facts.as_of.isoformat(), facts.week.sunday.isoformat()
    day = lead["next_date"]
    if _DAY.fullmatch(day) and day <= sunday and standing.status != "放弃":
        found.append(
            _item(lead, OVERDUE if day < today else DUE, day, standing.next_what or lead["result"] or "按约定联系")
        )
    first = lead["first_due"]
    if _DAY.fullmatch(first) and first <= sunday and not (standing.contact and standing.contact >= standing.assigned):
        found.append(_item(lead, FIRST, first, "要求首次跟进"))
    return found


def _again(
    facts: Facts, lead: Mapping[str, Any], standing: Standing, contacted: Sequence[str], news: _News
) -> list[Item]:
    """A customer who has a 跟进人 calls again in this week, and nobody has dealt with him since."""
    days = news.calls.get(lead["lead"], [])
    newest = days[-1] if days else ""
    monday = facts.week.monday.isoformat()
    known = lead["first_date"] < newest and (not standing.assigned or standing.assigned <= newest)
    if not lead["owner"] or newest < monday or not known or any(day >= newest for day in contacted):
        return []
    return [_item(lead, AGAIN, newest, f"{newest} 又来咨询")]


def _reminded(
    facts: Facts, lead: Mapping[str, Any], standing: Standing, contacted: Sequence[str], news: _News
) -> list[Item]:
    """Nothing is planned: every 3, 7, 30 days by class, counted from the last contact, else from the assignment."""
    del contacted, news
    rules = facts.settings.rules
    every = {"A": rules.remind_a, "B": rules.remind_b, "C": rules.remind_c}.get(lead["final_class"])
    if not lead["owner"] or not every or lead["next_date"] or standing.status in _DONE:
        return []
    since = max(standing.contact, standing.assigned) or lead["last_date"]
    due = (date.fromisoformat(since) + timedelta(days=every)).isoformat()
    if due > facts.week.sunday.isoformat():
        return []
    return [_item(lead, REMIND, due, f"{lead['final_class']}类\uff0c{every} 天没有安排")]


def _recycled(
    facts: Facts, lead: Mapping[str, Any], standing: Standing, contacted: Sequence[str], news: _News
) -> list[Item]:
    """Has a 跟进人, and nobody worked on him for [60] days: he may go back to the pool."""
    del contacted, news
    today = facts.as_of.isoformat()
    if not lead["owner"] or standing.status in ("已成交", "放弃") or lead["next_date"] >= today:
        return []
    since = standing.touched or lead["last_date"]
    limit = (date.fromisoformat(since) + timedelta(days=facts.settings.rules.recycle_days)).isoformat()
    return [_item(lead, RECYCLE, limit, f"{since} 以后没有人跟进")] if limit <= today else []


def to_call(facts: Facts, leads: pd.DataFrame) -> dict[tuple[str, str], str]:
    """R14: (lead, brand) → the question that would bring most, for the leads worth a call, at most [30] of a brand.

    completeness at least [40 %], not A yet, and the best possible score reaches the A line of the region; ordered by
    what one answer would bring, then by the best possible score.
    """
    rules = facts.settings.rules
    maxima = {c.name: c.maximum for c in facts.settings.criteria}
    worth: dict[str, list[tuple[float, float, str, str]]] = {}
    hopeful = leads[
        (leads["completeness"] >= rules.unrated_completeness)
        & (leads["system_class"] != "A")
        & (leads["score_high"] >= leads["line_a"])
        & ~leads["status"].isin(_DONE)
    ]
    for lead in dicts(hopeful):
        gains = [(maxima[name] - points, name) for name, answer, points, _ in lead["reasons"] if answer == "未知"]
        gains += [(0.0, name) for name, _, _, inferred in lead["reasons"] if inferred]
        if gains:
            gain, question = max(gains, key=lambda pair: pair[0])
            worth.setdefault(lead["brand"], []).append((-gain, -lead["score_high"], lead["lead"], question))
    return {
        (lead, brand): question
        for brand, mine in worth.items()
        for _, _, lead, question in sorted(mine)[: rules.call_limit]
    }


def _thanks(
    facts: Facts, leads: pd.DataFrame, referred: pd.DataFrame, standings: Mapping[tuple[str, str], Standing]
) -> list[Item]:
    """R7: thanks owed to a referrer, once: in the brand in which the referred lead came farthest."""
    sunday = facts.week.sunday.isoformat()
    owed = {r.lead: r for r in tuples(referred) if r.state in (THANKS_DUE, THANKS_LATE) and r.due <= sunday}
    farthest: dict[str, dict[str, Any]] = {}
    for lead in dicts(leads[leads["lead"].isin(list(owed))]):
        stage = standings.get((lead["lead"], lead["brand"]), Standing()).stage
        if lead["lead"] not in farthest or stage > farthest[lead["lead"]]["stage"]:
            farthest[lead["lead"]] = {**lead, "stage": stage}
    return [_item(lead, THANKS, owed[key].due, f"答谢 {owed[key].referrer}") for key, lead in farthest.items()]


def _problems(facts: Facts, leads: pd.DataFrame) -> list[Item]:
    """Chapter 7: complaints of the newest 回访 that are not solved, due by their 限期."""
    newest = {row.lead: row for row in facts.of("aftersales") if row.date <= facts.as_of.isoformat()}
    found = []
    for lead in dicts(leads[leads["lead"].isin(newest)]):
        row = newest[lead["lead"]]
        due = row.deadline or row.date
        if row.issue and row.solved != "是" and not row.solved_date and due <= facts.week.sunday.isoformat():
            found.append(_item(lead, PROBLEM, due, row.issue, row.responsible or lead["owner"]))
    return found
