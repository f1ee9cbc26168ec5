"""The weekly workbook of one brand, for its 市场总监 (manual chapter 1, 3). Holds this brand's leads and nothing else."""

from __future__ import annotations

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from salessheets.returned import DOUBTS, LEADS, MERGES, UNASSIGNED

from . import overview
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
from .charts import charts
from .conflicts import CONFLICTS, write_conflicts
from .criteria import CRITERIA_SHEET, write_criteria
from .doubts import asked_in, write_doubts
from .file_cards import CARDS, cards_in, write_cards
from .leads import LIST_KEY, WAITING_KEY, list_cells, load, write_leads, write_unassigned
from .ledger import LEDGER, write_brand_ledger
from .look import AMBER, CLASS_COLOURS, QUIET, RED
from .merges import merged_in, write_merges
from .notes import NOTES, write_notes
from .overview import Task, Tile
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
    director = next((b.director for b in report.settings.brands if b.name == brand), "")
    book = Book(
        title=f"{brand} {report.week} 周报", day=report.week.monday, footer=f"{brand} {report.week}", issue=issue
    )
    sheet = overview.begin(book, report, f"{brand}  周报" + (f"（{director}）" if director else ""))
    _overview(book, sheet, report, brand, leads, shown)
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


def _overview(book: Book, sheet: Worksheet, report: Report, brand: str, leads: pd.DataFrame, shown: list[str]) -> None:
    counts = report.counts[report.counts["brand"] == brand]
    row = overview.tiles(book, sheet, 3, _tiles(leads, counts, report))
    row = overview.links(book, sheet, row, shown)
    ends = [overview.tasks(book, sheet, row, _tasks(leads, report, brand, shown))]
    people = load(report, leads)
    if people and LEADS in shown:
        where = f"'{LEADS}'!" + list_cells("owner", len(leads))
        ends.append(overview.people(book, sheet, row, overview.COLUMNS // 2, people, where))
    charts(book, sheet, max(ends) + 1, report, counts, leads)
    sheet.set_selection(0, 0, 0, 0)
    sheet.protect()


def _tiles(leads: pd.DataFrame, counts: pd.DataFrame, report: Report) -> list[Tile]:
    classes = leads["final_class"].value_counts()
    new = int(counts["new"][counts["week"] == str(report.week)].sum())
    before = int(counts["new"][counts["week"] == str(report.week.back(1))].sum())
    return [
        Tile("有效客户", len(leads), f"本周更新 {int((leads['week_state'] == '更新').sum())}"),
        Tile("本周新增", new, f"上周 {before}"),
        Tile("待分配", int((leads["owner"] == "").sum()), "没有跟进人", RED),
        Tile("紧急", int(leads["urgent"].sum()), "先联系", RED),
        Tile("A类", int(classes.get("A", 0)), "重点", CLASS_COLOURS["A"][1]),
        Tile("B类", int(classes.get("B", 0)), "", AMBER),
        Tile("C类", int(classes.get("C", 0)), "", QUIET),
        Tile("待评", int(classes.get("待评", 0)), "资料不够", QUIET),
    ]


def _tasks(leads: pd.DataFrame, report: Report, brand: str, shown: list[str]) -> list[Task]:
    waiting = leads["owner"] == ""
    found = []
    if waiting.any():
        urgent = int((waiting & leads["urgent"]).sum())
        found.append(
            Task(f"{int(waiting.sum())} 个客户待分配" + (f",其中紧急 {urgent} 个" if urgent else ""), UNASSIGNED)
        )
    gate = int((leads["advice"] != "").sum())
    if gate:
        found.append(Task(f"{gate} 个客户补一两项资料就能升A", ANALYSIS))
    todo = int((leads["todo"] != "").sum())
    if todo:
        found.append(Task(f"{todo} 个客户有待补的资料(「待补」列)", LEADS))
    due = agenda_of(report, brand)
    if len(due):
        late = int(due["reasons"].str.contains("已逾期").sum())
        found.append(Task(f"{len(due)} 个客户在本周待办里" + (f"，其中 {late} 个已逾期" if late else ""), AGENDA))
    again = int((leads["called_again"] != "").sum())
    if again:
        found.append(Task(f"{again} 个老客户本周再次来电(「再次来电」列)", LEADS))
    former = int((leads["former_owner"] != "").sum())
    if former:
        found.append(Task(f"{former} 个客户的原跟进人已离职，请重新分配", UNASSIGNED))
    asked = int((asked_in(report, brand)["answer"] == "").sum())
    if asked:
        found.append(Task(f"{asked} 对客户可能是同一个，请回答", DOUBTS))
    conflicts = int((report.conflicts["brand"] == brand).sum())
    if conflicts:
        found.append(Task(f"{conflicts} 处填写有冲突或没有采用", CONFLICTS))
    closed = int((report.closed["brand"] == brand).sum())
    if closed:
        found.append(Task(f"{closed} 个放弃的客户在旁边的 名录池.csv 里"))
    asleep = int((report.pool["brand"] == brand).sum())
    if asleep:
        found.append(Task(f"{asleep} 个没有联系过的名录客户在旁边的 名录池.csv 里"))
    return [task for task in found if not task.sheet or task.sheet in shown]
