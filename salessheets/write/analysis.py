"""客户分析: each answer, its points, and the class they lead to (manual chapter 2; scoring.md).

Up to 活公式上限 leads everything but the answers is a formula over 评分标准, with the right value cached beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from salessheets.returned import ANALYSIS, LEADS
from salessheets.score import GATE_FIELDS, REGION_COLUMNS, UNKNOWN
from salessheets.settings import Criterion

from .book import ADVICE, FIRST, Book, Col
from .leads import list_cells
from .live import GUESSED, Formula, Live, column_range
from .look import ABOVE_FORMATS
from .report import Report

_TYPED = ("lead", "manual_class", "status")
# What other sheets show of a class: field → column here.
_SHOWN_ELSEWHERE = {"final_class": "final", "system_class": "system", "score": "score", "score_low": "low",
                    "score_high": "high", "completeness": "complete"}  # fmt: skip
_PRINTED = ("final", "system", "lead", "name", "company", "city", "score", "low", "high", "complete", "place", "advice",
            "manual")  # fmt: skip
_FILED = ("archived_date", "handed_to")
_WORKING = ("status", "region", "held", "counted", "rank", "pool", "reach", "after")


def is_live(report: Report, leads: pd.DataFrame) -> bool:
    """Few enough leads for formulas (规则 活公式上限), and none of a region's pool is missing on the sheet."""
    if not 0 < len(leads) <= report.settings.rules.live_limit:
        return False
    counted = leads[leads["rank"] > 0]
    sizes = Counter(_regions(report, counted))
    return all(sizes[region] == pool for region, pool in zip(_regions(report, counted), counted["pool"], strict=True))


def write_analysis(book: Book, report: Report, leads: pd.DataFrame) -> None:
    """One row per lead in the list's order. The points of each answer stand behind, not printed."""
    live, criteria = is_live(report, leads), report.settings.criteria
    keys = _keys(criteria, live=live)
    columns = _columns(report, leads, live=live)
    formulas = _live(criteria, len(leads)).all() if live else {}
    size = range(len(leads))
    made = [_column(columns[key], [formulas[key](row) for row in size] if key in formulas else ()) for key in keys]
    sheet = book.sheet(ANALYSIS)
    total = sum(criterion.maximum for criterion in criteria)
    book.table(sheet, f"客户分析({len(leads)})", _advice(report, total, live=live), made, freeze=4,
               printed=len(_PRINTED) + len(criteria))  # fmt: skip
    if live:
        above = _above(criteria)
        for key, formula in _live(criteria, len(leads)).above().items():
            look = book.formats.quiet_number(ABOVE_FORMATS[key.rstrip("0123456789")])
            sheet.write_formula(ADVICE, keys.index(key), formula, look, above[key])


def looked_up(report: Report, size: int, key: str) -> dict[str, Formula]:
    """Field → the formula by which another sheet shows it. key: that sheet's column of 客户编号."""
    letters = _live(report.settings.criteria, size).letters
    places, numbers = f"'{ANALYSIS}'!", column_range(letters["lead"], size)

    def formula(column: str) -> Formula:
        found = column_range(letters[column], size)
        return lambda row: f"=INDEX({places}{found},MATCH(${key}{FIRST + row + 1},{places}{numbers},0))"

    return {field: formula(column) for field, column in _SHOWN_ELSEWHERE.items()}


def class_cells(report: Report, size: int) -> str:
    """The cells of 级别, for counting."""
    return f"'{ANALYSIS}'!{column_range(_live(report.settings.criteria, size).letters['final'], size)}"


def _keys(criteria: Sequence[Criterion], *, live: bool) -> list[str]:
    """Column keys in their order on the sheet."""
    each = [*_numbered("answer", criteria), *_FILED, *_numbered("points", criteria)]
    return [*_PRINTED, *each, *(_numbered("known", criteria) if live else ()), *(_WORKING if live else ())]


def _numbered(name: str, criteria: Sequence[Criterion]) -> list[str]:
    return [f"{name}{at}" for at in range(len(criteria))]


def _live(criteria: tuple[Criterion, ...], size: int) -> Live:
    letters = {key: str(xl_col_to_name(at)) for at, key in enumerate(_keys(criteria, live=True))}
    return Live(letters, size, criteria, {field: f"'{LEADS}'!{list_cells(field, size)}" for field in _TYPED})


def _columns(report: Report, leads: pd.DataFrame, *, live: bool) -> dict[str, Col]:
    """Column key → its values, as Python calculated them."""
    criteria = report.settings.criteria
    names = [criterion.name for criterion in criteria]
    reasons = [{name: (answer, points, guess) for name, answer, points, guess in r} for r in leads["reasons"]]
    known = {name: [0 if r[name][0] == UNKNOWN else 1 if r[name][2] else 2 for r in reasons] for name in names}
    waits = [_after(criteria, [known[name][row] for name in names]) for row in range(len(leads))]
    made = {
        "final": Col("级别", list(leads["final_class"]), "mark"),
        "system": Col("系统级别", list(leads["system_class"]), "mark"),
        "lead": Col("客户编号", list(leads["lead"]), most=16),
        "name": Col("客户姓名", list(leads["name"]), most=20),
        "company": Col("单位/店名", list(leads["company"]), most=28),
        "city": Col("市", list(leads["city"]), most=16),
        "score": Col("得分", list(leads["score"]), "score"),
        "low": Col("得分下限", list(leads["score_low"]), "score"),
        "high": Col("得分上限", list(leads["score_high"]), "score"),
        "complete": Col("完整度", list(leads["completeness"]), "percent"),
        "place": Col("区域内名次", [_place(r, n) for r, n in zip(leads["rank"], leads["pool"], strict=True)], "mark"),
        "advice": Col("补什么可升A", list(leads["advice"]), most=26, least=20),
        "manual": Col("人工级别", list(leads["manual_class"]), "mark"),
        "archived_date": Col("归档日期", list(leads["archived_date"]), "date"),
        "handed_to": Col("移交跟进人", list(leads["handed_to"]), most=12),
        "status": Col("跟进状态", list(leads["status"])),
        "region": Col("分级区域", _regions(report, leads)),
        "held": Col("上周级别", list(leads["held"]), "mark"),
        "counted": Col("参加排名", [int(rank > 0) for rank in leads["rank"]], "count"),
        "rank": Col("名次", list(leads["rank"]), "count"),
        "pool": Col("排名人数", list(leads["pool"]), "count"),
        "reach": Col("分数够到", list(leads["reach"]), "mark"),
        "after": Col("必答补齐后", waits, "points"),
    }
    for at, criterion in enumerate(criteria):
        name = criterion.name
        answers = [_answer(r[name][0], guess=r[name][2]) for r in reasons]
        made[f"answer{at}"] = Col(name, answers, most=18, trial=live, choices=tuple(criterion.points) if live else ())
        made[f"points{at}"] = Col(f"{name}分", [r[name][1] for r in reasons], "points")
        made[f"known{at}"] = Col(f"{name}已知", known[name], "count")
    return made


def _column(column: Col, formulas: Sequence[str]) -> Col:
    return column.with_formulas(formulas) if formulas else column


def _advice(report: Report, total: float, *, live: bool) -> str:
    how = (
        "绿格(答案)和「评分标准」可以试算:一改,分数和级别马上跟着变;试算不会带回下周。"
        if live
        else f"客户超过 {report.settings.rules.live_limit} 个(规则「活公式上限」),所以这里是数值,不会跟着变。"
    )
    what = f"人工级别请在「{LEADS}」填。满分 {total:g}。没回答的:下限算 0 分,上限算满分。{GUESSED}=估计的,不能凭它升A。"
    return f"{what}{how}右边是每项的分数,不打印。"


def _above(criteria: Sequence[Criterion]) -> Mapping[str, Any]:
    """The values of live.Live.above."""
    by_size = sorted(
        range(len(criteria)), key=lambda at: (-criteria[at].maximum, criteria[at].field not in GATE_FIELDS, at)
    )
    return {f"points{at}": c.maximum for at, c in enumerate(criteria)} | {
        f"known{at}": place for place, at in enumerate(by_size, start=1)
    }


def _after(criteria: Sequence[Criterion], known: Sequence[int]) -> float:
    """Maxima of what is confirmed, were the answers that an A needs given too."""
    return sum(c.maximum for c, state in zip(criteria, known, strict=True) if state == 2 or c.field in GATE_FIELDS)


def _regions(report: Report, leads: pd.DataFrame) -> list[str]:
    """What classes are compared within; "" for leads whose place is not known so closely."""
    columns = REGION_COLUMNS[report.settings.rules.region_level]
    rows = leads[list(columns)].to_numpy()
    return [_plain(" ".join(part for part in row if part)) if row[-1] else "" for row in rows]


def _plain(text: str) -> str:
    """A text that COUNTIFS takes as it is: no wildcard, no sign of comparison in front."""
    return text.translate({ord(character): "_" for character in "*?~<>="})


def _place(rank: int, pool: int) -> str:
    return f"{rank} / {pool}" if rank else ""


def _answer(answer: str, *, guess: bool) -> str:
    if answer == UNKNOWN:
        return ""
    return f"{answer}{GUESSED}" if guess else answer
