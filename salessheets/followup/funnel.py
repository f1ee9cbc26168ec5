"""How far the leads of each channel came, and what a valid lead cost (workflow.md, 销售部_周报)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .facts import Facts
from .standing import NOBODY, Standing

FUNNEL_COLUMNS = ["channel", "leads", "followed", "talked", "won", "cost", "each"]


def funnel(facts: Facts, leads: pd.DataFrame, standings: Mapping[tuple[str, str], Standing]) -> pd.DataFrame:
    """FUNNEL_COLUMNS per channel, the largest first; each lead once, at the farthest stage it reached in any brand.

    leads: valid leads of all brands and of none, given up ones too: lead, channel. Each number counts those who came so
    far or farther. cost: 费用 of the rows of 客户名录表; each: per valid lead, NaN without cost.
    """
    stage: dict[str, int] = {}
    for (lead, _), standing in standings.items():
        stage[lead] = max(stage.get(lead, NOBODY), standing.stage)
    mine = leads[["lead", "channel"]].drop_duplicates("lead")
    reached = mine["lead"].map(stage).fillna(NOBODY).astype("int64")
    table = pd.DataFrame({"channel": mine["channel"], "leads": 1, "followed": reached >= 1, "talked": reached >= 2,
                          "won": reached >= 3})  # fmt: skip
    made = (
        table.groupby("channel", sort=True)[["leads", "followed", "talked", "won"]].sum().astype("int64").reset_index()
    )
    cost = facts.costs.groupby("channel")["cost"].sum()
    made["cost"] = made["channel"].map(cost).fillna(0.0).astype("float64")
    made["each"] = (made["cost"] / made["leads"]).where(made["cost"] > 0)
    return made.sort_values(["leads", "channel"], ascending=[False, True], kind="stable")[FUNNEL_COLUMNS].reset_index(
        drop=True
    )
