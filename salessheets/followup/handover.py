"""The daily hand-over (manual chapter 1, 2①③④ and ④③④): R1–R4 and R8.

客服 hand in a 移交表 each working day; every consultation and every visit must be on one; the sales department answers
on the next working day; who is urgent may be served first and written down afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from .facts import CLERK_ROLE, Facts

HANDED, EMPTY, MISSING, AWAY, TODAY = "✓", "0", "缺", "假", "待交"
MISSED_LOG, MISSED_VISIT = "漏移交", "陌拜未移交"
OPEN, OVERDUE, ON_TIME, LATE = "待反馈", "逾期未反馈", "按时", "迟反馈"
MISSED_COLUMNS = ["rid", "lead", "kind", "date", "person", "name", "contact", "company", "urgent", "brand_text",
                  "content", "claimed", "age"]  # fmt: skip
FEEDBACK_COLUMNS = ["rid", "lead", "person", "by", "handed", "due", "urgent", "answered", "state", "late", "name",
                    "contact", "content"]  # fmt: skip
_CUSTOMER = ("name", "title", "phone", "wechat", "qq", "company", "province", "city", "county", "township", "address")
DRAFT_COLUMNS = ["clerk", "rid", *_CUSTOMER, "channel", "source_detail", "obtained_date", "brand", "product", "content",
                 "urgent"]  # fmt: skip


def form_matrix(facts: Facts, first: date | None = None) -> pd.DataFrame:
    """R1: person × working day from ``first`` (the week's Monday) up to the day: person, then one column per ISO day.

    ✓ a form with customers · 0 an empty form · 缺 none · 假 on leave · 待交 today's is not due before the evening. Rows:
    the 客服 of 设置, then whoever else handed in a form in this week.
    """
    last = min(facts.as_of, facts.week.sunday)
    days = [day.isoformat() for day in facts.days.between(first or facts.week.monday, last)]
    size: dict[tuple[str, str], int] = {}
    for person, day, rows in facts.forms[["person", "day", "rows"]].to_numpy():
        size[person, day] = size.get((person, day), 0) + int(rows)
    others = sorted({person for person, day in size if day in days} - set(facts.staff(CLERK_ROLE)) - {""})
    lines = []
    for person in (*facts.staff(CLERK_ROLE), *others):
        cells = {}
        for day in days:
            if (person, day) in size:
                cells[day] = HANDED if size[person, day] else EMPTY
            elif facts.days.away(date.fromisoformat(day), person):
                cells[day] = AWAY
            elif person in others:
                cells[day] = ""
            else:
                cells[day] = TODAY if day == facts.as_of.isoformat() and facts.as_of < facts.week.sunday else MISSING
        lines.append({"person": person, **cells})
    return pd.DataFrame(lines, columns=["person", *days])


def missed(facts: Facts) -> pd.DataFrame:
    """R2, R8: rows of 咨询记录本 and 登记本 up to the day that no 移交表 covers: MISSED_COLUMNS, urgent ones first.

    Covered: the row shares a phone, WeChat or QQ with a 移交表 row of the same 获取日期 (移交日期 where it has none); else
    with one that covers no other day and whose 获取日期 or 移交日期 lies between that day and the next working day (for
    visits: not before that day). Several rows of one customer on one day need one 移交表 row.
    """
    today = facts.as_of.isoformat()
    holders: dict[str, list[int]] = {}
    given = []
    handed = [row for row in facts.of("handover") if (row.handover_date or row.obtained_date or row.date) <= today]
    for at, row in enumerate(handed):
        given.append((row.obtained_date, row.handover_date or row.archived))
        for contact in contacts(row):
            holders.setdefault(contact, []).append(at)
    covers: dict[int, str] = {}  # position of the 移交表 row → the day it speaks of
    waiting = []
    rows = [row for row in (*facts.of("consult_log"), *facts.of("visit_log")) if row.date <= today]
    for row in sorted(rows, key=lambda row: (row.date, row.number, row.sheet, row.row)):
        fitting = _fitting(row, holders)
        same = [at for at in fitting if (given[at][0] or given[at][1]) == row.date]
        if same:
            covers.update(dict.fromkeys(same, row.date))
        else:
            waiting.append((row, fitting))
    lines = []
    for row, fitting in waiting:
        last = "9" if row.table == "visit_log" else facts.days.following(date.fromisoformat(row.date)).isoformat()
        free = [
            at for at in fitting
            if covers.get(at, row.date) == row.date and any(row.date <= day <= last for day in given[at] if day)
        ]  # fmt: skip
        if free:
            covers[min(free, key=lambda at: given[at])] = row.date
        else:
            lines.append(_missed_line(row, facts))
    made = pd.DataFrame(lines, columns=MISSED_COLUMNS)
    order = made.assign(calm=~made["urgent"].astype(bool)).sort_values(["calm", "date", "rid"], kind="stable")
    return made.loc[order.index].reset_index(drop=True)


def _fitting(row: Any, holders: Mapping[str, list[int]]) -> list[int]:
    return sorted({at for contact in contacts(row) for at in holders.get(contact, ())})


def _missed_line(row: Any, facts: Facts) -> dict[str, Any]:
    visit = row.table == "visit_log"
    return {
        "rid": row.rid, "lead": row.lead, "kind": MISSED_VISIT if visit else MISSED_LOG, "date": row.date,
        "person": writer(row), "name": row.name, "contact": contact_text(row),
        "company": row.company, "urgent": bool(row.urgent), "brand_text": row.brand_text,
        "content": _told(row) if visit else row.content, "claimed": "" if visit else row.handed_date,
        "age": (facts.as_of - date.fromisoformat(row.date)).days,
    }  # fmt: skip


def drafts(facts: Facts, missed_rows: pd.DataFrame) -> pd.DataFrame:
    """R2, R8: a 移交表 row for each of these rows, so that nobody types twice: DRAFT_COLUMNS, by clerk.

    clerk: who wrote the log row; for visits the 客服 who collect them (the first one of 设置).
    """
    clerks = facts.staff(CLERK_ROLE)
    wanted = set(missed_rows["rid"])
    lines = []
    for row in (*facts.of("consult_log"), *facts.of("visit_log")):
        if row.rid not in wanted:
            continue
        visit = row.table == "visit_log"
        who = writer(row)
        lines.append({
            **{field: getattr(row, field) for field in _CUSTOMER},
            "clerk": who if who in clerks else next(iter(clerks), who), "rid": row.rid,
            "channel": "陌生拜访" if visit else "网络咨询",
            "source_detail": f"{who}拜访" if visit else row.contact_way,
            "obtained_date": row.date, "brand": row.brand, "product": row.product,
            "content": _told(row) if visit else row.content, "urgent": "是" if row.urgent else "否",
        })  # fmt: skip
    made = pd.DataFrame(lines, columns=DRAFT_COLUMNS)
    return made.sort_values(["clerk", "obtained_date", "rid"], kind="stable").reset_index(drop=True)


def _told(row: Any) -> str:
    """A visit in one sentence, for 客户情况."""
    parts = [row.products, f"态度{row.attitude}" if row.attitude else "", f"意向{row.intent}" if row.intent else "",
             row.note]  # fmt: skip
    return "\uff0c".join(part for part in parts if part) or "陌生拜访"


def feedback(facts: Facts, contacted: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """R4: one line per 移交表 row: who owes the answer, when it is due, and whether and when it came: FEEDBACK_COLUMNS.

    contacted: lead → the days on which the office dealt with him otherwise (洽谈, 跟进表, 日报). The answer is the first
    of 处理结果 on the form (处理日期, else the day that version was handed in) and such a day not before the hand-over.
    """
    lines = []
    today = facts.as_of.isoformat()
    for row in facts.of("handover"):
        handed = row.handover_date or row.obtained_date or row.date
        if handed > today:
            continue
        due = facts.days.due(date.fromisoformat(handed)).isoformat()
        answers = [day for day in contacted.get(row.lead, ()) if handed <= day <= today]
        if row.result and (row.handled_date or row.archived) <= today:
            answers.append(row.handled_date or row.archived)
        answered = min(answers, default="")
        # Once the due day is over the answer is late, also on the days off that follow it.
        late = facts.days.late(date.fromisoformat(due), date.fromisoformat(answered or today))
        late = max(late, 1) if (answered or today) > due else 0
        state = (LATE if late else ON_TIME) if answered else (OVERDUE if late else OPEN)
        lines.append({
            "rid": row.rid, "lead": row.lead, "person": row.handler or row.received_by or facts.head,
            "by": row.handover_by or row.person, "handed": handed, "due": due, "urgent": bool(row.urgent),
            "answered": answered, "state": state, "late": late, "name": row.name or row.company,
            "contact": contact_text(row), "content": row.content,
        })  # fmt: skip
    return pd.DataFrame(lines, columns=FEEDBACK_COLUMNS)


def by_person(facts: Facts, answers: pd.DataFrame) -> pd.DataFrame:
    """R4: person, due (in this week), on_time, late (answered too late), overdue (all that are open and late), open,
    longest (days late of those), rate (on time in due; NaN when none was due). answers: feedback's frame.
    """
    monday, last = facts.week.monday.isoformat(), min(facts.as_of, facts.week.sunday).isoformat()
    lines = []
    for person, mine in answers.groupby("person", sort=True):
        due = mine[(mine["due"] >= monday) & (mine["due"] <= last)]
        settled = due[(due["state"] != OPEN)]
        overdue = mine[mine["state"] == OVERDUE]
        on_time = int((settled["state"] == ON_TIME).sum())
        lines.append({
            "person": person, "due": len(settled), "on_time": on_time, "late": int((due["state"] == LATE).sum()),
            "overdue": len(overdue), "open": int((mine["state"] == OPEN).sum()),
            "longest": int(overdue["late"].max()) if len(overdue) else 0,
            "rate": on_time / len(settled) if len(settled) else float("nan"),
        })  # fmt: skip
    columns = ["person", "due", "on_time", "late", "overdue", "open", "longest", "rate"]
    return pd.DataFrame(lines, columns=columns)


def unrecorded(facts: Facts) -> pd.DataFrame:
    """R3: urgent customers of 移交表 without 补记日期: a reminder, never a block. rid, lead, date, person, name, contact,
    action (紧急先行处理).
    """
    lines = [
        {"rid": row.rid, "lead": row.lead, "date": row.handover_date or row.date, "person": row.handover_by or row.person,
         "name": row.name or row.company, "contact": contact_text(row), "action": row.urgent_action}
        for row in facts.of("handover")
        if row.urgent and not row.recorded_date and (row.handover_date or row.date) <= facts.as_of.isoformat()
    ]  # fmt: skip
    return pd.DataFrame(lines, columns=["rid", "lead", "date", "person", "name", "contact", "action"])


def writer(row: Any) -> str:
    """Who wrote a row of 咨询记录本 or 登记本: the name in the row, else whose folder it came from."""
    return str((row.rep if row.table == "visit_log" else row.clerk) or row.person)


def contacts(row: Any) -> set[str]:
    """Everything one could be reached by."""
    return {*row.mobiles, *row.landlines, *row.hotlines, row.wechat, row.qq} - {""}


def contact_text(row: Any) -> str:
    """The contact to show: phone, else WeChat, else QQ."""
    return "、".join((*row.mobiles, *row.landlines, *row.hotlines)) or row.wechat or row.qq
