"""The figures of 概览: what it counts now, what it counted in the weeks before, and what the issue record keeps of it.

Weeks that are over are never counted again: a tile is compared with what its workbook said then (issue.py), so that a
director finds the number he remembers. Only new leads are counted by the week in which they came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from salessheets.issue import FIGURE_COLUMNS
from salessheets.office import Week

from .report import FATES, Report

WEEKS = 8
NEW = "本周新增"
NEW_BY_BRAND = "各品牌新增"
_CLASSES = {"A类": "A", "B类": "B", "C类": "C", "待评": "待评"}


@dataclass(frozen=True)
class Figures:
    """now: figure → its value. weeks: this one last. before: figure → its values in the weeks before, None = unknown."""

    now: Mapping[str, int]
    weeks: tuple[Week, ...]
    before: Mapping[str, tuple[int | None, ...]]


def of_brand(report: Report, brand: str) -> Figures:
    """The figures of one brand's workbook."""
    counts = report.counts[report.counts["brand"] == brand]
    return _figures(report, brand, _brand_now(report, brand), NEW, counts)


def of_sales(report: Report) -> Figures:
    """The figures of 销售部_周报."""
    return _figures(report, "", _sales_now(report), NEW_BY_BRAND, report.counts)


def issue_figures(report: Report) -> pd.DataFrame:
    """FIGURE_COLUMNS: what every workbook of this week counts (brand "" = 销售部_周报)."""
    now = {brand.name: _brand_now(report, brand.name) for brand in report.settings.brands} | {"": _sales_now(report)}
    rows = [(brand, name, value) for brand, found in now.items() for name, value in found.items()]
    return pd.DataFrame(rows, columns=FIGURE_COLUMNS).astype({"brand": "str", "figure": "str", "value": "int64"})


def _brand_now(report: Report, brand: str) -> dict[str, int]:
    leads = report.leads[report.leads["brand"] == brand]
    classes = leads["final_class"].value_counts()
    return {
        "有效客户": len(leads),
        "待分配": int((leads["owner"] == "").sum()),
        "紧急": int(leads["urgent"].sum()),
        **{name: int(classes.get(letter, 0)) for name, letter in _CLASSES.items()},
    }


def _sales_now(report: Report) -> dict[str, int]:
    sums = report.ledger[list(FATES)].sum()
    return {
        "有效客户": len({*report.leads["lead"], *report.unbranded["lead"]}),
        "交来行数": int(report.ledger["rows"].sum()),
        "上周留待": int(report.ledger["opening"].sum()),
        "新增客户": int(sums["新增客户"]),
        "待分配": int((report.leads["owner"] == "").sum()),
        "未分品牌": len(report.unbranded),
        "退回更正": len(report.returns),
        "无效": len(report.invalid),
    }


def _figures(report: Report, brand: str, now: Mapping[str, int], new: str, counts: pd.DataFrame) -> Figures:
    said = report.figures[report.figures["brand"] == brand]
    known = {(week, name): int(value) for week, name, value in said[["week", "figure", "value"]].to_numpy()}
    sums = {str(week): int(size) for week, size in counts.groupby("week")["new"].sum().items()}
    earlier = [report.week.back(n) for n in reversed(range(1, WEEKS))]
    first = min((*said["week"], *sums), default="~")
    weeks = [week for week in earlier if str(week) >= first]
    before = {name: tuple(known.get((str(week), name)) for week in weeks) for name in now}
    before[new] = tuple(sums.get(str(week), 0) for week in weeks)
    return Figures({**now, new: sums.get(str(report.week), 0)}, (*weeks, report.week), before)
