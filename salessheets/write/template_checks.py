"""The formulas with which a blank form checks itself, without any program (tables.md, "The blank templates").

Only functions that Excel 2007, old WPS and LibreOffice know. Every formula is a product or sum of 0 and 1, so that the
same text works for one cell in a conditional format and for whole columns inside SUMPRODUCT.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from salessheets.settings import Settings
from salessheets.tables import By, Column, Kind, Source, Table

from .template_lists import PHONE_FROM, PHONE_OK, PROVINCES, choices, list_name

_LONGEST_PHONE = 40
_IGNORED = " -()\uff08\uff09转"  # also full-width brackets
_BETWEEN = ",;\uff0c\uff1b\uff0f、"  # between two numbers or choices, also full-width


@dataclass(frozen=True)
class Gap:
    """Something that a started row still lacks: ``formula`` with {field} for the cells, ``fields`` to be coloured."""

    fields: tuple[str, ...]
    formula: str


def _blank(*fields: str) -> str:
    return "*".join(f"(LEN(TRIM({{{field}}}))=0)" for field in fields)


def gaps(table: Table) -> tuple[Gap, ...]:
    """Everything a row of this table must have: required columns, conditions, one of several (tables.md, [客户])."""
    asked = {c.field for c in table.columns if c.required}
    fields = {c.field for c in table.columns if c.by is not By.TOOL}
    found = []
    if {"lead", "name", "phone"} <= fields and "lead" in asked:
        # No number: then phone and name must say who it is.
        formula = f"{_blank('lead')}*({_blank('name')}+{_blank('phone')}>0)"
        found.append(Gap(("lead", "name", "phone"), formula))
        asked.discard("lead")
    elif {"name", "company", "phone", "wechat", "qq"} <= fields:
        found += [Gap(one_of, _blank(*one_of)) for one_of in ONE_OF if not asked & set(one_of)]
    for column in table.columns:
        if column.field in asked:
            found.append(Gap((column.field,), _blank(column.field)))
        elif column.when:
            found.append(Gap((column.field,), f"{_blank(column.field)}*({_condition(column)})"))
    return tuple(found)


ONE_OF = (("name", "company"), ("phone", "wechat", "qq"))


def _condition(column: Column) -> str:
    assert column.when is not None
    cell, values = f"{{{column.when.field}}}", column.when.values
    if column.when.negated:
        return "*".join([f"(LEN(TRIM({cell}))>0)", *(f'({cell}<>"{value}")' for value in values)])
    return "+".join(f'({cell}="{value}")' for value in values)


def started(first: str, last: str) -> str:
    """Tell whether anything was typed in a row, from the first to the last cell given."""
    return f"(COUNTA({first}:{last})>0)"


def count_started(ranges: Mapping[str, str]) -> str:
    """Count the rows in which anything was typed. ``ranges``: field → column range."""
    return f"SUMPRODUCT(--({_typed(ranges)}))"


def count_gaps(table: Table, ranges: Mapping[str, str]) -> str:
    """Count what the started rows still lack; one of several counts once."""
    lacking = "+".join(f"({gap.formula})" for gap in gaps(table)).format_map(ranges)
    return f"SUMPRODUCT(({_typed(ranges)})*({lacking}))"


def _typed(ranges: Mapping[str, str]) -> str:
    # Not LEN: these are calculated anew with every key, and LibreOffice compares twice as fast as it measures.
    return "+".join(f'({cells}<>"")' for cells in ranges.values()) + ">0"


def wrong(column: Column, cell: str) -> str:
    """Tell that a value cannot be what the column asks for; empty when there is nothing to check."""
    if column.by is By.TOOL:
        return ""
    if column.kind is Kind.PHONE:
        return _wrong_phone(cell)
    if column.kind is Kind.QQ:
        number = f'SUBSTITUTE(LOWER(TRIM({cell})),"@qq.com","")'
        return f'(LEN(TRIM({cell}))>0)*(IFERROR(VALUE("1"&{number}),0)<100000)+(LEN({number})>11)'
    if column.kind in (Kind.DATE, Kind.TIME, Kind.INTEGER, Kind.NUMBER):
        return f"(LEN(TRIM({cell}))>0)*(1-ISNUMBER({cell}))"
    return ""


def future(cell: str) -> str:
    """Tell that a date lies after today: such a row goes back (problems.py, future-date)."""
    return f"ISNUMBER({cell})*({cell}>TODAY())"


def _wrong_phone(cell: str) -> str:
    """Tell that one of up to three numbers in the cell is impossible (template_lists, phone classes)."""
    plain = f"TRIM({cell})"
    for old, new in (
        ("+86", ""),
        ("+", "00"),
        *((mark, "") for mark in _IGNORED),
        *((mark, "/") for mark in _BETWEEN),
        *((mark, "x") for mark in ".Ee"),
    ):
        plain = f'SUBSTITUTE({plain},"{old}","{new}")'
    parts = [
        f'TRIM(MID(SUBSTITUTE({plain},"/",REPT(" ",{_LONGEST_PHONE})),{place * _LONGEST_PHONE + 1},{_LONGEST_PHONE}))'
        for place in range(3)
    ]
    return "*".join(f'IFERROR(LOOKUP(VALUE("1"&{part}),{PHONE_FROM},{PHONE_OK}),0)' for part in parts) + "=0"


def duplicates_matter(table: Table) -> bool:
    """Whether a phone may stand in one row only: where a row is a customer, not the next talk with him."""
    return table.intake or table.key in ("valid_leads", "analysis")


def duplicate(cell: str, column: str) -> str:
    """Tell that the same number stands in another row."""
    return f"(LEN(TRIM({cell}))>0)*(COUNTIF({column},{cell})>1)"


def unlisted(column: Column, cell: Callable[[str], str], settings: Settings) -> str:
    """Tell that a value is not in its list. ``cell``: field → the cell in this row. Empty when there is no list."""
    own = cell(column.field)
    filled = f"(LEN(TRIM({own}))>0)"
    if column.source is Source.PROVINCES:
        return f"{filled}*(COUNTIF({PROVINCES},{own})=0)"
    if column.source in (Source.CITIES, Source.COUNTIES):
        # An unknown province or a city without counties has no list: an error, which colours nothing.
        return f"{filled}*(COUNTIF({region_list(column, cell)},{own})=0)"
    if column.by is By.TOOL or not choices(column, settings):
        return ""
    name = list_name(column)
    if column.kind is Kind.CHOICES:
        text = f"TRIM({own})"
        for mark in f"/{_BETWEEN} ":
            text = f'SUBSTITUTE({text},"{mark}","、")'
        found = f'SUMPRODUCT(ISNUMBER(FIND("、"&{name}&"、","、"&{text}&"、"))*(LEN({name})+1))'
        return f"{filled}*({found}<>LEN({text})+1)"
    return f"{filled}*(COUNTIF({name},{own})=0)"


def region_list(column: Column, cell: Callable[[str], str]) -> str:
    """Name the range of the cities of the row's province, or of the counties of its city."""
    if column.source is Source.CITIES:
        return f"INDIRECT({cell('province')})"
    return f'INDIRECT({cell("province")}&"_"&{cell("city")})'
