"""合并明细: which rows became which lead, and why (R9)."""

from __future__ import annotations

import pandas as pd

from .book import Book, Col

MERGES = "合并明细"


def write_merges(book: Book, merges: pd.DataFrame) -> None:
    """Every record of the leads that have more than one, oldest first."""
    title = f"合并明细({merges['lead'].nunique()} 个客户)"
    advice = "这些客户由几行合并而成。「首条」是第一次登记;「合并依据」里的分数加起来达到合并线才自动合并。"
    book.table(book.sheet(MERGES, quiet=True), title, advice, [
        Col("客户编号", list(merges["lead"]), most=16),
        Col("记录编号", list(merges["rid"]), most=16),
        Col("关系", list(merges["role"]), "mark"),
        Col("日期", list(merges["date"]), "date"),
        Col("表", list(merges["table"]), most=20),
        Col("交表人", list(merges["person"]), most=12),
        Col("客户姓名", list(merges["name"]), most=16),
        Col("联系方式", list(merges["phone"]), most=30),
        Col("单位/店名", list(merges["company"]), most=28),
        Col("合并依据", list(merges["reason"]), most=50),
        Col("文件", list(merges["file"]), most=36),
        Col("工作表", list(merges["sheet"]), most=33),
        Col("行", list(merges["row"]), "count"),
    ], freeze=3)  # fmt: skip
