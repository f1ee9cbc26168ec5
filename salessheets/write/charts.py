"""The charts of 概览: new leads by channel, class by region level, the trend. Each title says the finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from salessheets.office import Week

from .book import Book
from .look import CLASS_COLOURS, FONT, LINE, QUIET, SERIES
from .overview import COLUMN_PIXELS, COLUMNS, NAMED, small_table
from .report import Report
from .template_text import prose

LEVELS = ("省级", "地级市", "市级", "县级", "乡镇", "待定")
CLASSES = ("A", "B", "C", "待评")
_NOW, _BEFORE, _GRID = SERIES[0], "#BFBFBF", "#F2F2F2"
_ROWS, _ROW_PIXELS = 12, 24
_WEEKS = 8
_MOST_CHANNELS, _DRAWN_CHANNELS = 12, 8  # lines of the table, the last for all others; bars of the chart
_LABELLED_PAIRS = 5  # channels whose two bars can both have a number beside them
_FONT = {"name": FONT, "size": 9, "color": QUIET}
_LABELS = {"data_labels": {"value": True, "num_format": "0;;", "font": _FONT}}  # a bar of nothing needs no 0


@dataclass(frozen=True)
class _Chart:
    """A chart and the little table it is drawn from. series: the look of each number column. shown: rows drawn."""

    kind: Mapping[str, str]
    what: str
    title: str
    header: Sequence[str]
    body: Sequence[tuple[Any, ...]]
    series: Sequence[Mapping[str, Any]]
    shown: int
    labelled: bool = field(default=True)  # numbers stand at the bars, so that no axis is needed


def charts(
    book: Book, sheet: Worksheet, row: int, report: Report, counts: pd.DataFrame, leads: pd.DataFrame, note: str = ""
) -> None:
    """Two or three charts side by side, their numbers below, and why one is missing. note: how leads are counted."""
    channels, classes, trend = _channels(counts, report.week), _classes(leads), _trend(counts, report)
    made = [one for one in (channels, classes, trend) if one]
    if not made:
        book.text(sheet, row, 0, prose("还没有客户,所以没有图。"), book.formats.quiet)
        return
    missing = [(channels, "最近两周没有新增客户,所以没有按渠道的图。"), (classes, "现在没有有效客户,所以没有级别的图。"),
               (trend, "还不到两周,看不出趋势。")]  # fmt: skip
    note = " ".join([note, *(text for chart, text in missing if not chart)]).strip()
    wide = COLUMNS // max(len(made), 2)
    below = row + _ROWS + 1
    for at, one in enumerate(made):
        small_table(book, sheet, below, at * wide, one.what, one.header, one.body)
        _insert(book, sheet, (row, at * wide), (below + 2, at * wide), one, wide)
    book.text(sheet, below - 1, 0, prose(note), book.formats.quiet)


def _channels(counts: pd.DataFrame, week: Week) -> _Chart | None:
    """New leads of this week against the last one, the best channel on top."""
    table = counts.groupby(["channel", "week"])["new"].sum().unstack(fill_value=0)  # noqa: PD010
    total = table.sum(axis=1)
    table = table.reindex(columns=[str(week), str(week.back(1))], fill_value=0)
    now, before = (table[column] for column in table.columns)
    drawn = int(((now + before) > 0).sum())
    if not drawn:
        return None
    order = pd.DataFrame({"now": -now, "before": -before, "total": -total}).sort_values(
        ["now", "before", "total"], kind="stable"
    )
    body = [(name, int(now[name]), int(before[name]), int(total[name])) for name in order.index]
    if len(body) > _MOST_CHANNELS:
        rest = body[_MOST_CHANNELS - 1 :]
        sums = (sum(numbers) for numbers in list(zip(*rest, strict=True))[1:])
        body = [*body[: _MOST_CHANNELS - 1], (f"其余 {len(rest)} 个渠道", *sums)]
    if body[0][1]:
        title = _most("本周", [(name, size) for name, size, *_ in body])
    else:
        title = "本周没有新增;" + _most("上周", [(name, size) for name, _, size, _ in body])
    drawn = min(drawn, _DRAWN_CHANNELS)
    both = _LABELS if drawn <= _LABELLED_PAIRS else {}
    series = [{"fill": {"color": _NOW}, **_LABELS}, {"fill": {"color": _BEFORE}, **both}]
    return _Chart({"type": "bar"}, "新增客户:按渠道", title, ["渠道", "本周", "上周", "八周"], body, series, drawn)


def _most(when: str, sizes: Sequence[tuple[str, int]]) -> str:
    """Who leads, the largest given first; of several in front none is said to be the one."""
    size = sizes[0][1]
    first = [name for name, other in sizes if other == size]
    if len(first) == 1:
        return f"{when}{first[0]}最多:{size} 个"
    return f"{when}{'和'.join(first) if len(first) == 2 else f' {len(first)} 个渠道'}并列最多:各 {size} 个"


def _classes(leads: pd.DataFrame) -> _Chart | None:
    """Class by region level, stacked; the levels in the order of the list (R11)."""
    if leads.empty:
        return None
    table = pd.crosstab(leads["region_level"], leads["final_class"]).reindex(
        index=LEVELS, columns=CLASSES, fill_value=0
    )
    table = table[table.sum(axis=1) > 0]
    body = [(name, *(int(n) for n in row)) for name, row in zip(table.index, table.to_numpy(), strict=True)]
    sums = {name: int(table[name].sum()) for name in CLASSES}
    title = f"A类 {sums['A']} 个,B类 {sums['B']} 个" + (f";{sums['待评']} 个要补资料才能评" if sums["待评"] else "")
    fills = {name: fill for name, (_, fill) in CLASS_COLOURS.items()} | {"待评": "#FFFFFF"}
    series = [{"fill": {"color": fills[name]}, "border": {"color": "#7F7F7F", "width": 0.75}} for name in CLASSES]
    kind = {"type": "column", "subtype": "stacked"}
    return _Chart(
        kind, "有效客户:级别 × 区域层级", title, ["区域层级", *CLASSES], body, series, len(body), labelled=False
    )


def _trend(counts: pd.DataFrame, report: Report) -> _Chart | None:
    """New leads of up to eight weeks; nothing when there is only one."""
    sums = counts.groupby("week")["new"].sum()
    weeks = [
        week
        for week in (report.week.back(n) for n in reversed(range(_WEEKS)))
        if str(week) >= min(sums.index, default="~")
    ]
    if len(weeks) < 2:
        return None
    body = [(f"{week.number}周", int(sums.get(str(week), 0))) for week in weeks]
    now, before = body[-1][1], body[-2][1]
    change = "和上周一样" if now == before else f"比上周{'多' if now > before else '少'} {abs(now - before)} 个"
    title = f"本周新增 {now} 个,{change}" if report.finished else f"本周到现在新增 {now} 个,上周 {before} 个"
    points = [{"fill": {"color": _BEFORE}}] * (len(body) - 1) + [{"fill": {"color": _NOW}}]
    series = [{"fill": {"color": _BEFORE}, "points": points, **_LABELS}]
    return _Chart({"type": "column"}, "新增客户:按周", title, ["周", "新增"], body, series, len(body))


def _insert(
    book: Book, sheet: Worksheet, where: tuple[int, int], data: tuple[int, int], one: _Chart, wide: int
) -> None:
    """data: the cell of the first name in the little table."""
    chart = book.file.add_chart(dict(one.kind))
    (first, column), last = data, data[0] + one.shown - 1
    for at, look in enumerate(one.series):
        values = column + NAMED + at
        chart.add_series({
            "name": [sheet.name, first - 1, values], "categories": [sheet.name, first, column, last, column],
            "values": [sheet.name, first, values, last, values], "gap": 50, **look,
        })  # fmt: skip
    chart.set_title({"name": prose(one.title), "name_font": {"name": FONT, "size": 11, "bold": True}, "overlay": False})
    chart.set_legend({"position": "bottom", "font": _FONT} if len(one.series) > 1 else {"none": True})
    names: dict[str, Any] = {"num_font": _FONT, "line": {"color": LINE}, "major_tick_mark": "none"}
    numbers: dict[str, Any] = {"num_font": _FONT, "line": {"none": True}, "num_format": "0", "min": 0}
    numbers["major_gridlines"] = {"visible": not one.labelled, "line": {"color": _GRID}}
    numbers["visible"] = not one.labelled
    if one.kind["type"] == "bar":  # the axes change places, and the first name belongs on top
        names, numbers = numbers, {**names, "reverse": True}
    chart.set_x_axis(names)
    chart.set_y_axis(numbers)
    chart.set_chartarea({"border": {"color": LINE}})
    chart.set_size({"width": wide * COLUMN_PIXELS - 8, "height": _ROWS * _ROW_PIXELS - 4})
    sheet.insert_chart(
        *where, chart, {"description": prose(f"{one.what}。{one.title}。"), "x_offset": 4, "y_offset": 4}
    )
