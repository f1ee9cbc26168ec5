"""Referrals (manual chapter 1, 2③; chapter 8): who recommended whom, two who recommend one (R6), thanks owed (R7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

from salessheets.rows import tuples

from .events import TALK, WON
from .facts import REP_ROLE, Facts
from .standing import Standing

THANKS_DUE, THANKS_LATE, THANKED, NO_THANKS = "待答谢", "逾期", "已答谢", "无需"
REFERRAL_COLUMNS = ["lead", "rid", "referrer", "referrer_phone", "referrer_lead", "way", "date", "entrusted_by", "others",
                    "success", "success_date", "due", "state", "thanked"]  # fmt: skip
COLLISION_COLUMNS = ["lead", "kind", "first", "first_date", "other", "other_date"]
BY_REFERRERS, BY_REPS, BY_OWNER = "两个转介绍人", "两个业务代表", "拜访了别人的客户"


def referrals(facts: Facts, made: pd.DataFrame, standings: Mapping[Any, Standing]) -> pd.DataFrame:
    """One line per referred lead, the earliest referrer first: REFERRAL_COLUMNS.

    referrer_lead: the referrer's own 客户编号, by 转介绍人客户编号, else by his phone when it belongs to one lead. others:
    later referrers, with their day. success: what of [规则 推荐成功标准] was reached, "" before. state: "" before success.
    """
    today = facts.as_of.isoformat()
    by_lead: dict[str, list[Any]] = {}
    for row in facts.of("referral"):
        if row.referrer and row.date <= today:
            by_lead.setdefault(row.lead, []).append(row)
    numbers, phones = _known(facts)
    wins = _successes(facts, made, standings)
    thanks = _thanks(facts)
    days = timedelta(days=facts.settings.rules.thanks_days)
    lines = []
    for lead in sorted(by_lead.keys() | thanks.keys()):
        rows = by_lead.get(lead, [])
        mine = thanks.get(lead)
        first: Any = rows[0] if rows else mine
        others = dict.fromkeys(f"{r.referrer} {r.date}" for r in rows[1:] if not _same(r, first))
        success, won = wins.get(lead, ("", ""))
        if mine is not None and (not won or mine.success_date):
            success, won = mine.success or success, mine.success_date or won
        due = (date.fromisoformat(won) + days).isoformat() if won else ""
        lines.append({
            "lead": lead, "rid": first.rid, "referrer": first.referrer, "referrer_phone": first.referrer_phone,
            "referrer_lead": _referrer(first, numbers, phones), "way": first.referral_way if rows else "",
            "date": first.date, "entrusted_by": first.entrusted_by if rows else "", "others": "\uff1b".join(others),
            "success": success, "success_date": won, "due": due, "state": _state(mine, due, today),
            "thanked": mine.thanked_date if mine is not None else "",
        })  # fmt: skip
    return pd.DataFrame(lines, columns=REFERRAL_COLUMNS)


def _state(thanks: Any, due: str, today: str) -> str:
    if thanks is not None and (thanks.state == NO_THANKS):
        return NO_THANKS
    # A finished week does not know yet of thanks given after its Sunday.
    if thanks is not None and (thanks.thanked_date <= today if thanks.thanked_date else thanks.state == THANKED):
        return THANKED
    if not due:
        return ""
    return THANKS_LATE if due < today else THANKS_DUE


def _same(row: Any, other: Any) -> bool:
    """The same referrer again: same phone, or same name where one of them has no phone."""
    if row.referrer_phone and other.referrer_phone:
        return bool(row.referrer_phone == other.referrer_phone)
    return bool(row.referrer == other.referrer)


def _known(facts: Facts) -> tuple[dict[str, str], dict[str, set[str]]]:
    """Record number → lead, and phone → leads, of every row that names a customer."""
    numbers: dict[str, str] = {}
    phones: dict[str, set[str]] = {}
    for table in ("consult_log", "handover", "referral", "visit_log"):
        for row in facts.of(table):
            numbers[row.rid] = row.lead
            for phone in (*row.mobiles, *row.landlines):
                phones.setdefault(phone, set()).add(row.lead)
    return numbers, phones


def _referrer(row: Any, numbers: Mapping[str, str], phones: Mapping[str, set[str]]) -> str:
    typed = getattr(row, "referrer_lead", "")
    if typed in numbers:
        return numbers[typed]
    leads = phones.get(row.referrer_phone.replace(" ", "").replace("-", ""), set()) - {row.lead}
    return next(iter(leads)) if len(leads) == 1 else ""


def _successes(facts: Facts, made: pd.DataFrame, standings: Mapping[Any, Standing]) -> dict[str, tuple[str, str]]:
    """Lead → (what was reached, day) by 规则 推荐成功标准: 首次洽谈 the first talk, 签约 the first 成交 (or 已成交 typed by a
    director), 首单 the first 成交 with an amount or the first 回访 of a customer.
    """
    wanted = facts.settings.rules.thanks_after
    talks = made[made["kind"] == TALK]
    if wanted == "首次洽谈":
        hits = talks
    elif wanted == "签约":
        hits = talks[talks["state"] == WON]
    else:
        hits = made[((made["state"] == WON) & (made["amount"] != "")) | (made["kind"] == "回访")]
    found = {lead: (wanted, day) for lead, day in tuples(hits.drop_duplicates("lead")[["lead", "date"]])}
    if wanted == "签约":
        for (lead, _), standing in sorted(standings.items()):
            if standing.won and (lead not in found or standing.won < found[lead][1]):
                found[lead] = (wanted, standing.won)
    return found


def _thanks(facts: Facts) -> dict[str, Any]:
    """The newest 答谢记录 of each referred lead; one that says 已答谢 is not undone by an older file."""
    newest: dict[str, Any] = {}
    for row in facts.of("referral_thanks"):
        if row.date <= facts.as_of.isoformat():
            newest[row.lead] = row
    return newest


def collisions(facts: Facts, referred: pd.DataFrame, owners: Mapping[str, Sequence[tuple[str, str]]]) -> pd.DataFrame:
    """撞单: two who claim one customer; the earlier one wins, both are shown (R6): COLLISION_COLUMNS, newest first.

    owners: lead → (跟进人, day he got him) of each brand. A rep who visits a customer that a colleague already follows
    collides with that colleague.
    """
    lines = []
    for row in tuples(referred[referred["others"] != ""]):
        for other in row.others.split("\uff1b"):
            name, day = other.rsplit(" ", 1)
            lines.append((row.lead, BY_REFERRERS, row.referrer, row.date, name, day))
    visits: dict[str, dict[str, str]] = {}
    today = facts.as_of.isoformat()
    for row in facts.of("visit_log"):
        if row.date <= today:
            visits.setdefault(row.lead, {}).setdefault(row.rep or row.person, row.date)
    reps = set(facts.staff(REP_ROLE))
    for lead, mine in visits.items():
        (first, first_day), *others = mine.items()
        lines += [(lead, BY_REPS, first, first_day, name, day) for name, day in others]
        for owner, since in owners.get(lead, ()):
            later = [(name, day) for name, day in mine.items() if name != owner and since and day > since]
            if owner in reps and owner not in mine:
                lines += [(lead, BY_OWNER, owner, since, name, day) for name, day in later]
    made = pd.DataFrame(list(dict.fromkeys(lines)), columns=COLLISION_COLUMNS)
    made = made.sort_values(["other_date", "lead", "kind", "other"], ascending=[False, True, True, True], kind="stable")
    return made.reset_index(drop=True)
