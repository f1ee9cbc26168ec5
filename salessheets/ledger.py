"""Where every row went: 对账, 退回, 无效, 待认领, 合并明细 and the trace (product.md, "Nothing is lost")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from . import fates
from .clean.records import record_number
from .handmade import shown_file
from .match.decisions import Decision
from .match.leads import MERGE
from .office import Week
from .problems import CATALOGUE, Problem, Severity
from .read import Outcome
from .read.archived import ArchivedFile
from .settings import Settings
from .tables import TABLES

CONFLICT_COLUMNS = (
    "kind", "brand", "lead", "field", "older", "older_by", "newer", "newer_by", "place", "todo",
)  # fmt: skip
_ROW_COLUMNS = ("table", "sheet", "block", "row", "hidden", "aside", "extra")
# The cells to mark for each reason to return a row.
_WRONG_CELLS = {
    "no-name": ("name", "company"),
    "no-contact": ("phone", "wechat", "qq"),
    "bad-contact": ("phone", "wechat", "qq"),
    "no-channel": ("channel",),
    "region-contradiction": ("province", "city", "county"),
    "lead-unknown": ("lead", "name", "phone"),
}


@dataclass(frozen=True)
class Books:
    """What the frames below are made from. rows: every row read, aside rows included, with rid. settled: fates.settle."""

    files: list[ArchivedFile]
    rows: pd.DataFrame
    records: pd.DataFrame
    flags: pd.DataFrame
    settled: pd.DataFrame
    arrival: Mapping[int, Week]
    week: Week
    as_of: date

    @property
    def file_of(self) -> dict[int, ArchivedFile]:
        """File number → file."""
        return {file.entry.number: file for file in self.files}

    @cached_property
    def traced(self) -> pd.DataFrame:
        """``trace`` of these books, worked out once: most sheets begin with it."""
        return _trace(self)


def stack(files: list[ArchivedFile]) -> pd.DataFrame:
    """All rows of all files: number, person, file, archived, rid and the reader's columns; "" where a file has none."""
    frames = [
        file.content.rows.assign(
            number=file.entry.number,
            person=file.entry.person,
            file=file.entry.inbox_path,
            archived=file.entry.archived_at.isoformat(),
        )
        for file in files
        if len(file.content.rows)
    ]
    if not frames:
        kinds = {"number": "int64", "sheet": "int64", "block": "int64", "row": "int64", "hidden": "bool"}
        columns = [*_ROW_COLUMNS, "number", "person", "file", "archived", "rid"]
        return pd.DataFrame({c: pd.Series(dtype=kinds.get(c, "str")) for c in columns})
    rows = _concatenated(frames)
    text = [c for c in rows.columns if c not in ("number", "sheet", "block", "row", "hidden")]
    rows[text] = rows[text].fillna("").astype("str")
    return rows.assign(rid=record_number(rows["number"], rows["sheet"], rows["row"]))


def _concatenated(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """pd.concat of the frames; those with the same columns first, since blank columns are filled in frame by frame."""
    alike: dict[tuple[str, ...], list[pd.DataFrame]] = {}
    for frame in frames:
        alike.setdefault(tuple(frame.columns), []).append(frame)
    rows = pd.concat([pd.concat(group, ignore_index=True) for group in alike.values()], ignore_index=True)
    return rows.sort_values("number", kind="stable", ignore_index=True)


def trace(books: Books) -> pd.DataFrame:
    """Every row ever handed in: rid, week, fate, lead, reason, number, file, person, sheet (name), row, table."""
    return books.traced


def _trace(books: Books) -> pd.DataFrame:
    rows = books.rows[["rid", "number", "file", "person", "sheet", "block", "row", "table", "aside"]]
    frame = rows.merge(books.settled[["rid", "week", "fate", "lead", "reason", "code"]], on="rid", how="left")
    noted = frame["fate"].isna()
    arrived = frame["number"].map({n: str(w) for n, w in books.arrival.items()})
    frame["week"] = frame["week"].where(~noted, arrived)
    frame["fate"] = frame["fate"].where(~noted, fates.NOTED)
    frame["reason"] = frame["reason"].where(~noted, frame["aside"].where(frame["aside"] != "", "不是客户"))
    frame[["lead", "code", "reason"]] = frame[["lead", "code", "reason"]].fillna("")
    coded = frame["code"] != ""
    frame.loc[coded, "reason"] = frame["code"][coded].map(lambda code: CATALOGUE[code].message.split(":")[0])
    names = {(f.entry.number, b.sheet): b.sheet_name for f in books.files for b in f.content.blocks}
    frame["sheet_index"] = frame["sheet"]
    stems = {n: PurePosixPath(f.entry.name).stem for n, f in books.file_of.items()}
    # A CSV has no sheet; people know it by its file name.
    places = pd.MultiIndex.from_arrays([frame["number"], frame["sheet"]])
    codes, keys = places.factorize()
    called = pd.array([names[key] or stems[key[0]] for key in keys], dtype="str")
    frame["sheet"] = pd.Series(called.take(codes), index=frame.index, dtype="str")
    return frame.sort_values(["number", "sheet_index", "row"], kind="stable", ignore_index=True)


def ledger(books: Books) -> pd.DataFrame:
    """对账 of the week: number, person, file, rows, opening, one column per fate, unread. rows + opening = their sum."""
    frame = trace(books)
    mine = frame[(frame["week"] == str(books.week)) | (frame["fate"] == fates.WAITING)]
    arrived = mine["number"].map(books.arrival) == books.week
    table = pd.crosstab(mine["number"], mine["fate"]).reindex(columns=list(fates.FATES), fill_value=0)
    table["rows"] = mine[arrived].groupby("number").size().reindex(table.index, fill_value=0)
    table["opening"] = mine[~arrived].groupby("number").size().reindex(table.index, fill_value=0)
    files = books.file_of
    silent = [n for n, f in files.items() if books.arrival[n] == books.week and n not in table.index]
    table = pd.concat([table, pd.DataFrame(0, index=silent, columns=table.columns)]).sort_index().astype("int64")
    table["number"] = table.index
    table["person"] = [files[n].entry.person or "待认领" for n in table.index]
    table["file"] = [files[n].entry.inbox_path for n in table.index]
    table["unread"] = [files[n].content.unread_rows for n in table.index]
    return table[["number", "person", "file", "rows", "opening", *fates.FATES, "unread"]].reset_index(drop=True)


def brand_ledger(books: Books, brands: pd.Series) -> pd.DataFrame:
    """The same for the rows that name one brand: brand, person, file, rows, one column per fate."""
    of_row = pd.DataFrame({"rid": books.records["rid"], "brand": brands}).explode("brand").dropna()
    frame = trace(books).merge(of_row, on="rid")
    frame = frame[(frame["week"] == str(books.week)) | (frame["fate"] == fates.WAITING)]
    keys = ["brand", "number", "person", "file"]
    table = frame.groupby([*keys, "fate"], sort=True).size().unstack(fill_value=0).reindex(columns=list(fates.FATES))  # noqa: PD010
    table = table.fillna(0).astype("int64")
    table["rows"] = table.sum(axis=1)
    table = table.reset_index()
    table["file"] = table["file"].str.rsplit("/", n=1).str[-1]
    return table[["brand", "person", "file", "rows", *fates.FATES]]


def invalid(books: Books) -> pd.DataFrame:
    """无效 rows of all weeks by name and reason; people on the do-not-contact list only as a row reference."""
    frame = trace(books)
    frame = frame[frame["fate"] == fates.INVALID].merge(
        books.records[["rid", "name", "mobiles", "wechat", "company"]], on="rid", how="left"
    )
    blocked = frame["reason"] == fates.BLOCKED
    phones = pd.Series([m[0] if m else w for m, w in zip(frame["mobiles"], frame["wechat"], strict=True)], dtype="str")
    shown = pd.DataFrame(
        {
            "rid": frame["rid"],
            "name": frame["name"].where(~blocked, ""),
            "phone": phones.where(~blocked, ""),
            "company": frame["company"].where(~blocked, ""),
            "reason": frame["reason"],
            "blocked": blocked,
            "person": frame["person"],
            "file": frame["file"],
            "sheet": frame["sheet"],
            "row": frame["row"],
        }
    )
    return shown.reset_index(drop=True)


def returns(books: Books) -> pd.DataFrame:
    """Open returns: person, rid, table, file, sheet, row, age_days, fields, wrong (field → what to do), todo."""
    frame = trace(books)
    settled = books.settled  # who is blocked is never shown, not even to be corrected
    closed = settled["rid"][(settled["superseded_by"] != "") | settled["blocked"]]
    frame = frame[(frame["fate"] == fates.RETURNED) & ~frame["rid"].isin(closed)]
    mine = books.rows[books.rows["rid"].isin(frame["rid"])]
    raw = dict(zip(mine["rid"], mine.to_dict("records"), strict=True))
    flags: dict[str, list[tuple[str, str, str]]] = {}
    mine = books.flags[books.flags["rid"].isin(frame["rid"])]
    for rid, field, code, value in zip(mine["rid"], mine["field"], mine["code"], mine["value"], strict=True):
        flags.setdefault(rid, []).append((field, code, value))
    result = []
    row: Any
    for row in frame.itertuples(index=False):
        table = TABLES[row.table]
        cells = raw[row.rid]
        fields = {f: cells[f] for f in table.fields if f in cells}
        wrong = _wrong(flags.get(row.rid, []), row.code, row.table, fields)
        result.append({
            "person": row.person or "待认领", "rid": row.rid, "table": row.table, "file": row.file, "sheet": row.sheet,
            "row": row.row, "age_days": (books.as_of - date.fromisoformat(cells["archived"])).days, "fields": fields,
            "wrong": wrong, "todo": ";".join(dict.fromkeys(wrong.values())),
        })  # fmt: skip
    columns = ["person", "rid", "table", "file", "sheet", "row", "age_days", "fields", "wrong", "todo"]
    return pd.DataFrame(result, columns=columns)


def _wrong(flags: list[tuple[str, str, str]], code: str, table: str, fields: Mapping[str, str]) -> dict[str, str]:
    """Field → what to do, for every cell of a returned row that should be looked at. flags: field, code, value."""
    wrong = {
        field: _sentence(flag, value, TABLES[table].headers.get(field, ""))
        for field, flag, value in flags
        if CATALOGUE[flag].severity is not Severity.NOTICE and field in fields
    }
    cells = _WRONG_CELLS.get(code, (TABLES[table].date_field,))
    if code == "bad-contact":
        cells = tuple(f for f in cells if fields.get(f))
    value = fields.get(cells[0], "") if cells and code != "region-contradiction" else _place(fields)
    for field in cells:
        if field in fields:
            wrong[field] = _sentence(code, value, TABLES[table].headers[field])
    return wrong


def first_wrong_field(code: str, table: str) -> str:
    """The cell to point at for a reason to return a row."""
    return _WRONG_CELLS.get(code, (TABLES[table].date_field,))[0]


def _place(fields: Mapping[str, str]) -> str:
    return " ".join(fields[f] for f in ("province", "city", "county") if fields.get(f))


def _sentence(code: str, value: str, column: str) -> str:
    problem = Problem(code, value=value, details={"column": column})
    return f"{problem.message}。{problem.todo}"


def unclaimed(books: Books, settings: Settings) -> pd.DataFrame:
    """待认领: file, reason, rows: files of nobody we know, files that could not be read or recognised."""
    known = {person.name for person in settings.staff}
    result = []
    for file in books.files:
        reasons = []
        if file.entry.person not in known:
            who = f"文件夹「{file.entry.person}」不在人员名单里" if file.entry.person else "放在收件箱最外层"
            reasons.append(f"不知道是谁交的({who})")
        if file.content.outcome is not Outcome.READ:
            reasons += [f"{p.message}。{p.todo}" for p in file.content.problems[:1]]
        if reasons:
            count = len(file.content.rows) + file.content.unread_rows
            result.append({"file": file.entry.inbox_path, "reason": ";".join(reasons), "rows": count})
    return pd.DataFrame(result, columns=["file", "reason", "rows"])


def merges(
    books: Books, live: pd.DataFrame, edges: pd.DataFrame, brands_of: Mapping[str, tuple[str, ...]]
) -> pd.DataFrame:
    """合并明细: every record of the leads that have more than one, oldest first, with the evidence that joined it.

    live: customer records in force. Records that can be taken out of their lead carry both sides (pairs.separable).
    """
    frame = trace(books)
    frame = frame[frame["lead"].isin(brands_of) & frame["fate"].isin((fates.NEW, fates.MERGED, fates.UPDATED))]
    frame = frame[frame.duplicated("lead", keep=False)].merge(
        books.records[["rid", "date", "name", "mobiles", "landlines", "wechat", "qq", "company", "lead_text"]], on="rid"
    )
    shown = set(frame["rid"])
    joined = edges[(edges["outcome"] == MERGE) & (edges["left"].isin(shown) | edges["right"].isin(shown))]
    joined = joined.sort_values("weight", ascending=False, kind="stable")
    both = pd.concat([joined[["left", "reason"]].set_axis(["rid", "why"], axis=1),
                      joined[["right", "reason"]].set_axis(["rid", "why"], axis=1)])  # fmt: skip
    why = both.drop_duplicates("rid").set_index("rid")["why"]
    in_force = set(live["rid"][live["lead"].isin(brands_of)])
    roles = [
        "首条" if rid == lead else "更正" if by_hand else "被更新" if rid not in in_force else "更新" if fate == fates.UPDATED
        else "并入"
        for rid, lead, fate, by_hand in zip(frame["rid"], frame["lead"], frame["fate"], frame["lead_text"], strict=True)
    ]  # fmt: skip
    contact = [
        "、".join((*m, *l)) or w or q
        for m, l, w, q in zip(frame["mobiles"], frame["landlines"], frame["wechat"], frame["qq"], strict=True)  # noqa: E741
    ]
    result = frame.assign(
        brands=frame["lead"].map(brands_of),
        role=roles,
        file=[shown_file(file, key) for file, key in zip(frame["file"], frame["table"], strict=True)],
        table=frame["table"].map(lambda key: TABLES[key].name),
        phone=pd.Series(contact, index=frame.index, dtype="str"),
        reason=frame["rid"].map(why).astype("str").fillna("同一行的新版本"),
    )
    result["reason"] = (
        result["reason"].mask(result["role"] == "首条", "").mask(result["role"] == "更正", "在周报的白格里更正")
    )
    result = result[result["brands"].notna()].sort_values(["lead", "number", "sheet_index", "row"], kind="stable")
    columns = ["lead", "brands", "rid", "role", "date", "table", "person", "name", "phone", "company", "file", "sheet",
               "row", "reason"]  # fmt: skip
    return result[columns].reset_index(drop=True)


def conflicts(
    books: Books,
    problems: Sequence[tuple[int, Problem]],
    edits: pd.DataFrame,
    contradictions: Sequence[tuple[Decision, Decision]],
) -> pd.DataFrame:
    """冲突, CONFLICT_COLUMNS: cells that two people changed, answers that exclude each other, and what was typed in a
    workbook that came back and could not be placed. Told in the week it came and the next: what was typed on a Monday
    into last week's workbook counts in last week, and that one nobody opens again.

    problems: (file number, problem). edits: roundtrip.CONFLICT_COLUMNS. contradictions: (older, newer) answers.
    """
    recent = {number for number, week in books.arrival.items() if week >= books.week.back(1)}
    rows = [
        {"kind": "两个值", "place": "", "todo": "已采用较新的,请确认", **row}
        for row in edits.to_dict("records")
        if row.pop("number") in recent
    ]
    for older, newer in contradictions:
        if newer.when in recent:
            sides = "、".join(sorted(older.left)[:1] + sorted(older.right)[:1])
            rows.append({
                "kind": "回答矛盾", "lead": sides, "brand": "", "field": "是否同一客户", "older": older.answer,
                "older_by": older.who, "newer": newer.answer, "newer_by": newer.who, "place": "",
                "todo": "已采用较新的,请确认",
            })  # fmt: skip
    for number, p in problems:
        if number in recent:
            rows.append({
                "kind": "没有采用", "lead": p.details["lead"], "brand": p.details["workbook"], "field": p.cell, "older": "",
                "older_by": "", "newer": p.details.get("typed", p.value), "newer_by": p.details["who"],
                "place": p.place, "todo": f"{p.message}。{p.todo}",
            })  # fmt: skip
    return pd.DataFrame(rows, columns=list(CONFLICT_COLUMNS), dtype="str")
