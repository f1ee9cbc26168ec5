"""What the rules look at: live rows of all tables with their raw cells, dates read, and the lead each belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from salessheets.clean import date as dates
from salessheets.office import Week
from salessheets.read.archived import ArchivedFile
from salessheets.rows import tuples
from salessheets.settings import Settings
from salessheets.tables import INTAKE, TABLES, Kind
from salessheets.workdays import Workdays

HEAD_ROLE, CLERK_ROLE, REP_ROLE = "销售部负责人", "客服", "业务代表"

FROM_RECORD = (
    "rid", "number", "sheet", "row", "table", "person", "archived", "date", "name", "mobiles", "landlines", "hotlines",
    "wechat", "qq", "urgent", "channel", "lead", "brand_text", "full",
)  # fmt: skip
_TYPED_DATES = ("next_date", "handled_date", "first_due")
_WITH_LEADS = (
    "consult_log", "handover", "referral", "visit_log", "analysis", "strategy", "negotiation", "aftersales",
    "referral_thanks",
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """One office on one day.

    tables: key → live rows of that table, newest version only, in the order of business date, file, sheet, row:
        FROM_RECORD and the raw cells of its other fields, dates as ISO; ``lead`` is the 客户编号. No 客户名录表 (its rows
        are nobody's work) but costs: lead, channel, cost of its rows. 公司洽谈资料清单 has no leads.
    sightings: rid, number, lead, table, person, date, archived of every live row of a customer, 客户名录表 too.
    forms: person, day, rows, owner: the 移交表 forms handed in, empty ones too.
    edits: number, day (archived), workbook, lead, field, old, new.
    """

    week: Week
    as_of: date
    settings: Settings
    days: Workdays
    tables: Mapping[str, pd.DataFrame]
    sightings: pd.DataFrame
    costs: pd.DataFrame
    forms: pd.DataFrame
    edits: pd.DataFrame

    def of(self, table: str) -> Iterator[Any]:
        """The live rows of one table as named tuples, in order."""
        return tuples(self.tables[table])

    def staff(self, role: str) -> list[str]:
        """Names of those who hold this post on the day, in the order of 设置."""
        return [p.name for p in self.settings.staff if p.role == role and (p.left is None or p.left > self.as_of)]

    @property
    def head(self) -> str:
        """The 销售部负责人; "" when 设置 names none."""
        return next(iter(self.staff(HEAD_ROLE)), "")


def with_cells(rows: pd.DataFrame, live: pd.DataFrame, table: str) -> pd.DataFrame:
    """Live records of one table with the raw cells of their rows. rows: ledger.stack's. live: RECORD_COLUMNS and lead."""
    fields = [f for f in TABLES[table].fields if f not in FROM_RECORD]
    mine = live[live["table"] == table].sort_values(["date", "number", "sheet", "row"], kind="stable")
    if mine.empty:  # most tables of most weeks: a frame without rows needs no joining
        return pd.DataFrame({column: pd.Series(dtype="str") for column in (*FROM_RECORD, *fields)})
    raw = rows[rows["table"] == table].set_index("rid").reindex(columns=fields).loc[mine["rid"]]
    raw = raw.astype("str").fillna("").reset_index(drop=True)
    made = mine.reindex(columns=list(FROM_RECORD)).reset_index(drop=True).join(raw)
    for column in TABLES[table].head + TABLES[table].columns:
        if column.kind is Kind.DATE:
            made[column.field] = _read(made[column.field], made["archived"])
    return made


def _read(cells: pd.Series, archived: pd.Series) -> pd.Series:
    """Dates as ISO, "" where there is none. A date without year is meant near the day it was handed in."""
    filled = cells != ""
    if not filled.any():
        return cells
    found = [
        dates.clean(cells[filled & (archived == day)], date.fromisoformat(day))["date"]
        for day in sorted(set(archived[filled]))
    ]
    read: pd.Series = pd.concat(found).reindex(cells.index).fillna("").astype("str")
    return read


def handover_forms(files: Iterable[ArchivedFile], week: Week) -> pd.DataFrame:
    """Every 移交表 form: person (移交人, else whose folder it is), day (移交日期, else the day it was handed in), rows
    (customers on it), owner (folder). Forms dated after the week's Sunday wait.
    """
    found = []
    for file in files:
        rows = file.content.rows
        for block in file.content.blocks:
            if block.table != "handover":
                continue
            size = 0
            if len(rows):
                mine = (rows["sheet"] == block.sheet) & (rows["block"] == block.block) & (rows["aside"] == "")
                size = int(mine.sum())
            handed_in = file.entry.archived_at
            typed = dates.clean(pd.Series([block.head.get("handover_date", "")], dtype="str"), handed_in)["date"].iloc[
                0
            ]
            day = typed or handed_in.isoformat()
            if day <= week.sunday.isoformat():
                person = block.head.get("handover_by", "").strip() or file.entry.person
                found.append((person, day, size, file.entry.person))
    return pd.DataFrame(found, columns=["person", "day", "rows", "owner"])


def dated_edits(edits: pd.DataFrame, belongs: Mapping[str, str], renamed: Mapping[str, str]) -> pd.DataFrame:
    """What was typed, with the lead it belongs to now, and dates as ISO where they can be read.

    edits: roundtrip.EDIT_COLUMNS. belongs: record number → lead. renamed: 曾用名 → brand.
    """
    made = edits.astype({column: "str" for column in edits.columns if column != "number"}).assign(
        lead=[belongs.get(lead, lead) for lead in edits["lead"]],
        workbook=[renamed.get(workbook, workbook) for workbook in edits["workbook"]],
    )
    dated = made["field"].isin(_TYPED_DATES)
    read = _read(made["new"].where(dated, ""), made["day"])
    made["new"] = read.where(dated & (read != ""), made["new"])
    text = ["day", "workbook", "lead", "field", "old", "new"]
    return made[["number", *text]].astype(dict.fromkeys(text, "str"))


def gather(
    rows: pd.DataFrame,
    live: pd.DataFrame,
    files: list[ArchivedFile],
    edits: pd.DataFrame,
    settings: Settings,
    *,
    week: Week,
    as_of: date,
) -> Facts:
    """Collect the facts. live: FROM_RECORD of the accepted newest records of customers and of working rows."""
    known = live[live["lead"] != ""]
    tables = {key: with_cells(rows, known, key) for key in _WITH_LEADS}
    listed = rows[(rows["table"] == "materials") & (rows["aside"] == "")]
    tables["materials"] = with_cells(rows, listed.assign(date=listed["archived"], lead=""), "materials")
    seen = known.loc[known["table"].isin(INTAKE), ["rid", "number", "lead", "table", "person", "date", "archived"]]
    return Facts(
        week, as_of, settings, Workdays(settings), tables, seen.sort_values(["date", "rid"], kind="stable"),
        _costs(rows, known), handover_forms(files, week), edits,
    )  # fmt: skip


def _costs(rows: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """lead, channel, cost of the rows of 客户名录表 that say what they cost."""
    bought = known.loc[known["table"] == "directory", ["rid", "lead", "channel"]]
    if not len(bought) or "cost" not in rows:
        return pd.DataFrame(columns=["lead", "channel", "cost"])
    cost = pd.to_numeric(rows.set_index("rid")["cost"].loc[bought["rid"]], errors="coerce").to_numpy()
    return bought[["lead", "channel"]].assign(cost=cost).dropna(subset=["cost"]).reset_index(drop=True)
