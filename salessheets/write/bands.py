"""The pictures of 概览 in two bands, and the numbers they are drawn from below them.

First band: new leads by channel, class by region level, new leads by week. Second: funnel, provinces, all figures by week.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from . import findings
from .book import Book
from .charts import ROWS, Chart, Finding, draw, insert
from .figures import Figures
from .look import BAR, LINE, QUIET, SERIES
from .overview import COLUMNS, Tile, small_table, sparklines
from .report import Report
from .template_text import prose

_FUNNEL_WIDE, _PROVINCE_AT, _WEEKS_AT = 7, 8, 14
_PROVINCE_NAMED, _PROVINCE_BARS, _WEEKS_NAMED = 3, 2, 2  # columns
_THIRD = COLUMNS // 3


@dataclass(frozen=True)
class View:
    """What the pictures of one workbook show. counts, leads, closed (given up): as in report.Report, of this workbook.

    figures: with ``new``, the name of the line that the trend draws. tiles: their lines stand in the tiles, too. note: how
    leads are counted. live: the cells of 级别 and of 区域层级, where classes follow what a person tries out.
    """

    counts: pd.DataFrame
    leads: pd.DataFrame
    closed: pd.DataFrame
    figures: Figures
    new: str
    tiles: Sequence[Tile]
    note: str = ""
    live: tuple[str, str] | None = None


def bands(book: Book, sheet: Worksheet, row: int, report: Report, view: View) -> None:
    """Both bands and their numbers from ``row`` on, and why a picture is missing."""
    channels = findings.channels(view.counts, report.week)
    classes = findings.classes(view.leads, view.live)
    trend = findings.trend(view.figures, view.new, finished=report.finished)
    if not (channels or classes or trend):
        book.text(sheet, row, 0, prose("还没有客户,所以没有图。"), book.formats.quiet)
        return
    missing = [(channels, "最近两周没有新增客户,所以没有按渠道的图。"), (classes, "现在没有有效客户,所以没有级别的图。"),
               (trend, "还不到两周,看不出趋势。")]  # fmt: skip
    note = " ".join([view.note, *(text for picture, text in missing if not picture)]).strip()
    first, second = row, row + ROWS + (2 if note else 1)
    funnel = findings.funnel(report, view.leads, view.closed)
    numbers = second + max(ROWS, len(view.figures.now) + 2) + 1 if funnel or trend else second
    if note:
        book.text(sheet, first + ROWS, 0, prose(note), book.formats.quiet)
    _pictures(book, sheet, (first, second, numbers), [channels, classes, funnel])
    if funnel:
        _provinces(book, sheet, second, view.leads)
    if trend:
        _weeks(book, sheet, (first, second), view, trend, alone=not (channels or classes))


def _pictures(book: Book, sheet: Worksheet, rows: tuple[int, int, int], found: list[Finding | None]) -> None:
    """Channels and classes side by side in the first band, the funnel in the second; the numbers of all below."""
    first, second, numbers = rows
    channels, classes, funnel = found
    at = 0
    for finding in filter(None, (channels, classes)):
        draw(book, sheet, (first, at), numbers, finding, _THIRD)
        at += _THIRD
    if funnel:
        draw(book, sheet, (second, 0), numbers, funnel, _FUNNEL_WIDE, table_at=2 * _THIRD)


def _provinces(book: Book, sheet: Worksheet, row: int, leads: pd.DataFrame) -> None:
    """Leads by province, the largest first, with bars in the cells."""
    title, body = findings.provinces(leads)
    small_table(book, sheet, row, _PROVINCE_AT, title, ["省份"], [(name,) for name, _ in body], named=_PROVINCE_NAMED)
    left = _PROVINCE_AT + _PROVINCE_NAMED
    right = left + _PROVINCE_BARS - 1
    head = book.formats.make(bold=True, bottom=1, bottom_color=LINE, font_color=QUIET, align="right")
    number = book.formats.make(num_format="#,##0", align="right")
    sheet.merge_range(row + 1, left, row + 1, right, "客户", head)
    for at, (_, size) in enumerate(body, start=row + 2):
        sheet.merge_range(at, left, at, right, size, number)
    bars = {"type": "data_bar", "bar_solid": True, "bar_color": BAR, "min_type": "num", "min_value": 0,
            "bar_border_color": SERIES[0], "data_bar_2010": True}  # fmt: skip
    sheet.conditional_format(row + 2, left, row + 1 + len(body), left, bars)


def _weeks(book: Book, sheet: Worksheet, rows: tuple[int, int], view: View, trend: Chart, *, alone: bool) -> None:
    """Every figure by week: what the trend in the first band and the lines in the tiles are drawn from."""
    (first, second), figures = rows, view.figures
    names = [view.new, *(tile.name for tile in view.tiles if tile.name != view.new)]
    body = [(name, *figures.before[name], figures.now[name]) for name in names]
    header = ["指标", *(f"{week.number}周" for week in figures.weeks)]
    title = findings.over_the_weeks(figures, view.tiles[0].name)
    small_table(book, sheet, second, _WEEKS_AT, title, header, body, named=_WEEKS_NAMED)
    left, right = _WEEKS_AT + _WEEKS_NAMED, _WEEKS_AT + _WEEKS_NAMED + len(figures.weeks) - 1
    cells = {name: xl_range(second + 2 + at, left, second + 2 + at, right) for at, name in enumerate(names)}
    sparklines(sheet, view.tiles, {name: f"'{sheet.name}'!{place}" for name, place in cells.items()})
    heads = (second + 1, second + 1, left, right)
    where = (first, 0 if alone else 2 * _THIRD)
    insert(book, sheet, where, trend, _THIRD, heads, [((second + 2, _WEEKS_AT), (second + 2, second + 2, left, right))])
