"""The formats of the blank templates, made from the look that all workbooks share."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from salessheets.tables import By, Column, Kind

from .look import HEAD, LINE, QUIET, TILE, YELLOW, Formats
from .look import WRONG as PINK

if TYPE_CHECKING:
    from xlsxwriter.format import Format

    from .book import Book

# What the form finds by itself. A missing cell is empty and the others are not, so nobody must tell pink from orange.
MISSING, WRONG, UNLISTED, DUPLICATE = PINK, "#F4A261", "#D9C2F0", "#A9CCF0"
_SALES, _REQUIRED = "#E2EFDA", "#C00000"
_ENTRY = "#FFF9E5"


def holds_numbers(column: Column) -> bool:
    """Whether a person types numbers: also for choices like 1 to 5."""
    return column.kind in (Kind.INTEGER, Kind.NUMBER) or bool(
        column.choices and all(choice.isdecimal() for choice in column.choices)
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


class FormLook:
    """Formats of one form."""

    def __init__(self, book: Book) -> None:
        self.shared: Formats = book.formats
        self._add = book.file.add_format

    @property
    def label(self) -> Format:
        """Text before a head cell."""
        return self.shared.make(bold=True, align="right")

    @property
    def count(self) -> Format:
        """A live count."""
        return self.shared.make(num_format="0", align="left", bold=True)

    def entry(self, column: Column) -> Format:
        """Show a head cell that is to be filled."""
        return self.shared.make(
            num_format=number_format(column), border=1, border_color=LINE, bg_color=_ENTRY, align="left"
        )

    def cell(self, column: Column, *, lines: bool = False) -> Format:
        """Show a cell to be filled, with or without lines around it."""
        look: dict[str, Any] = {"num_format": number_format(column), "text_wrap": True, "align": "left"}
        if lines:
            look |= {"border": 1, "border_color": LINE}
        if lines and column.by is By.DIRECTOR:
            look["bg_color"] = YELLOW
        return self.shared.make(**look)

    def hint(self, *, required: bool) -> Format:
        """必填 or 选填 above a header."""
        colour = _REQUIRED if required else QUIET
        return self.shared.make(font_size=8, text_wrap=True, align="center", font_color=colour, bold=required)

    def header(self, by: By) -> Format:
        """Header of a column; its colour says who fills it."""
        if by is By.DIRECTOR:
            return self.shared.header(yellow=True)
        fill = {By.STAFF: HEAD, By.SALES: _SALES, By.TOOL: TILE}[by]
        return self.shared.make(bold=True, text_wrap=True, border=1, border_color=LINE, bg_color=fill)

    @property
    def guide(self) -> Format:
        """A cell of the guide's table."""
        return self.shared.make(text_wrap=True, valign="top", border=1, border_color=LINE)

    def _mark(self, **look: Any) -> Format:
        mark: Format = self._add(look)
        return mark

    @cached_property
    def missing(self) -> Format:
        """Must be filled."""
        return self._mark(bg_color=MISSING)

    @cached_property
    def wrong(self) -> Format:
        """Cannot be."""
        return self._mark(bg_color=WRONG)

    @cached_property
    def unlisted(self) -> Format:
        """Not in the dropdown."""
        return self._mark(bg_color=UNLISTED)

    @cached_property
    def duplicate(self) -> Format:
        """Stands in another row too."""
        return self._mark(bg_color=DUPLICATE)

    @cached_property
    def lines(self) -> Format:
        """Lines around the cells of a started row."""
        return self._mark(border=1, border_color=LINE)

    def legend(self, *, duplicates: bool) -> list[Any]:
        """Say what the colours mean, as the pieces of a rich string."""
        kinds = [(MISSING, "必填没填"), (WRONG, "号码、日期或数字不对"), (UNLISTED, "不在下拉里")]
        if duplicates:
            kinds.append((DUPLICATE, "电话重复"))
        pieces: list[Any] = [
            self.shared.quiet,
            "表格会自己检查\uff0c请改好有颜色的格\uff1a",
        ]
        for colour, text in kinds:
            pieces += [self.shared.make(font_color=colour, font_size=12), "  ■", self.shared.quiet, f" {text}"]
        return pieces
