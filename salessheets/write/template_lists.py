"""The hidden sheet of a blank form: every list that a dropdown or a check looks into.

A literal list in a data validation may hold 255 characters and breaks the file beyond that; a sheet has no such limit.
All lists are reached by defined names, because old Excel and WPS refuse a reference to another sheet in a validation
or a conditional format, but take a name.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING, Any

from salessheets.settings import Settings
from salessheets.tables import Column, Kind, Source, Table

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

SHEET = "_lists"
PROVINCES = "list_province"
PHONE_FROM, PHONE_OK = "phone_from", "phone_ok"

_REGION_SOURCES = (Source.PROVINCES, Source.CITIES, Source.COUNTIES)


@cache
def regions() -> tuple[tuple[str, str, str], ...]:
    """Province, city, county of every division (salessheets/data/regions.csv), in the order of the official codes.

    34 provinces have city "", 333 prefectures county "". Units that a province governs directly (济源市) are city and
    county at once.
    """
    text = files("salessheets.data").joinpath("regions.csv").read_text(encoding="utf-8-sig")
    rows = sorted(csv.DictReader(text.splitlines()), key=lambda row: row["adcode"])
    return tuple((row["province"], row["city"], row["county"]) for row in rows)


def choices(column: Column, settings: Settings) -> tuple[str, ...]:
    """Everything this office accepts in a choice column; empty for free columns, regions, and lists not filled yet."""
    if column.source is Source.BRANDS:
        known = tuple(brand.name for brand in settings.brands if brand.stop is None)
    elif column.source is Source.STAFF:
        known = tuple(person.name for person in settings.staff if person.left is None)
    else:
        known = column.choices
    return tuple(dict.fromkeys((*known, *settings.choices.get(column.header, ())))) if _listed(column) else ()


def offers_nothing(column: Column, settings: Settings) -> bool:
    """Whether the office has not yet filled the list that the column would offer."""
    return _listed(column) and not choices(column, settings)


def list_name(column: Column) -> str:
    """Name the column's list: shared by all columns that take a brand or a staff member."""
    return f"list_{column.source or column.field}"


def _listed(column: Column) -> bool:
    return column.kind in (Kind.CHOICE, Kind.CHOICES) and column.source not in _REGION_SOURCES


def has_regions(table: Table) -> bool:
    """Whether the table asks for province, city and county."""
    return any(column.source in _REGION_SOURCES for column in table.columns)


def write_lists(book: Workbook, sheet: Worksheet, table: Table, settings: Settings) -> None:
    """Fill the hidden sheet, one list per column, and define the names."""
    lists = {list_name(c): choices(c, settings) for c in (*table.head, *table.columns) if choices(c, settings)}
    place = 0
    for name, values in lists.items():
        _write_column(book, sheet, place, {name: (0, len(values))}, [_typed(value) for value in values])
        place += 1
    if any(column.kind is Kind.PHONE for column in table.columns):
        starts, allowed = zip(*_phone_classes(), strict=True)
        _write_column(book, sheet, place, {PHONE_FROM: (0, len(starts))}, list(starts))
        _write_column(book, sheet, place + 1, {PHONE_OK: (0, len(allowed))}, list(allowed))
        place += 2
    if has_regions(table):
        _write_regions(book, sheet, place)


def _typed(value: str) -> str | int:
    """Write 1..5 as numbers: what a person types into the cell is one, and Excel does not compare it with text."""
    return int(value) if value.isdecimal() else value


def _write_column(
    book: Workbook, sheet: Worksheet, place: int, names: dict[str, tuple[int, int]], values: list[Any]
) -> None:
    """Write the values downwards and name slices of them, ``names``: name → (first, beyond the last)."""
    from xlsxwriter.utility import xl_col_to_name

    for row, value in enumerate(values):
        if isinstance(value, str):
            sheet.write_string(row, place, value)
        else:
            sheet.write_number(row, place, value)
    letter = xl_col_to_name(place)
    for name, (first, beyond) in names.items():
        book.define_name(name, f"={SHEET}!${letter}${first + 1}:${letter}${beyond}")


def _write_regions(book: Workbook, sheet: Worksheet, place: int) -> None:
    """Three columns: provinces; cities, one slice per province; counties, one slice named province_city each.

    市辖区 and county names occur in many places, therefore both parts in the name (contracts.md).
    """
    cities: list[str] = []
    counties: list[str] = []
    city_names: dict[str, tuple[int, int]] = {}
    county_names: dict[str, tuple[int, int]] = {}
    provinces = []
    for province, of_province in groupby(regions(), key=lambda row: row[0]):
        provinces.append(province)
        first_city = len(cities)
        below = [row for row in of_province if row[1]]
        for city in dict.fromkeys(row[1] for row in below):
            cities.append(city)
            first_county = len(counties)
            counties += [county for _, its_city, county in below if its_city == city and county]
            if len(counties) > first_county:
                county_names[f"{province}_{city}"] = (first_county, len(counties))
        if len(cities) > first_city:
            city_names[province] = (first_city, len(cities))
    _write_column(book, sheet, place, {PROVINCES: (0, len(provinces))}, provinces)
    _write_column(book, sheet, place + 1, city_names, cities)
    _write_column(book, sheet, place + 2, county_names, counties)


def _phone_classes() -> list[tuple[float, int]]:
    """Where possible and impossible numbers begin, for LOOKUP: (first value, 1 possible / 0 not), ascending.

    Looked up is the number with a 1 put in front, so that leading zeros count: 0531-88881234 is 1053188881234.
    Ranges: empty; mobiles 13…–19…, also after 86; 400 and 800 numbers, with extension up to four digits; whatever
    begins with 0 and has 11 digits or more (area code and 7 or 8 digits, an extension of up to four, 00 = abroad).
    """
    possible = [(1.0, 2.0), (1.13e11, 1.2e11), (1.8613e13, 1.862e13)]
    possible += [(head * 10.0**7, (head + 1) * 10.0**7) for head in (1400, 1800)]
    possible += [(1400 * 10.0 ** (7 + more), 1401 * 10.0 ** (7 + more)) for more in range(1, 5)]
    possible += [(10.0**digits, 1.1 * 10.0**digits) for digits in range(11, 17)]
    return [entry for low, high in sorted(possible) for entry in ((low, 1), (high, 0))]
