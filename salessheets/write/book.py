"""One workbook: opened deterministic, sheets of one table each, and nothing in it that input text could start."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from .look import CLASS_COLOURS, Formats, column_width, display_width, lines_needed

OVERVIEW = "概览"
LISTS = "选项"  # hidden sheet with the texts of dropdowns
TITLE, ADVICE, HEADER, FIRST = 0, 1, 2, 3  # rows of a table sheet
_ROW_HEIGHT = 18.0
_LONGEST = 32_000  # Excel refuses 32,768 characters and more
_LITERAL_LIST = 250  # a dropdown written into the cell may have 255 characters


@dataclass(frozen=True)
class Col:
    """One column of a table sheet. kind: text, date, score, percent, count, points. ``formula``: per row, or None."""

    header: str
    values: Sequence[Any]
    kind: str = "text"
    yellow: bool = False
    choices: tuple[str, ...] = ()
    most: int = 40
    formulas: Sequence[str | None] = field(default=())
    wrong: Sequence[bool] = field(default=())


class Book:
    """A workbook under construction. ``issue``: the id it carries ("" = none); ``day`` stands for "created"."""

    def __init__(self, *, title: str, day: date, footer: str, issue: str = "") -> None:
        self._out = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.file = xlsxwriter.Workbook(self._out, options)
        self.file.set_properties({"title": title, "company": "", "created": datetime(day.year, day.month, day.day)})  # noqa: DTZ001
        self.file.set_size(2400, 1300)
        self.formats = Formats(self.file)
        self.footer = footer
        self._tables = 0
        self._lists: list[tuple[str, ...]] = []
        if issue:
            self.file.set_custom_property("salessheets_issue", issue)
            self.file.define_name("salessheets_issue", f'="{issue}"')

    def sheet(self, name: str, *, quiet: bool = False) -> Worksheet:
        """A new sheet, set up for landscape print on one page's width. quiet: a sheet few people need, grey tab."""
        sheet = self.file.add_worksheet(sheet_name(name))
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.4, 0.4, 0.5, 0.6)
        sheet.set_footer(f"&L&9{self.footer}&R&9{name}  第 &P 页 / 共 &N 页".replace("&9", '&"微软雅黑"&9'))
        sheet.set_default_row(_ROW_HEIGHT)
        if quiet:
            sheet.set_tab_color("#A6A6A6")
        return sheet

    def text(self, sheet: Worksheet, row: int, column: int, value: object, cell: Any) -> None:
        """Write text that may come from anywhere: it stays text, whatever it starts with."""
        text = str(value)
        if len(text) > _LONGEST:
            text = text[:_LONGEST] + "…(太长,后面的在原表里)"
        sheet.write_string(row, column, text, cell)

    def heading(self, sheet: Worksheet, title: str, advice: str, *, back: bool = True) -> None:
        """Title row and one line of explanation, with the way back to 概览."""
        sheet.set_row(TITLE, 28)
        self.text(sheet, TITLE, 0, title, self.formats.title)
        self.text(sheet, ADVICE, 0, advice, self.formats.quiet)
        if back:
            sheet.write_url(TITLE, 4, f"internal:'{OVERVIEW}'!A1", self.formats.link, "← 回到概览")

    def table(self, sheet: Worksheet, columns: Sequence[Col], *, freeze: int = 2, printed: int | None = None) -> None:
        """The one table of a sheet, from column A: header row, filter, frozen panes. ``printed``: columns on paper."""
        size = len(columns[0].values)
        widths = [self._width(column) for column in columns]
        for at, (column, width) in enumerate(zip(columns, widths, strict=True)):
            sheet.set_column(at, at, width)
            self._column(sheet, at, column)
        self._heights(sheet, columns, widths)
        last = FIRST + max(size, 1) - 1
        self._tables += 1
        sheet.add_table(
            HEADER, 0, last, len(columns) - 1,
            {
                "name": f"data_{self._tables}", "style": None, "autofilter": True,
                "columns": [
                    {"header": c.header, "header_format": self.formats.header(yellow=c.yellow)} for c in columns
                ],
            },
        )  # fmt: skip
        sheet.set_row(HEADER, _ROW_HEIGHT * max(1, *(lines_needed(c.header, w) for c, w in zip(columns, widths, strict=True))) + 4)
        sheet.freeze_panes(FIRST, freeze)
        sheet.repeat_rows(HEADER)
        sheet.print_area(0, 0, last, (printed or len(columns)) - 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_rowcol_to_cell(last, len(columns) - 1)}"})
        sheet.set_selection(FIRST, 0, FIRST, 0)

    def _width(self, column: Col) -> float:
        texts = [_shown(value, column.kind) for value in column.values]
        texts += list(column.choices)
        return column_width(column.header, texts, most=column.most)

    def _heights(self, sheet: Worksheet, columns: Sequence[Col], widths: list[float]) -> None:
        """Rows high enough for texts that wrap; LibreOffice and Excel do not agree on doing it by themselves."""
        wrapping = [(c.values, w) for c, w in zip(columns, widths, strict=True) if c.kind == "text"]
        for row in range(len(columns[0].values)):
            lines = max((lines_needed(str(values[row]), width) for values, width in wrapping), default=1)
            if lines > 1:
                sheet.set_row(FIRST + row, _ROW_HEIGHT * lines)

    def _column(self, sheet: Worksheet, at: int, column: Col) -> None:
        plain = self.formats.cell(column.kind, yellow=column.yellow)
        wrong = self.formats.cell(column.kind, wrong=True)
        for offset, value in enumerate(column.values):
            row = FIRST + offset
            look = wrong if column.wrong and column.wrong[offset] else plain
            formula = column.formulas[offset] if column.formulas else None
            if formula:
                sheet.write_formula(row, at, formula, self.formats.cell(column.kind), value)
            else:
                self._value(sheet, row, at, value, column, look)
        size = len(column.values)
        if column.choices and size:
            self._dropdown(sheet, at, size, column)
        if column.header.endswith("级别") and size:
            self._class_colours(sheet, at, size)

    def _value(self, sheet: Worksheet, row: int, at: int, value: Any, column: Col, look: Any) -> None:
        day = _iso(value) if column.kind == "date" else None
        if day is not None:
            sheet.write_datetime(row, at, day, look)
        elif value is None or value == "":
            sheet.write_blank(row, at, None, look)
        elif column.kind in ("text", "date"):
            if str(value).startswith("="):
                look = self.formats.cell(column.kind, yellow=column.yellow, quoted=True)
            self.text(sheet, row, at, value, look)
        else:
            sheet.write_number(row, at, float(value), look)

    def _dropdown(self, sheet: Worksheet, at: int, size: int, column: Col) -> None:
        """A dropdown that warns but lets a person type something else: what he types comes back and is looked at."""
        literal = ",".join(column.choices)
        plain = len(literal) <= _LITERAL_LIST and not any("," in c or '"' in c for c in column.choices)
        source: Any = list(column.choices) if plain else self._list(column.choices)
        sheet.data_validation(
            FIRST, at, FIRST + size - 1, at,
            {"validate": "list", "source": source, "error_type": "warning", "error_title": "不在选项里",
             "error_message": "请从下拉中选。确定要这样填,请按「是」。", "ignore_blank": True},
        )  # fmt: skip

    def _list(self, choices: tuple[str, ...]) -> str:
        """A reference to the hidden list sheet for a dropdown too long to be written into the cell."""
        if choices not in self._lists:
            self._lists.append(choices)
        column = xl_col_to_name(self._lists.index(choices))
        return f"='{LISTS}'!${column}$1:${column}${len(choices)}"

    def _class_colours(self, sheet: Worksheet, at: int, size: int) -> None:
        for letter, (ink, fill) in CLASS_COLOURS.items():
            look = self.file.add_format({"font_color": ink, "bg_color": fill, "bold": True})
            rule = {"type": "cell", "criteria": "==", "value": f'"{letter}"', "format": look}
            sheet.conditional_format(FIRST, at, FIRST + size - 1, at, rule)

    def done(self) -> bytes:
        """Close the workbook and return its bytes."""
        if self._lists:
            lists = self.file.add_worksheet(LISTS)
            for at, choices in enumerate(self._lists):
                for row, choice in enumerate(choices):
                    lists.write_string(row, at, choice)
            lists.hide()
        first = self.file.worksheets()[0]
        first.activate()
        self.file.close()
        return self._out.getvalue()


def sheet_name(text: str) -> str:
    """A name Excel accepts: at most 31 characters, none of []:*?/\\ ."""
    return re.sub(r"[\[\]:*?/\\]", "_", text).strip("'")[:31] or "表"


def _iso(value: Any) -> datetime | None:
    """The day an ISO text names. Excel has no days before 1900."""
    try:
        day = datetime.strptime(str(value), "%Y-%m-%d")  # noqa: DTZ007 - Excel knows no time zones
    except ValueError:
        return None
    return day if day.year >= 1900 else None


def _shown(value: Any, kind: str) -> str:
    if kind == "percent":
        return "100%"
    if kind in ("score", "points"):
        return "100.0"
    if kind == "count":
        return f"{value:,}" if value != "" else ""
    return str(value)


def fitted(text: str, width: float) -> float:
    """Row height for a text in a column of this width."""
    return _ROW_HEIGHT * lines_needed(text, width)


__all__ = ["ADVICE", "FIRST", "HEADER", "OVERVIEW", "TITLE", "Book", "Col", "display_width", "fitted", "sheet_name"]
