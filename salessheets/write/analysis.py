"""客户分析: each answer, its points, and the class they lead to (manual chapter 2; scoring.md)."""

from __future__ import annotations

import pandas as pd

from .book import Book, Col
from .report import Report

ANALYSIS = "客户分析"


def write_analysis(book: Book, report: Report, leads: pd.DataFrame) -> None:
    """One row per lead, best first within the list's order. The points of each answer stand behind, not printed."""
    names = [criterion.name for criterion in report.settings.criteria]
    reasons = [{name: (answer, points, guess) for name, answer, points, guess in r} for r in leads["reasons"]]
    columns = [
        Col("系统级别", list(leads["system_class"]), "mark"),
        Col("客户编号", list(leads["lead"]), most=16),
        Col("客户姓名", list(leads["name"]), most=20),
        Col("单位/店名", list(leads["company"]), most=28),
        Col("市", list(leads["city"]), most=16),
        Col("得分", list(leads["score"]), "score"),
        Col("得分下限", list(leads["score_low"]), "score"),
        Col("得分上限", list(leads["score_high"]), "score"),
        Col("完整度", list(leads["completeness"]), "percent"),
        Col("区域内名次", [_rank(r, n) for r, n in zip(leads["rank"], leads["pool"], strict=True)], "mark"),
        Col("补什么可升A", list(leads["advice"]), most=26),
        Col("人工级别", list(leads["manual_class"]), "mark"),
    ]
    filed = [
        Col("归档日期", list(leads["archived_date"]), "date"),
        Col("移交跟进人", list(leads["handed_to"]), most=12),
    ]
    for name in names:
        columns.append(Col(name, [_answer(r[name][0], guess=r[name][2]) for r in reasons], most=18))
    printed = len(columns)
    columns += filed
    for name in names:
        columns.append(Col(f"{name}分", [r[name][1] for r in reasons], "points"))
    total = sum(criterion.maximum for criterion in report.settings.criteria)
    title = f"客户分析({len(leads)})"
    advice = (
        f"满分 {total:g}。得分下限=没回答的项目都算 0 分,上限=都算满分。(推断)=由拜访或通话估计,不能凭它升A。"
        "空白=未知。右边是每项的分数,不打印。"
    )
    book.table(book.sheet(ANALYSIS), title, advice, columns, freeze=3, printed=printed)


def _rank(rank: int, pool: int) -> str:
    return f"{rank} / {pool}" if rank else ""


def _answer(answer: str, *, guess: bool) -> str:
    if answer == "未知":
        return ""
    return f"{answer}(推断)" if guess else answer
