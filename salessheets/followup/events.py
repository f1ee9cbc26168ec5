"""What the office did with each lead (manual chapters 3–8, R17): talks, visits, answers, follow-ups, plans.

A contact is something the office did: 洽谈, 回访, 拜访, 电话, 反馈, 跟进. A row that only carries the number and name of a
pre-filled form is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from salessheets.returned import DAILY, FOLLOW
from salessheets.rows import tuples

from .facts import Facts

TALK, AFTER, VISIT, CALL, ANSWER, FOLLOWED = "洽谈", "回访", "拜访", "电话", "反馈", "跟进"
WON, LOST = "成交", "失败"
SAID = "填写"  # the state of an entry in which a person chose the 跟进状态 himself
# status: the 跟进状态 it leads to ("" = none). brand_text: what the row says about the brand. order: newest last.
EVENT_COLUMNS = ["lead", "date", "kind", "person", "what", "status", "next_date", "next_what", "state", "amount",
                 "brand_text", "order"]  # fmt: skip
PLAN_COLUMNS = ["lead", "person", "date", "next_date", "next_what", "goal", "order"]
_STATUS_OF_TALK = {WON: "已成交", LOST: "暂缓"}
_STATUS_OF_ANSWER = {"有意向": "跟进中"}


def events(facts: Facts) -> pd.DataFrame:
    """Every contact up to the day: EVENT_COLUMNS, oldest first."""
    today = facts.as_of.isoformat()
    made = [*_talks(facts), *_visits(facts), *_calls(facts), *_answers(facts), *_typed(facts)]
    frame = pd.DataFrame(made, columns=EVENT_COLUMNS)
    frame = frame[(frame["date"] != "") & (frame["date"] <= today)]
    return frame.sort_values(["date", "order"], kind="stable").reset_index(drop=True)


def _event(row: Any, kind: str, date: str, person: str, what: str, **more: str) -> dict[str, Any]:
    order = getattr(row, "rid", "") or f"{row.number:05d}"
    blank = dict.fromkeys(("status", "next_date", "next_what", "state", "amount", "brand_text"), "")
    return {
        **blank,
        "lead": row.lead,
        "date": date,
        "kind": kind,
        "person": person,
        "what": what,
        "order": order,
        **more,
    }


def _talks(facts: Facts) -> Iterator[dict[str, Any]]:
    """洽谈记录表 and 回访记录表. The same talk handed in again in a newer file replaces the older."""
    talks = {
        (row.lead, row.date, row.talk_number): row
        for row in facts.of("negotiation")
        if row.talk_state or row.content or row.talk_date
    }
    for row in talks.values():
        closed = row.talk_state in (WON, LOST)
        yield _event(
            row, TALK, row.date, row.our_people or row.person, row.content,
            status=_STATUS_OF_TALK.get(row.talk_state, "已洽谈"), state=row.talk_state, amount=row.deal_amount,
            next_date="" if closed else row.next_talk_date, next_what="" if closed else row.next_step,
        )  # fmt: skip
    visits = {(row.lead, row.date): row for row in facts.of("aftersales") if row.visit_date or row.satisfaction}
    for row in visits.values():
        yield _event(
            row, AFTER, row.date, row.visitor or row.person, row.usage or row.issue, status="已成交",
            next_date=row.next_visit_date, next_what="回访" if row.next_visit_date else "", brand_text=row.deal_product,
        )  # fmt: skip


def _visits(facts: Facts) -> Iterator[dict[str, Any]]:
    for row in facts.of("visit_log"):
        yield _event(
            row, VISIT, row.date, row.rep or row.person, row.products, next_date=row.revisit_date,
            next_what="再访" if row.revisit_date else "", brand_text=row.brand_text,
        )  # fmt: skip


def _calls(facts: Facts) -> Iterator[dict[str, Any]]:
    for row in facts.of("analysis"):
        if row.phoned == "是":
            yield _event(row, CALL, row.phoned_date or row.date, row.analyst or row.person, "电话沟通")


def _answers(facts: Facts) -> Iterator[dict[str, Any]]:
    for row in facts.of("handover"):
        if row.result:
            date = row.handled_date or row.archived
            yield _event(
                row, ANSWER, date, row.handler or row.received_by or facts.head, row.result,
                status=_STATUS_OF_ANSWER.get(row.result, ""), next_date=row.next_date, next_what=row.next_step,
                brand_text=row.brand_text,
            )  # fmt: skip


def _typed(facts: Facts) -> Iterator[dict[str, Any]]:
    """What was typed into 日报 and 跟进表: one contact per lead, workbook and file."""
    mine = facts.edits[facts.edits["workbook"].str.startswith((DAILY, FOLLOW))]
    for (number, workbook, lead), cells in _groups(mine):
        told = dict(zip(cells["field"], cells["new"], strict=True))
        if not any(told.values()):
            continue
        row = _Typed(lead, number)
        daily = workbook.startswith(DAILY)
        person = told.get("handler") or facts.head if daily else follower(workbook)
        result = told.get("result", "")
        status = told.get("status") or _STATUS_OF_ANSWER.get(result, "跟进中" if result and not daily else "")
        day = (told.get("handled_date") if daily else "") or cells["day"].iloc[0]
        yield _event(
            row, ANSWER if daily else FOLLOWED, day, person, result or told.get("note", ""), status=status,
            next_date=told.get("next_date", ""), next_what=told.get("next_step", ""),
            state=SAID if told.get("status") else "",
        )  # fmt: skip


def _groups(edits: pd.DataFrame) -> Iterator[tuple[Any, pd.DataFrame]]:
    yield from edits.groupby(["number", "workbook", "lead"], sort=True)


class _Typed:
    def __init__(self, lead: str, number: int) -> None:
        self.lead, self.number = lead, number


def follower(workbook: str) -> str:
    """Whose 跟进表 this is: 跟进表_刘洋_2026-W47 → 刘洋."""
    return workbook.removeprefix(FOLLOW).rsplit("_", 1)[0]


def plans(facts: Facts) -> pd.DataFrame:
    """The newest 策略表 row of each lead, one line per step with a date: PLAN_COLUMNS. What has a 执行结果 is done."""
    newest = {row.lead: row for row in facts.of("strategy") if row.goal or row.approach or row.step1_date}
    lines = [
        {"lead": row.lead, "person": row.responsible or row.person, "date": row.date,
         "next_date": getattr(row, f"step{n}_date"), "next_what": getattr(row, f"step{n}") or row.goal,
         "goal": row.goal, "order": row.rid}
        for row in newest.values()
        if not row.outcome
        for n in (1, 2, 3)
        if getattr(row, f"step{n}_date")
    ]  # fmt: skip
    return pd.DataFrame(lines, columns=PLAN_COLUMNS)


def contacted_days(made: pd.DataFrame, *kinds: str) -> dict[str, list[str]]:
    """Lead → days of these kinds of contact, oldest first."""
    found: dict[str, list[str]] = {}
    for lead, date in tuples(made.loc[made["kind"].isin(kinds), ["lead", "date"]]):
        found.setdefault(lead, []).append(date)
    return found
