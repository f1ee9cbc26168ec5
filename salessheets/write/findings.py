"""What the charts of 概览 show, and in one sentence what they show this week; every title is true of its numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from xlsxwriter.utility import xl_range

from salessheets.followup.standing import SIGNED, STAGE_OF_STATUS, TALKED
from salessheets.office import Week

from .charts import LABELS, Chart, Finding, LiveTitle, Table
from .figures import Figures
from .look import CLASS_COLOURS, EARLIER, OUTLINE, SERIES
from .report import Report

LEVELS = ("省级", "地级市", "市级", "县级", "乡镇", "待定")
CLASSES = ("A", "B", "C", "待评")
NO_PROVINCE = "没写省份"
_NOW = SERIES[0]
_MOST_CHANNELS, _DRAWN_CHANNELS = 12, 8  # lines of the table, the last for all others; bars of the chart
_LABELLED_PAIRS = 5  # channels whose two bars can both have a number beside them
_MOST_PROVINCES = 10


def channels(counts: pd.DataFrame, week: Week) -> Finding | None:
    """New leads by channel, this week against the last one, the best channel on top; None when there were none."""
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
        title = "本周" + _most([(name, size) for name, size, *_ in body], "个渠道")
    else:
        title = "本周没有新增;上周" + _most([(name, size) for name, _, size, _ in body], "个渠道")
    drawn = min(drawn, _DRAWN_CHANNELS)
    both = LABELS if drawn <= _LABELLED_PAIRS else {}
    series = [{"fill": {"color": _NOW}, **LABELS}, {"fill": {"color": EARLIER}, **both}]
    chart = Chart({"type": "bar"}, "新增客户:按渠道", title, series)
    return Finding(chart, Table(["渠道", "本周", "上周", "八周"], body, drawn))


def _most(sizes: Sequence[tuple[str, int]], unit: str, *, named: int = 2) -> str:
    """Who leads, the largest given first; of several in front none is said to be the one, up to ``named`` are named."""
    size = sizes[0][1]
    first = [name for name, other in sizes if other == size]
    if len(first) == 1:
        return f"{first[0]}最多:{size} 个"
    return f"{'和'.join(first) if len(first) <= named else f' {len(first)} {unit}'}并列最多:各 {size} 个"


def classes(leads: pd.DataFrame, live: tuple[str, str] | None = None) -> Finding | None:
    """Class by region level, stacked; the levels in the order of the list (R11).

    live: the cells of 级别 and of 区域层级, where classes follow what a person tries out.
    """
    if leads.empty:
        return None
    table = pd.crosstab(leads["region_level"], leads["final_class"])
    table = table.reindex(index=LEVELS, columns=CLASSES, fill_value=0)
    table = table[table.sum(axis=1) > 0]
    body = [(name, *(int(n) for n in row)) for name, row in zip(table.index, table.to_numpy(), strict=True)]
    sums = {name: int(table[name].sum()) for name in CLASSES}
    title = f"A类 {sums['A']} 个,B类 {sums['B']} 个" + (f";{sums['待评']} 个要补资料才能评" if sums["待评"] else "")
    fills = {name: fill for name, (_, fill) in CLASS_COLOURS.items()} | {"待评": "#FFFFFF"}
    series = [{"fill": {"color": fills[name]}, "border": {"color": OUTLINE, "width": 0.75}} for name in CLASSES]
    kind = {"type": "column", "subtype": "stacked"}
    live_title = _class_title(len(body)) if live else None
    chart = Chart(kind, "有效客户:级别 × 区域层级", title, series, labelled=False, live_title=live_title)
    counted = (
        [[f'=COUNTIFS({live[0]},"{name}",{live[1]},"{level}")' for name in CLASSES] for level, *_ in body]
        if live
        else ()
    )
    return Finding(chart, Table(["区域层级", *CLASSES], body, len(body), counted))


def _class_title(size: int) -> LiveTitle:
    """The finding of ``classes`` as a formula over its numbers."""

    def formula(row: int, column: int) -> str:
        a, b, _, unrated = (f"SUM({xl_range(row, at, row + size - 1, at)})" for at in range(column, column + 4))
        rest = f'IF({unrated}>0,"\uff1b"&{unrated}&" 个要补资料才能评","")'
        return f'="A类 "&{a}&" 个\uff0cB类 "&{b}&" 个"&{rest}'

    return formula


def trend(figures: Figures, name: str, *, finished: bool) -> Chart | None:
    """New leads of up to eight weeks (the line ``name`` of the table of weeks); None when there is only one."""
    if len(figures.weeks) < 2:
        return None
    now, before = figures.now[name], figures.before[name][-1] or 0
    change = "和上周一样" if now == before else f"比上周{'多' if now > before else '少'} {abs(now - before)} 个"
    title = f"本周新增 {now} 个,{change}" if finished else f"本周到现在新增 {now} 个,上周 {before} 个"
    points = [{"fill": {"color": EARLIER}}] * (len(figures.weeks) - 1) + [{"fill": {"color": _NOW}}]
    return Chart({"type": "column"}, "新增客户:按周", title, [{"fill": {"color": EARLIER}, "points": points, **LABELS}])


def funnel(report: Report, leads: pd.DataFrame, closed: pd.DataFrame) -> Finding | None:
    """线索 → 有效 → 洽谈 → 成交: each lead once, at the farthest step it reached, as on 渠道漏斗. closed: given up."""
    if leads.empty:
        return None
    reached = [
        max(report.lists.stages.get((lead, brand), 0), STAGE_OF_STATUS.get(status, 0))
        for lead, brand, status in leads[["lead", "brand", "status"]].to_numpy()
    ]
    stage = pd.Series(reached, index=leads["lead"]).groupby(level=0).max()
    valid, talked, signed = len(stage), int((stage >= TALKED).sum()), int((stage >= SIGNED).sum())
    lost = len(set(closed["lead"]) - set(stage.index))
    body = [("线索", valid + lost), ("有效", valid), ("洽谈", talked), ("成交", signed)]
    met = f"洽谈 {talked} 个({_percent(talked, valid)}),成交 {signed} 个"
    title = met if talked else f"有效 {valid} 个,还没有洽谈的"
    chart = Chart({"type": "bar"}, "漏斗:线索 → 有效 → 洽谈 → 成交", title, [{"fill": {"color": _NOW}, **LABELS}])
    return Finding(chart, Table(["走到哪一步", "客户"], body, len(body)))


def provinces(leads: pd.DataFrame) -> tuple[str, list[tuple[str, int]]]:
    """The finding, and the provinces by their number of leads; who has none comes last."""
    sizes = leads["province"].value_counts(sort=False)
    named = sorted(((str(n), int(size)) for n, size in sizes.items() if n), key=lambda item: (-item[1], item[0]))
    nowhere = [(NO_PROVINCE, int(sizes.get("", 0)))] if sizes.get("", 0) else []
    if not named:
        return f"{len(leads)} 个客户都没写省份", nowhere
    title = _most(named, "个省份", named=1).strip()
    if named[0][1] > sum(size for _, size in named[1:2]):
        title += f"({_percent(named[0][1], len(leads))})"
    room = _MOST_PROVINCES - len(nowhere)
    if len(named) > room:
        rest = named[room - 1 :]
        named = [*named[: room - 1], (f"其余 {len(rest)} 个", sum(size for _, size in rest))]
    return title, [*named, *nowhere]


def _percent(part: int, whole: int) -> str:
    """Rounded half up, as Excel does."""
    return f"{(200 * part + whole) // (2 * whole)}%"


def over_the_weeks(figures: Figures, name: str) -> str:
    """How the figure ``name`` changed since the first week in which it is known."""
    known = [value for value in figures.before[name] if value is not None]
    if not known:
        return f"{len(figures.weeks)} 周的数字"
    change = figures.now[name] - known[0]
    verb = "没有变" if not change else f"{'多了' if change > 0 else '少了'} {abs(change)} 个"
    return f"{len(known) + 1} 周来{name}{verb}"
