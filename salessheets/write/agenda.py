"""Sheets of a brand's workbook on what is due: 本周待办, 转介绍与答谢, 策略图 (R7, R14, R17; manual chapters 3, 8)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

from salessheets.followup.strategy import LIKELIHOODS, STRENGTHS, grid

from .book import Book, Col
from .live import Formula
from .look import HEAD, LINE, lines_needed
from .report import Report
from .template_text import prose

AGENDA, REFERRALS, CHART = "本周待办", "转介绍与答谢", "策略图"
WHAT = {
    AGENDA: "紧急、到期、逾期、要打电话、要答谢的客户,每人一份可以按跟进人筛选。",
    REFERRALS: "谁介绍了谁、成功没有、答谢了没有。",
    CHART: "客户按实力和合作可能性排成九格,每格怎么跟。名字后面是级别,没有字母的是待评。",
}
AGENDA_KEY = "F"  # column of 客户编号 on 本周待办
_MOST_NAMES = 24  # in a cell of the chart; the others are counted
_ADVICE = {
    ("强", "高"): "重点突破:总监陪同,尽快签约", ("强", "中"): "重点培养:请来公司,解决顾虑",
    ("强", "低"): "长期关系:定期拜访,等机会", ("中", "高"): "尽快签约:业务代表主跟",
    ("中", "中"): "按计划跟进:邀约、看样板", ("中", "低"): "电话微信维护",
    ("弱", "高"): "小单先做:简化流程", ("弱", "中"): "电话跟进,看变化", ("弱", "低"): "少花时间,群发资料",
}  # fmt: skip


def write_agenda(book: Book, report: Report, brand: str, live: Mapping[str, Formula] = MappingProxyType({})) -> None:
    """One list with a reason column, the most pressing first. live: field → the formula that shows it."""
    rows = agenda_of(report, brand)
    classes = Col("级别", list(rows["final_class"]), "mark")
    if "final_class" in live:
        classes = classes.with_formulas([live["final_class"](row) for row in range(len(rows))])
    advice = "最急的在最前。可以按「跟进人」筛选。做完以后在有效客户名单、跟进表或洽谈记录表里写结果,下次就不再列出。"
    book.table(book.sheet(AGENDA), f"本周待办({len(rows)})", advice, [
        Col("为什么", list(rows["reasons"]), most=30),
        Col("跟进人", list(rows["person"]), most=12, least=10),
        Col("到期", list(rows["due"]), "date"),
        Col("逾期天数", list(rows["late"]), "tally"),
        classes,
        Col("客户编号", list(rows["lead"]), most=16),
        Col("客户姓名", list(rows["name"]), most=16),
        Col("联系电话", list(rows["phone"]), most=20),
        Col("单位/店名", list(rows["company"]), most=28),
        Col("做什么", list(rows["what"]), most=50),
    ], freeze=2)  # fmt: skip


def agenda_of(report: Report, brand: str) -> pd.DataFrame:
    """The brand's lines of 本周待办."""
    return report.lists.agenda[report.lists.agenda["brand"] == brand]


def referrals_of(report: Report, brand: str) -> pd.DataFrame:
    """The brand's referred leads with their names, those that owe thanks first.

    A referrer who is himself a customer, but none of this brand, is only named: his number and phone are other brands'.
    """
    mine = report.leads[report.leads["brand"] == brand][["lead", "name", "status"]]
    made = report.lists.referrals.merge(mine, on="lead")
    foreign = (made["referrer_lead"] != "") & ~made["referrer_lead"].isin(mine["lead"])
    made["referrer_lead"] = made["referrer_lead"].where(~foreign, "")
    made["referrer_phone"] = made["referrer_phone"].where(~foreign, "请问销售部")
    order = made.assign(rank=made["state"].map({"逾期": 0, "待答谢": 1, "": 2}).fillna(3))
    return made.loc[order.sort_values(["rank", "due", "date", "lead"], kind="stable").index]


def write_referrals(book: Book, report: Report, brand: str) -> None:
    """R6, R7."""
    rows = referrals_of(report, brand)
    rule = report.settings.rules
    owed = int(rows["state"].isin(("待答谢", "逾期")).sum())
    title = f"转介绍与答谢({owed} 个待答谢)" if owed else "转介绍与答谢"
    advice = f"推荐成功 = {rule.thanks_after},之后 {rule.thanks_days} 天内答谢。答谢后请交《转介绍答谢记录表》。两个转介绍人时先到的算。"
    book.table(book.sheet(REFERRALS, quiet=True), title, advice, [
        Col("答谢", list(rows["state"]), "mark", wrong=[state == "逾期" for state in rows["state"]]),
        Col("应答谢日期", list(rows["due"]), "date"),
        Col("客户编号", list(rows["lead"]), most=16),
        Col("客户姓名", list(rows["name"]), most=16),
        Col("跟进状态", list(rows["status"]), most=10),
        Col("转介绍人", list(rows["referrer"]), most=14),
        Col("转介绍人电话", list(rows["referrer_phone"]), most=20),
        Col("转介绍人客户编号", list(rows["referrer_lead"]), most=16),
        Col("转介绍方式", list(rows["way"]), most=16),
        Col("转介绍日期", list(rows["date"]), "date"),
        Col("我方委托人", list(rows["entrusted_by"]), most=12),
        Col("后来的转介绍人", list(rows["others"]), most=30),
        Col("成功判定", list(rows["success"]), most=12),
        Col("成功日期", list(rows["success_date"]), "date"),
        Col("实际答谢日期", list(rows["thanked"]), "date"),
    ], freeze=4)  # fmt: skip


def charted(report: Report, leads: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    """The cells of 策略图 that hold somebody."""
    return {cell: rows for cell, rows in grid(leads, report.settings).items() if len(rows)}


def write_chart(book: Book, report: Report, leads: pd.DataFrame) -> None:
    """Chapter 3: strength against likelihood, names in the cells, the best score first."""
    cells = charted(report, leads)
    placed = sum(map(len, cells.values()))
    sheet = book.sheet(CHART, quiet=True)
    advice = "实力 = 企业规模、团队大小、从业时间已知项的得分(三分之二以上强,三分之一以上中)。资料不够的客户不在图里。"
    widths = (10.0, 46.0, 46.0, 46.0)
    book.heading(sheet, f"策略图({placed} 个客户)", advice, widths)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    box: dict[str, Any] = {"border": 1, "border_color": LINE, "text_wrap": True, "valign": "top"}
    head = book.formats.make(bold=True, bg_color=HEAD, align="center", border=1, border_color=LINE)
    book.text(sheet, 2, 0, prose("实力 \\ 可能性"), book.formats.make(bold=True, bg_color=HEAD, border=1, border_color=LINE,
                                                                text_wrap=True))  # fmt: skip
    sheet.set_row(2, 32)
    for column, likelihood in enumerate(LIKELIHOODS, start=1):
        book.text(sheet, 2, column, f"合作可能性 {likelihood}", head)
    for row, strength in enumerate(STRENGTHS, start=3):
        book.text(sheet, row, 0, strength, book.formats.make(bold=True, bg_color=HEAD, align="center", border=1,
                                                             border_color=LINE, font_size=14))  # fmt: skip
        lines = 2
        for column, likelihood in enumerate(LIKELIHOODS, start=1):
            mine = cells.get((strength, likelihood))
            text, size = _cell(mine, _ADVICE[strength, likelihood])
            book.text(sheet, row, column, text, book.formats.make(**box))
            lines = max(lines, size)
        sheet.set_row(row, min(400.0, 15.0 * lines + 6))
    sheet.print_area(0, 0, 5, 3)
    sheet.fit_to_pages(1, 1)
    sheet.set_selection(0, 0, 0, 0)


def _cell(leads: pd.DataFrame | None, advice: str) -> tuple[str, int]:
    """What to do, how many they are, and their names; and how many lines that takes."""
    if leads is None:
        return prose(f"{advice}\n–"), 2
    columns = (leads[c] for c in ("name", "company", "final_class"))
    rows = zip(*columns, strict=True)
    # Blanks between the names: punctuation at the end of a line would hang over into the next cell.
    names = [f"{name or company} {letter if letter != '待评' else ''}".strip() for name, company, letter in rows]
    more = f"   等 {len(names)} 个" if len(names) > _MOST_NAMES else ""
    text = prose(f"{advice}\n{len(names)} 个") + f"\n{'   '.join(names[:_MOST_NAMES])}{more}"
    return text, lines_needed(text, 44)
