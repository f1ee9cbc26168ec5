"""待填: forms with what is already known filled in, so that staff fill in the rest instead of retyping.

客户分析表, 策略表 and 洽谈记录表 for the leads a person got, a 移交表 draft for a clerk: these are hand-ins, read like any sheet.
跟进表 is a workbook of ours: one line per lead, and what is typed into its yellow cells comes back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pandas as pd

from salessheets.returned import FOLLOW
from salessheets.rows import dicts
from salessheets.tables import TABLES, By, Kind, Table

from .book import Book, Col
from .report import Report
from .returns import offered, write_head

FOLLOW_SHEET, DRAFT = "跟进表", "移交表草稿"
FORMS = ("analysis", "strategy", "negotiation")
FOLLOW_FIELDS = ("status", "result", "next_date", "note")
_KNOWN = "已知情况(供参考,不用改)"
_RECENT = timedelta(days=27)  # this week and the three before it
_VALID = TABLES["valid_leads"]
_DONE = ("已成交", "放弃")
_ADVICE = "白格是已知的,请填黄色格;填好保存就算交了(也可以放进自己的收件箱)。没谈过、没分析的行留空,不算。"


def owners(report: Report) -> list[str]:
    """Everybody who has leads to follow, in code-point order."""
    leads = report.leads
    return sorted(set(leads.loc[(leads["owner"] != "") & ~leads["status"].isin(_DONE), "owner"]))


def follow_name(report: Report, person: str) -> str:
    """The name under which a person's 跟进表 of this week is issued."""
    return f"{FOLLOW}{person}_{report.week}"


def followed(report: Report, person: str) -> pd.DataFrame:
    """One line per lead that the person follows: the first brand's row, ``brands`` joined, what is due first on top."""
    leads = report.leads
    mine = leads[(leads["owner"] == person) & ~leads["status"].isin(_DONE)]
    brands = mine.groupby("lead", sort=False)["brand"].agg("、".join)
    one = mine.drop_duplicates("lead").assign(brands=lambda rows: rows["lead"].map(brands))
    return one.assign(later=one["next_date"] == "").sort_values(["later", "next_date", "lead"], kind="stable")


def write_follow(report: Report, person: str, issue: str) -> bytes:
    """跟进表 of one person: result and next date of each of his leads."""
    rows = followed(report, person)
    book = Book(
        title=f"跟进表 {person} {report.week}", day=report.week.monday, footer=f"{person} {report.week}", issue=issue
    )
    what = _what(report, person)
    last = {lead: f"{day} {kind}" for lead, day, kind in report.lists.events[["lead", "date", "kind"]].to_numpy()}
    columns = [
        Col("客户编号", list(rows["lead"]), most=16),
        Col("客户姓名", list(rows["name"]), most=16),
        Col("联系电话", list(rows["phone"]), most=20),
        Col("单位/店名", list(rows["company"]), most=28),
        Col("品牌", list(rows["brands"]), most=22),
        Col("级别", list(rows["final_class"]), "mark"),
        Col("上次联系", [last.get(lead, "") for lead in rows["lead"]], most=18),
        Col("计划日期", list(rows["next_date"]), "date"),
        Col("要做什么", [what.get(lead, "") for lead in rows["lead"]], most=34),
        *(_typed(report, person, field, rows) for field in FOLLOW_FIELDS),
    ]
    advice = "每联系一个客户,在黄色格写结果和下次日期,保存就算交了。没联系的留空。空了的客户不会消失。"
    title = f"跟进表 {person} {report.week}({report.week.days})"
    book.table(book.sheet(FOLLOW_SHEET), title, advice, columns, freeze=2, back=False)
    return book.done()


def _what(report: Report, person: str) -> dict[str, str]:
    agenda = report.lists.agenda
    mine = agenda[agenda["person"] == person]
    return {
        lead: f"{reasons}\uff1a{what}" if what else reasons
        for lead, reasons, what in mine[["lead", "reasons", "what"]].to_numpy()
    }


def _typed(report: Report, person: str, field: str, rows: pd.DataFrame) -> Col:
    declared = _VALID.column(field)
    kind = "date" if declared.kind is Kind.DATE else "text"
    values = [report.lists.typed.get((follow_name(report, person), lead, field), "") for lead in rows["lead"]]
    least = {"result": 30, "note": 20, "next_date": 14, "status": 12}[field]
    return Col(declared.header, values, kind, yellow=True, choices=declared.choices, least=least, most=40)


def follow_cells(report: Report) -> pd.DataFrame:
    """The yellow cells of everybody's 跟进表 as written: workbook, sheet, lead, field, value."""
    lines = [
        (follow_name(report, person), FOLLOW_SHEET, lead, field,
         report.lists.typed.get((follow_name(report, person), lead, field), ""))
        for person in owners(report)
        for lead in followed(report, person)["lead"]
        for field in FOLLOW_FIELDS
    ]  # fmt: skip
    return pd.DataFrame(lines, columns=["workbook", "sheet", "lead", "field", "value"]).astype("str")


def waiting(report: Report, person: str, table: str) -> pd.DataFrame:
    """The leads this person got in this week or the three before it and of which this form was not handed in yet."""
    since = (report.week.sunday - _RECENT).isoformat()
    rows = followed(report, person)
    rows = rows[~rows["lead"].isin(report.lists.filed.get(table, frozenset()))]
    got = [report.lists.assigned.get((lead, brand), "") for lead, brand in rows[["lead", "brand"]].to_numpy()]
    return rows[pd.Series([day >= since for day in got], rows.index, dtype=bool)].sort_values("lead", kind="stable")


def write_form(report: Report, person: str, key: str) -> bytes:
    """A pre-filled 客户分析表, 策略表 or 洽谈记录表 for a person's new leads."""
    rows = waiting(report, person, key)
    known = [
        {"lead": lead["lead"], "name": lead["name"], "phone": lead["phone"], "company": lead["company"],
         "region_level": lead["region_level"] if lead["region_level"] != "待定" else "",
         "grade": lead["final_class"] if lead["final_class"] in ("A", "B", "C") else "", "responsible": person,
         "our_people": person, "talk_number": "1", "analyst": person}
        for lead in dicts(rows)
    ]  # fmt: skip
    told = [_story(lead) for lead in dicts(rows)]
    table = TABLES[key]
    book = Book(title=f"{table.name} {person}", day=report.week.monday, footer=f"{table.name} {person} {report.week}")
    _form(book, report, table, known, told=told)
    return book.done()


def _story(lead: Mapping[str, object]) -> str:
    """What is known of a customer, in one cell."""
    found = [f"{name} {answer}" + ("(推断)" if guess else "") for name, answer, _, guess in lead["reasons"]  # type: ignore[attr-defined]
             if answer != "未知" and name != "来源渠道"]  # fmt: skip
    return "\uff1b".join(str(part) for part in (lead["channel"], lead["summary"], "、".join(found)) if part)


def write_draft(report: Report, clerk: str, day: date, head: str) -> bytes:
    """A 移交表 of what was logged and not handed over: the clerk checks it and saves, and it is handed in."""
    rows = report.lists.drafts
    mine = rows[rows["clerk"] == clerk].drop(columns=["clerk", "rid"])
    table = TABLES["handover"]
    book = Book(title=f"{table.name} {clerk}", day=day, footer=f"{DRAFT} {clerk} {day.isoformat()}")
    cells = {"handover_date": day.isoformat(), "handover_by": clerk, "received_by": head}
    _form(book, report, table, dicts(mine), head=cells)
    return book.done()


def _form(
    book: Book,
    report: Report,
    table: Table,
    rows: Sequence[Mapping[str, object]],
    *,
    told: Sequence[str] = (),
    head: Mapping[str, str] | None = None,
) -> None:
    """The table's own headers over the rows; what is still to be filled in is yellow. The reader knows it as a form."""
    columns = []
    for column in table.columns:
        if column.by is not By.STAFF or column.field == "serial":
            continue
        values = [str(row.get(column.field, "")) for row in rows]
        kind = "date" if column.kind is Kind.DATE else "text"
        yellow = not any(values)
        least = 8 if column.kind is not Kind.TEXT else 12
        columns.append(
            Col(column.header, values, kind, yellow=yellow, choices=offered(report, column), least=least, most=24)
        )
    if told:
        columns.append(Col(_KNOWN, list(told), most=50))
    sheet = book.sheet(table.name)
    book.table(sheet, f"{table.name}\uff1a{len(rows)} 个客户", _ADVICE, columns, freeze=2, back=False)
    if head:
        write_head(book, sheet, table, head)
