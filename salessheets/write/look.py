"""How every workbook looks: colours, fonts, number formats, widths. The only place that says so.

Class letter first, colour second; contrast of the class colours 5.2, 9.3, 14.9 (excel.md, "How a workbook should look").
"""

from __future__ import annotations

import unicodedata
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

FONT = "微软雅黑"
INK, QUIET, LINE = "#1F2937", "#595959", "#BFBFBF"
HEAD, YELLOW, WRONG, TILE = "#DDEBF7", "#FFF2CC", "#F8B8B0", "#F3F6FA"
YELLOW_HEAD = "#FFE699"
TRIAL, TRIAL_HEAD = "#E2F0D9", "#C6E0B4"  # cells to try something out in: what is typed does not come back
CLASS_COLOURS = {"A": ("#FFFFFF", "#0072B2"), "B": ("#000000", "#E69F00"), "C": ("#000000", "#D9D9D9")}
# Okabe–Ito, in an order that stays apart in grey print.
SERIES = ("#0072B2", "#E69F00", "#56B4E9", "#7F7F7F", "#009E73", "#CC79A7", "#D55E00", "#B8B8B8", "#004B75", "#F0E442")
EARLIER, GRID, OUTLINE = "#BFBFBF", "#F2F2F2", "#7F7F7F"  # earlier weeks; lines behind bars; edges of stacked bars
BAR = "#9CC9E6"  # bars in cells, pale enough for the number on them
RED, AMBER = "#C00000", "#8A5A00"  # figures that need a person; B-class figures on a light ground
LINK = "#0563C1"
# A tally shows nothing as a dash, so that the few counts that matter are seen.
NUMBER_FORMATS = {
    "date": "yyyy-mm-dd", "score": "0.0", "percent": "0%", "share": "0.0%", "count": "#,##0", "points": "0.0", "number": "General",
    "tally": "#,##0;-#,##0;–",
}  # fmt: skip
NUMBERS = ("score", "percent", "share", "count", "points", "number", "tally")
ABOVE_FORMATS = {"points": '"满分 "General', "known": '"次序 "0'}  # numbers above columns of 客户分析
MAX_WIDTH, MIN_WIDTH = 40, 6
_ARROW, _MARGIN = 3, 1.5  # the filter arrow beside a header; left and right of a text
_LONG_HEADER = 6  # a longer header takes two lines


@lru_cache(maxsize=1 << 16)
def display_width(text: str) -> int:
    """Width in characters of the default font; East-Asian wide characters count 2 (Unicode TR 11)."""
    if "\n" in text:
        return max(map(display_width, text.split("\n")))
    return len(text) if text.isascii() else sum(map(_character_width, text))


@cache
def _character_width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def header_lines(header: str) -> int:
    """A header of more than three Chinese characters takes two lines: the values decide how wide a column is."""
    return 1 if display_width(header) <= _LONG_HEADER else 2


def column_width(header: str, texts: list[str], *, most: float = MAX_WIDTH) -> float:
    """Width that shows the header in one or two lines and the texts in one, at most ``most``; longer texts wrap."""
    half = -(-display_width(header) // header_lines(header))
    needed = max([half + half % 2 + _ARROW, *(display_width(t) + _MARGIN for t in set(texts))])
    return max(MIN_WIDTH, min(most, needed))


def weekday_header(day: date) -> str:
    """11-20 周五: a day as the head of a column."""
    return f"{day.month}-{day.day} 周{'一二三四五六日'[day.weekday()]}"


def lines_needed(text: str, width: float) -> int:
    """How many lines a text takes in a column of this width."""
    room = int(max(1.0, width - 1.5))
    return sum(max(1, -(-display_width(line) // room)) for line in text.split("\n"))


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
        return self.make(font_color=LINK, underline=1)

    def quiet_number(self, number_format: str) -> Format:
        """A number that explains itself, outside a table."""
        return self.make(font_color=QUIET, font_size=9, align="center", num_format=number_format)

    def header(self, kind: str = "text", *, yellow: bool = False, trial: bool = False) -> Format:
        """Header of a column of this kind; yellow where a person types, green where he tries something out."""
        place = {"align": "center"} if kind == "mark" or kind in NUMBERS else {}
        fill = YELLOW_HEAD if yellow else TRIAL_HEAD if trial else HEAD
        return self.make(bold=True, text_wrap=True, border=1, border_color=LINE, bg_color=fill, **place)

    def cell(
        self,
        kind: str,
        *,
        yellow: bool = False,
        wrong: bool = False,
        quoted: bool = False,
        bold: bool = False,
        trial: bool = False,
    ) -> Format:
        """A data cell of this kind: text, mark (a letter or tick, centred), date, or one of NUMBERS."""
        look: dict[str, Any] = {"border": 1, "border_color": LINE, "num_format": NUMBER_FORMATS.get(kind, "@")}
        look["align"] = "right" if kind in NUMBERS else "center" if kind == "mark" else "left"
        if kind == "text":
            look["text_wrap"] = True
        if kind in NUMBERS:
            look["indent"] = 1  # or the number would touch the text of the next column
        if bold:
            look["bold"] = True
        if quoted:
            look["quote_prefix"] = True
        if yellow or wrong:
            look["bg_color"] = WRONG if wrong else YELLOW
        elif trial:
            look["bg_color"] = TRIAL
        return self.make(**look)
