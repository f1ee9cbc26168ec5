"""Whose lead it is when a person leaves, and whom a lead was given to (R10; workflow.md, "Reminders")."""

from __future__ import annotations

from datetime import date

import pandas as pd

from salessheets.settings import Settings


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
