"""评分标准: the points and lines behind 客户分析, to try out other ones (scoring.md; the office's own are in 设置.xlsx)."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_col_to_name

from salessheets.settings import RULES
from salessheets.settings.values import MOST_POINTS
from salessheets.trials import CRITERIA_SHEET, POINTS_COLUMNS, RULE_COLUMNS

from .book import FIRST, HEADER, Book
from .live import ANSWER, ITEM, POINTS, RULE, column_range
from .look import column_width
from .report import Report
from .template_text import prose

_ITEMS, _RULES = 0, 4  # first columns of the two tables
_GAP = 3.0
_POINTS_HEADERS = (*POINTS_COLUMNS[0], POINTS_COLUMNS[1])
_RULE_HEADERS = (*RULE_COLUMNS[0], RULE_COLUMNS[1], "意思")


def write_criteria(book: Book, report: Report, *, live: bool) -> None:
    """The points of every answer, beside them the lines and shares. live: changes move 客户分析."""
    sheet = book.sheet(CRITERIA_SHEET, quiet=True)
    answers = [(c.name, answer, points) for c in report.settings.criteria for answer, points in c.points.items()]
    rules = [rule for rule in RULES if rule.field in RULE]
    limit = report.settings.rules.live_limit
    advice = (
        "绿格可以试算:改分数或数值,「客户分析」和名单上的级别马上跟着变。保存后作为建议转给销售部;下周的级别仍按 设置.xlsx。"
        if live
        else f"客户超过 {limit} 个(规则「活公式上限」),「客户分析」写的是数值,不会跟着变;改了的数作为建议转给销售部。"
    )
    widths = [
        column_width("项目", [c.name for c in report.settings.criteria]),
        column_width("答案", [answer for _, answer, _ in answers]),
        10.0,
        _GAP,
        column_width("规则", [rule.name for rule in rules]),
        10.0,
        column_width("意思", [rule.explanation for rule in rules], most=52),
    ]
    book.heading(sheet, CRITERIA_SHEET, advice, widths)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    columns = [{"header": text, "header_format": look} for text, look in _heads(book, _POINTS_HEADERS, trial=live)]
    options = {"name": "criteria", "style": None, "autofilter": True, "columns": columns}
    sheet.add_table(HEADER, _ITEMS, FIRST + len(answers) - 1, _ITEMS + 2, options)
    for at, (text, look) in enumerate(_heads(book, _RULE_HEADERS, trial=live)):
        book.text(sheet, HEADER, _RULES + at, text, look)
    plain = book.formats.cell("text")
    for row, (name, answer, points) in enumerate(answers, start=FIRST):
        book.text(sheet, row, _ITEMS, name, plain)
        book.text(sheet, row, _ITEMS + 1, answer, plain)
        sheet.write_number(row, _ITEMS + 2, points, book.formats.cell("number", trial=live))
    for row, rule in enumerate(rules, start=FIRST):
        value = float(getattr(report.settings.rules, rule.field))
        kind = "number" if rule.kind != "比例" else "percent" if round(value * 100, 6).is_integer() else "share"
        book.text(sheet, row, _RULES, rule.name, plain)
        sheet.write_number(row, _RULES + 1, value, book.formats.cell(kind, trial=live))
        book.text(sheet, row, _RULES + 2, prose(rule.explanation), plain)
        if live:
            sheet.data_validation(row, _RULES + 1, row, _RULES + 1, _between(rule.low, rule.high))
            book.file.define_name(RULE[rule.field], f"='{CRITERIA_SHEET}'!${xl_col_to_name(_RULES + 1)}${row + 1}")
    if live:
        sheet.data_validation(FIRST, _ITEMS + 2, FIRST + len(answers) - 1, _ITEMS + 2, _between(0, MOST_POINTS))
        for at, name in enumerate((ITEM, ANSWER, POINTS)):
            cells = column_range(xl_col_to_name(_ITEMS + at), len(answers))
            book.file.define_name(name, f"='{CRITERIA_SHEET}'!{cells}")
    sheet.freeze_panes(FIRST, 0)
    sheet.repeat_rows(HEADER)
    sheet.print_area(0, 0, FIRST + max(len(answers), len(rules)) - 1, len(widths) - 1)
    sheet.fit_to_pages(1, 1)
    sheet.set_portrait()
    sheet.set_selection(FIRST, _ITEMS + 2, FIRST, _ITEMS + 2)


def _heads(book: Book, headers: tuple[str, ...], *, trial: bool) -> list[tuple[str, Any]]:
    """Each header with its look; the numbers are for trying out."""
    numbers = (POINTS_COLUMNS[1], RULE_COLUMNS[1])
    return [
        (h, book.formats.header("number" if h in numbers else "text", trial=trial and h in numbers)) for h in headers
    ]


def _between(low: float, high: float) -> dict[str, Any]:
    """A formula needs a number: anything else is refused here, where what is typed is a suggestion at most."""
    return {
        "validate": "decimal", "criteria": "between", "minimum": low, "maximum": high, "error_title": "要填数字",
        "error_message": prose(f"请填 {low:g} 到 {high:g} 的数字。"),
    }  # fmt: skip
