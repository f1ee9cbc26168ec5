"""本周变化: every cell that is another one than in the list of the last closed week, old → new."""

from __future__ import annotations

import pandas as pd

from salessheets.changes import CHANGED, GONE, NEW

from .book import Book, Col
from .report import Report

CHANGES = "本周变化"


def changes_of(report: Report, brand: str) -> pd.DataFrame:
    """The brand's lines of 本周变化."""
    return report.changes[report.changes["brand"] == brand]


def write_changes(book: Book, report: Report, brand: str) -> None:
    """One line per cell in the order of 有效客户名单; who is new on it or has left it is one line."""
    rows = changes_of(report, brand)
    cells = rows["kind"] == CHANGED
    kinds = rows["kind"].value_counts()
    counts = ",".join(f"{kind} {kinds[kind]}" for kind in (NEW, GONE, CHANGED) if kind in kinds)
    advice = f"和 {report.changes_since} 结束时的名单比:{counts}。修改的一格一行,原来 → 现在;(空)=没有填。"
    book.table(book.sheet(CHANGES, quiet=True), f"本周变化({len(rows)})", advice, [
        Col("变化", list(rows["kind"]), "mark"),
        Col("客户编号", list(rows["lead"]), most=16),
        Col("客户", list(rows["name"]), most=26),
        Col("项目", list(rows["field"]), most=16),
        Col("原来", _shown(rows["old"], cells), most=44, least=14),
        Col("现在", _shown(rows["new"], cells), most=44, least=14),
    ], freeze=3)  # fmt: skip


def _shown(texts: pd.Series, cells: pd.Series) -> list[str]:
    return [text or ("(空)" if cell else "") for text, cell in zip(texts, cells, strict=True)]
