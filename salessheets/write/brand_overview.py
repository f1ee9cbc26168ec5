"""概览 of a brand's workbook: its tiles, what needs its 市场总监, who follows how many, its pictures."""

from __future__ import annotations

import pandas as pd

from salessheets.returned import ANALYSIS, DOUBTS, LEADS, UNASSIGNED

from . import figures, overview
from .agenda import AGENDA, agenda_of
from .analysis import is_live
from .bands import View, bands
from .book import Book
from .conflicts import CONFLICTS
from .doubts import asked_in
from .findings import CLASSES
from .leads import list_cells, load
from .look import AMBER, CLASS_COLOURS, INK, QUIET, RED
from .overview import Task, Tile
from .report import Report


def write_overview(book: Book, report: Report, brand: str, leads: pd.DataFrame, shown: list[str]) -> None:
    """leads: the open ones of this brand. shown: the sheets that follow."""
    director = next((b.director for b in report.settings.brands if b.name == brand), "")
    sheet = overview.begin(book, report, f"{brand}  周报" + (f"（{director}）" if director else ""))
    counted = figures.of_brand(report, brand)
    tiles = tiles_of(report, counted, leads)
    row = overview.tiles(book, sheet, tiles, finished=report.finished)
    row = overview.links(book, sheet, row, shown)
    ends = [overview.tasks(book, sheet, row, _tasks(leads, report, brand, shown))]
    people = load(report, leads)
    if people and LEADS in shown:
        ends.append(overview.people(book, sheet, row, overview.COLUMNS // 2, people, _listed("owner", leads)))
    mine, closed = (frame[frame["brand"] == brand] for frame in (report.counts, report.closed))
    view = View(mine, leads, closed, counted, figures.NEW, tiles, live=_live(report, leads))
    bands(book, sheet, max(ends) + 1, report, view)
    sheet.set_selection(0, 0, 0, 0)
    sheet.protect()


def _listed(field: str, leads: pd.DataFrame) -> str:
    """The cells of a column of 有效客户名单, for counting."""
    return f"'{LEADS}'!{list_cells(field, len(leads))}"


def _live(report: Report, leads: pd.DataFrame) -> tuple[str, str] | None:
    """The cells of 级别 and of 区域层级, where classes follow what a person tries out."""
    return (_listed("final_class", leads), _listed("region_level", leads)) if is_live(report, leads) else None


def tiles_of(report: Report, counted: figures.Figures, leads: pd.DataFrame) -> list[Tile]:
    """The eight figures of a brand."""
    live = _live(report, leads)
    updated = int((leads["week_state"] == "更新").sum())
    waiting = f'=SUMPRODUCT(--({_listed("owner", leads)}=""))' if len(leads) else ""
    letters = {letter: f'=COUNTIF({live[0]},"{letter}")' if live else "" for letter in CLASSES}
    looks = {
        "有效客户": (f"本周更新 {updated}", INK, ""),
        figures.NEW: ("", INK, ""),
        "待分配": ("没有跟进人", RED, waiting),
        "紧急": ("先联系", RED, ""),
        "A类": ("重点", CLASS_COLOURS["A"][1], letters["A"]),
        "B类": ("", AMBER, letters["B"]),
        "C类": ("", QUIET, letters["C"]),
        "待评": ("资料不够", QUIET, letters["待评"]),
    }
    return [
        Tile(name, counted.now[name], below, colour, formula, counted.before[name], flow=name == figures.NEW)
        for name, (below, colour, formula) in looks.items()
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
