"""概览: the answer in ten seconds. Tiles, what needs a person, charts whose titles say the finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from .book import OVERVIEW, Book
from .look import CLASS_COLOURS, FONT, LINE, QUIET, SERIES, TILE
from .report import Report

LEVELS = ("省级", "地级市", "市级", "县级", "乡镇", "待定")
CLASSES = ("A", "B", "C", "待评")
_COLUMNS = 16  # of equal width: eight tiles of two
_CHART = {"width": 560, "height": 300}
_GREY = "#F2F2F2"


@dataclass(frozen=True)
class Tile:
    """One figure: its name, its value, and a word below it."""

    name: str
    value: int
    below: str = ""
    colour: str = "#1F2937"


@dataclass(frozen=True)
class Task:
    """Something that needs a person, with the sheet it is on ("" = no link)."""

    text: str
    sheet: str = ""


def begin(book: Book, report: Report, title: str) -> Worksheet:
    """The sheet with its title and the week in words."""
    sheet = book.sheet(OVERVIEW)
    sheet.fit_to_pages(1, 1)
    sheet.set_column(0, _COLUMNS - 1, 9.3)
    sheet.set_row(0, 32)
    book.text(sheet, 0, 0, title, book.formats.make(font_size=18, bold=True))
    state = "本周已结" if report.finished else "本周未完,数字还会变"
    text = f"{report.week}({report.week.days})  截至 {report.as_of.isoformat()}  {state}"
    book.text(sheet, 1, 0, text, book.formats.quiet)
    return sheet


def tiles(book: Book, sheet: Worksheet, row: int, figures: Sequence[Tile]) -> int:
    """A row of tiles, two columns each. Returns the next free row."""
    for height, offset in ((18, 0), (34, 1), (18, 2)):
        sheet.set_row(row + offset, height)
    box = {"bg_color": TILE, "align": "center"}
    for at, tile in enumerate(figures):
        left = at * 2
        top = book.formats.make(**box, font_color=QUIET, top=2, top_color=tile.colour)
        middle = book.formats.make(**box, font_size=20, bold=True, font_color=tile.colour, num_format="#,##0")
        low = book.formats.make(**box, font_size=9, font_color=QUIET)
        sheet.merge_range(row, left, row, left + 1, tile.name, top)
        sheet.merge_range(row + 1, left, row + 1, left + 1, tile.value, middle)
        sheet.merge_range(row + 2, left, row + 2, left + 1, tile.below, low)
    return row + 4


def tasks(book: Book, sheet: Worksheet, row: int, needs: Sequence[Task]) -> int:
    """需要处理: what needs a person, each with a link. Returns the next free row."""
    book.text(sheet, row, 0, "需要处理", book.formats.make(font_size=12, bold=True))
    row += 1
    if not needs:
        book.text(sheet, row, 0, "没有需要处理的事。", book.formats.quiet)
        return row + 2
    for need in needs:
        if need.sheet:
            sheet.write_url(row, 0, f"internal:'{need.sheet}'!A1", book.formats.link, f"→ {need.text}")
        else:
            book.text(sheet, row, 0, f"· {need.text}", book.formats.make())
        row += 1
    return row + 1


def links(book: Book, sheet: Worksheet, row: int, names: Sequence[str]) -> int:
    """Links to the other sheets. Returns the next free row."""
    book.text(sheet, row, 0, "工作表:", book.formats.make(bold=True))
    for at, name in enumerate(names):
        sheet.write_url(row, (at + 1) * 2, f"internal:'{name}'!A1", book.formats.link, name)
    return row + 2


def small_table(book: Book, sheet: Worksheet, row: int, column: int, title: str, header: Sequence[str],
                body: Sequence[Sequence[Any]], formulas: Sequence[str] = ()) -> None:  # fmt: skip
    """A little table on 概览, two columns per field: numbers behind a chart, or the load of each person."""
    book.text(sheet, row, column, title, book.formats.make(bold=True))
    head = book.formats.make(bold=True, bottom=1, bottom_color=LINE, font_color=QUIET, align="left")
    for at, text in enumerate(header):
        book.text(sheet, row + 1, column + (at + 1 if at else 0), text, head)
        if at == 0:
            sheet.write_blank(row + 1, column + 1, None, head)
    for offset, line in enumerate(body):
        for at, value in enumerate(line):
            place = (row + 2 + offset, column + (at + 1 if at else 0))
            if at and formulas:
                sheet.write_formula(*place, formulas[offset], book.formats.make(num_format="0", align="left"), value)
            elif at:
                sheet.write_number(*place, value, book.formats.make(num_format="0", align="left"))
            else:
                book.text(sheet, *place, value, book.formats.make())


def _chart(book: Book, sheet: Worksheet, where: tuple[int, int], title: str, alt: str, kind: dict[str, str],
           series: Sequence[dict[str, Any]], *, legend: bool) -> None:  # fmt: skip
    chart = book.file.add_chart(kind)
    for one in series:
        chart.add_series({"gap": 60, **one})
    font = {"name": FONT, "size": 9, "color": QUIET}
    chart.set_title({"name": title, "name_font": {"name": FONT, "size": 11, "bold": True}, "overlay": False})
    chart.set_legend({"position": "bottom", "font": font} if legend else {"none": True})
    chart.set_x_axis({"num_font": font, "line": {"color": LINE}, "major_gridlines": {"visible": False}})
    chart.set_y_axis({"num_font": font, "major_gridlines": {"visible": True, "line": {"color": _GREY}},
                      "line": {"none": True}, "num_format": "0"})  # fmt: skip
    chart.set_chartarea({"border": {"color": LINE}})
    chart.set_size(_CHART)
    sheet.insert_chart(*where, chart, {"description": alt, "x_offset": 2, "y_offset": 2})


def channel_chart(book: Book, sheet: Worksheet, where: tuple[int, int], data: tuple[int, int], counts: pd.DataFrame,
                  week: str) -> str:  # fmt: skip
    """New leads by channel, stacked by week; the numbers stand at ``data``. Returns a sentence when there is no chart."""
    table = counts.groupby(["channel", "week"])["new"].sum().unstack(fill_value=0)  # noqa: PD010
    if table.empty:
        return "最近八周没有新增客户。"
    table = table.loc[table.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    weeks = list(table.columns)
    row, column = data
    small_table(book, sheet, row, column, "新增客户:渠道 × 周", ["渠道", *weeks],
                [(name, *(int(n) for n in line)) for name, line in zip(table.index, table.to_numpy(), strict=True)])  # fmt: skip
    first, last = row + 2, row + 1 + len(table)
    series = [
        {"name": [sheet.name, row + 1, column + 2 + at], "categories": [sheet.name, first, column, last, column],
         "values": [sheet.name, first, column + 2 + at, last, column + 2 + at],
         "fill": {"color": SERIES[at % len(SERIES)]}}
        for at in range(len(weeks))
    ]  # fmt: skip
    now = table[week] if week in weeks else table.sum(axis=1) * 0
    best = now.idxmax() if int(now.sum()) else ""
    title = (f"本周新增 {int(now.sum())} 个,{best}最多({int(now.max())} 个)" if best else "本周没有新增客户")
    alt = f"柱形图:各渠道每周新增客户数。{title}。"
    _chart(book, sheet, where, title, alt, {"type": "column", "subtype": "stacked"}, series, legend=True)
    return ""


def class_chart(book: Book, sheet: Worksheet, where: tuple[int, int], data: tuple[int, int], leads: pd.DataFrame) -> str:
    """Class by region level, stacked. Returns a sentence when there is no chart."""
    if leads.empty:
        return "还没有有效客户。"
    table = pd.crosstab(leads["region_level"], leads["final_class"]).reindex(index=LEVELS, columns=CLASSES, fill_value=0)
    table = table[table.sum(axis=1) > 0]
    row, column = data
    small_table(book, sheet, row, column, "级别 × 区域层级", ["区域层级", *CLASSES],
                [(name, *(int(n) for n in line)) for name, line in zip(table.index, table.to_numpy(), strict=True)])  # fmt: skip
    first, last = row + 2, row + 1 + len(table)
    fills = {**{name: fill for name, (_, fill) in CLASS_COLOURS.items()}, "待评": "#FFFFFF"}
    series = [
        {"name": [sheet.name, row + 1, column + 2 + at], "categories": [sheet.name, first, column, last, column],
         "values": [sheet.name, first, column + 2 + at, last, column + 2 + at],
         "fill": {"color": fills[name]}, "border": {"color": "#7F7F7F", "width": 0.75}}
        for at, name in enumerate(CLASSES)
    ]  # fmt: skip
    best = int(table["A"].sum())
    waiting = int(table["待评"].sum())
    title = f"A类 {best} 个,B类 {int(table['B'].sum())} 个;待评 {waiting} 个" + (",要补资料" if waiting else "")
    alt = f"柱形图:各区域层级的A、B、C、待评客户数。{title}。"
    _chart(book, sheet, where, title, alt, {"type": "column", "subtype": "stacked"}, series, legend=True)
    return ""
