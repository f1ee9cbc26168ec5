"""待确认重复: two customers side by side that may be one; a person says 是, 不是 or 不确定 (matching.md, "Decision")."""

from __future__ import annotations

import pandas as pd

from salessheets.match.decisions import ANSWERS
from salessheets.returned import ANSWER_HEADERS, DOUBTS, PAIR_HEADER, SALES_WORKBOOK

from .book import Book, Col
from .report import Report

_ADVICE = (
    "左右两个客户可能是同一个。请在黄色格里选「是」(合并)、「不是」(以后也不合并)或「不确定」(有新资料时再问)。"
    "已经回答的排在后面,可以改。"
)


def asked_in(report: Report, workbook: str) -> pd.DataFrame:
    """The pairs that a workbook asks about: those of its brand; pairs across brands only in 销售部_周报."""
    mine = report.doubts["brands"].map(lambda brands: not brands if workbook == SALES_WORKBOOK else workbook in brands)
    return report.doubts[mine.astype(bool)]


def write_doubts(book: Book, doubts: pd.DataFrame) -> None:
    """One line per pair, the likeliest first."""
    open_ones = int((doubts["answer"] == "").sum())
    title = f"待确认重复({open_ones} 对要回答)" if open_ones else "待确认重复(都回答过了)"
    weights = [f"{weight:g}" if weight else "" for weight in doubts["weight"]]
    book.table(book.sheet(DOUBTS), title, _ADVICE, [
        Col(PAIR_HEADER, list(doubts["key"]), most=20),
        Col(ANSWER_HEADERS[DOUBTS], list(doubts["answer"]), yellow=True, choices=ANSWERS, least=10),
        *_side(doubts, "left", ""),
        *_side(doubts, "right", "另一个:"),
        Col("相同和不同", list(doubts["reason"]), most=32),
        Col("分数", weights, "mark"),
    ], freeze=2)  # fmt: skip


def _side(doubts: pd.DataFrame, side: str, other: str) -> list[Col]:
    shown = (("客户姓名", "name", 10), ("联系电话", "phone", 14), ("单位/店名", "company", 18), ("地区", "place", 14),
             ("来源", "source", 14), ("日期", "date", 12))  # fmt: skip
    return [
        Col(f"{other}{header}", list(doubts[f"{side}_{column}"]), "date" if column == "date" else "text", most=most)
        for header, column, most in shown
    ]
