"""待分配 and 有效客户名单 (manual chapter 1, 3–4): the director's working lists.

One fact, one editable cell: a lead without 跟进人 gets one on 待分配; 有效客户名单 looks it up there by 客户编号.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from salessheets.returned import LEADS, UNASSIGNED
from salessheets.tables import TABLES, Kind

from .book import FIRST, Book, Col
from .live import Formula, column_range
from .report import Report

_TABLE = TABLES["valid_leads"]
# Order on the sheet: who, what, the director's cells, then the details, which are not printed.
_SHOWN = (
    "final_class", "lead", "name", "phone", "company", "province", "city", "county", "region_level", "channel", "summary",
)  # fmt: skip
_YELLOW = ("owner", "status", "next_date", "result", "note", "manual_class", "class_reason", "first_due")
_DETAILS = (
    "week_state", "called_again", "other_brand", "former_owner", "split_note", "title", "wechat", "qq", "township",
    "address", "source_detail", "referrer", "first_date",
    "last_date", "system_class", "score", "score_low", "score_high", "completeness", "record_count", "todo", "origin",
)  # fmt: skip
_ORDER = (*_SHOWN, *_YELLOW, *_DETAILS)
_KINDS = {"final_class": "mark", "system_class": "mark", "manual_class": "mark", "other_brand": "mark", "score": "score",
          "score_low": "score", "score_high": "score", "completeness": "percent", "record_count": "count",
          "first_date": "date", "last_date": "date"}  # fmt: skip
_HEADERS = {"final_class": "级别", "todo": "待补", "other_brand": "另有品牌", "called_again": "再次来电",
            "former_owner": "原跟进人", "split_note": "拆分前备注"}  # fmt: skip
_SELDOM = ("called_again", "former_owner", "split_note")  # left out when no lead has any
_WIDEST = {"company": 26, "summary": 40, "result": 30, "note": 30, "class_reason": 24}
_ROOM = {"result": 14, "note": 12, "class_reason": 12, "next_date": 12, "first_due": 12, "status": 9}  # to type in
_DETAIL_WIDEST = 90  # details run on to the right rather than make every row high
WAITING_KEY, _WAITING_OWNER = "C", "L"  # columns of 待分配


def write_unassigned(
    book: Book, report: Report, leads: pd.DataFrame, live: Mapping[str, Formula] = MappingProxyType({})
) -> None:
    """待分配: urgent first, then by class; the director picks a 跟进人. live: field → the formula that shows it."""
    waiting = unassigned(leads)
    classes = Col("级别", list(waiting["final_class"]), "mark")
    if "final_class" in live:
        classes = classes.with_formulas([live["final_class"](row) for row in range(len(waiting))])
    columns = [
        Col("紧急", ["紧急" if urgent else "" for urgent in waiting["urgent"]], "mark"),
        classes,
        Col("客户编号", list(waiting["lead"]), most=16),
        Col("客户姓名", list(waiting["name"]), most=20),
        Col("联系电话", list(waiting["phone"]), most=20),
        Col("单位/店名", list(waiting["company"]), most=30),
        Col("地区", places(waiting), most=30),
        Col("信息来源", list(waiting["channel"]), most=14),
        Col("首次获取日期", list(waiting["first_date"]), "date"),
        Col("情况摘要", list(waiting["summary"]), most=50),
        Col("另有品牌", _yes(waiting["other_brand"]), "mark"),
        Col("跟进人", list(waiting["owner"]), yellow=True, choices=staff(report), least=12, most=16),
        *([Col("原跟进人", list(waiting["former_owner"]), most=24)] if (waiting["former_owner"] != "").any() else []),
    ]
    assert columns[ord(WAITING_KEY) - 65].header == "客户编号"
    assert columns[ord(_WAITING_OWNER) - 65].header == "跟进人"
    title = f"待分配({len(waiting)})"
    advice = f"{len(waiting)} 个客户还没有跟进人。请在黄色格里选人,保存后下次运行就生效。紧急的排在最前。"
    book.table(book.sheet(UNASSIGNED), title, advice, columns, freeze=4)


def unassigned(leads: pd.DataFrame) -> pd.DataFrame:
    """Leads without 跟进人: urgent first, then A, B, C, 待评, then the newest."""
    waiting = leads[leads["owner"] == ""]
    order = waiting["final_class"].map({"A": 0, "B": 1, "C": 2}).fillna(3)
    keys = pd.DataFrame({"calm": ~waiting["urgent"].astype(bool), "class": order, "date": waiting["first_date"]})
    ranked = keys.sort_values(["calm", "class", "date"], ascending=[True, True, False], kind="stable")
    return waiting.loc[ranked.index]


def places(leads: pd.DataFrame) -> list[str]:
    """Province, city and county in one text; 北京市 北京市 is said once."""
    return [" ".join(dict.fromkeys(p for p in row if p)) for row in leads[["province", "city", "county"]].to_numpy()]


def write_leads(
    book: Book, report: Report, leads: pd.DataFrame, live: Mapping[str, Formula] = MappingProxyType({})
) -> None:
    """有效客户名单: every valid open lead of the brand in the order of R11. live: field → the formula that shows it."""
    few = len(leads) <= report.settings.rules.live_limit
    waiting = int((leads["owner"] == "").sum()) if few else 0
    shown = [field for field in _ORDER if field not in _SELDOM or (leads[field] != "").any()]
    columns = [_column(report, leads, field, waiting) for field in shown]
    for at, field in enumerate(shown):
        if field in live:
            columns[at] = columns[at].with_formulas([live[field](row) for row in range(len(leads))])
    title = f"有效客户名单({len(leads)})"
    advice = "按 省级→地级市→市级→县级→乡镇 排列。黄色格请填写,下周会带回来;跟进人是白格的,请在「待分配」里选。右边还有来源和得分,不打印。"
    book.table(book.sheet(LEADS), title, advice, columns, freeze=3, printed=len(_SHOWN) + len(_YELLOW))


def _column(report: Report, leads: pd.DataFrame, field: str, waiting: int) -> Col:
    header = _HEADERS.get(field) or _TABLE.column(field).header
    values = _yes(leads[field]) if field == "other_brand" else list(leads[field])
    if field not in _YELLOW:
        most = _DETAIL_WIDEST if field in _DETAILS else _WIDEST.get(field, 20)
        return Col(header, values, _KINDS.get(field, "text"), most=most)
    declared = _TABLE.column(field)
    kind = "date" if declared.kind is Kind.DATE else _KINDS.get(field, "text")
    choices = staff(report) if field == "owner" else declared.choices
    formulas: Sequence[str | None] = ()
    if field == "owner" and waiting:
        formulas = [None if owner else _look_up(row, waiting) for row, owner in enumerate(values)]
    room, most = _ROOM.get(field, 0), _WIDEST.get(field, 18)
    return Col(header, values, kind, yellow=True, choices=choices, least=room, most=most, formulas=formulas)


def _yes(marks: pd.Series) -> list[str]:
    return ["是" if mark else "" for mark in marks]


def _look_up(row: int, waiting: int) -> str:
    """What was picked on 待分配 for this row's 客户编号, wherever sorting put it."""
    key = f"${_letter('lead')}{FIRST + row + 1}"
    numbers, names = (
        f"'{UNASSIGNED}'!${letter}${FIRST + 1}:${letter}${FIRST + waiting}" for letter in (WAITING_KEY, _WAITING_OWNER)
    )
    return f'=IFERROR(INDEX({names},MATCH({key},{numbers},0))&"","")'


def _letter(field: str) -> str:
    return str(xl_col_to_name(_ORDER.index(field)))


def list_cells(field: str, size: int) -> str:
    """The cells of a column of 有效客户名单, for formulas: $N$4:$N$113."""
    return column_range(_letter(field), size)


LIST_KEY = str(xl_col_to_name(_ORDER.index("lead")))  # column of 客户编号


def staff(report: Report) -> tuple[str, ...]:
    """Names for 跟进人: those who are still there."""
    day = report.as_of
    return tuple(p.name for p in report.settings.staff if p.left is None or p.left > day)


def load(report: Report, leads: pd.DataFrame) -> list[tuple[str, int]]:
    """How many open leads each person follows, busiest first."""
    counted = Counter(str(owner) for owner in leads["owner"] if owner)
    everyone = dict.fromkeys([*staff(report), *sorted(counted)], 0) | counted
    return sorted(everyone.items(), key=lambda item: -item[1])
