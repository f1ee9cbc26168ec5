"""The yellow cells of a week's workbooks as written: the baseline for reading back what people typed."""

from __future__ import annotations

import pandas as pd

from .leads import LEADS, UNASSIGNED
from .report import YELLOW, Report
from .sales import SALES, UNBRANDED
from .tofill import follow_cells

COLUMNS = ["workbook", "sheet", "lead", "field", "value"]


def issue_cells(report: Report) -> pd.DataFrame:
    """workbook (brand, or 销售部_周报), sheet, lead, field, value: one row per yellow cell."""
    known = [brand.name for brand in report.settings.brands]
    leads = report.leads[report.leads["brand"].isin(known)].rename(columns={"brand": "workbook"})
    unassigned = leads[leads["owner"] == ""]
    parts = [
        _cells(leads, LEADS, YELLOW),
        _cells(unassigned, UNASSIGNED, ("owner",)),
        _cells(report.unbranded.assign(workbook=SALES), UNBRANDED, ("assigned_brand",)),
        *([] if report.finished else [follow_cells(report)]),
    ]
    return pd.concat(parts, ignore_index=True).astype("str")


def _cells(leads: pd.DataFrame, sheet: str, fields: tuple[str, ...]) -> pd.DataFrame:
    long = leads.melt(["workbook", "lead"], list(fields), var_name="field", value_name="value")
    return long.assign(sheet=sheet)[COLUMNS]
