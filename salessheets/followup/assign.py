"""What the rules add to the list of leads: the referrer who counts (R6), where an analysis went (R15)."""

from __future__ import annotations

import pandas as pd

from .facts import Facts


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
