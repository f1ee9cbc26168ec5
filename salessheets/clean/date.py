"""Dates as people write them → ISO (excel.md, "What goes wrong"). Excel's own dates come as ISO from the reader."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd
import pyarrow.compute as pc

from .text import by_value, is_nothing, texts, tidy

_EPOCH = dt.date(1899, 12, 30)  # day 0 of Excel's calendar, for serials after February 1900
_AHEAD = dt.timedelta(days=31)
_ISO = (
    r"^(19[5-9]\d|20\d\d)-(0[13578]|1[02])-(0[1-9]|[12]\d|3[01])$|^(19[5-9]\d|20\d\d)-(0[469]|11)-(0[1-9]|[12]\d|30)$"
)

_CLOCK = r"\d{1,2}[:时点]\s*(?:\d{1,2}(?:[:分]\s*\d{0,2}(?:\.\d+)?秒?)?|半)?分?"
_TIME = rf"(?:[\sT]*(?:上午|下午|中午|晚上?|早上?|[AaPp][Mm])?\s*{_CLOCK}\s*(?:[AaPp][Mm]|Z|[+-]\d\d:?\d\d)?)?"
_WEEKDAY = r"\s*[(\[]?(?:(?:星期|周|礼拜)[一二三四五六日天])?[)\]]?\s*"
_TAIL = _WEEKDAY + _TIME + r"\s*(?:上午|下午|左右|前后|前|以前|[AaPp][Mm])?$"
_YMD = re.compile(r"^(?P<y>\d{4}|\d{2})\s*[-/.年,\s]\s*(?P<m>\d{1,2})\s*[-/.月,\s]\s*(?P<d>\d{1,2})\s*[日号.]?" + _TAIL)
_DMY = re.compile(r"^(?P<a>\d{1,2})\s*[-/.]\s*(?P<b>\d{1,2})\s*[-/.]\s*(?P<y>\d{4})" + _TAIL)
_MD = re.compile(r"^(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?" + _TAIL)
_COMPACT = re.compile(r"^(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)" + _TAIL)
_SERIAL = re.compile(r"^([45]\d{4}|60000)(?:\.\d+)?$")
_NUMERALS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_CHINESE = re.compile(r"[〇零一二三四五六七八九十]+(?=[年月日号])|(?<=[年月])[〇零一二三四五六七八九十]+$")
_YEAR = {"今年": 0, "去年": -1, "本年": 0}


def clean(series: pd.Series, today: dt.date) -> pd.DataFrame:
    """Read a column of dates.

    Without a year, the latest one that makes the date not later than ``today`` + 31 days. Returns, with the same
    index: date (ISO text or "") · problem (bad-date or ""). A month without a day is no date.
    """
    array = texts(series)
    iso = pc.match_substring_regex(array, _ISO)
    if pc.all(iso).as_py():  # the reader gives real Excel dates in this form: nothing to do
        return pd.DataFrame({"date": series.astype("str"), "problem": pd.Series("", series.index, dtype="str")})
    return by_value(series, lambda cell: _one(cell, today), {"date": "", "problem": ""})


def _one(cell: str, today: dt.date) -> tuple[str, str]:
    text = tidy(cell).lstrip("'`").strip()
    if is_nothing(text):
        return "", ""
    found = _date(_CHINESE.sub(lambda m: _arabic(m[0]), text), today)
    return (found.isoformat(), "") if found else ("", "bad-date")


def _date(text: str, today: dt.date) -> dt.date | None:
    serial = _SERIAL.match(text)
    if serial:
        return _EPOCH + dt.timedelta(days=int(serial[1]))
    for word, years in _YEAR.items():
        if text.startswith(word):
            text = f"{today.year + years}年{text.removeprefix(word)}"
    for pattern in (_COMPACT, _YMD):
        match = pattern.match(text)
        if match:
            year = int(match["y"])
            return _day(year + 2000 if year < 100 else year, int(match["m"]), int(match["d"]))
    match = _DMY.match(text)
    if match:  # 25/11/2026 and 11/25/2026 can be told apart, 3/11/2026 cannot
        day, month = sorted((int(match["a"]), int(match["b"])), reverse=True)
        return _day(int(match["y"]), month, day) if day > 12 or day == month else None
    match = _MD.match(text)
    return _without_year(int(match["m"]), int(match["d"]), today) if match else None


def _without_year(month: int, day: int, today: dt.date) -> dt.date | None:
    """Find the latest year that makes it not later than a month ahead; 29 February looks back to a leap year."""
    for year in range(today.year + 1, today.year - 8, -1):
        found = _day(year, month, day)
        if found and found <= today + _AHEAD:
            return found
    return None


def _day(year: int, month: int, day: int) -> dt.date | None:
    if not 1950 <= year <= 2100:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _arabic(numeral: str) -> str:
    """二〇二六 → 2026, 十一 → 11, 二十 → 20, 二十三 → 23."""
    if "十" not in numeral:
        return "".join(str(_NUMERALS[c]) for c in numeral)
    tens, _, ones = numeral.partition("十")
    if "十" in ones or len(tens) > 1 or len(ones) > 1:
        return numeral
    return str((_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[ones] if ones else 0))
