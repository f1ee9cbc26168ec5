"""What a manager types into a cell of 设置.xlsx → a value. Each function raises ValueError for what is not allowed."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date

from .model import Rule

MOST_POINTS = 100
_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")
_WEEK = re.compile(r"(\d{4})-?[Ww](\d{1,2})")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_SEPARATORS = re.compile(r"[、,;\uff0c\uff1b\n]")
_MOBILE = re.compile(r"(?:\+86|0086|86|0)?(1[3-9][0-9]{9})")
# Area codes have three digits where they begin with 01 or 02, else four.
_LANDLINE = re.compile(r"(?:\+860?|00860?|0)(10(?=[0-9]{8}$)|2[0-9](?=[0-9]{8}$)|[3-9][0-9]{2})([0-9]{7,8})")
_ABROAD = re.compile(r"(?:\+|00)(852|853|886)([0-9]{6,12})")  # Hong Kong, Macau, Taiwan


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def names(text: str) -> tuple[str, ...]:
    """Several names in one cell."""
    return tuple(part.strip() for part in _SEPARATORS.split(text) if part.strip())


def day(text: str) -> date:
    """2026-11-20, 2026.11.20, 2026/11/20, 2026年11月20日, 20261120."""
    found = _DAY.fullmatch(_plain(text))
    return date(*(int(part) for part in found.groups())) if found else date.fromisoformat(_plain(text))


def week(text: str) -> str:
    """2026-W45, 2026W45, 2026-w5 → the label of a week that exists."""
    found = _WEEK.fullmatch(_plain(text))
    if not found:
        raise ValueError(text)
    date.fromisocalendar(int(found[1]), int(found[2]), 1)
    return f"{found[1]}-W{int(found[2]):02d}"


def number(text: str) -> float:
    """A finite number; 1,000 and full-width digits are understood, a percentage is not."""
    plain = _plain(text)
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    if "_" in plain:  # Python's own digit grouping
        raise ValueError(text)
    found = float(plain)
    if not math.isfinite(found):
        raise ValueError(text)
    return round(found, 10)


def share(text: str) -> float:
    """0.2 or 20 % → 0.2."""
    plain = _plain(text)
    return round(number(plain.removesuffix("%")) / 100, 10) if plain.endswith("%") else number(plain)


def points(text: str) -> float:
    """Points of one answer, 0 to MOST_POINTS."""
    found = number(text)
    if not 0 <= found <= MOST_POINTS:
        raise ValueError(text)
    return found


def rule_value(rule: Rule, text: str) -> object:
    """The value of one rule, of the type of its default. Empty means the default."""
    if not text:
        return rule.default
    if rule.kind == "选项":
        if text not in rule.choices:
            raise ValueError(text)
        return text
    if rule.kind == "日期":
        return day(text)
    if rule.kind == "周次":
        return week(text)
    found = share(text) if rule.kind == "比例" else number(text)
    if not rule.low <= found <= rule.high or (rule.whole and not found.is_integer()):
        raise ValueError(text)
    return int(found) if rule.whole else found


def normal_number(text: str) -> str:
    """A phone, WeChat or QQ as it is compared with cleaned records: ``13800138000``, ``0531-88881234``, ``4001234567``,
    ``+852-91234567``, lower-case WeChat. What is no number stays as typed, folded to half width.
    """
    plain = _plain(text).lower()
    if mail := re.fullmatch(r"([0-9]{5,11})@qq\.com", plain):
        return mail[1]
    digits = re.sub(r"[\s()-]", "", plain)
    if not re.fullmatch(r"\+?[0-9]+", digits):
        return plain
    if mobile := _MOBILE.fullmatch(digits):
        return mobile[1]
    if landline := _LANDLINE.fullmatch(digits):
        return f"0{landline[1]}-{landline[2]}"
    abroad = _ABROAD.fullmatch(digits)
    return f"+{abroad[1]}-{abroad[2]}" if abroad else digits
