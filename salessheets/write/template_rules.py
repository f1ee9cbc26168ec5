"""Dropdowns, input messages and self-checks of one column of a form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from salessheets.settings import Settings
from salessheets.tables import Column, Kind, Source, Table

from . import template_checks as checks
from .template_lists import PROVINCES, choices, list_name, offers_nothing
from .template_look import FormLook
from .template_text import message, prose

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Area = tuple[int, int, int, int]  # first row, first column, last row, last column, 0-based

_EARLIEST, _LATEST = date(2000, 1, 1), date(2099, 12, 31)
_REGION = (Source.CITIES, Source.COUNTIES)


class Grid:
    """Where the rows of one form stand; ``cell`` and ``column`` are references for formulas."""

    def __init__(self, table: Table, first: int, rows: int) -> None:
        from xlsxwriter.utility import xl_col_to_name

        self._first, self._last = first, first + rows - 1
        self.place = {column.field: place for place, column in enumerate(table.columns)}
        self._letter = {field: xl_col_to_name(place) for field, place in self.place.items()}
        self._typed = tuple(field for field in self.place if field != "serial")  # numbering a row does not start it

    def cell(self, field: str) -> str:
        """Refer to the field in the same row."""
        return f"${self._letter[field]}{self._first + 1}"

    def column(self, field: str) -> str:
        """Refer to the field in all rows."""
        letter = self._letter[field]
        return f"${letter}${self._first + 1}:${letter}${self._last + 1}"

    def area(self, field: str) -> Area:
        """All cells of the field."""
        place = self.place[field]
        return self._first, place, self._last, place

    def unruled(self, ruled: int) -> Area:
        """The rows that have no lines of their own: below the first ``ruled``."""
        return self._first + ruled, 0, self._last, len(self.place) - 1

    def started_below(self, ruled: int) -> str:
        """The same as ``started``, seen from the first of the unruled rows."""
        first, last = (
            f"${self._letter[field]}{self._first + ruled + 1}" for field in (self._typed[0], self._typed[-1])
        )
        return checks.started(first, last)

    @property
    def everywhere(self) -> str:
        """The address of all cells."""
        return f"A{self._first + 1}:{list(self._letter.values())[-1]}{self._last + 1}"

    @property
    def started(self) -> str:
        """Tell whether anything was typed in the same row."""
        return checks.started(self.cell(self._typed[0]), self.cell(self._typed[-1]))

    @property
    def columns(self) -> dict[str, str]:
        """Field → column reference, for all fields that a person types."""
        return {field: self.column(field) for field in self._typed}


def validate(
    sheet: Worksheet, area: Area, table: Table, column: Column, *, settings: Settings, cell: Callable[[str], str]
) -> None:
    """Give the cells their dropdown or limits, and the message that tells how to fill them."""
    options: dict[str, Any] = {
        "validate": "any",
        "input_title": column.header,
        "input_message": message(table, column, listed=not offers_nothing(column, settings)),
        "error_title": "请改一下",
        **_limits(column, settings, cell),
    }
    sheet.data_validation(*area, options)


def _limits(column: Column, settings: Settings, cell: Callable[[str], str]) -> dict[str, Any]:
    if column.kind is Kind.DATE:
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": _EARLIEST,
            "maximum": _LATEST,
            "error_message": prose("这里要填日期,写成 2026-11-02 这样。"),
        }
    if column.kind is Kind.TIME:
        return {
            "validate": "decimal",
            "criteria": "between",
            "minimum": 0,
            "maximum": 0.999999,
            "error_message": prose("这里要填时间,写成 09:30 这样。"),
        }
    if column.kind in (Kind.INTEGER, Kind.NUMBER):
        whole = column.kind is Kind.INTEGER
        return {
            "validate": "integer" if whole else "decimal",
            "criteria": ">=",
            "value": 0,
            "error_message": prose(f"这里只填{'整数' if whole else '数字'},单位不用写。"),
        }
    return _dropdown(column, settings, cell)


def _dropdown(column: Column, settings: Settings, cell: Callable[[str], str]) -> dict[str, Any]:
    """Let a closed list refuse, and ask only about people and places: their names may be newer than the list."""
    if column.source in _REGION:
        return {
            "validate": "list",
            "source": f"={checks.region_list(column, cell)}",
            "error_type": "warning",
            "error_message": prose("这个地名不在下拉里。请先选前面的省、市,再从下拉中选。确实没有时可以照填。"),
        }
    if column.source is Source.PROVINCES:
        return {
            "validate": "list",
            "source": f"={PROVINCES}",
            "error_message": prose("请从下拉中选省,要写全称,如「山东省」。"),
        }
    if not choices(column, settings):
        return {}
    options: dict[str, Any] = {"validate": "list", "source": f"={list_name(column)}"}
    if column.kind is Kind.CHOICES:
        return {
            **options,
            "show_error": False,
        }  # several may be typed, joined by 、; the colour tells when one is wrong
    if column.source is not Source.NONE:
        text = "这个名字不在名单里。写错了请改;是新人可以照填,并告诉管设置的人。"
        return {**options, "error_type": "warning", "error_message": prose(text)}
    return {**options, "error_message": prose("请从下拉中选,不要自己写。")}


def rule(formula: str, shown: Format) -> dict[str, Any]:
    """Make a conditional format of a formula."""
    return {"type": "formula", "criteria": f"={formula}", "format": shown}


def mark(
    sheet: Worksheet, area: Area, table: Table, column: Column, *, settings: Settings, grid: Grid, look: FormLook
) -> None:
    """Colour what is missing, impossible, not in the list, doubled or in the future. The first that holds wins."""
    own = grid.cell(column.field)
    found = []
    cells = {field: grid.cell(field) for field in grid.place}
    for gap in checks.gaps(table):
        if column.field in gap.fields:
            formula = f"{grid.started}*({gap.formula})*(LEN(TRIM({own}))=0)"
            found.append((formula.format_map(cells), look.missing))
    found.append((checks.wrong(column, own), look.wrong))
    found.append((checks.unlisted(column, grid.cell, settings), look.unlisted))
    if column.field == "phone" and checks.duplicates_matter(table):
        found.append((checks.duplicate(own, grid.column(column.field)), look.duplicate))
    if column.field == table.date_field:
        found.append((checks.future(own), look.wrong))
    for formula, shown in found:
        if formula:
            sheet.conditional_format(*area, rule(formula, shown))
