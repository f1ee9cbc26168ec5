"""Bought lists have their own headers: what they probably mean, with a confidence between 0 and 1.

Above ``LINE`` a column is read and the guess is told; below it, it is only proposed for 列名对照. The header says
most, what stands below it confirms or refutes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from salessheets.tables import Column, Kind

from .headers import forms
from .recognise import Fit

LINE = 0.85
PROPOSE = 0.55
SAMPLE = 50  # rows looked at below the header

_FOREIGN = {
    "name": (
        "法人 法定代表人 法人代表 企业法人 法人姓名 老板 经理 经营者 店主 联系人员 负责人姓名 "
        "name contact contactname contactperson"
    ),
    "company": (
        "企业名 企业全称 公司全称 商户名称 商家名称 机构名称 店铺名称 药店名称 经销商 经销商名称 商号 招牌 "
        "company companyname"
    ),
    "phone": (
        "固定电话 固话 座机 有效手机号 更多电话 号码 联络电话 移动号码 mobile mobilephone telephone phonenumber cell"
    ),
    "province": "所属省份 省区 province",
    "city": "所属城市 城市名称 所属地市 city",
    "county": "所属区县 区域县 所属县区 district county",
    "address": "企业地址 注册地址 经营地址 通信地址 实际地址 address",
    "products": "经营范围 主营项目 经营项目 业务范围 business",
    "note": "remark remarks note",
}
_SYNONYMS = {form: field for field, words in _FOREIGN.items() for form in words.split()}
_PARTS = frozenset(_FOREIGN) | {"title", "wechat", "qq", "township"}  # fields that a part of the header tells
_NEVER = re.compile(r"邮箱|邮件|网址|网站|传真|邮编|状态|时间|日期|代码|税号|信用|资本|email|fax|zip")
_PHONE = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?"
    r"(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|(?:0\d{2,3}[- ]?)?[2-9]\d{6,7}|[48]00[- ]?\d{3}[- ]?\d{4})",
)
_PERSON = re.compile(r"[\u4e00-\u9fff·]{2,4}")
_SHOP = re.compile(r"公司|店|厂|馆|中心|院|部|堂|房|所|行|社|企业|商")
_CHANGES = {"phone": (_PHONE.search, 0.4), "name": (_PERSON.fullmatch, 0.6), "company": (_SHOP.search, 0.7)}


@dataclass(frozen=True)
class Guess:
    """A header that probably means a field."""

    at: int
    header: str
    column: Column
    confidence: float


def guesses(fit: Fit, rows: Sequence[Sequence[str]]) -> list[Guess]:
    """What the unknown columns of a fit probably mean, the surest first; one field once, phones as often as they are."""
    found = []
    for header, at in fit.extras.items():
        values = [row[at] for row in rows if at < len(row) and row[at]][:SAMPLE]
        for column in fit.table.columns:
            likeness = _likeness(header, column)
            if likeness >= PROPOSE - 0.15:
                found.append(Guess(at, header, column, round(_judged(column, likeness, values), 2)))
    found.sort(key=lambda guess: -guess.confidence)
    kept: dict[int, Guess] = {}
    taken = set(fit.columns)
    for guess in found:
        again = guess.column.field in taken
        if guess.at not in kept and guess.confidence >= PROPOSE and (guess.column.kind is Kind.PHONE or not again):
            kept[guess.at] = guess
            taken.add(guess.column.field)
    return list(kept.values())


def extended(fit: Fit, found: Sequence[Guess]) -> bool:
    """Take the guesses above the line into the fit. Whether the result is a list of customers worth reading."""
    for guess in found:
        if guess.confidence < LINE:
            continue
        del fit.extras[guess.header]
        if guess.column.field in fit.columns:
            fit.joined.setdefault(guess.column.field, []).append(guess.at)
        else:
            fit.columns[guess.column.field] = guess.at
        fit.guessed.append((guess.at, guess.header, guess.column.header))
        fit.score += guess.confidence
    known = fit.columns.keys()
    business = bool(known & {"company", "address"}) and bool(known & {"company", "name"})
    return business and "phone" in known and len(known) >= 3


def proposals(found: Sequence[Guess]) -> Mapping[str, str]:
    """Ready lines for 列名对照: header as found → declared header, for the guesses below the line."""
    return {guess.header: guess.column.header for guess in found if guess.confidence < LINE}


def _likeness(header: str, column: Column) -> float:
    from rapidfuzz.fuzz import ratio

    best = 0.0
    for form in forms(header):
        if _NEVER.search(form) and column.kind is not Kind.DATE:
            return 0.0
        if _SYNONYMS.get(form) == column.field:
            return 0.9
        for name in (form for text in column.names for form in forms(text)[:1]):
            if column.field not in _PARTS:
                best = max(best, ratio(name, form) / 100)  # a slip of the pen, no more: 成立日期 is no 获取日期
            elif len(name) >= 2 and form.endswith(name):  # in Chinese the last word says what it is: 公司电话 is a 电话
                best = max(best, 0.78 + 0.2 * len(name) / len(form))
            elif len(name) >= 2 and name in form:
                best = max(best, 0.5 + 0.2 * len(name) / len(form))
            else:
                best = max(best, ratio(name, form) / 100 - 0.1)
    return best


def _judged(column: Column, likeness: float, values: Sequence[str]) -> float:
    """The likeness after a look at the values."""
    test = _CHANGES.get(column.field)
    if test is None or not values:
        return likeness
    share = sum(1 for value in values if test[0](value)) / len(values)
    if share >= 0.7:
        return min(likeness + 0.1, 0.99)
    return likeness if share >= 0.4 else likeness * test[1]
