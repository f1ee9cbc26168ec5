"""The sheets 填写说明 and 示例 of a blank template. Both are protected, without a password."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from salessheets.settings import Settings
from salessheets.tables import Column, Kind, Table

from .look import lines_needed
from .template_checks import duplicates_matter
from .template_lists import choices, has_regions, offers_nothing
from .template_look import FormLook, holds_numbers
from .template_text import column_width, hint, how_to_fill, prose

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

GUIDE, EXAMPLE = "填写说明", "示例"
_WIDTHS = (18, 22, 46, 40, 20, 22)
_HEADINGS = ("列", "要不要填", "怎么填", "可选的内容", "例子", "手册出处")
_REGION_CHOICES = "全国的省、市、县/区"


def write_guide(sheet: Worksheet, table: Table, settings: Settings, look: FormLook) -> None:
    """Write what the manual says about the table, who fills it, when, to whom it goes, and each column's rule."""
    for place, room in enumerate(_WIDTHS):
        sheet.set_column(place, place, room)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, prose(f"{GUIDE}:{table.name}"), look.shared.title)
    row = 1
    for label, text in _facts(table):
        sheet.write_string(row, 0, label, look.shared.make(bold=True))
        sheet.write_string(row, 1, prose(text), look.shared.quiet)
        row += 1
    row += 1
    sheet.write_rich_string(row, 0, *look.legend(duplicates=duplicates_matter(table)), look.shared.quiet)
    row += 1
    for place, heading in enumerate(_HEADINGS):
        sheet.write_string(row, place, heading, look.shared.header())
    sheet.repeat_rows(row)
    for column in (*table.head, *table.columns):
        row += 1
        texts = _line(table, column, settings)
        sheet.set_row(row, _height(texts, _WIDTHS))
        for place, text in enumerate(texts):
            sheet.write_string(row, place, text, look.guide)
    sheet.protect()


def _facts(table: Table) -> tuple[tuple[str, str], ...]:
    names = "、".join(table.other_names)
    facts = [
        ("谁填", table.filled_by),
        ("什么时候", table.when),
        ("交给谁", table.goes_to),
        ("手册", table.clause),
        ("也叫", names),
        ("怎么用", "在第一页从表头下面第一行开始填,一行一个客户。表头不要改;可以排序、筛选,行数不够时接着往下填"),
        ("个人信息", "只写做生意需要的信息;不要写客户的病情等健康信息。客户说不要再联系的,请告诉销售部"),
    ]
    if not has_regions(table):
        facts[5] = (
            "怎么用",
            "在第一页从表头下面第一行开始填,一行填一条。表头不要改;可以排序、筛选,行数不够时接着往下填",
        )
    else:
        facts.append(("地区", "先选省,再选市,再选县/区:后一个下拉跟着前一个变。直辖市的「市」选它自己,如「北京市」"))
    return tuple((label, text) for label, text in facts if text)


def _line(table: Table, column: Column, settings: Settings) -> tuple[str, ...]:
    return (
        column.header,
        prose(hint(table, column)),
        prose(how_to_fill(column, listed=not offers_nothing(column, settings))),
        _REGION_CHOICES
        if column.source in ("provinces", "cities", "counties")
        else "、".join(choices(column, settings)),
        column.example,
        column.clause,
    )


def write_examples(sheet: Worksheet, table: Table, look: FormLook) -> None:
    """Write three filled rows under the same headers. They are never read as customers."""
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, prose(f"{EXAMPLE}:{table.name}(照这样填;这一页不会被读入)"), look.shared.title)
    for place, column in enumerate(table.head):
        sheet.write_string(1, 2 * place + 1, f"{column.header}\uff1a", look.label)
        write_value(sheet, 1, 2 * place + 2, column, column.example, shown=look.cell(column, lines=True))
    rooms = [column_width(column) for column in table.columns]
    sheet.set_row(3, _height([column.header for column in table.columns], rooms))
    for row, example in enumerate(table.examples, 4):
        sheet.set_row(row, _height([example.get(column.field, "") for column in table.columns], rooms))
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, rooms[place])
        sheet.write_string(3, place, column.header, look.header(column.by))
        for row, example in enumerate(table.examples, 4):
            write_value(sheet, row, place, column, example.get(column.field, ""), shown=look.cell(column, lines=True))
    sheet.ignore_errors({"number_stored_as_text": "A1:AZ20"})
    sheet.protect()


def write_value(sheet: Worksheet, row: int, place: int, column: Column, text: str, *, shown: Format) -> None:
    """Write a declared text as the value that a person would have typed: a real date, a number, or text."""
    if not text:
        sheet.write_blank(row, place, None, shown)
    elif column.kind is Kind.DATE:
        sheet.write_datetime(row, place, datetime.fromisoformat(text), shown)
    elif column.kind is Kind.TIME:
        hours, minutes = text.split(":")
        sheet.write_number(row, place, (int(hours) * 60 + int(minutes)) / 1440, shown)
    elif holds_numbers(column):
        value = float(text.removesuffix("%"))
        sheet.write_number(row, place, value / 100 if text.endswith("%") else value, shown)
    else:
        sheet.write_string(row, place, text, shown)


def _height(texts: Iterable[str], rooms: Iterable[float]) -> float:
    """Height of a row of wrapped texts: programs only fit rows that were typed by hand."""
    return 16.0 * max(lines_needed(text, room + 1.5) for text, room in zip(texts, rooms, strict=True)) + 3
