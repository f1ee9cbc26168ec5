"""退回更正: one workbook per person, only the rows that need a correction, laid out to be handed in again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from salessheets.clean import date as dates
from salessheets.tables import TABLES, Column, Kind, Source, Table

from .book import TITLE, Book, Col, fits_in_cell
from .leads import staff
from .look import WRONG
from .report import Report

NUMBER, TODO, RETURNED = "记录编号", "要改什么", "退回"
_ADVICE = "请改红色格,保存后把这个文件放回自己的收件箱。不要改「记录编号」:靠它找到原来的那一行。"
_HEAD_AT = 3  # column of the head cells, beyond 记录编号, 要改什么 and the title over them
# One of these may stand for another, or is judged by it.
_TOGETHER = (("name", "company"), ("phone", "wechat", "qq"), ("province", "city", "county"))


def write_returns(report: Report, person: str) -> bytes:
    """One sheet per table with its own headers, the wrong cells marked. It carries no issue id: it is a hand-in.

    Rows that came below different head cells (移交日期 …) are on different sheets, each below its own.
    """
    mine = report.returns[report.returns["person"] == person]
    book = Book(title=f"退回更正 {person}", day=report.week.monday, footer=f"退回更正 {person}")
    for key in sorted(set(mine["table"])):
        table = TABLES[key]
        for number, rows in enumerate(_by_head(table, mine[mine["table"] == key]), start=1):
            sheet = book.sheet(table.name if number == 1 else f"{table.name}{number}")
            columns = [Col(NUMBER, list(rows["rid"]), most=16), Col(TODO, list(rows["todo"]), most=46)]
            columns += _columns(report, table, rows)
            book.table(sheet, f"{table.name}:退回 {len(rows)} 行", _ADVICE, columns, freeze=2, back=False)
            if table.head:
                wrong = any(column.field in marks for column in table.head for marks in rows["wrong"])
                write_head(book, sheet, table, rows["fields"].iloc[0], wrong=wrong)
    return book.done()


def _by_head(table: Table, rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The rows, those with the same head cells together."""
    heads = ["\n".join(fields.get(column.field, "") for column in table.head) for fields in rows["fields"]]
    for _, group in rows.groupby(heads, sort=False):
        yield group


def _columns(report: Report, table: Table, rows: pd.DataFrame) -> Iterator[Col]:
    """The form's columns: those with something in them, something demanded, or something that can put it right."""
    marked = {field for marks in rows["wrong"] for field in marks}
    helpful = marked.union(*(group for group in _TOGETHER if marked.intersection(group)))
    for column in table.columns:
        values = [fields.get(column.field, "") for fields in rows["fields"]]
        wrong = [column.field in marks for marks in rows["wrong"]]
        # Without 客户编号 the program's own list would not be known again.
        if any(values) or column.field in helpful or column.required or column.field == "lead":
            dated = column.kind is Kind.DATE
            shown = _days(report, values, wrong) if dated else values
            choices = offered(report, column)
            yield Col(column.header, shown, "date" if dated else "text", most=24, wrong=wrong, choices=choices)


def _days(report: Report, values: list[str], wrong: list[bool]) -> list[str]:
    """Days as ISO text: nobody knows his 46335 again. What is wrong or no day stays as it was typed."""
    read = dates.clean(pd.Series(values, dtype="str"), report.as_of)["date"]
    return [value if bad or not day else day for value, bad, day in zip(values, wrong, read, strict=True)]


def offered(report: Report, column: Column) -> tuple[str, ...]:
    """What can be picked. A list too long for a cell is left out: a sheet of names would be handed in as rows."""
    if column.kind is not Kind.CHOICE:
        return ()
    listed = staff(report) if column.source is Source.STAFF else column.choices
    offered = tuple(dict.fromkeys((*listed, *report.settings.choices.get(column.header, ()))))
    return offered if fits_in_cell(offered) else ()


def write_head(book: Book, sheet: Worksheet, table: Table, fields: Mapping[str, str], *, wrong: bool = False) -> None:
    """The form's head cells above the header, where the reader looks for them."""
    text = "    ".join(f"{column.header}:{fields.get(column.field, '')}" for column in table.head)
    book.text(sheet, TITLE, _HEAD_AT, text, book.formats.make(bold=True, **({"bg_color": WRONG} if wrong else {})))


def write_returned(book: Book, report: Report) -> None:
    """The sheet 退回: every row that is not corrected yet, and for how long."""
    rows = report.returns
    title, advice = f"退回更正({len(rows)})", "每人一个工作簿,在「退回更正」文件夹里。改好后放回自己的收件箱即可。"
    book.table(book.sheet(RETURNED), title, advice, [
        Col("交表人", list(rows["person"]), most=12),
        Col("表", [TABLES[key].name for key in rows["table"]], most=20),
        Col("文件", list(rows["file"]), most=50),
        Col("工作表", list(rows["sheet"]), most=33),
        Col("行", list(rows["row"]), "count"),
        Col("天数", list(rows["age_days"]), "count"),
        Col("要改什么", list(rows["todo"]), most=70),
    ], freeze=1)  # fmt: skip
