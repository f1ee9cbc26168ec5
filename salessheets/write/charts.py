"""A chart of 概览 and the little table whose numbers it draws. What it shows, and its title, is said in findings.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.worksheet import Worksheet

from .book import Book
from .look import FONT, GRID, LINE, QUIET
from .overview import COLUMN_PIXELS, NAMED, small_table
from .template_text import prose

ROWS, _ROW_PIXELS = 12, 24
_FONT = {"name": FONT, "size": 9, "color": QUIET}
LABELS = {"data_labels": {"value": True, "num_format": "#,##0;;", "font": _FONT}}  # a bar of nothing needs no 0

# First and last row, first and last column of a line of cells.
Cells = tuple[int, int, int, int]
# The first cell of the numbers (row, column) → the formula of a title that follows them.
LiveTitle = Callable[[int, int], str]


@dataclass(frozen=True)
class Chart:
    """kind: xlsxwriter's. what: the name of its table. title: the finding. series: the look of each series.

    labelled: numbers stand at the bars, so that no axis is needed.
    """

    kind: Mapping[str, str]
    what: str
    title: str
    series: Sequence[Mapping[str, Any]]
    labelled: bool = True
    live_title: LiveTitle | None = None


@dataclass(frozen=True)
class Table:
    """The numbers below: a name and one number per series (or more, which are not drawn). shown: rows that are drawn.

    formulas: of the numbers, row by row, where they follow what a person types.
    """

    header: Sequence[str]
    body: Sequence[tuple[Any, ...]]
    shown: int
    formulas: Sequence[Sequence[str]] = ()


@dataclass(frozen=True)
class Finding:
    """A chart with its own table."""

    chart: Chart
    table: Table


def draw(
    book: Book,
    sheet: Worksheet,
    where: tuple[int, int],
    below: int,
    finding: Finding,
    wide: int,
    *,
    table_at: int | None = None,
) -> None:
    """The chart at ``where`` (row, column), ``wide`` columns broad, and its table in row ``below`` of the same column, or of
    column ``table_at``.
    """
    chart, table = finding.chart, finding.table
    column = where[1] if table_at is None else table_at
    small_table(book, sheet, below, column, chart.what, table.header, table.body, formulas=table.formulas)
    first, last = below + 2, below + 1 + table.shown
    names = (first, last, column, column)
    values = [(first, last, column + NAMED + at, column + NAMED + at) for at in range(len(chart.series))]
    heads = [(below + 1, number[2]) for number in values]
    insert(book, sheet, where, chart, wide, names, list(zip(heads, values, strict=True)))


def insert(
    book: Book,
    sheet: Worksheet,
    where: tuple[int, int],
    chart: Chart,
    wide: int,
    names: Cells,
    series: Sequence[tuple[tuple[int, int], Cells]],
) -> None:
    """The chart alone. names: the cells of the categories. series: the cell of each name, and the cells of its values."""
    made = book.file.add_chart(dict(chart.kind))
    for look, (head, values) in zip(chart.series, series, strict=True):
        made.add_series({
            "name": [sheet.name, *head], "categories": _range(sheet, names), "values": _range(sheet, values), "gap": 50,
            **look,
        })  # fmt: skip
    text = prose(chart.title)
    title: dict[str, Any] = {"name": text, "name_font": {"name": FONT, "size": 11, "bold": True}, "overlay": False}
    if chart.live_title:
        # A sentence under the numbers: nothing is hidden behind the chart. Where a program does not follow it, the chart
        # shows what was written.
        spot = names[1] + 1, names[2]
        formula = chart.live_title(series[0][1][0], series[0][1][2])
        sheet.write_formula(*spot, formula, book.formats.quiet, text)
        title |= {"name": [sheet.name, *spot], "data": [text]}
    made.set_title(title)
    made.set_legend({"position": "bottom", "font": _FONT} if len(series) > 1 else {"none": True})
    categories: dict[str, Any] = {"num_font": _FONT, "line": {"color": LINE}, "major_tick_mark": "none"}
    numbers: dict[str, Any] = {"num_font": _FONT, "line": {"none": True}, "num_format": "#,##0", "min": 0}
    numbers["major_gridlines"] = {"visible": not chart.labelled, "line": {"color": GRID}}
    numbers["visible"] = not chart.labelled
    if chart.kind["type"] == "bar":  # the axes change places, and the first name belongs on top
        categories, numbers = numbers, {**categories, "reverse": True}
    made.set_x_axis(categories)
    made.set_y_axis(numbers)
    made.set_chartarea({"border": {"color": LINE}})
    made.set_size({"width": wide * COLUMN_PIXELS - 8, "height": ROWS * _ROW_PIXELS - 4})
    described = {"description": prose(f"{chart.what}。{chart.title}。"), "x_offset": 4, "y_offset": 4}
    sheet.insert_chart(*where, made, described)


def _range(sheet: Worksheet, cells: Cells) -> list[Any]:
    first, last, left, right = cells
    return [sheet.name, first, left, last, right]
