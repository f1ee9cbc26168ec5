"""The formats of the blank templates, made from the look that all workbooks share."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from salessheets.tables import By, Column, Kind

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

FONT = "微软雅黑"
MISSING, WRONG, UNLISTED, DUPLICATE = "#F8B8B0", "#FF8A80", "#FFD27F", "#B7D3F2"
_LINES = "#BFBFBF"


def holds_numbers(column: Column) -> bool:
    """Whether a person types numbers: also for choices like 1 to 5."""
    return column.kind in (Kind.INTEGER, Kind.NUMBER) or bool(
        column.choices and all(c.isdecimal() for c in column.choices)
    )


def number_format(column: Column) -> str:
    """Format of the cells: text wherever Excel would change what was typed (1-3, 007, 2.0)."""
    if column.kind is Kind.DATE:
        return "yyyy-mm-dd"
    if column.kind is Kind.TIME:
        return "hh:mm"
    if holds_numbers(column):
        return "0%" if column.example.endswith("%") else "General"
    return "@"


class Formats:
    """Formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def _make(self, **look: Any) -> Format:
        look = {"font_name": FONT, "font_size": 10, "valign": "vcenter", **look}
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(look)
        return self._made[key]

    def _mark(self, **look: Any) -> Format:
        return self._book.add_format(look)

    @property
    def title(self) -> Format:
        return self._make(font_size=16, bold=True)

    @property
    def small(self) -> Format:
        return self._make(font_size=9, font_color="#595959")

    @property
    def advice(self) -> Format:
        return self._make(font_color="#404040")

    @property
    def label(self) -> Format:
        return self._make(bold=True, align="right")

    @property
    def fact_label(self) -> Format:
        return self._make(bold=True)

    @property
    def count(self) -> Format:
        return self._make(num_format="0", align="left")

    def entry(self, column: Column) -> Format:
        return self._make(
            num_format=number_format(column), border=1, border_color=_LINES, bg_color="#FFF9E5", align="left"
        )

    def cell(self, column: Column) -> Format:
        return self._make(num_format=number_format(column), text_wrap=True, align="left")

    def ruled(self, column: Column) -> Format:
        return self._make(num_format=number_format(column), text_wrap=True, align="left", border=1, border_color=_LINES)

    def hint(self, *, required: bool) -> Format:
        colour = "#C00000" if required else "#595959"
        return self._make(font_size=8, text_wrap=True, align="center", font_color=colour, bold=required)

    def header(self, by: By) -> Format:
        fill = {By.STAFF: "#DDEBF7", By.SALES: "#E2EFDA", By.TOOL: "#EDEDED", By.DIRECTOR: "#FFF2CC"}[by]
        return self._make(bold=True, text_wrap=True, align="left", border=1, border_color=_LINES, bg_color=fill)

    @property
    def guide_header(self) -> Format:
        return self.header(By.STAFF)

    @property
    def guide_cell(self) -> Format:
        return self._make(text_wrap=True, valign="top", border=1, border_color=_LINES)

    @cached_property
    def missing(self) -> Format:
        return self._mark(bg_color=MISSING)

    @cached_property
    def wrong(self) -> Format:
        return self._mark(bg_color=WRONG, bold=True)

    @cached_property
    def unlisted(self) -> Format:
        return self._mark(bg_color=UNLISTED)

    @cached_property
    def duplicate(self) -> Format:
        return self._mark(bg_color=DUPLICATE)

    @cached_property
    def lines(self) -> Format:
        return self._mark(border=1, border_color=_LINES)

    def legend(self, *, duplicates: bool) -> list[Any]:
        """Say what the colours mean, as the pieces of a rich string."""
        kinds = [(MISSING, "必填没填"), (WRONG, "号码、日期或数字不对"), (UNLISTED, "不在下拉里")]
        if duplicates:
            kinds.append((DUPLICATE, "电话重复"))
        pieces: list[Any] = [self._make(), "表格会自己检查,请改好有颜色的格:"]
        for colour, text in kinds:
            pieces += [self._make(font_color=colour, font_size=12), "  ■", self._make(), f" {text}"]
        return pieces
