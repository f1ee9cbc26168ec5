"""The form sheet of a blank template: what a person fills in.

Rows from the top: title and version; who fills it, when, to whom; head cells and live counts; what the colours mean;
必填 or 选填 above each header; the header row; 500 ready rows as a real table. Formats, dropdowns and checks reach
further than the table, so that row 501 works also where a table does not grow by itself (LibreOffice, old WPS).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from salessheets.settings import Settings
from salessheets.tables import Table

from . import template_checks as checks
from .look import display_width
from .template_look import FormLook
from .template_rules import Grid, mark, rule, validate
from .template_text import column_width, hint, prose

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

TITLE, ADVICE, HEAD, LEGEND, HINTS, HEADER, FIRST = range(7)  # 0-based rows
READY = 500
REACH = 2000  # rows that formats, dropdowns, checks and counts cover
RULED = 25  # rows with lines from the start: an empty form prints as one full page, not as seventeen


def form_grid(table: Table) -> Grid:
    """Where the form's cells are."""
    return Grid(table, FIRST, REACH)


def write_form(sheet: Worksheet, table: Table, settings: Settings, look: FormLook) -> None:
    """Write the form. The sheet is not protected: Excel neither sorts locked cells nor grows a table there."""
    grid = form_grid(table)
    _top(sheet, table, settings, grid, look)
    _body(sheet, table, look)
    for column in table.columns:
        area = grid.area(column.field)
        validate(sheet, area, table, column, settings=settings, cell=grid.cell)
        mark(sheet, area, table, column, settings=settings, grid=grid, look=look)
    sheet.conditional_format(*grid.unruled(RULED), rule(grid.started_below(RULED), look.lines))
    sheet.ignore_errors({"number_stored_as_text": grid.everywhere})
    sheet.hide_gridlines(1)  # on the screen the rows below the ruled ones need them
    sheet.repeat_rows(HINTS, HEADER)
    sheet.freeze_panes(FIRST, min(2, _frozen(table)))
    sheet.set_selection(FIRST, 0, FIRST, 0)


def _top(sheet: Worksheet, table: Table, settings: Settings, grid: Grid, look: FormLook) -> None:
    """Title, version, advice, head cells, live counts and the legend of the colours."""
    sheet.set_row(TITLE, 30)
    sheet.write_string(TITLE, 0, table.name, look.shared.title)
    sheet.write_string(TITLE, _place_beyond_title(table), f"模板版本 {table.version}", look.shared.quiet)
    advice = f"谁填:{table.filled_by}    什么时候:{table.when}    交给:{table.goes_to}"
    sheet.write_string(ADVICE, 0, prose(advice), look.shared.quiet)
    sheet.set_row(HEAD, 21)
    place = 1 if "serial" in grid.place else 0  # 序号 is too narrow for a label
    counts = (("条数", checks.count_started(grid.columns)), ("还缺", checks.count_gaps(table, grid.columns)))
    for label, formula in counts:
        sheet.write_string(HEAD, place, f"{label}\uff1a", look.label)
        sheet.write_formula(HEAD, place + 1, f"={formula}", look.count, 0)
        place += 2
    for column in table.head:
        sheet.write_string(HEAD, place, f"{column.header}\uff1a", look.label)
        sheet.write_blank(HEAD, place + 1, None, look.entry(column))
        here = (HEAD, place + 1, HEAD, place + 1)
        validate(sheet, here, table, column, settings=settings, cell=grid.cell)
        own = f"${'ABCDEFGHIJKLMNOP'[place + 1]}${HEAD + 1}"
        missing = f"({checks.count_started(grid.columns)}>0)*(LEN(TRIM({own}))=0)"
        sheet.conditional_format(*here, rule(missing, look.missing))
        place += 2
    sheet.write_rich_string(LEGEND, 0, *look.legend(duplicates=checks.duplicates_matter(table)), look.shared.quiet)


def _place_beyond_title(table: Table) -> int:
    """Find the first column that the title, larger and bold, does not reach."""
    room = display_width(table.name) * 1.9
    for place, column in enumerate(table.columns):
        if room <= 0:
            return place
        room -= column_width(column)
    return len(table.columns)


def _body(sheet: Worksheet, table: Table, look: FormLook) -> None:
    """Hints, the header row and the empty table."""
    hint_lines = header_lines = 1
    for place, column in enumerate(table.columns):
        room, text = column_width(column), hint(table, column)
        sheet.set_column(place, place, room, look.cell(column))
        sheet.write_string(HINTS, place, text, look.hint(required="必填" in text))
        hint_lines = max(hint_lines, math.ceil(display_width(text) * 0.85 / (room - 1)))
        header_lines = max(header_lines, math.ceil(display_width(column.header) / (room - 3)))
        for row in range(FIRST, FIRST + RULED):
            sheet.write_blank(row, place, None, look.cell(column, lines=True))
    sheet.set_row(HINTS, 13 * hint_lines + 2)
    sheet.set_row(HEADER, 17 * header_lines + 4)
    columns = [
        {"header": column.header, "header_format": look.header(column.by), "format": look.cell(column)}
        for column in table.columns
    ]
    size = (HEADER, 0, HEADER + READY, len(columns) - 1)
    sheet.add_table(*size, {"name": f"table_{table.key}", "style": None, "columns": columns})


def _frozen(table: Table) -> int:
    """Count the columns that say which row one is in: up to the name or number, when that is near the left edge."""
    return next((place + 1 for place, c in enumerate(table.columns) if c.field in ("name", "lead", "material")), 0) % 3
