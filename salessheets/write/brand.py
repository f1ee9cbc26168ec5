"""The weekly workbook of one brand, for its 市场总监 (manual chapter 1, 3). Holds this brand's leads and nothing else."""

from __future__ import annotations

from salessheets.returned import DOUBTS, LEADS, MERGES, UNASSIGNED

from .agenda import (
    AGENDA,
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
from .analysis import ANALYSIS, is_live, looked_up, write_analysis
from .book import Book
from .brand_overview import write_overview
from .conflicts import CONFLICTS, write_conflicts
from .criteria import CRITERIA_SHEET, write_criteria
from .doubts import asked_in, write_doubts
from .file_cards import CARDS, cards_in, write_cards
from .leads import LIST_KEY, WAITING_KEY, write_leads, write_unassigned
from .ledger import LEDGER, write_brand_ledger
from .merges import merged_in, write_merges
from .notes import NOTES, write_notes
from .report import Report

_WHAT = {
    UNASSIGNED: "还没有跟进人的客户。在这里选跟进人。",
    LEADS: "本品牌全部有效客户,按区域层级排列。",
    ANALYSIS: "每个客户每一项的回答、得分和级别。",
    **DUE,
    DOUBTS: "可能是同一个客户的两条,请回答是或不是。",
    CONFLICTS: "同一格填得不一样的,和没有采用的填写。",
    CARDS: "A类客户和有跟进的客户,每件事的日期和出处。",
    MERGES: "哪些行合并成了一个客户,依据是什么;不是的可以分开。",
    LEDGER: "本周交来的行各去了哪里。",
    CRITERIA_SHEET: "每个答案多少分、几分是A类。绿格可以试算。",
    NOTES: "各工作表、填法和规则。",
}
SHEETS = tuple(_WHAT)  # every sheet the workbook may have, besides 概览


def write_brand(report: Report, brand: str, issue: str) -> bytes:
    """The workbook as bytes; the same report gives the same bytes. ``issue``: the id it carries."""
    leads = report.leads[report.leads["brand"] == brand].reset_index(drop=True)
    merges, doubts = merged_in(report, brand), asked_in(report, brand)
    conflicts = report.conflicts[report.conflicts["brand"] == brand]
    cards = cards_in(report, brand, leads)
    ledger = report.brand_ledger[report.brand_ledger["brand"] == brand]
    content = {UNASSIGNED: int((leads["owner"] == "").sum()), LEADS: len(leads), ANALYSIS: len(leads),
               AGENDA: len(agenda_of(report, brand)), CHART: len(charted(report, leads)),
               REFERRALS: len(referrals_of(report, brand)), DOUBTS: len(doubts), CONFLICTS: len(conflicts),
               CARDS: len(cards), MERGES: len(merges), LEDGER: len(ledger),
               CRITERIA_SHEET: len(leads), NOTES: 1}  # fmt: skip
    shown = [name for name, size in content.items() if size]
    book = Book(
        title=f"{brand} {report.week} 周报", day=report.week.monday, footer=f"{brand} {report.week}", issue=issue
    )
    write_overview(book, report, brand, leads, shown)
    live = is_live(report, leads)
    if UNASSIGNED in shown:
        write_unassigned(book, report, leads, looked_up(report, len(leads), WAITING_KEY) if live else {})
    if LEADS in shown:
        write_leads(book, report, leads, looked_up(report, len(leads), LIST_KEY) if live else {})
        write_analysis(book, report, leads)
    if AGENDA in shown:
        write_agenda(book, report, brand)
    if CHART in shown:
        write_chart(book, report, leads)
    if REFERRALS in shown:
        write_referrals(book, report, brand)
    if DOUBTS in shown:
        write_doubts(book, doubts)
    if CONFLICTS in shown:
        write_conflicts(book, conflicts)
    if CARDS in shown:
        write_cards(book, cards)
    if MERGES in shown:
        write_merges(book, merges)
    if LEDGER in shown:
        write_brand_ledger(book, ledger)
    if CRITERIA_SHEET in shown:
        write_criteria(book, report, live=live)
    silent = [name for name in content if name not in shown]
    write_notes(book, report, {name: _WHAT[name] for name in shown}, silent)
    return book.done()
