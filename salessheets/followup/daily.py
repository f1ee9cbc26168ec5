"""What the 销售部负责人 gets each working day (manual chapter 1, 2①③④): who is to be dealt with, and what is known of him.

New is what the archive first saw after the last 日报 of an earlier day; in an office without one, what is dated or was
handed in since the last working day. So no day is skipped, whenever it is run, and Monday covers the weekend.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from salessheets.returned import DAILY
from salessheets.rows import tuples
from salessheets.tables import TABLES

from . import handover
from .facts import Facts
from .handover import OPEN, OVERDUE
from .lists import FollowUp

# The yellow cells of 今日处理.
ANSWER_FIELDS = ("handler", "handled_date", "result", "next_step", "next_date")
TODAY_COLUMNS = ["urgent", "why", "lead", "person", "handed", "due", "late", "by", "new", "seen", "content", "channel",
                 "brand_text"]  # fmt: skip
PEOPLE_COLUMNS = ["person", "since", "missing", "overdue", "longest", "open"]
HANDED, REFERRED, UNHANDED, ANSWERED = "移交", "转介绍", "紧急未移交", "今天已填"
_SEEN = 4  # earlier sightings named of one customer
_SHORT = {"consult_log": "咨询", "handover": "移交", "directory": "名录", "referral": "转介绍", "visit_log": "陌拜"}


@dataclass(frozen=True)
class Day:
    """One day. since: the last working day before it. today: TODAY_COLUMNS, one line per lead, urgent ones first.
    people: PEOPLE_COLUMNS. lists: new rows of 客户名录表 (file owner, channel, rows, customers). matrix: as
    handover.form_matrix. new: how many leads were seen for the first time.
    """

    day: date
    since: date
    today: pd.DataFrame
    people: pd.DataFrame
    bought: pd.DataFrame
    matrix: pd.DataFrame
    new: int


def workbook_of(day: date) -> str:
    """The name under which the day's workbook is issued."""
    return f"{DAILY}{day.isoformat()}"


def day_of(facts: Facts, lists: FollowUp, before: int | None, typed: Mapping[tuple[str, str, str], str]) -> Day:
    """Everything for the day facts.as_of. before: last file of the last 日报 of an earlier day, None when there was none."""
    since = facts.days.preceding(facts.as_of)
    fresh = _fresh(facts, before, since)
    seen = _first_seen(facts)
    new = {lead for lead, rid in seen.items() if rid in fresh}
    today = _today(facts, lists, fresh, new, typed)
    return Day(
        facts.as_of, since, today, _people(facts, lists, since), _bought(facts, fresh),
        handover.form_matrix(facts, since), len(new),
    )  # fmt: skip


def _fresh(facts: Facts, before: int | None, since: date) -> set[str]:
    """Record numbers that are new since the last 日报."""
    rows = facts.sightings
    if before is not None:
        return set(rows["rid"][rows["number"] > before])
    return set(rows["rid"][rows["date"] >= since.isoformat()])


def _first_seen(facts: Facts) -> dict[str, str]:
    """Lead → its first record."""
    first = facts.sightings.sort_values(["number", "rid"], kind="stable").drop_duplicates("lead")
    return dict(zip(first["lead"], first["rid"], strict=True))


def _today(
    facts: Facts, lists: FollowUp, fresh: set[str], new: set[str], typed: Mapping[tuple[str, str, str], str]
) -> pd.DataFrame:
    """One line per lead that waits for an answer, that somebody recommended, or who is urgent and on no 移交表 yet."""
    book = workbook_of(facts.as_of)
    answered = {lead for lead, workbook, _ in typed if workbook == book}
    rows = {row.rid: row for table in ("handover", "referral", "consult_log", "visit_log") for row in facts.of(table)}
    lines: dict[str, dict[str, Any]] = {}

    def add(lead: str, rid: str, why: str, **more: Any) -> None:
        row = rows[rid]
        line = {
            "urgent": bool(row.urgent), "why": why, "lead": lead, "person": facts.head, "handed": row.date, "due": "",
            "late": 0, "by": row.person, "new": lead in new, "content": getattr(row, "content", "") or "",
            "channel": row.channel, "brand_text": row.brand_text, "rids": [rid], **more,
        }  # fmt: skip
        if lead in lines:
            old = lines[lead]
            old["urgent"], old["rids"] = old["urgent"] or line["urgent"], [*old["rids"], rid]
            old["due"] = min(filter(None, (old["due"], line["due"])), default="")
            old["late"] = max(old["late"], line["late"])
        else:
            lines[lead] = line

    for row in tuples(lists.feedback):
        typed_today = row.lead in answered and row.answered == facts.as_of.isoformat()
        if row.state in (OPEN, OVERDUE) or typed_today:
            late = row.late if row.state == OVERDUE else 0
            add(row.lead, row.rid, ANSWERED if typed_today else HANDED, person=row.person, handed=row.handed,
                due=row.due, late=late, by=row.by)  # fmt: skip
    for row in facts.of("referral"):
        if row.rid in fresh or row.lead in answered:
            add(row.lead, row.rid, ANSWERED if row.lead in answered else REFERRED)
    for row in tuples(lists.missed[lists.missed["urgent"].astype(bool)]):
        add(row.lead, row.rid, UNHANDED, by=row.person)
    known = _known(facts, lists)
    made = pd.DataFrame(
        [{**line, "seen": _told(known.get(line["lead"], ()), line["rids"])} for line in lines.values()],
        columns=TODAY_COLUMNS,
    )
    order = made.assign(calm=~made["urgent"].astype(bool), ago=-made["late"].astype("int64"))
    ordered = order.sort_values(["calm", "ago", "due", "handed", "lead"], kind="stable")
    return made.loc[ordered.index].reset_index(drop=True)


def _known(facts: Facts, lists: FollowUp) -> dict[str, list[tuple[str, str, str]]]:
    """Lead → (day, record number or "", what happened), oldest first: by whom he was seen, what was done with him."""
    known: dict[str, list[tuple[str, str, str]]] = {}
    columns = ("lead", "date", "rid", "person", "table")
    for lead, day, rid, person, table in zip(*(facts.sightings[c] for c in columns), strict=True):
        known.setdefault(lead, []).append((day, rid, f"{_day(day)} {person or '不明'} {_SHORT[table]}"))
    for row in tuples(lists.events):
        if row.kind not in ("拜访", "反馈"):
            known.setdefault(row.lead, []).append((row.date, "", f"{_day(row.date)} {row.person} {row.kind}"))
    return {lead: sorted(told) for lead, told in known.items()}


def _told(known: Sequence[tuple[str, str, str]], own: Sequence[str]) -> str:
    """What happened with him besides the row in question; the newest ones when it was much."""
    texts = list(dict.fromkeys(text for _, rid, text in known if rid not in own))
    more = f"共 {len(texts)} 次\uff0c最近\uff1a" if len(texts) > _SEEN else ""
    return more + "\uff1b".join(texts[-_SEEN:])


def _day(day: str) -> str:
    return day[5:]


def _people(facts: Facts, lists: FollowUp, since: date) -> pd.DataFrame:
    """Who owes feedback: since (handed over on or after the last working day), missing of those, overdue, longest, open."""
    lines = []
    for person, mine in lists.feedback.groupby("person", sort=True):
        fresh = mine[mine["handed"] >= since.isoformat()]
        overdue = mine[mine["state"] == OVERDUE]
        waiting = mine[mine["state"] == OPEN]
        if len(fresh) or len(overdue) or len(waiting):
            missing = int(fresh["state"].isin((OPEN, OVERDUE)).sum())
            longest = int(overdue["late"].max()) if len(overdue) else 0
            lines.append((person, len(fresh), missing, len(overdue), longest, len(waiting)))
    del facts
    return pd.DataFrame(lines, columns=PEOPLE_COLUMNS)


def _bought(facts: Facts, fresh: set[str]) -> pd.DataFrame:
    """New rows of 客户名录表: they are too many for a list; person, number (file), rows, leads."""
    rows = facts.sightings
    mine = rows[(rows["table"] == "directory") & rows["rid"].isin(fresh)]
    made = mine.groupby(["number", "person"], sort=True).agg(rows=("rid", "size"), leads=("lead", "nunique"))
    return made.reset_index()[["person", "number", "rows", "leads"]]


assert set(_SHORT) == {key for key, table in TABLES.items() if table.intake}
