"""What a director forwards from his phone: five lines of text for WeChat, and a picture of 概览.

Both say numbers of customers and 客户编号, never a name or a phone: they leave the office, and nothing in them would have to
be erased when a person is (``forget``). A brand with a password gets neither, since nothing could lock them.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from . import figures, findings
from .agenda import agenda_of
from .brand_overview import tiles_of
from .canvas import Canvas, Mark
from .charts import Finding
from .leads import unassigned
from .look import CLASS_COLOURS, EARLIER, INK, OUTLINE, RED, SERIES
from .report import Report
from .template_text import prose

_NAMED = 5  # 客户编号 in a line
_CHANNELS = 6  # bars in the picture
_TILES_IN_ROW = 4


def write_text(report: Report, brand: str) -> bytes:
    """The five lines as a text file that Windows opens well: UTF-8 with BOM, CRLF."""
    return ("\r\n".join(five_lines(report, brand)) + "\r\n").encode("utf-8-sig")


def five_lines(report: Report, brand: str) -> list[str]:
    """Which week, how many, who is unassigned, what is urgent, and what else is to be done."""
    leads = report.leads[report.leads["brand"] == brand]
    counted = figures.of_brand(report, brand)
    said = {tile.name: tile for tile in tiles_of(report, counted, leads)}
    now = counted.now

    def told(name: str) -> str:
        change = said[name].change(finished=report.finished) if said[name].before else ""
        return f"{name} {now[name]:,} 个" + (f"({change})" if change else "")

    due = agenda_of(report, brand)
    late = int(due["reasons"].str.contains("已逾期").sum()) if len(due) else 0
    classes = ",".join(f"{name} {now[name]:,} 个" for name in ("A类", "B类", "C类", "待评"))
    urgent = leads[leads["urgent"].astype(bool)]
    lines = [
        f"【{brand}】{report.week} 周报,{_state(report)}",
        f"{told('有效客户')},{told(figures.NEW)}。",
        f"{told('待分配')}" + _numbers(unassigned(leads)["lead"], "请在周报「待分配」里选跟进人"),
        f"{told('紧急')}" + _numbers(urgent["lead"], "请先联系"),
        f"{classes};本周待办 {len(due):,} 个" + (f",其中 {late:,} 个已逾期" if late else "") + "。",
    ]
    return [prose(line) for line in lines]


def _state(report: Report) -> str:
    until = f"截至 {report.as_of.isoformat()}"
    return f"{report.week.days},{until}" + ("" if report.finished else ",本周未完")


def _numbers(leads: pd.Series, todo: str) -> str:
    """The first 客户编号, and what to do with them."""
    if leads.empty:
        return "。"
    more = " 等" if len(leads) > _NAMED else ""
    return f":{'、'.join(leads[:_NAMED])}{more},{todo}。"


def write_picture(report: Report, brand: str) -> bytes:
    """The picture as PNG; the same report gives the same bytes."""
    leads = report.leads[report.leads["brand"] == brand]
    counts = report.counts[report.counts["brand"] == brand]
    counted = figures.of_brand(report, brand)
    page = Canvas()
    page.title(brand, prose(f"{report.week} 周报({_state(report)})"))
    tiles = tiles_of(report, counted, leads)
    for at in range(0, len(tiles), _TILES_IN_ROW):
        page.tiles([
            (tile.name, f"{tile.value:,}", prose(tile.change(finished=report.finished)),
             tile.colour if tile.value else INK, [*(n or 0 for n in tile.before), tile.value] if tile.before else [])
            for tile in tiles[at : at + _TILES_IN_ROW]
        ])  # fmt: skip
    page.lines([prose(line) for line in _to_do(leads)], RED)
    _channels(page, findings.channels(counts, report.week))
    _classes(page, findings.classes(leads))
    trend = findings.trend(counted, figures.NEW, finished=report.finished)
    if trend:
        weeks = [f"{week.number}周" for week in counted.weeks]
        page.heading(prose(trend.title))
        page.columns(weeks, [*(n or 0 for n in counted.before[figures.NEW]), counted.now[figures.NEW]])
    return page.png()


def _to_do(leads: pd.DataFrame) -> list[str]:
    """The unassigned and the urgent by number, where there are any."""
    waiting, urgent = unassigned(leads)["lead"], leads["lead"][leads["urgent"].astype(bool)]
    told: Sequence[tuple[str, pd.Series, str]] = (("紧急", urgent, "请先联系"), ("待分配", waiting, "请选跟进人"))
    return [f"{name} {len(found):,} 个" + _numbers(found, todo) for name, found, todo in told if len(found)]


def _channels(page: Canvas, found: Finding | None) -> None:
    if found is None:
        return
    page.heading(prose(found.chart.title))
    page.legend([Mark("本周", SERIES[0]), Mark("上周", EARLIER)])
    for name, now, before, _ in found.table.body[: min(found.table.shown, _CHANNELS)]:
        largest = max(max(line[1:3]) for line in found.table.body)
        page.pair(name, now, before, largest)


def _classes(page: Canvas, found: Finding | None) -> None:
    if found is None:
        return
    page.heading(prose(found.chart.title))
    fills = {name: fill for name, (_, fill) in CLASS_COLOURS.items()} | {"待评": "#FFFFFF"}
    page.legend([Mark(name, fills[name], OUTLINE) for name in findings.CLASSES])
    largest = max(sum(line[1:]) for line in found.table.body)
    for name, *sizes in found.table.body:
        page.stacked(name, [(size, Mark(letter, fills[letter], OUTLINE)) for letter, size in
                          zip(findings.CLASSES, sizes, strict=True)], largest)  # fmt: skip
