"""说明: what each sheet is, what yellow means, which rules are in force, and what was left out because it was empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from salessheets.settings import RULES

from .book import Book, fitted
from .look import LINE
from .report import Report
from .template_text import prose

NOTES = "说明"
_WIDTHS = (22.0, 16.0, 80.0)
_TEXT = _WIDTHS[1] + _WIDTHS[2]
_HOW = {
    "黄色格": "由市场总监(或销售部)填写。直接在本文件里填,保存、关闭即可;下次运行会读回来,出现在下一份周报里。",
    "排序和筛选": "可以随意排序、筛选。请选中整张表排序,不要只排一列。",
    "客户编号": "文件号-表号-行号,是客户第一次登记的位置,永远不变。请不要修改。",
    "级别": "A/B/C 在同一区域内比较得出;人工级别优先,请写调整原因。待评=资料太少,还不能分级。",
    "绿格": "用来试算:改评分标准里的数或客户分析里的答案,分数和级别马上跟着变。试算不改变下周的级别;评分标准里改了的数作为建议转给销售部。",
    "推断": "由拜访或通话估计的回答。计分,但不能凭它升A。",
}


def write_notes(book: Book, report: Report, sheets: Mapping[str, str], silent: Sequence[str]) -> None:
    """sheets: name → what it is. silent: sheets left out because there was nothing to say."""
    sheet = book.sheet(NOTES, quiet=True)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
    advice = "本工作簿由程序写成。黄色格可以填;其他格填了不会丢,但请写到黄色格里。"
    book.heading(sheet, "说明", advice, _WIDTHS)
    for at, width in enumerate(_WIDTHS):
        sheet.set_column(at, at, width)
    bold, plain = book.formats.make(bold=True, valign="top"), book.formats.make(valign="top")
    wrapped = book.formats.make(valign="top", text_wrap=True)
    row = 2

    def section(title: str) -> None:
        nonlocal row
        row += 1
        look = book.formats.make(bold=True, font_size=12, bottom=1, bottom_color=LINE)
        book.text(sheet, row, 0, prose(title), look)
        for at in (1, 2):
            sheet.write_blank(row, at, None, look)
        row += 1

    def line(label: str, text: str) -> None:
        """A label and a text over the two other columns."""
        nonlocal row
        book.text(sheet, row, 0, prose(label), bold)
        sheet.merge_range(row, 1, row, 2, "", wrapped)
        book.text(sheet, row, 1, prose(text), wrapped)
        sheet.set_row(row, fitted(text, _TEXT))
        row += 1

    section("各工作表")
    for name, text in sheets.items():
        line(name, text)
    if silent:
        line("没有内容,未写", "、".join(silent))
    section("怎么填")
    for label, text in _HOW.items():
        line(label, text)
    for remark in report.lists.remarks:
        line("注意", remark)
    section("本周采用的规则(在 设置.xlsx「规则」里修改)")
    for rule in RULES:
        value = getattr(report.settings.rules, rule.field)
        shown = "(空)" if value is None else f"{value:.10g}" if isinstance(value, float) else f"{value}"
        shown = f"{value * 100:.10g}%" if rule.kind == "比例" else shown
        book.text(sheet, row, 0, rule.name, bold)
        book.text(sheet, row, 1, shown, plain)
        book.text(sheet, row, 2, prose(rule.explanation), plain)
        row += 1
    sheet.set_selection(0, 0, 0, 0)
    sheet.protect()
