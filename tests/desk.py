"""A small office for tests that last several weeks: people hand in little tables, the week is run, workbooks are typed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
from small import frame

from salessheets.office import Office
from salessheets.problems import Problem
from salessheets.returned import SALES_WORKBOOK
from salessheets.settings import Brand, Settings, Staff, default
from salessheets.tables import TABLES
from salessheets.week import Outcome, weekly
from salessheets.write.settings_book import write_settings

KANG, YI = "康源", "益生"
# Two customers of 康源, as 客服 writes them down.
HEAD = "name | phone | consult_date | brand | company | city"
WANG = "王建国 | 13958671234 | 2026-11-09 | 康源 | 济南康乐店 | 济南市"
LI = "李秀英 | 13912345679 | 2026-11-10 | 康源 | 潍坊福寿堂 | 潍坊市"
MONDAY = date(2026, 11, 9)  # 2026-W46
SETTINGS = replace(
    default(),
    brands=(Brand(KANG, "林总监"), Brand(YI, "何总监")),
    staff=(Staff("林总监", "市场总监"), Staff("陈静", "客服"), Staff("刘洋", "业务代表"), Staff("赵强", "业务代表")),
)


_USUAL = {"consult_log": {"contact_way": "官网留言", "clerk": "陈静"}}  # so that the table is recognised


class Desk:
    """One office folder and what people do with it."""

    def __init__(self, root: Path, settings: Settings = SETTINGS) -> None:
        self.office = Office(root)
        self.office.make()
        self.set(settings)

    def set(self, settings: Settings) -> None:
        """Save 设置.xlsx."""
        self.settings = settings
        self.office.settings.write_bytes(write_settings(settings))

    def hand_in(self, path: str, text: str, table: str = "consult_log") -> None:
        """A CSV below 收件箱: ``a | b`` lines under a line of field names of this table."""
        rows = frame(text)
        for column, value in _USUAL.get(table, {}).items():
            rows[column] = rows.get(column, value)
        headers = [TABLES[table].headers.get(name, name) for name in rows.columns]
        lines = [headers, *rows.to_numpy().tolist()]
        target = self.office.inbox / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("\n".join(",".join(line) for line in lines) + "\n", encoding="utf-8")

    def run(self, day: date) -> Outcome:
        """The weekly run on this day."""
        self.outcome = weekly(self.office, day=day)
        return self.outcome

    @property
    def report(self):
        """The newest week's report."""
        return self.outcome.weeks[-1].report

    def fates(self, file: str = "") -> list[tuple[str, int, str]]:
        """(file, row, fate) of every row so far, of one file or all."""
        rows = self.outcome.weeks[-1].trace
        return [(r.file, r.row, r.fate) for r in rows.itertuples() if not file or r.file == file]

    def leads(self, brand: str = KANG) -> dict[str, str]:
        """客户编号 → name of a brand's open leads."""
        mine = self.report.leads[self.report.leads["brand"] == brand]
        return dict(zip(mine["lead"], mine["name"], strict=True))

    def lead(self, name: str) -> str:
        """The 客户编号 of the one lead with this name."""
        leads = self.report.leads
        (found,) = set(leads["lead"][leads["name"] == name])
        return str(found)

    def book(self, week: str, name: str = KANG) -> Path:
        """A workbook of a week in its place."""
        stem = name if name == SALES_WORKBOOK else f"{name}_周报"
        return self.office.reports / week / f"{week}_{stem}.xlsx"

    def problems(self) -> list[Problem]:
        """What the newest report complains of, returned workbooks only."""
        return [p for p in self.report.problems if p.code.startswith("edit")]


def header_of(page: object) -> tuple[int, dict[str, int]]:
    """Row and columns of the header of a sheet with 客户编号."""
    for row in page.iter_rows(min_row=1, max_row=20):
        texts = {str(c.value): c.column for c in row if c.value}
        if {"客户编号", "编号"} & texts.keys() and len(texts) > 2:
            return row[0].row, texts
    raise AssertionError("no header")


def type_in(path: Path, sheet: str, key: str, *, column: str = "客户编号", **values: object) -> None:
    """Type into the cells of the row whose ``column`` shows ``key``, and save, as a person does."""
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    top, texts = header_of(page)
    rows = [r for r in range(top + 1, page.max_row + 1) if page.cell(r, texts[column]).value == key]
    assert rows, f"{key} is not on {sheet}"
    for header, value in values.items():
        page.cell(rows[0], texts[header]).value = value
    book.save(path)


def add_row(path: Path, sheet: str, **values: object) -> None:
    """Fill in a row below the last one by hand."""
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    _, texts = header_of(page)
    at = page.max_row + 1
    for header, value in values.items():
        page.cell(at, texts[header]).value = value
    book.save(path)


def shown(path: Path, sheet: str, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """These columns of a sheet as a person reads them."""
    page = openpyxl.load_workbook(path, data_only=True)[sheet]
    top, texts = header_of(page)
    return [
        tuple("" if page.cell(r, texts[c]).value is None else str(page.cell(r, texts[c]).value) for c in columns)
        for r in range(top + 1, page.max_row + 1)
    ]
