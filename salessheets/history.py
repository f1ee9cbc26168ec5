"""Everything that is known to have happened with a lead, with day and source: the sheet 客户档案 and ``explain``.

Sightings, talks and analyses come from the rows handed in, typed cells from the returned workbooks, classes from the
issue records of closed weeks, answers from people. Nothing is stored for it: it is a view of the archive.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from . import fates
from .handmade import shown_file
from .ledger import Books
from .match.decisions import Decision
from .returned import DAILY, FOLLOW, HEADER_OF_FIELD
from .tables import INTAKE, TABLES

EVENT_COLUMNS = ("lead", "brand", "date", "event", "text", "person", "source")
_KINDS = {
    "analysis": "分析",
    "strategy": "策略",
    "negotiation": "洽谈",
    "aftersales": "回访",
    "referral_thanks": "答谢",
}
_SIGHTINGS = {fates.NEW: "首次登记", fates.MERGED: "再次登记", fates.UPDATED: "登记更新"}
# What stands elsewhere on the line, and brands: another brand's workbook only says 另有品牌.
_UNSAID = {"lead", "serial", "brand", "product", "deal_product"}
TYPED, CLASSED, ANSWERED, CORRECTED = "填写", "级别变化", "合并回答", "更正"
_ORDER = (*_SIGHTINGS.values(), CORRECTED, *_KINDS.values(), ANSWERED, TYPED, CLASSED)


@dataclass(frozen=True)
class Sources:
    """What the history is read from.

    edits: roundtrip.EDIT_COLUMNS. belongs: record number → lead now. renamed: 曾用名 → brand. sales: name of the sales
    department's workbook. classes: (day, leads as shown) of each closed week, oldest first, then of this week.
    days: file number → the day it was archived.
    """

    books: Books
    edits: pd.DataFrame
    decisions: Sequence[Decision]
    belongs: Mapping[str, str]
    renamed: Mapping[str, str]
    sales: str
    classes: Sequence[tuple[date, pd.DataFrame]]
    days: Mapping[int, date]


def with_events(sources: Sources) -> set[str]:
    """Leads with more than sightings: analysed, talked to, typed about, answered about, or of another class than before."""
    frame = sources.books.traced
    found = set(frame["lead"][(frame["lead"] != "") & frame["table"].isin(_KINDS) & (frame["fate"] == fates.NOTED)])
    found |= {sources.belongs.get(lead, lead) for lead in sources.edits["lead"]}
    return found | {event["lead"] for event in (*_answers(sources), *_changes_of_class(sources)) if event["text"]}


def events(sources: Sources, leads: Collection[str]) -> pd.DataFrame:
    """EVENT_COLUMNS of these leads, each lead's oldest first. brand "" = for every brand of the lead."""
    wanted = set(leads)
    parts = (_rows(sources, wanted), _edits(sources), _answers(sources), _changes_of_class(sources))
    found = [event for part in parts for event in part if event["lead"] in wanted]
    frame = pd.DataFrame(found, columns=list(EVENT_COLUMNS), dtype="str")
    rank = frame["event"].map({event: at for at, event in enumerate(_ORDER)}).fillna(len(_ORDER))
    return (
        frame.assign(rank=rank)
        .sort_values(["lead", "date", "rank"], kind="stable", ignore_index=True)
        .drop(columns="rank")
    )


def _rows(sources: Sources, wanted: Collection[str]) -> Iterator[dict[str, str]]:
    """Rows handed in that tell of these leads; what an earlier row said already is not said again."""
    frame = sources.books.traced
    mine = frame[frame["lead"].isin(wanted) & frame["fate"].isin((*_SIGHTINGS, fates.NOTED))]
    records = sources.books.records
    records = records[records["rid"].isin(mine["rid"])]
    raw = sources.books.rows[sources.books.rows["rid"].isin(mine["rid"])]
    cells = dict(zip(raw["rid"], raw.to_dict("records"), strict=True))
    dates = dict(zip(records["rid"], records["date"], strict=True))
    mine = mine.assign(date=[dates.get(rid, cells[rid]["archived"]) for rid in mine["rid"]])
    mine = mine.sort_values(["lead", "date", "number", "sheet_index", "row"], kind="stable")
    said: dict[str, set[str]] = {}
    columns = ("rid", "lead", "fate", "table", "person", "file", "sheet", "row", "date")
    for rid, lead, fate, key, person, file, sheet, row, day in mine[list(columns)].itertuples(index=False, name=None):
        corrected = key not in INTAKE and key not in _KINDS and cells[rid].get("lead", "") != ""
        told = said.setdefault(lead, set())
        texts = [
            f"{TABLES[key].headers[field]}:{cells[rid][field]}"
            for field in TABLES[key].fields
            if field not in _UNSAID and cells[rid].get(field)
        ]
        yield {
            "lead": lead, "brand": "", "date": day, "person": person,
            "event": _KINDS.get(key) or (CORRECTED if corrected else _SIGHTINGS.get(fate, fate)),
            "text": ";".join(text for text in texts if text not in told),
            "source": f"{shown_file(file, key)}「{sheet}」第{row}行",
        }  # fmt: skip
        told.update(texts)


def _edits(sources: Sources) -> Iterator[dict[str, str]]:
    columns = ("workbook", "lead", "field", "old", "new", "who", "day")
    for workbook, record, field, old, new, who, day in sources.edits[list(columns)].itertuples(index=False, name=None):
        # 日报 and 跟进表 are no brand's, like a talk: every brand of the customer is told.
        everybodys = workbook == sources.sales or workbook.startswith((DAILY, FOLLOW))
        brand = "" if everybodys else sources.renamed.get(workbook, workbook)
        change = f"{old} → {new or '(清空)'}" if old else new
        yield {
            "lead": sources.belongs.get(record, record), "brand": brand, "date": day, "event": TYPED,
            "text": f"{HEADER_OF_FIELD[field]}:{change}", "person": who, "source": _called(workbook),
        }  # fmt: skip


def _called(workbook: str) -> str:
    """日报 and 跟进表 are called what they are issued as."""
    return workbook if workbook.startswith((DAILY, FOLLOW)) else f"{workbook} 周报".replace("周报 周报", "周报")


def _answers(sources: Sources) -> Iterator[dict[str, str]]:
    for decision in sources.decisions:
        sides = [sorted({sources.belongs.get(rid, rid) for rid in side}) for side in (decision.left, decision.right)]
        numbers = (min(decision.left, default=""), min(decision.right, default=""))
        for side, other in ((sides[0], numbers[1]), (sides[1], numbers[0])):
            for lead in side:
                yield {
                    "lead": lead, "brand": "", "date": sources.days[decision.when].isoformat(), "event": ANSWERED,
                    "text": f"和 {other} 是否同一客户:{decision.answer or '(清空)'}", "person": decision.who,
                    "source": "合并明细、待确认重复",
                }  # fmt: skip


def _changes_of_class(sources: Sources) -> Iterator[dict[str, str]]:
    """Each week in which a lead had another class than the week before. The first class is no change."""
    last: dict[tuple[str, str], tuple[str, float]] = {}
    for day, leads in sources.classes:
        columns = zip(leads["lead"], leads["brand"], leads["final_class"], leads["score"], strict=True)
        for number, name, now, score in columns:
            lead, brand = sources.belongs.get(number, number), sources.renamed.get(name, name)
            before, scored = last.get((lead, brand), (now, score))
            if now != before:
                yield {
                    "lead": lead, "brand": brand, "date": day.isoformat(), "event": CLASSED,
                    "text": f"{before} → {now}(得分 {scored:g} → {score:g})", "person": "", "source": "周报",
                }  # fmt: skip
            last[lead, brand] = (now, score)
