"""待分配 and 有效客户名单 (manual chapter 1, 3–4): the director's working lists.

One fact, one editable cell: a lead without 跟进人 gets one on 待分配; 有效客户名单 looks it up there by 客户编号.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_rowcol_to_cell

from salessheets.tables import TABLES, Kind

from .book import FIRST, Book, Col
from .report import Report

LEADS, UNASSIGNED = "有效客户名单", "待分配"
_TABLE = TABLES["valid_leads"]
# Order on the sheet: who, what, the director's cells, then the details. The second number is the widest it may get.
_SHOWN = (
    ("final_class", 8), ("lead", 16), ("name", 16), ("title", 14), ("phone", 18), ("company", 30), ("province", 12),
    ("city", 16), ("county", 16), ("region_level", 10), ("channel", 14), ("summary", 36), ("week_state", 10),
)  # fmt: skip
_YELLOW = ("owner", "manual_class", "class_reason", "first_due", "status", "result", "next_date", "note")
_DETAILS = (
    ("system_class", 10), ("score", 8), ("score_low", 10), ("score_high", 10), ("completeness", 9), ("wechat", 20),
    ("qq", 14), ("township", 14), ("address", 36), ("source_detail", 24), ("referrer", 12), ("first_date", 14),
    ("last_date", 14), ("record_count", 10), ("todo", 30), ("origin", 36),
)  # fmt: skip
_KINDS = {"score": "score", "score_low": "score", "score_high": "score", "completeness": "percent",
          "record_count": "count", "first_date": "date", "last_date": "date"}  # fmt: skip
_HEADERS = {"final_class": "级别", "todo": "待补"}


def write_unassigned(book: Book, report: Report, leads: pd.DataFrame) -> None:
    """待分配: urgent first, then by class; the director picks a 跟进人."""
    waiting = unassigned(leads)
    sheet = book.sheet(UNASSIGNED)
    advice = f"{len(waiting)} 个客户还没有跟进人。请在黄色格里选人,保存后下次运行就生效。紧急的排在最前。"
    book.heading(sheet, f"待分配({len(waiting)})", advice)
    place = [" ".join(dict.fromkeys(p for p in row if p)) for row in waiting[["province", "city", "county"]].to_numpy()]
    marks = ["紧急" if urgent else "" for urgent in waiting["urgent"]]
    book.table(sheet, [
        Col("紧急", marks, most=8),
        Col("级别", list(waiting["final_class"]), most=8),
        Col("客户编号", list(waiting["lead"]), most=16),
        Col("客户姓名", list(waiting["name"])),
        Col("联系电话", list(waiting["phone"]), most=20),
        Col("单位/店名", list(waiting["company"]), most=30),
        Col("地区", place, most=30),
        Col("信息来源", list(waiting["channel"]), most=14),
        Col("首次获取日期", list(waiting["first_date"]), "date"),
        Col("情况摘要", list(waiting["summary"])),
        Col("另有品牌", ["是" if other else "" for other in waiting["other_brand"]], most=10),
        Col("跟进人", list(waiting["owner"]), yellow=True, choices=staff(report), most=16),
    ], freeze=4)  # fmt: skip


def unassigned(leads: pd.DataFrame) -> pd.DataFrame:
    """Leads without 跟进人: urgent first, then A, B, C, 待评, then the newest."""
    waiting = leads[leads["owner"] == ""]
    order = waiting["final_class"].map({"A": 0, "B": 1, "C": 2}).fillna(3)
    keys = pd.DataFrame({"calm": ~waiting["urgent"].astype(bool), "class": order, "date": waiting["first_date"]})
    ranked = keys.sort_values(["calm", "class", "date"], ascending=[True, True, False], kind="stable")
    return waiting.loc[ranked.index]


def write_leads(book: Book, report: Report, leads: pd.DataFrame) -> None:
    """有效客户名单: every valid open lead of the brand in the order of R11."""
    sheet = book.sheet(LEADS)
    advice = "按 省级→地级市→市级→县级→乡镇 排列。黄色格由市场总监填写,可以排序、筛选;填的内容下周会带回来。"
    book.heading(sheet, f"有效客户名单({len(leads)})", advice)
    size = int((leads["owner"] == "").sum())
    columns = [_column(report, leads, field, most) for field, most in _SHOWN]
    columns += [_yellow(report, leads, field, size) for field in _YELLOW]
    columns.append(Col("另有品牌", ["是" if other else "" for other in leads["other_brand"]], most=10))
    columns += [_column(report, leads, field, most) for field, most in _DETAILS]
    book.table(sheet, columns, freeze=3, printed=len(_SHOWN) + len(_YELLOW))


def _column(report: Report, leads: pd.DataFrame, field: str, most: int) -> Col:
    del report
    header = _HEADERS.get(field) or _TABLE.column(field).header
    return Col(header, list(leads[field]), _KINDS.get(field, "text"), most=most)


def _yellow(report: Report, leads: pd.DataFrame, field: str, waiting: int) -> Col:
    column = _TABLE.column(field)
    kind = "date" if column.kind is Kind.DATE else "text"
    choices = staff(report) if field == "owner" else column.choices
    most = {"result": 30, "note": 30, "class_reason": 24}.get(field, 18)
    formulas: Sequence[str | None] = ()
    if field == "owner" and waiting:
        formulas = [_look_up(row, waiting) if not owner else None for row, owner in enumerate(leads["owner"])]
    return Col(column.header, list(leads[field]), kind, yellow=True, choices=choices, most=most, formulas=formulas)


def _look_up(row: int, waiting: int) -> str:
    """What was picked on 待分配 for this row's 客户编号, wherever sorting put it."""
    key = xl_rowcol_to_cell(FIRST + row, 1, col_abs=True)
    last = FIRST + waiting
    numbers, names = f"'{UNASSIGNED}'!$C${FIRST + 1}:$C${last}", f"'{UNASSIGNED}'!$L${FIRST + 1}:$L${last}"
    return f'=IFERROR(INDEX({names},MATCH({key},{numbers},0))&"","")'


def staff(report: Report) -> tuple[str, ...]:
    """Names for 跟进人: those who are still there."""
    day = report.as_of
    return tuple(p.name for p in report.settings.staff if p.left is None or p.left > day)


def load(report: Report, leads: pd.DataFrame) -> list[tuple[str, int]]:
    """How many open leads each person follows, busiest first."""
    counted: dict[str, Any] = leads["owner"][leads["owner"] != ""].value_counts().to_dict()
    everyone = dict.fromkeys([*staff(report), *sorted(counted)], 0) | {k: int(v) for k, v in counted.items()}
    return sorted(everyone.items(), key=lambda item: -item[1])
