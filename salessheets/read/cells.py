"""What the reading process does with cell values: they become text, once (module ``read``: raw values).

Text keeps its inside; only outer white space goes, including full-width, no-break and zero-width spaces.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from .wire import Cells

OUTER = " \t\r\n\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u180e\u2028\u2029\u202f\u205f\u3000\u2060\ufeff" + "".join(
    map(chr, range(0x2000, 0x200E)),
)
_UNSEEN = ("\u200b", "\u200c", "\u200d", "\ufeff", "\u2060", "\u180e")  # outer signs that str.strip() leaves
CHUNK = 4096
DIGITS = 15  # digits of a number that Excel keeps
_EXACT = 10.0**DIGITS

Patches = Mapping[int, Mapping[int, str]]  # column → row → text that the cell shows; both counted from the first cell


def number(value: float) -> str:
    """13800138000.0 → "13800138000"; 2.50 → "2.5"; never 1e+16: the digits that Excel would show, then zeros."""
    if value.is_integer():
        return str(int(value)) if abs(value) < _EXACT else f"{Decimal(repr(value)):f}"
    return repr(value) if math.isfinite(value) else ""


def moment(value: dt.datetime) -> str:
    """ISO date; with the time of day when there is one."""
    if value.microsecond:  # a serial number is a float: 09:29:59.999999 was 09:30
        value = (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
    if value.time() == dt.time():
        return value.date().isoformat()
    return value.isoformat(" ", "seconds" if value.second else "minutes")


def clock(value: dt.time) -> str:
    """HH:MM, with seconds only when there are any."""
    if value.microsecond:
        return moment(dt.datetime.combine(dt.date(2000, 1, 1), value))[11:] or "00:00"
    return value.isoformat("seconds" if value.second else "minutes")


def duration(value: dt.timedelta) -> str:
    """Hours may pass 24: 26:15."""
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    hours, rest = divmod(seconds, 3600)
    return f"{sign}{hours:02}:{rest // 60:02}" + (f":{rest % 60:02}" if rest % 60 else "")


_CONVERT: dict[type, Callable[[Any], str]] = {
    str: lambda value: value.strip(OUTER),
    float: number,
    int: str,
    bool: lambda value: "是" if value else "否",
    dt.datetime: moment,
    dt.date: dt.date.isoformat,
    dt.time: clock,
    dt.timedelta: duration,
    type(None): lambda _: "",
}


def text(value: object) -> str:
    """The text of one cell value."""
    convert = _CONVERT.get(type(value))
    return convert(value) if convert else str(value).strip(OUTER)


def texts(values: Sequence[object]) -> list[str]:
    """The texts of a column's values; columns are mostly of one kind, which is quicker."""
    kinds = set(map(type, values))
    if kinds == {str}:
        joined = "".join(values)  # type: ignore[arg-type]
        if not joined.isascii() and any(sign in joined for sign in _UNSEEN):
            return [value.strip(OUTER) for value in values]  # type: ignore[attr-defined]
        return [value.strip() for value in values]  # type: ignore[attr-defined]
    if len(kinds) == 1:
        convert = _CONVERT.get(next(iter(kinds)), text)
        return [convert(value) for value in values]
    return [text(value) for value in values]


def pack(rows: Iterable[Sequence[object]], patches: Patches) -> Cells:
    """Rows of values → packed text, ``CHUNK`` rows at a time, with the texts of ``patches`` put in."""
    cells = Cells()
    last = max((row for shown in patches.values() for row in shown), default=-1)
    for chunk in _chunks(rows):
        values = list(zip(*chunk, strict=True))
        columns = [texts(column) for column in values]
        cells.cut += _cut(values, columns, cells.height)
        cells.add(_patched(columns, cells.height, len(chunk), patches), len(chunk))
    if last >= cells.height:
        cells.add(_patched([], cells.height, last + 1 - cells.height, patches), last + 1 - cells.height)
    cells.trim()
    return cells


def _cut(values: Sequence[Sequence[object]], columns: list[list[str]], first: int) -> list[tuple[int, int, str]]:
    """Numbers longer than Excel can keep: their last digits are lost already in the file."""
    return [
        (first + row, at, text)
        for at, column in enumerate(columns)
        if not {float, int}.isdisjoint(map(type, values[at]))
        for row, text in enumerate(column)
        if len(text) > DIGITS and isinstance(values[at][row], float | int) and text.lstrip("-").isdigit()
    ]


def _patched(columns: list[list[str]], first: int, height: int, patches: Patches) -> list[list[str]]:
    for at, shown in patches.items():
        for row, value in shown.items():
            if first <= row < first + height:
                while at >= len(columns):
                    columns.append([""] * height)
                columns[at][row - first] = value
    return columns


def _chunks(rows: Iterable[Sequence[object]]) -> Iterator[list[Sequence[object]]]:
    source = iter(rows)
    while chunk := list(islice(source, CHUNK)):
        width = max(map(len, chunk))
        if any(len(row) != width for row in chunk):
            chunk = [[*row, *[""] * (width - len(row))] for row in chunk]
        yield chunk
