"""What a blank form says beside and above its cells, and how wide its columns are."""

from __future__ import annotations

import math
import re

from salessheets.tables import By, Column, Condition, Kind, Source, Table

from .look import display_width
from .template_checks import ONE_OF

_KIND_WIDTH = {
    Kind.DATE: 11.0,
    Kind.TIME: 8.0,
    Kind.PHONE: 13.0,
    Kind.WECHAT: 12.0,
    Kind.QQ: 11.0,
    Kind.INTEGER: 7.0,
    Kind.NUMBER: 9.0,
}
_SOURCE_WIDTH = {
    Source.PROVINCES: 9.0,
    Source.CITIES: 9.0,
    Source.COUNTIES: 9.0,
    Source.BRANDS: 11.0,
    Source.STAFF: 8.0,
}
_FILTER_BUTTON = 3  # characters; it covers the end of a header
_HELP = {
    Kind.DATE: "写成 2026-11-02 这样",
    Kind.TIME: "写成 09:30 这样",
    Kind.INTEGER: "只填整数",
    Kind.NUMBER: "只填数字",
    Kind.CHOICE: "点右边的箭头,从下拉中选",
    Kind.CHOICES: "从下拉中选;有几个时自己打字,用「、」隔开",
}
_UNLISTED = "照实填写;设置.xlsx 里有了名单,这里才有下拉"
_SHORT = {"name": "姓名", "company": "店名", "phone": "电话", "wechat": "微信", "qq": "QQ"}
_FULL_WIDTH = str.maketrans(",;:", "\uff0c\uff1b\uff1a")
_CHINESE = "\u3400-\u9fff"
_HALF_WIDTH = re.compile(rf"(?<=[{_CHINESE}」』】。、\uff09])[,;:]|[,;:](?=[{_CHINESE}「『【\uff08])")
_BRACKETS = re.compile(rf"(?<=[{_CHINESE}])\(([^()]*)\)|\(([{_CHINESE}][^()]*)\)")


def prose(text: str) -> str:
    """Set Chinese sentences with Chinese punctuation; numbers, codes and English stay as they are."""
    text = _BRACKETS.sub(lambda pair: f"\uff08{pair[1] or pair[2]}\uff09", text)
    return _HALF_WIDTH.sub(lambda mark: mark[0].translate(_FULL_WIDTH), text)


def column_width(column: Column) -> float:
    """Width in characters: what the kind needs, the header on two lines, and the example."""
    room = _KIND_WIDTH.get(column.kind) or _SOURCE_WIDTH.get(column.source) or 0.0
    if column.kind in (Kind.CHOICE, Kind.CHOICES) and not room:
        room = min(max(display_width(choice) for choice in column.choices) + 2, 11)
    if column.kind is Kind.TEXT:
        room = min(max(display_width(column.example) * 0.6 + 3, 8), 17)
    return max(room, math.ceil(display_width(column.header) / 2) + _FILTER_BUTTON, 7)


def hint(table: Table, column: Column) -> str:
    """Say above the header, in words, whether the column must be filled."""
    asked = {c.field for c in table.columns if c.required}
    one_of = next((names for names in ONE_OF if column.field in names), ())
    if column.by is By.TOOL:
        return "程序填写"
    if column.required:
        return {By.STAFF: "必填", By.SALES: "销售部必填", By.DIRECTOR: "总监必填"}[column.by]
    if column.when:
        return _condition(table, column.when)
    if column.by is not By.STAFF:
        return {By.SALES: "销售部填", By.DIRECTOR: "总监填"}[column.by]
    if "lead" in asked and column.field in ("name", "phone") and "referrer" not in asked:
        return "没有编号时必填"
    if one_of and "lead" not in asked and not asked & set(one_of):
        return f"{'、'.join(_SHORT[field] for field in one_of)}必填一项"
    return "选填"


def _condition(table: Table, when: Condition) -> str:
    """Say a condition so that it fits above a narrow column."""
    other = table.column(when.field)
    if set(when.values) == set(other.choices):
        return f"填了{other.header}时必填"
    return when.text(table.headers)


def how_to_fill(column: Column, *, listed: bool = True) -> str:
    """Tell the rule of a column, and what its kind asks for unless the rule says so.

    ``listed``: whether the column has a dropdown; brands and staff have none until 设置.xlsx names them.
    """
    how = "" if column.by is By.TOOL else _HELP.get(column.kind, "")
    if not listed:
        how = _UNLISTED
    told = "从下拉中选" in column.rule or how in column.rule
    return ";".join(part for part in (column.rule, "" if told else how) if part)


def message(table: Table, column: Column, *, listed: bool = True) -> str:
    """Explain how to fill a cell; Excel shows it beside the cell and allows 255 characters."""
    example = f"例:{column.example}" if column.example else ""
    lines = (hint(table, column), how_to_fill(column, listed=listed), example)
    return prose("\n".join(line for line in lines if line))[:255]
