"""Small tables for tests: a table written with | in, a frame out."""

from __future__ import annotations

from datetime import date

import pandas as pd

DEFAULTS = {
    "number": "2",
    "sheet": "1",
    "block": "1",
    "table": "consult_log",
    "person": "陈静",
    "file": "陈静/咨询.xlsx",
    "archived": "2026-11-20",
    "aside": "",
    "extra": "",
}
TODAY = date(2026, 11, 20)


def frame(text: str) -> pd.DataFrame:
    """``a | b`` lines under a header line → a frame of stripped text."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines() if line.strip()]
    return pd.DataFrame(lines[1:], columns=lines[0], dtype="str")


def rows(text: str) -> pd.DataFrame:
    """Raw rows as ledger.stack gives them; columns that are not written get DEFAULTS, rows count from 5."""
    from salessheets.clean.records import record_number

    table = frame(text)
    for column, value in DEFAULTS.items():
        if column not in table:
            table[column] = value
    if "row" not in table:
        table["row"] = [str(5 + n) for n in range(len(table))]
    table = table.astype({"number": "int64", "sheet": "int64", "block": "int64", "row": "int64"}).assign(hidden=False)
    return table.assign(rid=record_number(table["number"], table["sheet"], table["row"]))


def records(text: str) -> pd.DataFrame:
    """Cleaned records of a small table."""
    return cleaned(text)[0]


def cleaned(text: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Records and flags of a small table."""
    from salessheets.clean.records import clean

    return clean(rows(text), TODAY)
