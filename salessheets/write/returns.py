"""退回更正: one workbook per person, only the rows that need a correction, laid out to be handed in again."""

from __future__ import annotations

from salessheets.tables import TABLES

from .book import Book, Col
from .report import Report

NUMBER, TODO = "记录编号", "要改什么"


def write_returns(report: Report, person: str) -> bytes:
    """One sheet per table with its own headers, the wrong cells marked. It carries no issue id: it is a hand-in."""
    mine = report.returns[report.returns["person"] == person]
    book = Book(title=f"退回更正 {person}", day=report.week.monday, footer=f"退回更正 {person}")
    for key in sorted(set(mine["table"])):
        rows = mine[mine["table"] == key]
        table = TABLES[key]
        advice = "请改红色格,保存后把这个文件放回自己的收件箱。不要改「记录编号」:靠它找到原来的那一行。"
        title = f"{table.name}:退回 {len(rows)} 行"
        columns = [Col(NUMBER, list(rows["rid"]), most=16), Col(TODO, list(rows["todo"]), most=46)]
        for field in table.fields:
            values = [fields.get(field, "") for fields in rows["fields"]]
            wrong = [field in marks for marks in rows["wrong"]]
            if any(values) or any(wrong) or table.column(field).required:
                columns.append(Col(table.column(field).header, values, most=24, wrong=wrong))
        book.table(book.sheet(table.name), title, advice, columns, freeze=2, back=False)
    return book.done()
