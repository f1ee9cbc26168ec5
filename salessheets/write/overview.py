"""概览: the answer in ten seconds. Tiles, what needs a person; the charts are below them (bands.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from .book import OVERVIEW, Book
from .look import EARLIER, INK, LINE, QUIET, SERIES, TILE, display_width
from .report import Report
from .template_text import prose

COLUMNS = 24  # narrow ones of equal width: eight tiles of three, two or three charts
TILES = 3  # the row of their names
WIDTH, COLUMN_PIXELS = 6.0, 47
NAMED = 3  # columns under the name of a little table
_PER_TILE, _PER_LINK, _PER_PERSON = 3, 3, 4
_LINKS = 7  # in a row, after its label
_PEOPLE, _MOST_PEOPLE = 3, 24  # in a row, in all
_GAP = 9  # points


@dataclass(frozen=True)
class Tile:
    """One figure: its name, its value (``formula``: how to count it live), a word below it, its values in the weeks before.

    flow: counted from Monday on, so that an unfinished week is not less than the last one, only shorter.
    """

    name: str
    value: int
    below: str = ""
    colour: str = INK
    formula: str = ""
    before: tuple[int | None, ...] = ()
    flow: bool = False

    def change(self, *, finished: bool) -> str:
        """Against the last week; the word where there is none."""
        last = self.before[-1] if self.before else None
        if last is None:
            return self.below
        if self.flow and not finished:
            return f"上周 {last:,}"
        difference = self.value - last
        return f"比上周 {difference:+,}" if difference else "和上周一样"


@dataclass(frozen=True)
class Task:
    """Something that needs a person, with the sheet it is on ("" = no link)."""

    text: str
    sheet: str = ""


def begin(book: Book, report: Report, title: str) -> Worksheet:
    """The sheet with its title and the week in words."""
    sheet = book.sheet(OVERVIEW)
    sheet.set_portrait()  # two bands of charts fill an upright page; on a broad one they would be small
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.set_column(0, COLUMNS - 1, WIDTH)
    sheet.set_row(0, 32)
    book.text(sheet, 0, 0, title, book.formats.make(font_size=18, bold=True))
    state = "本周已结" if report.finished else "本周未完,数字还会变"
    text = prose(f"{report.week}({report.week.days})  截至 {report.as_of.isoformat()}  {state}")
    book.text(sheet, 1, 0, text, book.formats.quiet)
    sheet.set_row(2, _GAP)
    return sheet


def tiles(book: Book, sheet: Worksheet, figures: Sequence[Tile], *, finished: bool = True) -> int:
    """A row of tiles. A figure that warns is coloured only when there is something. Returns the next free row.

    Under each figure its change, and room for its line (``sparklines``) when there were weeks before.
    """
    lines = any(tile.before for tile in figures)
    for offset, height in enumerate((20, 34, 20, *([26] if lines else []), _GAP)):
        sheet.set_row(TILES + offset, height)
    box = {"bg_color": TILE, "align": "center"}
    for at, tile in enumerate(figures):
        left, right = at * _PER_TILE, at * _PER_TILE + _PER_TILE - 1
        colour = tile.colour if tile.value else INK
        top = book.formats.make(**box, font_color=QUIET, top=2, top_color=colour)
        middle = book.formats.make(**box, font_size=20, bold=True, font_color=colour, num_format="#,##0")
        low = book.formats.make(**box, font_size=9, font_color=QUIET)
        sheet.merge_range(TILES, left, TILES, right, tile.name, top)
        sheet.merge_range(TILES + 1, left, TILES + 1, right, tile.value, middle)
        if tile.formula:
            sheet.write_formula(TILES + 1, left, tile.formula, middle, tile.value)
        sheet.merge_range(TILES + 2, left, TILES + 2, right, prose(tile.change(finished=finished)), low)
        for column in range(left, right + 1) if lines else ():
            sheet.write_blank(TILES + 3, column, None, book.formats.make(**box))
    return TILES + 4 + lines


def sparklines(sheet: Worksheet, figures: Sequence[Tile], cells: Mapping[str, str]) -> None:
    """The weeks as little columns in the tiles. cells: figure → where its weeks stand.

    In the middle cell, not in merged ones, and columns instead of a line: LibreOffice draws no others.
    """
    for at, tile in enumerate(figures):
        if tile.name in cells:
            look = {"range": cells[tile.name], "type": "column", "series_color": EARLIER, "last_point": True,
                    "last_color": SERIES[0], "min": 0}  # fmt: skip
            sheet.add_sparkline(TILES + 3, at * _PER_TILE + 1, look)


def links(book: Book, sheet: Worksheet, row: int, names: Sequence[str]) -> int:
    """Links to the other sheets. Returns the next free row."""
    book.text(sheet, row, 0, "工作表", book.formats.make(bold=True))
    for at, name in enumerate(names):
        place = (row + at // _LINKS, (1 + at % _LINKS) * _PER_LINK)
        sheet.write_url(*place, f"internal:'{name}'!A1", book.formats.link, name)
    row += -(-len(names) // _LINKS)
    sheet.set_row(row, _GAP)
    return row + 1


def tasks(book: Book, sheet: Worksheet, row: int, needs: Sequence[Task]) -> int:
    """需要处理: what needs a person, each with a link. Returns the next free row."""
    book.text(sheet, row, 0, "需要处理", book.formats.make(font_size=12, bold=True))
    if not needs:
        book.text(sheet, row + 1, 0, "没有需要处理的事。", book.formats.quiet)
        return row + 2
    for at, need in enumerate(needs, start=row + 1):
        if need.sheet:
            sheet.write_url(at, 0, f"internal:'{need.sheet}'!A1", book.formats.link, f"→ {prose(need.text)}")
        else:
            book.text(sheet, at, 0, f"· {prose(need.text)}", book.formats.make())
    return row + 1 + len(needs)


def people(book: Book, sheet: Worksheet, row: int, column: int, load: Sequence[tuple[str, int]], where: str) -> int:
    """How many customers each person follows, counted live in the cells ``where``. Returns the next free row.

    load: the busiest first; those who find no room are counted on the list by its filter.
    """
    limits = f",最多的 {_MOST_PEOPLE} 人" if len(load) > _MOST_PEOPLE else ""
    title = prose(f"每人跟进的客户数(随填写变化{limits})")
    book.text(sheet, row, column, title, book.formats.make(font_size=12, bold=True))
    name_look, line_look = book.formats.make(shrink=True), book.formats.make(num_format="0", align="left", bold=True)
    load = load[:_MOST_PEOPLE]
    for at, (name, size) in enumerate(load):
        place = row + 1 + at // _PEOPLE, column + at % _PEOPLE * _PER_PERSON
        # The formula needs the whole name in its cell: one that is too long is written smaller.
        sheet.merge_range(*place, place[0], place[1] + _PER_PERSON - 3, "", name_look)
        book.text(sheet, *place, name, name_look)
        # Compared with the cell, not put into the formula: a name is text from outside.
        formula = f"=SUMPRODUCT(--({where}={xl_rowcol_to_cell(*place)}))"
        sheet.write_formula(place[0], place[1] + _PER_PERSON - 2, formula, line_look, size)
    return row + 1 + -(-len(load) // _PEOPLE)


def small_table(
    book: Book,
    sheet: Worksheet,
    row: int,
    column: int,
    title: str,
    header: Sequence[str],
    body: Sequence[Sequence[Any]],
    *,
    named: int = NAMED,
    formulas: Sequence[Sequence[str]] = (),
) -> int:
    """A little table on 概览: a name over ``named`` columns, then one number per column. Returns the next free row.

    A longer name is cut to what fits beside the numbers; the whole name stands on the sheet of its table. A number that
    is None is unknown. formulas: of the numbers, row by row, where they are live.
    """
    book.text(sheet, row, column, prose(title), book.formats.make(font_size=12, bold=True))
    line: dict[str, Any] = {"bold": True, "bottom": 1, "bottom_color": LINE, "font_color": QUIET}
    name_head, number_head = book.formats.make(**line), book.formats.make(**line, align="right")
    book.text(sheet, row + 1, column, header[0], name_head)
    for at in range(1, named):
        sheet.write_blank(row + 1, column + at, None, name_head)
    for at, text in enumerate(header[1:], start=column + named):
        book.text(sheet, row + 1, at, text, number_head)
    number = book.formats.make(num_format="#,##0", align="right", shrink=True)
    for at_row, (name, *values) in enumerate(body):
        book.text(sheet, row + 2 + at_row, column, _clip(name, int(named * WIDTH) - 1), book.formats.make())
        for at, value in enumerate(values):
            place = row + 2 + at_row, column + named + at
            if formulas:
                sheet.write_formula(*place, formulas[at_row][at], number, value)
            elif value is not None:
                sheet.write_number(*place, value, number)
    return row + 2 + len(body)


def _clip(name: str, room: int) -> str:
    while display_width(name) > room:
        name = name.removesuffix("…")[:-1] + "…"
    return name
