"""本周变化: every cell of 有效客户名单 that is another one than when the last week was closed, old → new.

Only its issue record is read, so a past week shows the same changes whenever it is made again (R15).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from .issue import Issue
from .returned import LEADS
from .rows import tuples
from .tables import TABLES, By

CHANGE_COLUMNS = ["lead", "brand", "name", "kind", "field", "old", "new"]
NEW, GONE, CHANGED = "新到名单", "离开名单", "修改"
_TYPED = {c.field: c.header for c in TABLES["valid_leads"].columns if c.by is By.DIRECTOR}
_LEVELS = {"final_class": "级别", "system_class": "系统级别", "score": "得分"}
# Shown beside who he is, and kept in the issue record for this sheet alone.
RECORDED = ("region_level", "channel", "summary", "first_date", "last_date")


def no_changes() -> pd.DataFrame:
    """A first week is compared with nothing."""
    return pd.DataFrame(columns=CHANGE_COLUMNS, dtype="str")


@dataclass(frozen=True)
class Now:
    """What the old list is compared with. leads, closed: report.LEAD_COLUMNS. belongs: record number → lead.
    renamed: 曾用名 → brand. pool: leads in 名录池.
    """

    leads: pd.DataFrame
    closed: pd.DataFrame
    belongs: Mapping[str, str]
    renamed: Mapping[str, str]
    pool: Collection[str] = ()


def changes(now: Now, before: Issue | None) -> pd.DataFrame:
    """CHANGE_COLUMNS as text, in the order of the list, who left it last.

    A lead that came or left is one row (field ""); for one that left, ``new`` says where to.
    """
    if before is None:
        return no_changes()
    old = _listed(before, now.renamed)
    # The customer whose number stayed is the same customer; who was merged into him has left the list.
    listed = now.leads.drop_duplicates(["lead", "brand"]).set_index(["lead", "brand"])
    names = listed["name"].where(listed["name"] != "", listed["company"])
    said = listed["final_class"] + "、" + listed["channel"]
    new = listed.index.difference(old.index, sort=False)
    rows: list[tuple[str, ...]] = [(*key, names[key], NEW, "", "", said[key].strip("、")) for key in new]
    rows += _cells(old, listed, names)
    place = {key: at for at, key in enumerate(listed.index)}
    rows.sort(key=lambda row: place[row[0], row[1]])  # stable: new before changed, fields in their order
    return pd.DataFrame([*rows, *_gone(old, listed, now)], columns=CHANGE_COLUMNS, dtype="str")


def _cells(old: pd.DataFrame, listed: pd.DataFrame, names: pd.Series) -> list[tuple[str, ...]]:
    """The cells of leads that stood on both lists. A column that an older program did not record says nothing."""
    headers = {c.field: c.header for c in TABLES["valid_leads"].columns} | _LEVELS | _TYPED
    order = [*_LEVELS, *(field for field in headers if field not in _LEVELS)]
    both = listed.index.intersection(old.index, sort=False)
    was, shown = old.loc[both], listed.loc[both]
    found = []
    for field in (f for f in order if f in was and f in shown):
        a, b = _texts(was[field]), _texts(shown[field])
        for key, before, after in zip(both[(a != b).to_numpy()], a[a != b], b[a != b], strict=True):
            found.append((*key, names[key], CHANGED, headers[field], before, after))
    return found


def _gone(old: pd.DataFrame, listed: pd.DataFrame, now: Now) -> Iterator[tuple[str, ...]]:
    states = {(lead, brand): status for lead, brand, status in tuples(now.closed[["lead", "brand", "status"]])}
    for lead, brand in old.index.difference(listed.index, sort=False):
        to = now.belongs.get(lead, "")
        elsewhere = "名录池" if to in now.pool else "移出本品牌" if to else "不再有效"
        where = f"并入 {to}" if to not in ("", lead) else states.get((lead, brand), elsewhere)
        # Who must not be contacted is one of those; he is named nowhere (个人信息保护法).
        name = str(old.at[(lead, brand), "name"]) if to else ""
        yield lead, brand, name, GONE, "", "", where


def _listed(issue: Issue, renamed: Mapping[str, str]) -> pd.DataFrame:
    """The open leads of every brand as they were listed: index lead, brand; what was shown and what was typed."""
    cells = issue.cells[(issue.cells["sheet"] == LEADS) & issue.cells["field"].isin(_TYPED)]
    wide = cells.drop_duplicates(["lead", "workbook", "field"], keep="last")
    wide = wide.pivot_table(index=["lead", "workbook"], columns="field", values="value", aggfunc="first", sort=False)
    wide = wide.fillna("").rename_axis(index=["lead", "brand"]).reset_index()
    listed = wide.merge(issue.leads.drop_duplicates(["lead", "brand"]), on=["lead", "brand"], how="inner")
    listed["brand"] = [renamed.get(brand, brand) for brand in listed["brand"]]
    return listed.drop_duplicates(["lead", "brand"]).set_index(["lead", "brand"])


def _texts(values: pd.Series) -> pd.Series:
    return values.map(lambda v: f"{v:.1f}" if isinstance(v, float) else str(v)).astype("str")
