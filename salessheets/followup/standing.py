"""Where each lead of each brand stands (R17): stage, status, next date, and who was last in touch.

The newest statement wins, whether a director typed it or a sheet of chapters 3–8 says it: a talk after his entry moves
the status and the next date on, an older talk handed in late does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from salessheets.brands import resolve
from salessheets.returned import DAILY, FOLLOW
from salessheets.rows import dicts, tuples

from .events import LOST, SAID, TALK, VISIT, WON
from .facts import Facts

NOBODY, FOLLOWING, TALKED, SIGNED = range(4)  # stages of the funnel
STAGES = ("未跟进", "已跟进", "已洽谈", "已成交")
_DONE = "已成交"
STAGE_OF_STATUS = {"跟进中": FOLLOWING, "已洽谈": TALKED, _DONE: SIGNED}
# (status, whether a person chose the new one) → what does not take its place: who has signed is a customer, and an
# answer to a newer enquiry does not undo a talk.
_FINAL = ("未跟进", "跟进中", "已洽谈", "暂缓", "放弃")
_KEEPS = {(_DONE, True): _FINAL, (_DONE, False): _FINAL, ("已洽谈", False): ("跟进中",)}
Key = tuple[str, str]  # lead, brand
Typed = Mapping[tuple[str, str, str], str]  # (lead, brand, field) → value


@dataclass
class Standing:
    """One lead of one brand. Days are ISO, "" when there is none. contact: the newest contact. touched: the newest day on
    which anybody worked on him, a director's entry included. assigned: when the present 跟进人 got him. won: first 成交.
    """

    status: str = ""
    stage: int = NOBODY
    next_date: str = ""
    next_what: str = ""
    contact: str = ""
    touched: str = ""
    assigned: str = ""
    won: str = ""


def standings(
    facts: Facts, made: pd.DataFrame, plans: pd.DataFrame, brands_of: Mapping[str, Sequence[str]], typed: Typed
) -> dict[Key, Standing]:
    """Every lead × brand that somebody did or typed something about. made, plans: events.events and events.plans."""
    found: dict[Key, Standing] = {}
    entries = _entries(facts, typed, found)
    for event, brands in zip(dicts(made), _brands(made, facts, brands_of, typed), strict=True):
        for brand in brands:
            entries.append((event["date"], 0, event["order"], event["lead"], brand, event))
    for _, _, _, lead, brand, entry in sorted(entries, key=lambda entry: entry[:5]):
        _apply(found.setdefault((lead, brand), Standing()), entry)
    _plan(found, plans, brands_of, facts)
    return found


def _entries(facts: Facts, typed: Typed, found: dict[Key, Standing]) -> list[tuple[Any, ...]]:
    """A director's entries as statements, in the order in which the archive saw them."""
    entries: list[tuple[Any, ...]] = []
    mine = facts.edits[~facts.edits["workbook"].str.startswith((DAILY, FOLLOW))]
    for row in tuples(mine):
        if row.field not in ("status", "next_date", "first_due", "owner", "result", "note", "manual_class"):
            continue
        entry = {"kind": "总监", "date": row.day, row.field: row.new}
        entries.append((row.day, 1, f"{row.number:05d}", row.lead, row.workbook, entry))
        standing = found.setdefault((row.lead, row.workbook), Standing())
        if row.field == "owner" and row.new == typed.get((row.lead, row.workbook, "owner"), ""):
            standing.assigned = row.day
    return entries


def _apply(standing: Standing, entry: Mapping[str, Any]) -> None:
    """One statement on top of the older ones."""
    day = entry["date"]
    standing.touched = max(standing.touched, day)
    if entry["kind"] == "总监":
        if "status" in entry:
            standing.status = entry["status"]
            standing.stage = max(standing.stage, STAGE_OF_STATUS.get(entry["status"], NOBODY))
            if entry["status"] == _DONE:
                standing.won = standing.won or day
        if "next_date" in entry:
            standing.next_date, standing.next_what = entry["next_date"], ""
        return
    standing.contact = day
    status = entry["status"]
    if status and status not in _KEEPS.get((standing.status, entry["state"] == SAID), ()):
        standing.status = status
    signed = status == _DONE
    # The visit that found a customer is no follow-up of him yet.
    reached = SIGNED if signed else {TALK: TALKED, VISIT: NOBODY}.get(entry["kind"], FOLLOWING)
    standing.stage = max(standing.stage, reached)
    if entry["state"] == WON:
        standing.won = standing.won or day
    # A contact that says nothing about the next one settles what was planned up to its day, not what is planned later.
    if entry["next_date"]:
        standing.next_date, standing.next_what = entry["next_date"], entry["next_what"]
    elif entry["state"] in (WON, LOST) or standing.next_date <= day:
        standing.next_date = standing.next_what = ""


def _plan(
    found: dict[Key, Standing], plans: pd.DataFrame, brands_of: Mapping[str, Sequence[str]], facts: Facts
) -> None:
    """Where nothing else is planned: the first step of 策略表 after the last contact."""
    for row in tuples(plans.sort_values(["lead", "next_date"], kind="stable")):
        for brand in brands_of.get(row.lead, ()):
            standing = found.setdefault((row.lead, brand), Standing())
            standing.touched = max(standing.touched, min(row.date, facts.as_of.isoformat()))
            open_step = row.next_date > standing.contact and standing.status not in (_DONE, "放弃", "暂缓")
            if open_step and not standing.next_date:
                standing.next_date, standing.next_what = row.next_date, row.next_what


def _brands(
    made: pd.DataFrame, facts: Facts, brands_of: Mapping[str, Sequence[str]], typed: Typed
) -> Iterable[Sequence[str]]:
    """The brands each event is about: those it names; else those whose 跟进人 took part; else all of the lead's ("" when
    nobody knows any: he was served all the same).
    """
    named = resolve(made["brand_text"], facts.settings, facts.as_of)["brands"] if len(made) else ()
    for lead, person, said in zip(made["lead"], made["person"], named, strict=True):
        every = brands_of.get(lead, ())
        fitting = [brand for brand in every if brand in said]
        own = [b for b in every if (owner := typed.get((lead, b, "owner"), "")) and owner in str(person)]
        yield fitting or own or every or ("",)


def overlay(typed: Typed, found: Mapping[Key, Standing]) -> dict[tuple[str, str, str], str]:
    """What 有效客户名单 shows: typed values, with status and next date where a newer sheet has moved them on."""
    result = dict(typed)
    for (lead, brand), standing in found.items():
        for name, value in (("status", standing.status), ("next_date", standing.next_date)):
            if value or (lead, brand, name) in typed:
                result[lead, brand, name] = value
    return result
