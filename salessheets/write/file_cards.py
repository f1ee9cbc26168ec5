"""客户档案: what happened with each A lead and each lead with events, day by day with its source."""

from __future__ import annotations

import pandas as pd

from .book import Book, Col
from .report import Report

CARDS = "客户档案"


def cards_in(report: Report, brand: str, leads: pd.DataFrame) -> pd.DataFrame:
    """Events of a brand's leads in the order of its list, with name and class; what other brands typed is not among them."""
    mine = report.history[report.history["brand"].isin(("", brand)) & report.history["lead"].isin(leads["lead"])]
    places = {lead: at for at, lead in enumerate(leads["lead"])}
    names, marks = (dict(zip(leads["lead"], leads[c], strict=True)) for c in ("name", "final_class"))
    mine = mine.assign(
        **{c: mine["lead"].map(known) for c, known in (("place", places), ("name", names), ("mark", marks))}
    )
    return mine.sort_values("place", kind="stable", ignore_index=True)


def write_cards(book: Book, cards: pd.DataFrame) -> None:
    """One line per event."""
    title = f"客户档案({cards['lead'].nunique()} 个客户)"
    advice = "A类客户和有跟进的客户:每次登记、分析、洽谈、填写和级别变化,按日期排列,写着出处。可按客户编号筛选。"
    book.table(book.sheet(CARDS, quiet=True), title, advice, [
        Col("客户编号", list(cards["lead"]), most=16),
        Col("客户姓名", list(cards["name"]), most=16),
        Col("级别", list(cards["mark"]), "mark"),
        Col("日期", list(cards["date"]), "date"),
        Col("事件", list(cards["event"]), "mark"),
        Col("内容", list(cards["text"]), most=80),
        Col("谁", list(cards["person"]), most=14),
        Col("出处", list(cards["source"]), most=44),
    ], freeze=3)  # fmt: skip
