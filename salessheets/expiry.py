"""到期清单: leads nobody has been in contact with for so long that their data should go (workflow.md, "Privacy").

The list only says so; erasing somebody is ``forget``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

import pandas as pd

from .settings import Settings

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
COLUMNS = ["lead", "brand", "name", "phone", "owner", "last_contact", "months"]


def expired(
    leads: pd.DataFrame,
    settings: Settings,
    as_of: date,
    touched: Mapping[tuple[str, str], str] = MappingProxyType({}),
) -> pd.DataFrame:
    """COLUMNS, longest without contact first: one row per lead and brand whose last contact is 资料保存月数 ago or more.

    leads: report.LEAD_COLUMNS. touched: (lead, brand) → the newest day on which anybody worked on him. last_contact: the
    newest of these, the last record and the dates a director planned, as far as they are past; ISO text. months: whole months since.
    """
    today = as_of.isoformat()
    # What was typed after the Sunday of a finished week, before it was closed, counts for that week.
    worked = [min(touched.get(key, ""), today) for key in zip(leads["lead"], leads["brand"], strict=True)]
    dates = zip(leads["last_date"], leads["first_due"], leads["next_date"], worked, strict=True)
    last = [max((day for day in days if _DAY.fullmatch(str(day)) and day <= today), default="") for days in dates]
    months = [_months(day, as_of) for day in last]
    frame = leads.assign(last_contact=pd.Series(last, index=leads.index, dtype="str"), months=months)
    frame = frame[(frame["last_contact"] != "") & (frame["months"] >= settings.rules.retention_months)]
    return frame.sort_values(["last_contact", "lead", "brand"], kind="stable")[COLUMNS].reset_index(drop=True)


def _months(day: str, as_of: date) -> int:
    """Whole months from a day until ``as_of``; the 31st counts as the last day of shorter months."""
    if not day:
        return 0
    then = date.fromisoformat(day)
    months = (as_of.year - then.year) * 12 + as_of.month - then.month
    last_of_month = (pd.Timestamp(as_of) + pd.offsets.MonthEnd(0)).date() == as_of
    return months - (as_of.day < then.day and not last_of_month)
