"""冲突: cells that two people changed, answers that exclude each other, and what was typed but could not be placed."""

from __future__ import annotations

import pandas as pd

from .book import Book, Col

CONFLICTS = "冲突"


def write_conflicts(book: Book, rows: pd.DataFrame) -> None:
    """One line per cell, with both values, who wrote them and when."""
    advice = "同一格填得不一样时,已采用较新的。「没有采用」的请重新填写。"
    book.table(book.sheet(CONFLICTS), f"冲突({len(rows)})", advice, [
        Col("情况", list(rows["kind"]), "mark"),
        Col("品牌", list(rows["brand"]), most=20),
        Col("客户编号", list(rows["lead"]), most=26),
        Col("列或格", list(rows["field"]), most=16),
        Col("较早的内容", list(rows["older"]), most=30),
        Col("谁(较早)", list(rows["older_by"]), most=20),
        Col("较新的内容", list(rows["newer"]), most=30),
        Col("谁(较新)", list(rows["newer_by"]), most=20),
        Col("在哪里", list(rows["place"]), most=36),
        Col("说明", list(rows["todo"]), most=50),
    ], freeze=3)  # fmt: skip
