"""名录池: customers of bought lists that nobody has touched, too many for a workbook (contracts.md, "active leads").

A list of fifty thousand rows is bought to be searched, not to be read. Its customers wait in a CSV file beside the
workbook until somebody meets one of them: a call, a visit, an analysis, or a row that a director writes himself.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from .merge import merge

BOUGHT = "购买名录"
SHOWN = ("name", "phone", "wechat", "qq", "company", "province", "city", "county", "channel", "last_date")
POOL_COLUMNS = ("lead", "brand", "week", *SHOWN)


def sleeping(records: pd.DataFrame, worked: Collection[str], limit: float) -> pd.Series:
    """Which records are of leads that wait in the pool (bool, index of records).

    records: live customer records with lead and brands. worked: leads about which somebody typed, talked or answered. A lead
    sleeps when all its records stand on bought lists and each of its brands (or none at all) has more than ``limit`` of them.
    """
    bought = (records["table"] == "directory") & (records["channel"] == BOUGHT)
    awake = set(records["lead"][~bought]).union(worked)
    asleep = ~records["lead"].isin(awake)
    if int(asleep.sum()) <= limit:
        return pd.Series(data=False, index=records.index)
    listed = _listed(records[asleep])
    size = listed["brand"].value_counts()
    few = set(listed["lead"][listed["brand"].isin(size.index[size <= limit])])
    return asleep & ~records["lead"].isin(few)


def pool(records: pd.DataFrame) -> pd.DataFrame:
    """POOL_COLUMNS, one row per lead and brand ("" = none), by lead. records: those that are asleep; week: since when it is there."""
    golden = merge(records)
    reached = golden[golden["phone"].ne("") | golden["wechat"].ne("") | golden["qq"].ne("")]
    made = reached[["lead", *SHOWN]].merge(_listed(records), on="lead", sort=True)
    return made[list(POOL_COLUMNS)].reset_index(drop=True)


def _listed(records: pd.DataFrame) -> pd.DataFrame:
    """lead, brand, week (the first that names the brand): one row per lead and brand; brand "" for leads that name none."""
    # A handful of brand cells serves all rows.
    code, _ = pd.factorize(np.fromiter(map(id, records["brands"]), np.int64, len(records)))
    first = pd.Series(code).drop_duplicates().index
    cells = records["brands"].iloc[first].tolist()
    said = pd.DataFrame({"lead": records["lead"], "code": code, "week": records["week"]})
    said = said.sort_values("week", kind="stable").drop_duplicates(["lead", "code"])
    brands = pd.DataFrame(
        [(at, brand) for at, cell in enumerate(cells) for brand in cell or ("",)], columns=["code", "brand"]
    )
    listed = said.merge(brands.astype({"code": np.int64, "brand": "str"}), on="code").drop_duplicates(["lead", "brand"])
    alone = ~listed.duplicated("lead", keep=False)  # who has no brand has no other line
    return listed.loc[(listed["brand"] != "") | alone, ["lead", "brand", "week"]]
