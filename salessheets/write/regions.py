"""区域×级别: how many A, B, C and unrated leads each region has (R11, R12), counted from 有效客户名单."""

from __future__ import annotations

import pandas as pd

from salessheets.returned import LEADS
from salessheets.score import REGION_COLUMNS, UNRATED
from salessheets.tables import TABLES

from .book import FIRST, Book, Col
from .leads import list_cells
from .report import Report

REGIONS = "区域×级别"
_CLASSES = {"A类": "A", "B类": "B", "C类": "C", UNRATED: UNRATED}


def write_regions(book: Book, report: Report, leads: pd.DataFrame, *, live: bool) -> None:
    """One row per region that classes are compared within, in the list's order. live: the counts are formulas."""
    level = report.settings.rules.region_level
    fields = REGION_COLUMNS[level]
    keys = list(leads[list(fields)].itertuples(index=False, name=None))
    rows = list(dict.fromkeys(keys))
    columns = [
        Col(TABLES["valid_leads"].column(f).header, [row[at] for row in rows], most=24) for at, f in enumerate(fields)
    ]
    columns += [
        _counted(
            header, rows, keys, leads["final_class"] == letter, _cells("final_class", leads) + f'="{letter}"', live
        )
        for header, letter in _CLASSES.items()
    ]
    everyone = pd.Series(data=True, index=leads.index)
    columns += [
        _counted("合计", rows, keys, everyone, _cells("lead", leads) + '<>""', live),
        _counted("待分配", rows, keys, leads["owner"] == "", _cells("owner", leads) + '=""', live),
    ]
    advice = f"级别在同一{level}里比较。空行=没有写{level}。" + ("数字跟着填写变。" if live else "")
    book.table(book.sheet(REGIONS, quiet=True), f"区域×级别({len(rows)} 个区域)", advice, columns, freeze=len(fields))


def _cells(field: str, leads: pd.DataFrame) -> str:
    return f"'{LEADS}'!{list_cells(field, len(leads))}"


def _counted(
    header: str, rows: list[tuple[str, ...]], keys: list[tuple[str, ...]], fits: pd.Series, test: str, live: bool
) -> Col:
    """How many leads of each region fit, in Python and as a formula that compares the same cells.

    SUMPRODUCT, not COUNTIFS: an empty place is a place of its own, and texts from outside may hold wildcards.
    """
    counts = dict.fromkeys(rows, 0)
    for key, fit in zip(keys, fits, strict=True):
        counts[key] += bool(fit)
    formulas = [_formula(FIRST + at + 1, len(rows[0]), len(keys), test) for at in range(len(rows))] if live else ()
    return Col(header, list(counts.values()), "tally", formulas=formulas)


def _formula(row: int, depth: int, size: int, test: str) -> str:
    fields = ("province", "city", "county")[:depth]
    same = "*".join(f"('{LEADS}'!{list_cells(f, size)}=${'ABC'[at]}{row})" for at, f in enumerate(fields))
    return f"=SUMPRODUCT({same}*({test}))"
