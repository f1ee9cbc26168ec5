"""WeChat and QQ numbers (matching.md, "WeChat"). People write a phone number, an address or 同手机 there as well."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from . import numbers
from .text import TEXT, constant, distinct, is_nothing, merged, one_by_one, table, texts, tidy

# Tencent's rules: a WeChat ID has 6 to 20 letters, digits, _ or - and begins with a letter; a QQ number 5 to 11 digits.
_WECHAT = re.compile(r"(?<![A-Za-z0-9_@.-])[A-Za-z][A-Za-z0-9_-]{5,19}(?![A-Za-z0-9_@-])")
_QQ = re.compile(r"[1-9]\d{4,10}")
_PLAIN_WECHAT = "^[A-Za-z][A-Za-z0-9_-]{5,19}$"
_PLAIN_LABEL = r"(?i)^(?:wechat|weixin|email|vx|wx|qq|v|q)\d{5}"  # a label and a number, not an ID
_PLAIN_MOBILE = r"^1[3-9]\d{9}$"
_PLAIN_QQ = r"^[1-9]\d{4,10}$"
_MAIL = re.compile(r"([1-9]\d{4,10})@(?:vip\.)?qq\.com", re.IGNORECASE)
_LABEL = re.compile(
    r"^(?:(?:企业)?微信号?码?|威信|加?[微薇]|扣扣|QQ号码?|号码?|邮箱|"
    r"(?:wechat|weixin|email|vx|wx|qq|v|q)(?=[:;. ]|\d{5}))\s*[:;.]*\s*",
    re.IGNORECASE,
)
_SAME = re.compile(
    r"(?:微信|vx|wx|qq)?[与和跟即是就]*"
    r"(?:同[一个]?(?:上面?)?(?:手机|电话|号|微信|步)|(?:联系)?(?:手机|电话)号?码?(?:同号?|相同|一样)?(?:即?微信)?)"
    r"(?:同步|同号|相同|一样|号码?)*",
    re.IGNORECASE,
)
_WECHAT_BLANK = {"wechat": "", "mobile": "", "qq": "", "same_as_phone": False, "problem": ""}
_QQ_BLANK = {"qq": "", "mobile": "", "problem": ""}
_SPLIT = re.compile(r"[/;、,|\n\s()]+")
_BLANK_IN_DIGITS = re.compile(r"(?<=\d)[ -](?=\d)")


def wechat(series: pd.Series) -> pd.DataFrame:
    """Read a column of WeChat cells.

    Returns, with the same index: wechat (lower case or "") · mobile (the WeChat is found by this phone number) ·
    qq (… by this QQ number) · same_as_phone (同手机, 同号: it is the number in the phone column) · problem
    (wechat-invalid or "").
    """
    values, codes = distinct(texts(series))
    plain = pc.and_not(pc.match_substring_regex(values, _PLAIN_WECHAT), pc.match_substring_regex(values, _PLAIN_LABEL))
    mobile = pc.match_substring_regex(values, _PLAIN_MOBILE)
    odd = pc.invert(pc.or_(plain, mobile))
    parts = [
        _filled(_WECHAT_BLANK, plain, {"wechat": pc.ascii_lower(values.filter(plain))}),
        _filled(_WECHAT_BLANK, mobile, {"mobile": values.filter(mobile)}),
        (_positions(odd), one_by_one(values.filter(odd), _wechat, _WECHAT_BLANK)),
    ]
    return table(merged(parts), codes, series.index)


def qq(series: pd.Series) -> pd.DataFrame:
    """Read a column of QQ cells.

    Returns, with the same index: qq (5 to 11 digits or "") · mobile (a mobile number stands there; it is kept as QQ
    too, as eleven digits may be either) · problem (qq-invalid or "").
    """
    values, codes = distinct(texts(series))
    plain = pc.match_substring_regex(values, _PLAIN_QQ)
    numbers_typed = values.filter(plain)
    mobile = pc.if_else(pc.match_substring_regex(numbers_typed, _PLAIN_MOBILE), numbers_typed, pa.scalar("", TEXT))
    odd = pc.invert(plain)
    parts = [
        _filled(_QQ_BLANK, plain, {"qq": numbers_typed, "mobile": mobile}),
        (_positions(odd), one_by_one(values.filter(odd), _qq, _QQ_BLANK)),
    ]
    return table(merged(parts), codes, series.index)


Part = tuple[npt.NDArray[np.int64], dict[str, Any]]


def _positions(mask: pa.Array) -> npt.NDArray[np.int64]:
    return np.flatnonzero(mask.to_numpy(zero_copy_only=False))


def _filled(blank: dict[str, Any], mask: pa.Array, known: dict[str, Any]) -> Part:
    """Columns over the positions of the mask: what is known, the rest blank."""
    positions = _positions(mask)
    size = len(positions)
    rest = {n: np.zeros(size, dtype=bool) if isinstance(v, bool) else constant(v, size) for n, v in blank.items()}
    return positions, rest | known


def _wechat(cell: str) -> tuple[str, str, str, bool, str]:
    text = tidy(cell)
    if is_nothing(text):
        return "", "", "", False, ""
    mail = _MAIL.search(text)
    if mail:
        return "", "", mail[1], False, ""
    text = _LABEL.sub("", text)
    same = _SAME.fullmatch(text.strip("()[]【】 ")) is not None
    if same:
        return "", "", "", True, ""
    found = _WECHAT.search(text)
    mobile = next(iter(numbers.read(text if not found else text.replace(found[0], " ")).mobiles), "")
    if found or mobile:
        return (found[0].lower() if found else ""), mobile, "", False, ""
    number = _QQ.fullmatch(text.removesuffix(".0"))
    if number:
        return "", "", number[0], False, ""
    return "", "", "", bool(_SAME.search(text)), "" if _SAME.search(text) else "wechat-invalid"


def _qq(cell: str) -> tuple[str, str, str]:
    text = tidy(cell)
    if is_nothing(text):
        return "", "", ""
    mail = _MAIL.search(text)
    if mail:
        return mail[1], mail[1] if _is_mobile(mail[1]) else "", ""
    text = _LABEL.sub("", text)
    whole = _BLANK_IN_DIGITS.sub("", text).removesuffix(".0")
    if _QQ.fullmatch(whole):
        return whole, whole if _is_mobile(whole) else "", ""
    pieces = [p.removesuffix(".0") for p in _SPLIT.split(text) if p]
    pieces = [_LABEL.sub("", p) for p in pieces]
    first = next((p for p in pieces if _QQ.fullmatch(p)), "")
    return first, first if _is_mobile(first) else "", "" if first else "qq-invalid"


def _is_mobile(digits: str) -> bool:
    return len(digits) == 11 and digits[0] == "1" and digits[1] >= "3"
