"""One workbook: opened deterministic, sheets of one table each, and nothing in it that input text could start."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from .look import CLASS_COLOURS, NUMBERS, Formats, column_width, display_width, header_lines, lines_needed
from .template_text import prose

OVERVIEW = "概览"
LISTS = "选项"  # hidden sheet with the texts of dropdowns
TITLE, ADVICE, HEADER, FIRST = 0, 1, 2, 3  # rows of a table sheet
_ROW_HEIGHT, _LINE_HEIGHT, _HIGHEST_ROW = 18.0, 15.0, 400.0  # points; Excel refuses rows above 409
_TITLE_SCALE = 1.7  # the title's font against the one that columns are measured in
_LONGEST, _CUT = 32_767, "…(太长,后面的在原表里)"  # Excel refuses longer texts
_LITERAL_LIST = 250  # a dropdown written into the cell may have 255 characters


@dataclass(frozen=True)
class Col:
    """One column of a table sheet. kind: see look.Formats.cell. formulas: per row, or None. least, most: its width."""

    header: str
    values: Sequence[Any]
    kind: str = "text"
    yellow: bool = False
    trial: bool = False
    choices: tuple[str, ...] = ()
    least: float = 0
    most: float = 40
    formulas: Sequence[str | None] = field(default=())
    wrong: Sequence[bool] = field(default=())
    unasked: Sequence[bool] = field(default=())  # cells of a yellow column in which nothing is asked

    def with_formulas(self, formulas: Sequence[str | None]) -> Col:
        """The same column calculated: its values are what the formulas give."""
        return replace(self, formulas=formulas)


class _Sheet(Worksheet):  # type: ignore[misc]
    """Takes formulas as they are. xlsxwriter looks for thirty functions newer than Excel 2010 in every formula, which took a
    quarter of a weekly run; ours use none of them, and LibreOffice recalculates each (tests/test_write_recalculated.py).
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        return formula.removeprefix("=")


class Book:
    """A workbook under construction. ``issue``: the id it carries ("" = none); ``day`` stands for "created"."""

    def __init__(self, *, title: str, day: date, footer: str, issue: str = "") -> None:
        self._out = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.file = xlsxwriter.Workbook(self._out, options)
        self.file.set_properties({"title": title, "company": "", "created": datetime(day.year, day.month, day.day)})  # noqa: DTZ001
        self.file.set_size(2400, 1300)
        self.formats = Formats(self.file)
        self.footer = footer
        self._lists: list[tuple[str, ...]] = []
        if issue:
            self.file.set_custom_property("salessheets_issue", issue)
            self.file.define_name("salessheets_issue", f'="{issue}"')

    def sheet(self, name: str, *, quiet: bool = False, typed: bool = False) -> Worksheet:
        """A new sheet, set up for landscape print on one page's width. quiet: a sheet few people need, grey tab.
        typed: its rows must grow with what a person types, which they do only without a height of their own.
        """
        sheet = self.file.add_worksheet(sheet_name(name), worksheet_class=_Sheet)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.4, 0.4, 0.5, 0.6)
        small = '&"微软雅黑"&9'
        left, right = _footer_text(self.footer), _footer_text(name)
        sheet.set_footer(f"&L{small}{left}&R{small}{right}  第 &P 页 / 共 &N 页")
        if not typed:
            sheet.set_default_row(_ROW_HEIGHT)
        if quiet:
            sheet.set_tab_color("#A6A6A6")
        return sheet

    def text(self, sheet: Worksheet, row: int, column: int, value: object, cell: Any) -> None:
        """Write text that may come from anywhere: it stays text, whatever it starts with."""
        text = str(value)
        if len(text) > _LONGEST:
            text = text[: _LONGEST - len(_CUT)] + _CUT
        sheet.write_string(row, column, text, cell)

    def heading(self, sheet: Worksheet, title: str, advice: str, widths: Sequence[float], *, back: bool = True) -> None:
        """Title row and one line of explanation, with the way back to 概览 in the first column beyond the title."""
        sheet.set_row(TITLE, 28)
        self.text(sheet, TITLE, 0, prose(title), self.formats.title)
        self.text(sheet, ADVICE, 0, prose(advice), self.formats.quiet)
        if back:
            end = display_width(title) * _TITLE_SCALE
            column = next((at for at in range(1, len(widths)) if sum(widths[:at]) > end), len(widths))
            sheet.write_url(TITLE, column, f"internal:'{OVERVIEW}'!A1", self.formats.link, "← 回到概览")

    def table(
        self,
        sheet: Worksheet,
        title: str,
        advice: str,
        columns: Sequence[Col],
        *,
        freeze: int = 2,
        printed: int | None = None,
        spare: int = 0,
        total: bool = False,
        back: bool = True,
    ) -> None:
        """The one table of a sheet with its heading, from column A: header row, filter, frozen panes.

        printed: columns on paper (None: all). spare: rows at the end, still empty, that paper does not need.
        total: the last row sums up the others.
        """
        size = len(columns[0].values)
        widths = [self._width(column) for column in columns]
        shown = printed or len(columns)
        # A table narrower than its explanation would cut it on paper; all columns share what is missing.
        missing = max(0.0, display_width(advice) + 1 - sum(widths[:shown]))
        widths = [width + (missing / shown if at < shown else 0.0) for at, width in enumerate(widths)]
        self.heading(sheet, title, advice, widths, back=back)
        for at, (column, width) in enumerate(zip(columns, widths, strict=True)):
            sheet.set_column(at, at, width)
            self._column(sheet, at, column, total=total)
        self._heights(sheet, columns, widths)
        last = FIRST + max(size, 1) - 1
        headers = [
            {"header": c.header, "header_format": self.formats.header(c.kind, yellow=c.yellow, trial=c.trial)}
            for c in columns
        ]
        options = {"name": table_name(sheet.name), "style": None, "autofilter": True, "columns": headers}
        sheet.add_table(HEADER, 0, last, len(columns) - 1, options)
        sheet.set_row(HEADER, _ROW_HEIGHT * max(header_lines(c.header) for c in columns) + 2)
        sheet.freeze_panes(FIRST, freeze)
        sheet.repeat_rows(HEADER)
        sheet.print_area(0, 0, max(HEADER + 1, last - spare), shown - 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_rowcol_to_cell(last, len(columns) - 1)}"})
        sheet.set_selection(FIRST, 0, FIRST, 0)

    def _width(self, column: Col) -> float:
        texts = [_shown(value, column.kind) for value in column.values]
        texts += list(column.choices)
        return max(column.least, column_width(column.header, texts, most=column.most))

    def _heights(self, sheet: Worksheet, columns: Sequence[Col], widths: list[float]) -> None:
        """Rows high enough for texts that wrap; LibreOffice and Excel do not agree on doing it by themselves."""
        lines: dict[int, int] = {}
        for column, width in zip(columns, widths, strict=True):
            if column.kind == "text":
                needed = {value: lines_needed(str(value), width + 1) for value in set(column.values)}
                if max(needed.values(), default=1) > 1:
                    for row, value in enumerate(column.values):
                        lines[row] = max(lines.get(row, 1), needed[value])
        for row, count in sorted(lines.items()):
            if count > 1:
                sheet.set_row(FIRST + row, min(_HIGHEST_ROW, _LINE_HEIGHT * count + 4))

    def _column(self, sheet: Worksheet, at: int, column: Col, *, total: bool) -> None:
        size = len(column.values)
        plain = self.formats.cell(column.kind, yellow=column.yellow, trial=column.trial)
        wrong = self.formats.cell(column.kind, wrong=True)
        worked_out = self.formats.cell(column.kind)
        for offset, value in enumerate(column.values):
            row = FIRST + offset
            look = wrong if column.wrong and column.wrong[offset] else plain
            if column.unasked and column.unasked[offset]:
                look = worked_out
            if total and offset == size - 1:
                look = self.formats.cell(column.kind, bold=True)
            formula = column.formulas[offset] if column.formulas else None
            if formula:
                sheet.write_formula(row, at, formula, worked_out, value)
            else:
                self._value(sheet, row, at, value, column, look)
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
        elif column.kind not in NUMBERS:
            if str(value).startswith("="):
                look = self.formats.cell(column.kind, yellow=column.yellow, trial=column.trial, quoted=True)
            self.text(sheet, row, at, value, look)
        else:
            sheet.write_number(row, at, float(value), look)

    def _dropdown(self, sheet: Worksheet, at: int, size: int, column: Col) -> None:
        """A dropdown that warns but lets a person type something else: what he types comes back and is looked at."""
        source: Any = list(column.choices) if fits_in_cell(column.choices) else self._list(column.choices)
        sheet.data_validation(
            FIRST, at, FIRST + size - 1, at,
            {"validate": "list", "source": source, "error_type": "warning", "error_title": "不在选项里",
             "error_message": prose("请从下拉中选。确定要这样填,请按「是」。"), "ignore_blank": True},
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


def fits_in_cell(choices: Sequence[str]) -> bool:
    """Whether a dropdown can be written into its cells; else it needs the hidden list sheet."""
    return len(",".join(choices)) <= _LITERAL_LIST and not any("," in c or '"' in c for c in choices)


def sheet_name(text: str) -> str:
    """A name Excel accepts: at most 31 characters, none that paths and references need, not its own History."""
    name = re.sub(r"[\[\]:*?/\\]", "_", text).strip("'")[:31].rstrip("'") or "表"
    return f"{name}_" if name.lower() == "history" else name


def table_name(sheet: str) -> str:
    """What Excel and screen readers call the table of a sheet."""
    return "表_" + re.sub(r"\W", "_", sheet)


def _footer_text(text: str) -> str:
    """A name as it may stand in a footer, where & starts a code and a digit would join the font size."""
    return (" " if text[:1].isdigit() else "") + text[:60].replace("&", "&&")


def _iso(value: Any) -> datetime | None:
    """The day an ISO text names. Excel has no days before 1900."""
    return _day(str(value))


@lru_cache(maxsize=1 << 12)
def _day(text: str) -> datetime | None:
    try:
        day = datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 - Excel knows no time zones
    except ValueError:
        return None
    return day if day.year >= 1900 else None


def _shown(value: Any, kind: str) -> str:
    if kind in ("percent", "share"):
        return "100% "
    if kind in ("score", "points"):
        return "100.0 "
    if kind in NUMBERS:
        return f"{value:,} " if value not in ("", None) else ""
    return str(value)


def fitted(text: str, width: float) -> float:
    """Row height for a text in a column of this width."""
    return _LINE_HEIGHT * lines_needed(text, width + 1) + 3


__all__ = [
    "ADVICE",
    "FIRST",
    "HEADER",
    "OVERVIEW",
    "TITLE",
    "Book",
    "Col",
    "display_width",
    "fits_in_cell",
    "fitted",
    "sheet_name",
]
