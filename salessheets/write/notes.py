"""说明: what each sheet is, what yellow means, which rules are in force, and what was left out because it was empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from salessheets.settings import RULES

from .book import Book, fitted
from .report import Report

NOTES = "说明"
_WIDTH = 96


def write_notes(book: Book, report: Report, sheets: Mapping[str, str], silent: Sequence[str]) -> None:
    """sheets: name → what it is. silent: sheets left out because there was nothing to say."""
    sheet = book.sheet(NOTES, quiet=True)
    book.heading(sheet, "说明", "本工作簿由程序写成;黄色格可以填,其他格填了不会丢,但请写到黄色格里。")
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, _WIDTH)
    sheet.set_column(4, 4, 12)
    row = 3

    def line(label: str, text: str, *, bold: bool = False) -> None:
        nonlocal row
        look = book.formats.make(bold=bold, text_wrap=True, valign="top")
        book.text(sheet, row, 0, label, book.formats.make(bold=True, valign="top", text_wrap=True))
        book.text(sheet, row, 1, text, look)
        sheet.set_row(row, max(fitted(text, _WIDTH), fitted(label, 22)))
        row += 1

    def section(title: str) -> None:
        nonlocal row
        row += 1
        book.text(sheet, row, 0, title, book.formats.make(bold=True, font_size=12))
        row += 1

    section("各工作表")
    for name, text in sheets.items():
        line(name, text)
    if silent:
        line("没有内容,未写", "、".join(silent))
    section("怎么填")
    line("黄色格", "由市场总监(或销售部)填写。直接在本文件里填,保存、关闭即可;下次运行会读回来,出现在下一份周报里。")
    line("排序和筛选", "可以随意排序、筛选。请选中整张表排序,不要只排一列。")
    line("客户编号", "文件号-表号-行号,是客户第一次登记的位置,永远不变。请不要修改。")
    line("级别", "A/B/C 在同一区域内比较得出;人工级别优先,请写调整原因。待评=资料太少,还不能分级。")
    line("推断", "由拜访或通话估计的回答。计分,但不能凭它升A。")
    section("本周采用的规则(在 设置.xlsx「规则」里修改)")
    for rule in RULES:
        value = getattr(report.settings.rules, rule.field)
        shown = "(空)" if value is None else f"{value:.0%}" if rule.kind == "比例" else f"{value}"
        shown = shown.removesuffix(".0")
        line(rule.name, f"{shown}   {rule.explanation}")
    sheet.set_selection(0, 0, 0, 0)
    sheet.protect()
