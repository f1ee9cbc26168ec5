"""An office for the rules, written as small tables: one text per table of the manual, ``who`` is the customer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import small

from salessheets.clean.records import clean
from salessheets.followup import gather
from salessheets.followup.lists import follow_up, prepare
from salessheets.office import Week
from salessheets.score import score
from salessheets.settings import Absence, Brand, Settings, Staff, default
from salessheets.write.report import LEAD_COLUMNS

KANG, RUI = "康源高电位", "瑞颐光波房"
STAFF = (
    Staff("周立", "销售部负责人"),
    Staff("陈静", "客服"),
    Staff("何敏", "客服"),
    Staff("刘洋", "业务代表"),
    Staff("孙磊", "业务代表"),
    Staff("马晓东", "业务代表"),
)
EDITS = ["number", "day", "workbook", "lead", "field", "old", "new"]


def settings(*absences: Absence, staff=STAFF, **rules) -> Settings:
    plain = default()
    return replace(
        plain,
        brands=(Brand(KANG, "林海"), Brand(RUI, "徐慧")),
        staff=staff,
        absences=absences,
        rules=replace(plain.rules, **rules),
    )


def facts(*tables: str, as_of="2026-11-20", forms=(), edits="", office: Settings | None = None):
    """``table | who | …`` texts → Facts on that day. forms: (person, day, rows). edits: a small table of EDITS."""
    day = date.fromisoformat(as_of)
    parts = []
    for at, text in enumerate(tables):
        part = small.frame(text)
        part = small.rows(text if "number" in part else _numbered(text, 10 + at))
        parts.append(part)
    rows = pd.concat(parts, ignore_index=True).fillna("") if parts else small.rows("table | who | name")
    rows = rows.astype({c: "str" for c in rows.columns if rows[c].dtype == object})
    records, _ = clean(rows, day)
    who = rows["who"] if "who" in rows else pd.Series("", index=rows.index)
    typed = small.frame(edits) if edits else pd.DataFrame(columns=EDITS, dtype="str")
    typed = typed.astype({"number": "int64"})
    made = gather(
        rows, records.assign(lead=who.to_numpy()), [], typed, office or settings(), week=Week.of(day), as_of=day
    )
    return replace(made, forms=pd.DataFrame(forms, columns=["person", "day", "rows"]).assign(owner=""))


def _numbered(text: str, number: int) -> str:
    head, *lines = [line for line in text.strip().splitlines() if line.strip()]
    return "\n".join([f"number | {head}", *(f"{number} | {line}" for line in lines)])


def leads(text: str, as_of="2026-11-20", office: Settings | None = None):
    """A small table of leads → LEAD_COLUMNS, scored."""
    table = small.frame(text)
    day = date.fromisoformat(as_of)
    for column in LEAD_COLUMNS:
        if column not in table:
            table[column] = {"brand": KANG, "first_date": (day - timedelta(days=7)).isoformat()}.get(column, "")
    table["last_date"] = table["last_date"].where(table["last_date"] != "", table["first_date"])
    table["inferred"] = [frozenset(text.split(",")) - {""} for text in table["inferred"]]
    scored = score(table.assign(open=True), office or settings(), {})
    if "final_class" in small.frame(text):
        scored = scored.drop(columns="final_class")
    return table.drop(columns=list(scored.columns), errors="ignore").join(scored)


def lists(made, text: str, typed=None):
    """All lists of these facts for these leads. typed: (lead, brand, field) → what directors typed."""
    table = leads(text, made.as_of.isoformat(), made.settings)
    brands = table.groupby("lead")["brand"].agg(tuple).to_dict()
    prepared = prepare(made, brands, typed or {})
    for (lead, brand, field), value in prepared.typed.items():
        table.loc[(table["lead"] == lead) & (table["brand"] == brand), field] = value
    return follow_up(made, prepared, table, table.iloc[:0])


def reasons(made, lead: str, brand: str = KANG) -> str:
    """The reasons for which a lead stands on 本周待办, "" when he does not."""
    agenda = made.agenda
    mine = agenda[(agenda["lead"] == lead) & (agenda["brand"] == brand)]
    return ";".join(mine["reasons"])
