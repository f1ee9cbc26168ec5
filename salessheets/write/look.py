"""How every workbook looks: colours, fonts, number formats, widths. The only place that says so.

Class letter first, colour second; contrast of the class colours 5.2, 9.3, 14.9 (excel.md, "How a workbook should look").
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

FONT = "微软雅黑"
INK, QUIET, LINE = "#1F2937", "#595959", "#BFBFBF"
HEAD, YELLOW, WRONG, TILE = "#DDEBF7", "#FFF2CC", "#F8B8B0", "#F3F6FA"
CLASS_COLOURS = {"A": ("#FFFFFF", "#0072B2"), "B": ("#000000", "#E69F00"), "C": ("#000000", "#D9D9D9")}
# Okabe–Ito, in an order that stays apart in grey print.
SERIES = ("#0072B2", "#E69F00", "#56B4E9", "#7F7F7F", "#009E73", "#CC79A7", "#D55E00", "#B8B8B8", "#004B75", "#F0E442")
NUMBER_FORMATS = {"date": "yyyy-mm-dd", "score": "0.0", "percent": "0%", "count": "#,##0", "points": "0.0"}
MAX_WIDTH, MIN_WIDTH = 40, 6
_PADDING = 3  # filter arrow and cell margin


def display_width(text: str) -> int:
    """Width in characters of the default font; East-Asian wide characters count 2 (Unicode TR 11)."""
    return max((sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line) for line in text.split("\n")),
               default=0)  # fmt: skip


def column_width(header: str, texts: list[str], *, most: int = MAX_WIDTH) -> float:
    """Width that shows the header and the texts, at most ``most``; longer texts wrap."""
    needed = max([display_width(header), *(display_width(t) for t in texts)])
    return max(MIN_WIDTH, min(most, needed + _PADDING))


def lines_needed(text: str, width: float) -> int:
    """How many lines a text takes in a column of this width."""
    room = max(1.0, width - 1.5)
    return sum(max(1, -(-display_width(line) // int(room))) for line in text.split("\n"))


class Formats:
    """Formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def make(self, **look: Any) -> Format:
        """A format over the common font; the same look is the same format."""
        look = {"font_name": FONT, "font_size": 10, "valign": "vcenter", "font_color": INK, **look}
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(look)
        return self._made[key]

    @property
    def title(self) -> Format:
        """Sheet title."""
        return self.make(font_size=16, bold=True)

    @property
    def quiet(self) -> Format:
        """One line of explanation."""
        return self.make(font_color=QUIET)

    @property
    def link(self) -> Format:
        """A link inside the workbook."""
        return self.make(font_color="#0563C1", underline=1)

    def header(self, *, yellow: bool = False) -> Format:
        """Header of a column; yellow where a person types."""
        return self.make(bold=True, text_wrap=True, border=1, border_color=LINE, bg_color="#FFE699" if yellow else HEAD)

    def cell(self, kind: str, *, yellow: bool = False, wrong: bool = False, quoted: bool = False) -> Format:
        """A data cell of this kind (text, date, score, percent, count, points)."""
        look: dict[str, Any] = {"border": 1, "border_color": LINE, "num_format": NUMBER_FORMATS.get(kind, "@")}
        look["align"] = "right" if kind in ("score", "percent", "count", "points") else "left"
        if kind == "text":
            look["text_wrap"] = True
        if quoted:
            look["quote_prefix"] = True
        if yellow or wrong:
            look["bg_color"] = WRONG if wrong else YELLOW
        return self.make(**look)
