"""What the rules say about a quarter, in plain Python, written from workflow.md and docs/following.md.

It knows nothing of the program: it reads the diary of what the invented staff did (quarter.py) and a day, and names
customers by their identity. ``holidays`` is a set of the days on which the office does not work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

ONE = timedelta(days=1)


@dataclass
class Diary:
    """Everything that was written down, each entry a dict with ``day`` and the customer ``who``."""

    consults: list[dict[str, Any]] = field(default_factory=list)  # clerk, urgent
    forms: list[dict[str, Any]] = field(default_factory=list)  # day, clerk, rows
    handed: list[dict[str, Any]] = field(default_factory=list)  # day = 移交日期, obtained, urgent, recorded, clerk
    feedback: list[dict[str, Any]] = field(default_factory=list)  # of (handed day, who): day, result, next
    visits: list[dict[str, Any]] = field(default_factory=list)  # rep, revisit
    referrals: list[dict[str, Any]] = field(default_factory=list)  # referrer
    talks: list[dict[str, Any]] = field(default_factory=list)  # rep, state, next
    after: list[dict[str, Any]] = field(default_factory=list)  # next, issue, deadline, solved
    thanks: list[dict[str, Any]] = field(default_factory=list)  # who, done
    plans: list[dict[str, Any]] = field(default_factory=list)  # steps
    owners: list[dict[str, Any]] = field(default_factory=list)  # day typed, owner
    materials: list[dict[str, Any]] = field(default_factory=list)  # id, until
    clerks: tuple[str, ...] = ()
    away: list[tuple[str, date]] = field(default_factory=list)
    works: Callable[[date], bool] = lambda day: day.weekday() < 5

    def next_working_day(self, day: date) -> date:
        day += ONE
        while not self.works(day):
            day += ONE
        return day

    def until(self, name: str, today: date) -> list[dict[str, Any]]:
        return [e for e in getattr(self, name) if e["day"] <= today]


def matrix(diary: Diary, monday: date, today: date, *, over: bool) -> dict[tuple[str, date], str]:
    """R1."""
    told = {}
    for n in range(7):
        day = monday + ONE * n
        if day > today or not diary.works(day):
            continue
        for clerk in diary.clerks:
            forms = [f for f in diary.forms if f["day"] == day and f["clerk"] == clerk]
            if forms:
                mark = "✓" if sum(f["rows"] for f in forms) else "0"
            elif (clerk, day) in diary.away:
                mark = "假"
            else:
                mark = "待交" if day == today and not over else "缺"
            told[clerk, day] = mark
    return told


def missed(diary: Diary, today: date) -> set[tuple[str, date, str]]:
    """R2 and R8: (who, day, kind) that no 移交表 row speaks of. One identity has one phone, so identity stands for it."""
    result = set()
    for who in {e["who"] for e in (*diary.until("consults", today), *diary.until("visits", today))}:
        handed = [h for h in diary.until("handed", today) if h["who"] == who]
        days = sorted(
            [(e["day"], "漏移交") for e in diary.until("consults", today) if e["who"] == who]
            + [(e["day"], "陌拜未移交") for e in diary.until("visits", today) if e["who"] == who]
        )
        spoken_for: dict[int, date] = {}
        for day, _ in days:
            for at, h in enumerate(handed):
                if (h["obtained"] or h["day"]) == day:
                    spoken_for[at] = day
        for day, kind in days:
            if day in spoken_for.values() and any((h["obtained"] or h["day"]) == day for h in handed):
                continue
            last = date.max if kind == "陌拜未移交" else diary.next_working_day(day)
            free = [
                (h["obtained"] or date.min, h["day"], at) for at, h in enumerate(handed)
                if spoken_for.get(at, day) == day and any(d and day <= d <= last for d in (h["obtained"], h["day"]))
            ]  # fmt: skip
            if free:
                spoken_for[min(free)[2]] = day
            else:
                result.add((who, day, kind))
    return result


def contacts(diary: Diary, who: str, today: date) -> list[dict[str, Any]]:
    """Everything the office did with him, oldest first: day, kind, next (None: says nothing), state."""
    found = [{"day": t["day"], "kind": "洽谈", "next": t["next"], "state": t["state"], "person": t["rep"]}
             for t in diary.until("talks", today) if t["who"] == who]  # fmt: skip
    found += [
        {"day": a["day"], "kind": "回访", "next": a["next"], "state": ""}
        for a in diary.until("after", today)
        if a["who"] == who
    ]
    found += [
        {"day": v["day"], "kind": "拜访", "next": v["revisit"], "state": ""}
        for v in diary.until("visits", today)
        if v["who"] == who
    ]
    found += [{"day": f["day"], "kind": "反馈", "next": f["next"], "state": "", "result": f["result"]}
              for f in diary.until("feedback", today) if f["who"] == who]  # fmt: skip
    return sorted(found, key=lambda e: e["day"])


def feedback(diary: Diary, today: date) -> dict[tuple[str, date], tuple[str, int]]:
    """R4: (who, 移交日期) → (state, working days late)."""
    told = {}
    for h in diary.until("handed", today):
        due = diary.next_working_day(h["day"])
        answers = [f["day"] for f in diary.until("feedback", today) if (f["who"], f["handed"]) == (h["who"], h["day"])]
        answers += [
            e["day"]
            for e in contacts(diary, h["who"], today)
            if e["kind"] in ("洽谈", "回访", "反馈") and e["day"] >= h["day"]
        ]
        answered = min(answers, default=None)
        end, late, day = answered or today, 0, due
        while day < end:
            day += ONE
            late += diary.works(day)
        told[h["who"], h["day"]] = (
            ("迟反馈" if late else "按时", late) if answered else ("逾期未反馈" if late else "待反馈", late)
        )
    return told


def unrecorded(diary: Diary, today: date) -> set[tuple[str, date]]:
    """R3."""
    return {(h["who"], h["day"]) for h in diary.until("handed", today) if h["urgent"] and not h["recorded"]}


def thanks(diary: Diary, today: date) -> dict[str, tuple[str, str]]:
    """R6, R7: referred customer → (referrer who counts, state of the thanks)."""
    told = {}
    for who in {r["who"] for r in diary.until("referrals", today)}:
        first = min((r for r in diary.until("referrals", today) if r["who"] == who), key=lambda r: r["day"])
        won = [t["day"] for t in diary.until("talks", today) if t["who"] == who and t["state"] == "成交"]
        done = any(t["who"] == who for t in diary.until("thanks", today))
        state = "" if not won else "待答谢" if today <= min(won) + ONE * 7 else "逾期"
        told[who] = (first["referrer"], "已答谢" if done else state)
    return told


def collisions(diary: Diary, today: date) -> set[tuple[str, str, str]]:
    """R6: (who, the earlier one, the later one)."""
    found = set()
    for entries, name in ((diary.until("referrals", today), "referrer"), (diary.until("visits", today), "rep")):
        for who in {e["who"] for e in entries}:
            first: dict[str, date] = {}
            for e in sorted((e for e in entries if e["who"] == who), key=lambda e: e["day"]):
                first.setdefault(e[name], e["day"])
            winner, *others = first
            found |= {(who, winner, other) for other in others}
    for who in {v["who"] for v in diary.until("visits", today)}:
        owner, since = owner_of(diary, who, today)
        visits = [v for v in diary.until("visits", today) if v["who"] == who]
        if owner and owner not in {v["rep"] for v in visits}:
            # what counts is the day of a rep's first visit
            first = {}
            for v in sorted(visits, key=lambda v: v["day"]):
                first.setdefault(v["rep"], v["day"])
            found |= {(who, owner, rep) for rep, day in first.items() if day > since}
    return found


def owner_of(diary: Diary, who: str, today: date) -> tuple[str, date]:
    """The present 跟进人 and since when."""
    mine = [o for o in diary.until("owners", today) if o["who"] == who]
    return (mine[-1]["owner"], mine[-1]["day"]) if mine else ("", date.min)


def status_and_next(diary: Diary, who: str, today: date) -> tuple[str, date | None]:
    """R17, without entries of a director."""
    status, planned, last = "", None, date.min
    for e in contacts(diary, who, today):
        new = {"洽谈": {"成交": "已成交", "失败": "暂缓"}.get(e["state"], "已洽谈"), "回访": "已成交"}.get(
            e["kind"], ""
        )
        if e["kind"] == "反馈" and e["result"] == "有意向":
            new = "跟进中"
        if new and (status != "已成交" or new == "已成交"):
            status = new
        if e["next"]:
            planned = e["next"]
        elif e["state"] in ("成交", "失败") or (planned and planned <= e["day"]):
            planned = None
        last = e["day"]
    plans = [p for p in diary.until("plans", today) if p["who"] == who]
    if plans and planned is None and status not in ("已成交", "暂缓"):
        steps = [day for day in sorted(plans[-1]["steps"]) if day > last]
        planned = steps[0] if steps else None
    return status, planned


def due(diary: Diary, who: str, today: date, sunday: date, class_of: str) -> set[str]:
    """The reasons for which a customer with a brand stands on 本周待办, without 待电话核实 (its oracle is the score)."""
    reasons = set()
    status, planned = status_and_next(diary, who, today)
    done = contacts(diary, who, today)
    owner, since = owner_of(diary, who, today)
    urgent = [
        e["day"] for name in ("consults", "handed") for e in diary.until(name, today) if e["who"] == who and e["urgent"]
    ]
    urgent_days = [h["obtained"] or h["day"] for h in diary.until("handed", today) if h["who"] == who and h["urgent"]]
    urgent_days += [c["day"] for c in diary.until("consults", today) if c["who"] == who and c["urgent"]]
    if urgent and status not in ("已成交", "暂缓", "放弃") and not any(e["day"] >= max(urgent_days) for e in done):
        reasons.add("紧急")
    if planned and planned <= sunday:
        reasons.add("已逾期" if planned < today else "本周到期")
    calls = sorted(c["day"] for c in diary.until("consults", today) if c["who"] == who)
    monday = sunday - ONE * 6
    sightings = [
        e["day"] for name in ("consults", "visits", "referrals") for e in diary.until(name, today) if e["who"] == who
    ]
    sightings += [h["obtained"] or h["day"] for h in diary.until("handed", today) if h["who"] == who]
    called = bool(calls) and calls[-1] >= monday and min(sightings) < calls[-1] and since <= calls[-1]
    if owner and called and not any(e["day"] >= calls[-1] for e in done):
        reasons.add("再次来电")
    every = {"A": 3, "B": 7, "C": 30}.get(class_of)
    if owner and every and not planned and status not in ("已成交", "暂缓"):
        last = max([since, *(e["day"] for e in done)])
        if last + ONE * every <= sunday:
            reasons.add("定期提醒")
    if thanks(diary, today).get(who, ("", ""))[1] in ("待答谢", "逾期"):
        won = min(t["day"] for t in diary.until("talks", today) if t["who"] == who and t["state"] == "成交")
        if won + ONE * 7 <= sunday:
            reasons.add("待答谢")
    after = [a for a in diary.until("after", today) if a["who"] == who]
    if after:
        newest = max(after, key=lambda a: a["day"])
        if newest["issue"] and not newest["solved"] and newest["deadline"] <= sunday:
            reasons.add("售后未解决")
    plan_days = [p["day"] for p in diary.until("plans", today) if p["who"] == who]
    touched = max([since, *(e["day"] for e in done), *plan_days])
    if owner and not (planned and planned >= today) and status != "已成交" and touched + ONE * 60 <= today:
        reasons.add("可回收")
    return reasons


def expiring(diary: Diary, today: date) -> set[str]:
    """R17: materials."""
    return {m["id"] for m in diary.until("materials", today) if m["until"] and m["until"] <= today + ONE * 30}


def stage(diary: Diary, who: str, today: date) -> int:
    """How far he came: 0, 跟进, 洽谈, 成交."""
    reached = [0]
    for e in contacts(diary, who, today):
        if e["kind"] == "洽谈":
            reached.append(3 if e["state"] == "成交" else 2)
        elif e["kind"] == "回访":
            reached.append(3)
        elif e["kind"] == "反馈":
            reached.append(1)
    return max(reached)


def everybody(diary: Diary, today: date) -> set[str]:
    """Customers of whom anything was written down."""
    names: Iterable[str] = ("consults", "visits", "referrals", "handed")
    return {e["who"] for name in names for e in diary.until(name, today)}
