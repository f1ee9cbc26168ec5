"""The weekly workbook of one brand, for its 市场总监 (manual chapter 1, 3). Holds this brand's leads and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from salessheets.returned import ANALYSIS, DOUBTS, LEADS, MERGES, UNASSIGNED
from salessheets.trials import CRITERIA_SHEET

from .agenda import (
    AGENDA,
    AGENDA_KEY,
    CHART,
    REFERRALS,
    agenda_of,
    charted,
    referrals_of,
    write_agenda,
    write_chart,
    write_referrals,
)
from .agenda import WHAT as DUE
from .analysis import is_live, looked_up, write_analysis
from .book import Book
from .brand_overview import write_overview
from .changes import CHANGES, changes_of, write_changes
from .conflicts import CONFLICTS, write_conflicts
from .criteria import write_criteria
from .doubts import asked_in, write_doubts
from .file_cards import CARDS, cards_in, write_cards
from .leads import LIST_KEY, WAITING_KEY, write_leads, write_unassigned
from .ledger import LEDGER, write_brand_ledger
from .live import Formula
from .merges import merged_in, write_merges
from .notes import NOTES, write_notes
from .regions import REGIONS, write_regions
from .report import Report

# Front sheets, then the grey ones behind (workflow.md); the order is the same every week.
_WHAT = {
    UNASSIGNED: "还没有跟进人的客户。在这里选跟进人。",
    LEADS: "本品牌全部有效客户,按区域层级排列。",
    ANALYSIS: "每个客户每一项的回答、得分和级别。绿格可以试算。",
    AGENDA: DUE[AGENDA],
    DOUBTS: "可能是同一个客户的两条,请回答是或不是。",
    CONFLICTS: "同一格填得不一样的,和没有采用的填写。",
    REGIONS: "每个区域有多少A、B、C类客户。",
    REFERRALS: DUE[REFERRALS],
    CHART: DUE[CHART],
    CARDS: "A类客户和有跟进的客户,每件事的日期和出处。",
    MERGES: "哪些行合并成了一个客户,依据是什么;不是的可以分开。",
    CHANGES: "和上周名单比,哪些格变了,原来 → 现在。",
    LEDGER: "本周交来的行各去了哪里。",
    CRITERIA_SHEET: "每个答案多少分、几分是A类。绿格可以试算,保存后作为建议转给销售部。",
    NOTES: "各工作表、填法和规则。",
}
SHEETS = tuple(_WHAT)  # every sheet the workbook may have, besides 概览


def write_brand(report: Report, brand: str, issue: str) -> bytes:
    """The workbook as bytes; the same report gives the same bytes. ``issue``: the id it carries."""
    leads = report.leads[report.leads["brand"] == brand].reset_index(drop=True)
    live = is_live(report, leads)
    writers = _writers(report, brand, leads, live=live)
    shown = [name for name in SHEETS if name in writers or name == NOTES]
    book = Book(
        title=f"{brand} {report.week} 周报", day=report.week.monday, footer=f"{brand} {report.week}", issue=issue
    )
    write_overview(book, report, brand, leads, shown)
    for name in shown:
        if name in writers:
            writers[name](book)
    silent = [name for name in SHEETS if name not in shown]
    write_notes(book, report, {name: _WHAT[name] for name in shown}, silent)
    return book.done()


def _writers(report: Report, brand: str, leads: pd.DataFrame, *, live: bool) -> dict[str, Callable[[Book], None]]:
    """Sheet → what writes it; only sheets that have something to say."""
    doubts, conflicts = asked_in(report, brand), report.conflicts[report.conflicts["brand"] == brand]
    cards, merges = cards_in(report, brand, leads), merged_in(report, brand)
    ledger = report.brand_ledger[report.brand_ledger["brand"] == brand]
    size = len(leads)

    def shown_in(key: str) -> dict[str, Formula]:
        return looked_up(report, size, key) if live else {}

    every: dict[str, tuple[int, Callable[[Book], None]]] = {
        UNASSIGNED: (int((leads["owner"] == "").sum()),
                     lambda book: write_unassigned(book, report, leads, shown_in(WAITING_KEY))),
        LEADS: (size, lambda book: write_leads(book, report, leads, shown_in(LIST_KEY))),
        ANALYSIS: (size, lambda book: write_analysis(book, report, leads)),
        AGENDA: (len(agenda_of(report, brand)), lambda book: write_agenda(book, report, brand, shown_in(AGENDA_KEY))),
        DOUBTS: (len(doubts), lambda book: write_doubts(book, doubts)),
        CONFLICTS: (len(conflicts), lambda book: write_conflicts(book, conflicts)),
        REGIONS: (size, lambda book: write_regions(book, report, leads, live=live)),
        REFERRALS: (len(referrals_of(report, brand)), lambda book: write_referrals(book, report, brand)),
        CHART: (len(charted(report, leads)), lambda book: write_chart(book, report, leads)),
        CARDS: (len(cards), lambda book: write_cards(book, cards)),
        MERGES: (len(merges), lambda book: write_merges(book, merges)),
        CHANGES: (len(changes_of(report, brand)), lambda book: write_changes(book, report, brand)),
        LEDGER: (len(ledger), lambda book: write_brand_ledger(book, ledger)),
        CRITERIA_SHEET: (size, lambda book: write_criteria(book, report, live=live)),
    }  # fmt: skip
    return {name: write for name, (rows, write) in every.items() if rows}
