"""Checking sheets before they are handed in: every problem with its cell, in the order of the sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from . import fates, ledger
from .archive import Entry, FileKind
from .clean.records import clean
from .issue import FATE_COLUMNS
from .office import Week
from .problems import Problem, Severity
from .read import Outcome, Reader, ReadError, Workbook
from .read.archived import ArchivedFile
from .settings import Settings
from .tables import TABLES


@dataclass(frozen=True)
class Checked:
    """One file: what it is, what would become of its rows if handed in today, and its problems by cell.

    customers: (sheet, row) → the name a person knows the row by. headers: sheet → Excel row of its first header.
    workbook: its cells, None when it could not be opened.
    """

    file: str
    outcome: Outcome
    tables: tuple[str, ...]
    fates: dict[str, int]
    rows: int
    problems: tuple[Problem, ...]
    customers: Mapping[tuple[str, int], str]
    headers: Mapping[str, int]
    workbook: Workbook | None


def check(paths: list[Path], settings: Settings, day: date) -> list[Checked]:
    """Check each file on its own, as if it were handed in on ``day``."""
    with Reader(settings.aliases) as reader:
        return [_check(path, reader, settings, day) for path in paths]


def _check(path: Path, reader: Reader, settings: Settings, day: date) -> Checked:
    data = path.read_bytes()
    try:
        workbook = reader.workbook(data, path.name)
    except ReadError:
        workbook = None
    content = reader.read(data, path.name)
    entry = Entry(1, "", path.name, "", FileKind.HAND_IN, day, path.name)
    file = ArchivedFile(entry, content)
    rows = ledger.stack([file])
    problems = [Problem(p.code, path.name, p.sheet, p.row, p.cell, p.value, p.details) for p in content.problems]
    counted: dict[str, int] = {}
    customers: dict[tuple[str, int], str] = {}
    if len(rows):
        records, flags = clean(rows[rows["aside"] == ""], day)
        arrival = {1: Week.of(day)}
        none = pd.DataFrame(columns=FATE_COLUMNS, dtype="str")
        judged = fates.judge(records, flags, arrival, Week.of(day), settings, none)
        judged["lead"] = judged["rid"].where(judged["fate"] == "", "")
        judged["fate"] = judged["fate"].where(judged["fate"] != "", "可以交")
        books = ledger.Books([file], rows, records, flags, judged, arrival, Week.of(day), day)
        traced = ledger.trace(books)
        counted = {str(fate): int(n) for fate, n in traced["fate"].value_counts(sort=False).sort_index().items()}
        problems += _row_problems(file, books)
        names = {b.sheet: b.sheet_name for b in content.blocks}
        shown = records["name"].where(records["name"] != "", records["company"])
        customers = {
            (names[sheet], row): name for sheet, row, name in zip(records["sheet"], records["row"], shown, strict=True)
        }
    tables = tuple(dict.fromkeys(b.table for b in content.blocks))
    ordered = sorted(problems, key=lambda p: (p.sheet, p.row, p.severity is not Severity.RETURN, p.cell))
    headers = {b.sheet_name: b.header_row for b in reversed(content.blocks)}
    return Checked(path.name, content.outcome, tables, counted, len(rows), tuple(ordered), customers, headers, workbook)


def _row_problems(file: ArchivedFile, books: ledger.Books) -> list[Problem]:
    """Flags and returns of every row as problems with their cell."""
    place = books.rows.set_index("rid")[["sheet", "block", "row", "table"]]
    found = []
    codes = zip(books.settled["rid"], books.settled["code"], strict=True)
    wanted = [
        (rid, ledger.first_wrong_field(code, str(place.at[rid, "table"])), code, "") for rid, code in codes if code
    ]
    wanted += list(books.flags[["rid", "field", "code", "value"]].itertuples(index=False, name=None))
    for rid, field, code, value in dict.fromkeys(wanted):
        at = place.loc[rid]
        block = file.block(int(at["sheet"]), int(at["block"]))
        cell = block.cell(field, int(at["row"])) if field in block.columns else ""
        header = TABLES[at["table"]].headers.get(field, "")
        shown = value or (str(books.rows.set_index("rid").at[rid, field]) if field in books.rows else "")
        found.append(Problem(code, file.entry.name, block.sheet_name, int(at["row"]), cell, shown, {"column": header}))
    return found
