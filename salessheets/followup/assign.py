"""What the rules add to the list of leads: 原跟进人 (R10), the referrer who counts (R6), where an analysis went (R15)."""

from __future__ import annotations

from datetime import date

import pandas as pd

from salessheets.settings import Settings

from .facts import Facts


def leavers(settings: Settings, day: date) -> dict[str, str]:
    """Name → 接替人 ("" = none) of everybody who has left by this day."""
    return {p.name: p.successor for p in settings.staff if p.left is not None and p.left <= day}


def with_leavers(leads: pd.DataFrame, settings: Settings, day: date) -> pd.DataFrame:
    """The leads of a person who left return to 待分配: owner "" and ``former_owner``, who it was and who replaces him."""
    gone = leavers(settings, day)
    left = leads["owner"].isin(list(gone))
    text = {name: f"{name}(接替人 {other})" if other else name for name, other in gone.items()}
    former = leads["owner"].map(text).where(left, "").astype("str").fillna("")
    return leads.assign(former_owner=former, owner=leads["owner"].where(~left, ""))


def with_facts(leads: pd.DataFrame, facts: Facts, referred: pd.DataFrame) -> pd.DataFrame:
    """The earliest referrer of each lead, and 归档日期 and 移交跟进人 of its newest 客户分析表 that names them."""
    archived: dict[str, str] = {}
    handed: dict[str, str] = {}
    for row in facts.of("analysis"):
        archived[row.lead] = row.archived_date or archived.get(row.lead, "")
        handed[row.lead] = row.handed_to or handed.get(row.lead, "")
    first = dict(zip(referred["lead"], referred["referrer"], strict=True))
    return leads.assign(
        archived_date=[archived.get(lead, "") for lead in leads["lead"]],
        handed_to=[handed.get(lead, "") for lead in leads["lead"]],
        referrer=[first.get(lead, known) for lead, known in zip(leads["lead"], leads["referrer"], strict=True)],
    )
