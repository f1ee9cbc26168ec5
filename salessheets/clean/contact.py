"""WeChat and QQ numbers (matching.md, "WeChat"). People write a phone number, an address or 同手机 there as well."""

from __future__ import annotations

import re

import pandas as pd

from . import numbers
from .text import by_value, is_nothing, tidy

# Tencent's rules: a WeChat ID has 6 to 20 letters, digits, _ or - and begins with a letter; a QQ number 5 to 11 digits.
_WECHAT = re.compile(r"(?<![A-Za-z0-9_@.-])[A-Za-z][A-Za-z0-9_-]{5,19}(?![A-Za-z0-9_@-])")
_QQ = re.compile(r"[1-9]\d{4,10}")
_MAIL = re.compile(r"([1-9]\d{4,10})@(?:vip\.)?qq\.com", re.IGNORECASE)
_LABEL = re.compile(
    r"^(?:(?:企业)?微信号?码?|威信|加?[微薇]|扣扣|QQ号码?|号码?|邮箱|email|"
    r"(?:wechat|weixin|vx|wx|qq|v|q)(?=[:;. ]|\d{5}))\s*[:;.]*\s*",
    re.IGNORECASE,
)
_SAME = re.compile(
    r"(?:微信|vx|wx|qq)?[与和跟即是就]*"
    r"(?:同[一个]?(?:上面?)?(?:手机|电话|号|微信|步)|(?:联系)?(?:手机|电话)号?码?(?:同号?|相同|一样)?(?:即?微信)?)"
    r"(?:同步|同号|相同|一样|号码?)*",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"[/;、,|\n\s()]+")
_BLANK_IN_DIGITS = re.compile(r"(?<=\d)[ -](?=\d)")


def wechat(series: pd.Series) -> pd.DataFrame:
    """Read a column of WeChat cells.

    Returns, with the same index: wechat (lower case or "") · mobile (the WeChat is found by this phone number) ·
    qq (… by this QQ number) · same_as_phone (同手机, 同号: it is the number in the phone column) · problem
    (wechat-invalid or "").
    """
    blank = {"wechat": "", "mobile": "", "qq": "", "same_as_phone": False, "problem": ""}
    return by_value(series, _wechat, blank)


def qq(series: pd.Series) -> pd.DataFrame:
    """Read a column of QQ cells.

    Returns, with the same index: qq (5 to 11 digits or "") · mobile (a mobile number stands there; it is kept as QQ
    too, as eleven digits may be either) · problem (qq-invalid or "").
    """
    return by_value(series, _qq, {"qq": "", "mobile": "", "problem": ""})


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
