"""The yellow cells of a week's workbooks as written: the baseline for reading back what people typed."""

from __future__ import annotations

import pandas as pd

from salessheets.pairs import issue_pairs
from salessheets.returned import ANALYSIS, ANSWER, DOUBTS, LEADS, MERGES, UNASSIGNED, UNBRANDED
from salessheets.roundtrip import SALES_WORKBOOK as SALES
from salessheets.trials import CRITERIA_SHEET, TRIAL, standard

from .doubts import asked_in
from .merges import merged_in
from .report import ANALYSIS_YELLOW, YELLOW, Report
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
        _cells(leads, ANALYSIS, ANALYSIS_YELLOW),
        _cells(report.unbranded.assign(workbook=SALES), UNBRANDED, ("assigned_brand",)),
        *([] if report.finished else [follow_cells(report)]),
    ]
    numbers = standard(report.settings)
    for workbook in sorted(set(leads["workbook"])):
        tried = {"workbook": workbook, "sheet": CRITERIA_SHEET, "lead": list(numbers), "field": TRIAL}
        parts.append(pd.DataFrame(tried | {"value": list(numbers.values())}))
    for workbook in (*known, SALES):
        marked = merged_in(report, workbook)
        marked = marked[marked["right_rids"].astype(bool)]
        parts.append(_answers(workbook, MERGES, marked["rid"], [""] * len(marked)))
        asked = asked_in(report, workbook)
        parts.append(_answers(workbook, DOUBTS, asked["key"], list(asked["answer"])))
    return pd.concat(parts, ignore_index=True).astype("str")


def report_pairs(report: Report) -> pd.DataFrame:
    """Both sides of every line on which somebody may answer: issue.PAIR_COLUMNS."""
    workbooks = (*(brand.name for brand in report.settings.brands), SALES)
    parts = [issue_pairs(w, merged_in(report, w), asked_in(report, w)) for w in workbooks]
    return pd.concat(parts, ignore_index=True).astype("str")


def _answers(workbook: str, sheet: str, keys: pd.Series, values: list[str]) -> pd.DataFrame:
    found = pd.DataFrame({"workbook": workbook, "sheet": sheet, "lead": list(keys), "field": ANSWER, "value": values})
    return found[COLUMNS].astype("str")


def _cells(leads: pd.DataFrame, sheet: str, fields: tuple[str, ...]) -> pd.DataFrame:
    long = leads.melt(["workbook", "lead"], list(fields), var_name="field", value_name="value")
    return long.assign(sheet=sheet)[COLUMNS]
