"""合并明细: which rows became which lead, and why (R9). A yellow 不是 takes a record out of its lead again."""

from __future__ import annotations

import pandas as pd

from salessheets.match.decisions import NO
from salessheets.returned import ANSWER_HEADERS, MERGES, RECORD_HEADER, SALES_WORKBOOK

from .book import Book, Col
from .report import Report


def merged_in(report: Report, workbook: str) -> pd.DataFrame:
    """The records that a workbook lists: those of its brand; 销售部_周报 has the leads of no brand."""
    mine = report.merges["brands"].map(lambda brands: not brands if workbook == SALES_WORKBOOK else workbook in brands)
    return report.merges[mine.astype(bool)]


def write_merges(book: Book, merges: pd.DataFrame) -> None:
    """Every record of the leads that have more than one, oldest first."""
    title = f"合并明细({merges['lead'].nunique()} 个客户)"
    advice = (
        "这些客户由几行合并而成。「首条」是第一次登记。哪一行不是这个客户,就在它的黄色格里选「不是」,下次运行会分开。"
    )
    free = [bool(rids) for rids in merges["right_rids"]]
    book.table(book.sheet(MERGES, quiet=True), title, advice, [
        Col("客户编号", list(merges["lead"]), most=16),
        Col(RECORD_HEADER, list(merges["rid"]), most=16),
        Col("关系", list(merges["role"]), "mark"),
        Col(ANSWER_HEADERS[MERGES], [""] * len(merges), yellow=True, choices=(NO,), least=10, unasked=[not f for f in free]),
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
    ], freeze=4)  # fmt: skip
