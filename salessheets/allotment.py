"""Which brands a lead belongs to, since when, and which leads are to move to another brand (manual chapter 1, 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from .office import Week
from .returned import ASSIGNED_BRAND
from .roundtrip import Typed
from .settings import Settings

_MOVED = "转其他品牌"


@dataclass
class _Said:
    """What the records of one lead say about brands. first: brand → the earliest week that names it."""

    first: dict[str, str] = field(default_factory=dict)
    moved: int = 0  # file number of the newest 转其他品牌
    left: set[str] = field(default_factory=set)  # the brands that were named up to then


class Allotted(NamedTuple):
    """brands_of: lead → its brands, in the order of 设置. since: (lead, brand) → the week since which it is there ("" =
    none, brand ""). moving: leads that are 转其他品牌 while nobody has said which → their brands now.
    """

    brands_of: dict[str, tuple[str, ...]]
    since: dict[tuple[str, str], str]
    moving: dict[str, tuple[str, ...]]


def allot(
    leads: pd.Series, records: pd.DataFrame, typed: Typed, settings: Settings, arrival: Mapping[int, Week]
) -> Allotted:
    """The brands of each lead.

    A lead has the brands of all its records and what the 销售部 typed into 归属品牌. After 转其他品牌 the brand typed
    since takes the place of those named before.
    """
    order = [brand.name for brand in settings.brands]
    said = _records_say(records)
    started = records.groupby("lead", sort=True)["week"].min().to_dict()
    brands_of: dict[str, tuple[str, ...]] = {}
    since: dict[tuple[str, str], str] = {}
    moving: dict[str, tuple[str, ...]] = {}
    for lead in leads:
        mine = said[lead]
        first = {brand: week for brand, week in mine.first.items() if brand in order}
        key = (lead, "", ASSIGNED_BRAND)
        assigned, when = typed.values.get(key, ""), typed.since.get(key, 0)
        if mine.moved and assigned in order and when > mine.moved:
            first = {brand: week for brand, week in first.items() if brand not in mine.left}
        elif mine.moved:
            moving[lead] = tuple(sorted({*first, assigned} & set(order), key=order.index))
        if assigned in order:
            first.setdefault(assigned, str(arrival[when]))
        brands_of[lead] = tuple(sorted(first, key=order.index))
        since |= {(lead, brand): week for brand, week in first.items()}
        if not first:
            since[lead, ""] = started[lead]
    return Allotted(brands_of, since, {lead: brands for lead, brands in moving.items() if brands})


def _records_say(records: pd.DataFrame) -> dict[str, _Said]:
    ordered = records.sort_values(["date", "number", "sheet", "row"], kind="stable")
    said: dict[str, _Said] = {}
    columns = (ordered[c] for c in ("lead", "brands", "week", "result", "number"))
    for lead, brands, week, result, number in zip(*columns, strict=True):
        mine = said.setdefault(lead, _Said())
        for brand in brands:
            mine.first[brand] = min(week, mine.first.get(brand, week))
            mine.left.discard(brand)  # named again later
        if result == _MOVED:
            mine.moved = max(mine.moved, int(number))
            mine.left = set(brands) or set(mine.first)
    return said
