"""日报: the daily hand-over workbook of the 销售部负责人 (manual chapter 1, 2①③④)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from salessheets.followup.daily import ANSWER_FIELDS, Day, workbook_of
from salessheets.tables import TABLES, Kind

from . import following, overview
from .book import OVERVIEW, Book, Col, fitted
from .leads import places, staff
from .look import LINE, RED, weekday_header
from .overview import Task, Tile
from .report import Report
from .returns import RETURNED, write_returned
from .template_text import prose

TODAY, PEOPLE, BOUGHT, DRAFTS, NOTES = "今日处理", "未反馈", "新名录", "移交草稿", "说明"
_HANDOVER = TABLES["handover"]
# What the head of sales looks at in a draft; the rest of 移交表 lies to the right of it.
_ON_PAPER = ("name", "phone", "company", "city", "channel", "obtained_date", "brand", "content", "urgent")
_ROOM = {"result": 10, "next_step": 16, "handled_date": 12, "next_date": 12, "handler": 9}
_WHAT = {
    TODAY: "等处理的客户:移交过来还没有处理结果的、转介绍的、紧急但还没移交的。黄色格填处理结果,保存后下次运行就读回来。",
    PEOPLE: "从上一个工作日起,谁还有几个客户没有反馈。",
    following.MATRIX: "从上一个工作日起,客服有没有交移交表。",
    RETURNED: "退回更正还没有改好的行。",
    following.UNRECORDED: following.WHAT[following.UNRECORDED],
    DRAFTS: "登记过、还没有移交的客户:已经填成移交表的样子,也在「待填」里客服的文件夹,核对保存就算交了。",
    BOUGHT: "新交来的客户名录表有多少行。",
    NOTES: "各工作表和填法。",
}
SHEETS = tuple(_WHAT)  # every sheet the workbook may have, besides 概览
_NOTES_WIDTHS = (18.0, 96.0)


@dataclass(frozen=True)
class DailyReport:
    """What the workbook is made from: the week so far, the day, people (lead → the customer's cells), and what was typed
    into today's workbook before: (lead, field) → value.
    """

    report: Report
    day: Day
    people: pd.DataFrame
    typed: Mapping[tuple[str, str], str]


def write_daily(made: DailyReport, issue: str) -> bytes:
    """The workbook as bytes; the same input gives the same bytes."""
    report, day = made.report, made.day
    content = {
        TODAY: len(day.today), PEOPLE: len(day.people), following.MATRIX: len(day.matrix),
        following.UNRECORDED: len(report.lists.unrecorded), RETURNED: len(report.returns),
        DRAFTS: len(report.lists.drafts), BOUGHT: len(day.bought), NOTES: 1,
    }  # fmt: skip
    shown = [name for name, size in content.items() if size]
    title = f"{day.day.isoformat()} 日报"
    book = Book(title=title, day=day.day, footer=f"销售部 {title}", issue=issue)
    _overview(book, made, shown)
    if TODAY in shown:
        _today(book, made)
    if PEOPLE in shown:
        _people(book, day)
    if following.MATRIX in shown:
        following.write_matrix(book, day.matrix)
    if following.UNRECORDED in shown:
        following.write_unrecorded(book, report.lists)
    if RETURNED in shown:
        write_returned(book, report)
    if DRAFTS in shown:
        _drafts(book, report)
    if BOUGHT in shown:
        _bought(book, day)
    _notes(book, report, shown, [name for name in content if name not in shown])
    return book.done()


def _overview(book: Book, made: DailyReport, shown: list[str]) -> None:
    report, day = made.report, made.day
    sheet = book.sheet(OVERVIEW)
    sheet.fit_to_pages(1, 1)
    sheet.set_column(0, overview.COLUMNS - 1, overview.WIDTH)
    sheet.set_row(0, 32)
    book.text(sheet, 0, 0, "销售部  日报", book.formats.make(font_size=18, bold=True))
    about = f"{day.day.isoformat()} {weekday_header(day.day)[-2:]}  包括上一个工作日({day.since.isoformat()})起的内容"
    book.text(sheet, 1, 0, prose(about), book.formats.quiet)
    today = day.today
    overdue = int((today["late"] > 0).sum())
    row = overview.tiles(book, sheet, [
        Tile("今日处理", len(today), "等处理结果"),
        Tile("紧急", int(today["urgent"].sum()), "先联系", RED),
        Tile("逾期未反馈", overdue, "过了第二天", RED),
        Tile("新客户", day.new, "第一次见到"),
        Tile("缺移交表", int((day.matrix.iloc[:, 1:] == "缺").sum().sum()), "客服没有交", RED),
        Tile("移交草稿", len(report.lists.drafts), "登记了没移交"),
        Tile("退回更正", len(report.returns), "还没改好"),
        Tile("待补记", len(report.lists.unrecorded), "紧急先处理的"),
    ])  # fmt: skip
    row = overview.links(book, sheet, row, shown)
    overview.tasks(book, sheet, row, _tasks(made, shown))
    sheet.set_selection(0, 0, 0, 0)
    sheet.protect()


def _tasks(made: DailyReport, shown: list[str]) -> list[Task]:
    today = made.day.today
    urgent = int(today["urgent"].sum())
    tasks = [
        Task(f"{len(today)} 个客户等处理" + (f",其中紧急 {urgent} 个,请先联系" if urgent else ""), TODAY),
        Task(_waiting(made.day), PEOPLE),
        Task(f"{len(made.report.lists.drafts)} 个登记过的客户还没有移交,草稿已填好", DRAFTS),
        Task(f"{len(made.report.returns)} 行退回更正还没有改好", RETURNED),
        Task(f"{len(made.report.lists.unrecorded)} 个紧急客户还没有补记", following.UNRECORDED),
    ]
    return [task for task in tasks if task.sheet in shown]


def _waiting(day: Day) -> str:
    """Who lets how many customers wait, in one sentence."""
    late, people = int(day.people["overdue"].sum()), len(day.people)
    return f"{people} 人有还没反馈的客户" + (f",{late} 个已经逾期" if late else "")


def _today(book: Book, made: DailyReport) -> None:
    """One line per customer with the yellow answer."""
    rows, people = made.day.today, made.people
    who = people.reindex(rows["lead"]).fillna("")
    urgent = int(rows["urgent"].sum())
    title = f"今日处理({len(rows)}" + (f",紧急 {urgent})" if urgent else ")")
    advice = "紧急的、逾期的排在最前。请在黄色格填处理结果,保存、关闭;下次运行读回来,客户就不再列出。右边还有地区、来源等,不打印。"
    columns = [
        Col("紧急", ["紧急" if mark else "" for mark in rows["urgent"]], "mark"),
        Col("来自", list(rows["why"]), most=12),
        Col("客户编号", list(rows["lead"]), most=16),
        Col("客户姓名", list(who["name"]), most=14),
        Col("联系电话", list(who["phone"]), most=18),
        Col("单位/店名", list(who["company"]), most=20),
        Col("意向品牌", list(who["brands"]), most=24),
        Col("客户情况", list(rows["content"]), most=24),
        Col("以前见过", list(rows["seen"]), most=32),
        Col("应反馈", list(rows["due"]), "date"),
        Col("逾期天数", list(rows["late"]), "tally"),
        *(_answer(made, field, rows) for field in ANSWER_FIELDS),
    ]
    printed = len(columns)
    columns += [
        Col("微信号/QQ号", [w or q for w, q in zip(who["wechat"], who["qq"], strict=True)], most=18),
        Col("地区", places(who), most=30),
        Col("信息来源", list(rows["channel"]), most=14),
        Col("现跟进人", list(who["owners"]), most=16),
        Col("移交人", list(rows["by"]), most=12),
        Col("移交日期", list(rows["handed"]), "date"),
    ]
    book.table(book.sheet(TODAY), title, advice, columns, freeze=4, printed=printed)


def _answer(made: DailyReport, field: str, rows: pd.DataFrame) -> Col:
    declared = _HANDOVER.column(field)
    values = [made.typed.get((lead, field), "") for lead in rows["lead"]]
    choices = staff(made.report) if field == "handler" else declared.choices
    kind = "date" if declared.kind is Kind.DATE else "text"
    return Col(declared.header, values, kind, yellow=True, choices=choices, least=_ROOM[field], most=24)


def _people(book: Book, day: Day) -> None:
    advice = f"从 {day.since.isoformat()} 起移交的客户和更早还没反馈的。第二天(下一个工作日)要反馈。"
    rows = day.people
    book.table(book.sheet(PEOPLE), "未反馈(按处理人)", advice, [
        Col("处理人", list(rows["person"]), least=14, most=20),
        Col("新移交", list(rows["since"]), "tally"),
        Col("其中未反馈", list(rows["missing"]), "tally"),
        Col("逾期未反馈", list(rows["overdue"]), "tally"),
        Col("最长逾期天数", list(rows["longest"]), "tally"),
        Col("还没到期", list(rows["open"]), "tally"),
    ], freeze=1)  # fmt: skip


def _drafts(book: Book, report: Report) -> None:
    rows = report.lists.drafts
    advice = "请客服核对:「待填」里自己文件夹的移交表草稿,改好保存就算交了;也可以从这里复制。右边还有地址等,不打印。"
    columns = [Col("客服", list(rows["clerk"]), most=12), Col("记录编号", list(rows["rid"]), most=16)]
    first = [field for field in _ON_PAPER if any(rows[field])]
    for field in (*first, *(field for field in rows.columns[2:] if field not in first)):
        column = _HANDOVER.column(field)
        kind = "date" if column.kind is Kind.DATE else "text"
        if any(rows[field]):
            columns.append(Col(column.header, list(rows[field]), kind, most=30))
    book.table(
        book.sheet(DRAFTS, quiet=True), f"移交草稿({len(rows)})", advice, columns, freeze=3, printed=2 + len(first)
    )


def _bought(book: Book, day: Day) -> None:
    rows = day.bought
    book.table(book.sheet(BOUGHT, quiet=True), "新名录", "名录里的客户在周报的有效客户名单里;这里只写数目。", [
        Col("交表人", list(rows["person"]), least=14, most=20),
        Col("文件号", [f"{number:05d}" for number in rows["number"]], most=10),
        Col("行数", list(rows["rows"]), "count"),
        Col("客户", list(rows["leads"]), "count"),
    ], freeze=1)  # fmt: skip


def _notes(book: Book, report: Report, shown: list[str], silent: list[str]) -> None:
    sheet = book.sheet(NOTES, quiet=True)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
    book.heading(sheet, "说明", "本工作簿由程序写成。黄色格可以填,别处请不要改。", _NOTES_WIDTHS)
    for at, width in enumerate(_NOTES_WIDTHS):
        sheet.set_column(at, at, width)
    lines = [(name, _WHAT[name]) for name in shown]
    lines += [("没有内容,未写", "、".join(silent))] if silent else []
    lines += [
        ("处理结果", "、".join(_HANDOVER.column("result").choices)),
        ("客户编号", "靠它找到客户,请不要改。可以排序、筛选,请选整张表。"),
        ("第二天反馈", f"按{report.settings.rules.feedback_days}算(设置「反馈期限」),法定节假日和调休已算在内。"),
    ]
    lines += [("注意", remark) for remark in report.lists.remarks]
    _lines(book, sheet, lines)
    sheet.set_selection(0, 0, 0, 0)
    sheet.protect()


def _lines(book: Book, sheet: Worksheet, lines: list[tuple[str, str]]) -> None:
    look: dict[str, Any] = {"valign": "top", "bottom": 1, "bottom_color": LINE}
    bold, wrapped = book.formats.make(bold=True, **look), book.formats.make(text_wrap=True, **look)
    for row, (label, text) in enumerate(lines, start=3):
        book.text(sheet, row, 0, prose(label), bold)
        book.text(sheet, row, 1, prose(text), wrapped)
        sheet.set_row(row, fitted(text, _NOTES_WIDTHS[1]))


def daily_cells(made: DailyReport) -> pd.DataFrame:
    """The yellow cells as written: workbook, sheet, lead, field, value; the baseline for reading them back."""
    lines = [
        (workbook_of(made.day.day), TODAY, lead, field, made.typed.get((lead, field), ""))
        for lead in made.day.today["lead"]
        for field in ANSWER_FIELDS
    ]
    return pd.DataFrame(lines, columns=["workbook", "sheet", "lead", "field", "value"]).astype("str")
