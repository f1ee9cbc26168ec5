"""The chart of chapter 3: strength (企业规模, 团队大小, 从业时间) against 合作可能性, three by three."""

from __future__ import annotations

import pandas as pd

from salessheets.settings import Settings

STRENGTHS, LIKELIHOODS = ("强", "中", "弱"), ("高", "中", "低")
_STRENGTH = ("scale", "team", "experience")
_STRONG, _MIDDLE = 2 / 3, 1 / 3


def strengths(leads: pd.DataFrame, settings: Settings) -> pd.Series:
    """强, 中 or 弱 for each lead: its points of the answered ones of the three criteria, as a share of what they can
    give; "" when none of the three is answered. index: leads'.
    """
    points, possible = pd.Series(0.0, leads.index), pd.Series(0.0, leads.index)
    for criterion in settings.criteria:
        if criterion.field in _STRENGTH:
            mine = leads[criterion.field].map(dict(criterion.points)).astype("float64")
            points += mine.fillna(0.0)
            possible += mine.notna() * criterion.maximum
    share = (points / possible.where(possible > 0)).round(9)
    named = pd.Series("弱", leads.index, dtype="str")
    named = named.mask(share >= round(_MIDDLE, 9), "中").mask(share >= round(_STRONG, 9), "强")
    return named.where(share.notna(), "")


def grid(leads: pd.DataFrame, settings: Settings) -> dict[tuple[str, str], pd.DataFrame]:
    """(strength, likelihood) → its open leads, the best score first. 合作可能性 无 stands with 低; unknown in no cell."""
    active = leads[~leads["status"].isin(("已成交", "放弃"))]
    strength = strengths(active, settings)
    likely = active["likelihood"].replace({"无": "低"})
    ordered = active.assign(strength=strength, likely=likely).sort_values(["score", "lead"], ascending=[False, True])
    return {
        (s, p): ordered[(ordered["strength"] == s) & (ordered["likely"] == p)] for s in STRENGTHS for p in LIKELIHOODS
    }
