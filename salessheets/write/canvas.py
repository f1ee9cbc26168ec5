"""A tall picture for a phone, drawn from top to bottom: the only module that knows Pillow.

The font is our own copy (data/font), so that every machine draws the same; colours are those of look.py.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from .look import EARLIER, INK, LINE, QUIET, SERIES, TILE

if TYPE_CHECKING:
    from PIL import ImageDraw
    from PIL.ImageFont import FreeTypeFont

FONT_FILE = Path(__file__).resolve().parents[1] / "data" / "font" / "NotoSansCJKsc-GB2312.otf"
WIDTH, _HEIGHT = 1080, 4000  # pixels; cut to what was drawn
_EDGE, _GAP = 48, 28
_TITLE, _HEAD, _TEXT, _SMALL, _FIGURE = 52, 36, 30, 26, 60  # font sizes in pixels
_BARS, _BAR_END = 250, WIDTH - 120  # where bars begin and end; numbers stand behind
_TILE_HEIGHT, _LINE_HEIGHT, _COLUMN_HEIGHT = 218, 46, 200


@dataclass(frozen=True)
class Mark:
    """A colour and what it stands for."""

    name: str
    fill: str
    edge: str = ""


def can_draw() -> bool:
    """Whether Pillow and the font are there."""
    try:
        _font(_TEXT)
    except (ImportError, OSError):
        return False
    return True


@cache
def _font(size: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(io.BytesIO(FONT_FILE.read_bytes()), size, layout_engine=ImageFont.Layout.BASIC)


class Canvas:
    """A picture under construction; ``_at`` is the next free line of pixels."""

    def __init__(self) -> None:
        from PIL import Image, ImageDraw

        self._image = Image.new("RGB", (WIDTH, _HEIGHT), "#FFFFFF")
        self._draw: ImageDraw.ImageDraw = ImageDraw.Draw(self._image)
        self._at = _EDGE

    def png(self) -> bytes:
        """The picture up to where it was drawn."""
        out = io.BytesIO()
        self._image.crop((0, 0, WIDTH, min(_HEIGHT, self._at + _EDGE))).save(out, "PNG", compress_level=3)
        return out.getvalue()

    def title(self, text: str, below: str) -> None:
        """The brand and the week."""
        self._text((_EDGE, self._at), text, _TITLE, INK, WIDTH - 2 * _EDGE)
        self._text((_EDGE, self._at + 76), below, _SMALL, QUIET, WIDTH - 2 * _EDGE)
        self._at += 76 + 46 + _GAP // 2

    def heading(self, text: str) -> None:
        """A finding above its bars."""
        self._at += _GAP
        self._text((_EDGE, self._at), text, _HEAD, INK, WIDTH - 2 * _EDGE)
        self._at += 58

    def tiles(self, tiles: Sequence[tuple[str, str, str, str, Sequence[int]]]) -> None:
        """A row of figures: name, value, change, colour, and the weeks as columns ([] = none)."""
        wide = (WIDTH - 2 * _EDGE - (len(tiles) - 1) * 16) // len(tiles)
        for at, (name, value, change, colour, weeks) in enumerate(tiles):
            left = _EDGE + at * (wide + 16)
            self._draw.rectangle((left, self._at, left + wide, self._at + _TILE_HEIGHT), fill=TILE)
            self._draw.rectangle((left, self._at, left + wide, self._at + 5), fill=colour)
            middle = left + wide // 2
            self._text((middle, self._at + 16), name, _SMALL, QUIET, wide, centred=True)
            self._text((middle, self._at + 46), value, _FIGURE, colour, wide, centred=True)
            self._text((middle, self._at + 126), change, _SMALL, QUIET, wide, centred=True)
            self._spark((middle - 56, self._at + 166, middle + 56, self._at + 206), weeks)
        self._at += _TILE_HEIGHT + 16

    def _spark(self, box: tuple[int, int, int, int], weeks: Sequence[int]) -> None:
        left, top, right, bottom = box
        largest = max(weeks, default=0) or 1
        step = (right - left) / 8
        for at, size in enumerate(weeks):
            begin = round(left + at * step)
            fill = SERIES[0] if at == len(weeks) - 1 else EARLIER
            height = (bottom - top) * size // largest
            if height:
                self._draw.rectangle((begin, bottom - height, begin + round(step) - 4, bottom), fill=fill)

    def lines(self, texts: Sequence[str], colour: str) -> None:
        """Sentences, broken where the picture ends."""
        self._at += _GAP // 2 if texts else 0
        for text in texts:
            for line in self._broken(text, _TEXT):
                self._text((_EDGE, self._at), line, _TEXT, colour, WIDTH - 2 * _EDGE)
                self._at += _LINE_HEIGHT

    def _broken(self, text: str, size: int) -> list[str]:
        """Between words; a number is never broken."""
        lines, line = [], ""
        for word in re.findall(r"[\w.\-]+[^\w.\-]*|[^\w.\-]+", text):
            if line and _font(size).getlength((line + word).rstrip()) > WIDTH - 2 * _EDGE:
                lines.append(line)
                line = ""
            line += word
        return [*lines, line]

    def legend(self, marks: Sequence[Mark]) -> None:
        """Which colour stands for what."""
        left = _EDGE
        for mark in marks:
            self._box((left, self._at + 8, left + 24, self._at + 32), mark)
            self._text((left + 34, self._at), mark.name, _SMALL, QUIET, WIDTH)
            left += 34 + round(_font(_SMALL).getlength(mark.name)) + 40
        self._at += _LINE_HEIGHT

    def pair(self, name: str, now: int, before: int, largest: int) -> None:
        """A name with the bar of this week above the bar of the last one."""
        self._text((_EDGE, self._at + 8), name, _SMALL, INK, _BARS - _EDGE - 10)
        for offset, size, fill in ((6, now, SERIES[0]), (28, before, EARLIER)):
            end = _BARS + (_BAR_END - _BARS) * size // max(largest, 1)
            if size:
                self._draw.rectangle((_BARS, self._at + offset, end, self._at + offset + 18), fill=fill)
            self._text((end + 8, self._at + offset - 10), f"{size:,}", 22, QUIET, 110)
        self._at += _LINE_HEIGHT + 12

    def stacked(self, name: str, sizes: Sequence[tuple[int, Mark]], largest: int) -> None:
        """A name with a bar made of parts, and their sum behind it."""
        self._text((_EDGE, self._at + 2), name, _SMALL, INK, _BARS - _EDGE - 10)
        done = 0
        for size, mark in sizes:
            left, right = (_BARS + (_BAR_END - _BARS) * n // max(largest, 1) for n in (done, done + size))
            if size:
                self._box((left, self._at + 4, right, self._at + 38), mark)
            done += size
        end = _BARS + (_BAR_END - _BARS) * done // max(largest, 1)
        self._text((end + 8, self._at + 2), f"{done:,}", _SMALL, QUIET, 110)
        self._at += _LINE_HEIGHT + 4

    def columns(self, names: Sequence[str], sizes: Sequence[int]) -> None:
        """A column for each week, this one dark, with its number above."""
        largest, step = max(sizes) or 1, (WIDTH - 2 * _EDGE) // max(len(names), 1)
        wide = min(step - 24, 90)
        floor = self._at + 40 + _COLUMN_HEIGHT
        for at, (name, size) in enumerate(zip(names, sizes, strict=True)):
            middle = _EDGE + at * step + step // 2
            height = _COLUMN_HEIGHT * size // largest
            fill = SERIES[0] if at == len(names) - 1 else EARLIER
            if height:
                self._draw.rectangle((middle - wide // 2, floor - height, middle + wide // 2, floor), fill=fill)
            self._text((middle, floor - height - 40), f"{size:,}", _SMALL, INK, step, centred=True)
            self._text((middle, floor + 6), name, _SMALL, QUIET, step, centred=True)
        self._draw.line((_EDGE, floor, WIDTH - _EDGE, floor), fill=LINE, width=2)
        self._at = floor + 50

    def _box(self, box: tuple[int, int, int, int], mark: Mark) -> None:
        self._draw.rectangle(box, fill=mark.fill, outline=mark.edge or None, width=2 if mark.edge else 0)

    def _text(
        self, where: tuple[int, int], text: str, size: int, colour: str, room: int, *, centred: bool = False
    ) -> None:
        """One line; a text that does not fit is written smaller, and cut when it would be too small to read."""
        while size > 20 and _font(size).getlength(text) > room:
            size -= 2
        while _font(size).getlength(text) > room and len(text) > 1:
            text = text.removesuffix("…")[:-1] + "…"
        left, top = where
        left -= round(_font(size).getlength(text)) // 2 if centred else 0
        self._draw.text((left, top), text, fill=colour, font=_font(size))
