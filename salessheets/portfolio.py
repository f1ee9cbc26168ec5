"""Leads of each brand: golden records × brands, with answers, classes and what the director typed.

What a director types belongs to customer × brand (workflow.md, Definitions).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from .allotment import Allotted
from .fates import INVALID_RESULTS
from .handmade import shown_file
from .office import Week
from .returned import ASSIGNED_BRAND
from .roundtrip import Typed
from .score import score
from .settings import Settings
from .tables import TABLES, By

YELLOW = tuple(c.field for c in TABLES["valid_leads"].columns if c.by is By.DIRECTOR)
CRITERIA = ("scale", "team", "experience", "philosophy", "need", "problem_fit", "likelihood", "ease")
_INFERRED = ("team", "experience", "likelihood")  # from a visit or a call, until somebody analyses the customer
_LEVELS = ("省级", "地级市", "市级", "县级", "乡镇", "待定")  # R11
_CLASSES = ("A", "B", "C", "待评")
_GONE = ("放弃",)
_DONE = ("已成交",)
COUNTED_WEEKS = 8


@dataclass(frozen=True)
class Portfolio:
    """open, closed, unbranded: report.LEAD_COLUMNS (closed: 放弃). brands_of: lead → brands. first: one row per lead with
    its first week, channel and brands, for the counts.
    """

    open: pd.DataFrame
    closed: pd.DataFrame
    unbranded: pd.DataFrame
    brands_of: Mapping[str, tuple[str, ...]]
    first: pd.DataFrame


def answers(rows: pd.DataFrame, working: pd.DataFrame, joined: Mapping[str, str], settings: Settings) -> pd.DataFrame:
    """Newest answer of each lead per column of 客户分析表: index lead, columns CRITERIA + region_level (NA = unknown).

    An answer counts when the form, 下拉选项 or 评分标准 lists it.
    """
    fields = [*CRITERIA, "region_level"]
    points = {criterion.field: tuple(criterion.points) for criterion in settings.criteria}
    mine = working[working["table"] == "analysis"]
    mine = mine.assign(lead=mine["rid"].map(joined))
    mine = mine[mine["lead"].astype("str").fillna("") != ""].sort_values(
        ["date", "number", "sheet", "row"], kind="stable"
    )
    raw = rows.set_index("rid").reindex(columns=fields).loc[mine["rid"]].reset_index(drop=True)
    for field in fields:
        column = TABLES["analysis"].column(field)
        offered = {*column.choices, *settings.choices.get(column.header, ()), *points.get(field, ())}
        raw[field] = raw[field].where(raw[field].isin(offered))
    return raw.assign(lead=mine["lead"].to_numpy()).groupby("lead", sort=True)[fields].last()


@dataclass(frozen=True)
class Context:
    """What the leads of a week depend on besides their records.

    settings: with the brands in use. held: (lead, brand) → class in the last closed week. flags: of the records.
    shared: phone numbers that belong to nobody in particular. allotted: the brands of the leads. split_notes: (lead, brand)
    → 拆分前备注.
    """

    settings: Settings
    week: Week
    as_of: date
    held: Mapping[tuple[str, str], str]
    flags: pd.DataFrame
    shared: frozenset[str]
    allotted: Allotted
    split_notes: Mapping[tuple[str, str], str]


def build(
    golden: pd.DataFrame, records: pd.DataFrame, answered: pd.DataFrame, typed: Typed, context: Context
) -> Portfolio:
    """Score, mark and sort the leads of every brand.

    golden: merge.merge's frame. records: live customer records with lead, brands, unknown_brand, retired_brand and
    version (a newer version of a row). typed: what people typed.
    """
    leads = golden[golden["phone"].ne("") | golden["wechat"].ne("") | golden["qq"].ne("")]
    leads = leads[~leads["result"].isin(INVALID_RESULTS)].copy()
    leads = _with_answers(leads, answered)
    weeks = records.groupby("lead", sort=True)["week"].agg(["min", "max"])
    started, seen = leads["lead"].map(weeks["min"]), leads["lead"].map(weeks["max"])
    week = str(context.week)
    leads["week_state"] = "无变化"
    leads["week_state"] = leads["week_state"].mask(seen == week, "更新").mask(started == week, "新增")
    leads["called_again"] = _called_again(leads["lead"], records, started, week)
    leads["origin"] = _origin(leads, records)
    brands_of, since, moving = context.allotted
    held_brands = {lead: brands_of[lead] for lead in leads["lead"]}
    leads["todo"] = _todo(leads, records, context.flags, context.shared)
    leads["brand"] = leads["lead"].map(held_brands)
    leads["other_brand"] = leads["brand"].map(len) > 1
    every = leads.explode("brand", ignore_index=True)
    every["brand"] = every["brand"].astype("str").fillna("")
    every = pd.concat([every, _to_be_moved(every, moving)], ignore_index=True)
    first = every[["lead", "channel", "brand"]][~every["lead"].isin(moving) | (every["brand"] != "")].assign(
        week=lambda f: [since.get(key, "") for key in zip(f["lead"], f["brand"], strict=True)]
    )
    every = _with_typed(every, typed.values, context)
    active = ~every["status"].isin((*_GONE, *_DONE))
    every = every.join(score(every.assign(open=active), context.settings, context.held))
    every = _sorted(every)
    gone, mine = every["status"].isin(_GONE), every["brand"] != ""
    unbranded = every[~mine].copy()
    unbranded["assigned_brand"] = [typed.values.get((lead, "", ASSIGNED_BRAND), "") for lead in unbranded["lead"]]
    return Portfolio(
        every[mine & ~gone].reset_index(drop=True),
        every[mine & gone].reset_index(drop=True),
        unbranded.reset_index(drop=True),
        held_brands,
        first,
    )


def _with_answers(leads: pd.DataFrame, answered: pd.DataFrame) -> pd.DataFrame:
    """Answers of the newest analysis; where it is silent, what a visit or call let us infer (推断)."""
    given = answered.reindex(leads["lead"]).set_axis(leads.index)
    inferred = {}
    for field in CRITERIA:
        guess = leads[field] if field in _INFERRED else pd.Series("", index=leads.index, dtype="str")
        inferred[field] = given[field].isna() & (guess != "")
        leads[field] = given[field].astype("object").where(given[field].notna(), guess).astype("str")
    marks = pd.DataFrame(inferred)
    kinds = marks.drop_duplicates()  # a handful: the same set serves all the leads it is true of
    sets = {tuple(row): frozenset(marks.columns[row]) for row in kinds.to_numpy()}
    found = [sets[row] for row in marks.itertuples(index=False, name=None)]
    leads["inferred"] = pd.Series(found, index=leads.index, dtype=object)
    level = given["region_level"]
    leads["region_level"] = level.astype("object").where(level.notna(), leads["region_level"]).astype("str")
    return leads


def _origin(leads: pd.DataFrame, records: pd.DataFrame) -> pd.Series:
    """Where the lead was seen first, as text: a brand's workbook holds no link to files with other brands."""
    ordered = records.sort_values(["week", "number", "sheet", "row"], kind="stable")
    first = ordered.drop_duplicates("lead").set_index("lead")
    pairs = list(zip(first["file"], first["table"], strict=True))
    shown = {pair: shown_file(*pair) for pair in set(pairs)}
    name = pd.Series([shown[pair] for pair in pairs], index=first.index, dtype="str")
    place = name + " 第" + first["sheet"].astype("str") + "表 第"
    return leads["lead"].map(place + first["row"].astype("str") + "行")


def _called_again(leads: pd.Series, records: pd.DataFrame, started: pd.Series, week: str) -> pd.Series:
    """再次来电: day and clerk of the newest enquiry of this week by somebody who was known before ("" = none)."""
    calls = records[(records["table"] == "consult_log") & (records["week"] == week) & ~records["version"]]
    calls = calls.sort_values(["date", "number", "sheet", "row"], kind="stable").drop_duplicates("lead", keep="last")
    newest = (calls["date"] + " " + calls["person"]).set_axis(calls["lead"])
    return leads.map(newest).where(started < week, "").astype("str").fillna("")


def _to_be_moved(every: pd.DataFrame, moving: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    """转其他品牌: the sales department is asked for the brand; until then the lead stays where it is."""
    asked = every[every["lead"].isin(moving)].drop_duplicates("lead")
    now = asked["lead"].map({lead: "、".join(brands) for lead, brands in moving.items()}).astype("str").fillna("")
    return asked.assign(brand="", todo="转其他品牌(现在:" + now + "),请选品牌")


def _todo(
    leads: pd.DataFrame,
    records: pd.DataFrame,
    flags: pd.DataFrame,
    shared: frozenset[str],
) -> pd.Series:
    """What is still to be filled in, in the words of the form (待补)."""
    unknown = records[records["unknown_brand"] != ""].groupby("lead")["unknown_brand"].first()
    placed = records["lead"][records["brands"].map(len) > 0]
    homeless = records[(records["retired_brand"] != "") & ~records["lead"].isin(placed)]
    retired = homeless.groupby("lead")["retired_brand"].first()
    wrong_phone = set(records["lead"][records["rid"].isin(flags["rid"][flags["code"] == "phone-invalid"])])
    referred = leads["channel"] == "客户转介绍"
    checks = (
        (leads["name"] == "", pd.Series("客户姓名", index=leads.index)),
        (leads["city"] == "", pd.Series("省市", index=leads.index)),
        (leads["lead"].isin(wrong_phone), pd.Series("电话有误", index=leads.index)),
        (leads["phone"] == "", pd.Series("电话", index=leads.index)),
        (leads["phone"].isin(shared), pd.Series("电话是公用号码,请核实", index=leads.index)),
        (leads["lead"].isin(unknown.index), "品牌「" + leads["lead"].map(unknown).astype("str").fillna("") + "」不在名单里"),
        (leads["lead"].isin(retired.index), "品牌「" + leads["lead"].map(retired).astype("str").fillna("") + "」现在不用"),
        (leads["channel"].isin(("购买名录", "同行提供", "医疗器械展")) & (leads["source_detail"] == ""),
         pd.Series("来源名称", index=leads.index)),
        (referred & (leads["referrer_phone"] == ""), pd.Series("转介绍人电话", index=leads.index)),
    )  # fmt: skip
    columns = [text.where(mask, "") for mask, text in checks]
    return pd.Series(
        ["、".join(t for t in texts if t) for texts in zip(*columns, strict=True)], index=leads.index, dtype="str"
    )


def _with_typed(every: pd.DataFrame, typed: Mapping[tuple[str, str, str], str], context: Context) -> pd.DataFrame:
    """The director's cells, and 拆分前备注. The leads of a person who left wait for another 跟进人."""
    keys = list(zip(every["lead"], every["brand"], strict=True))
    every = every.drop(columns=["result"])
    used = {field for _, _, field in typed}
    for field in YELLOW:
        values = [typed.get((lead, brand, field), "") for lead, brand in keys] if field in used else ""
        every[field] = pd.Series(values, index=every.index, dtype="str")
    left = context.settings.left(context.as_of)
    gone = every["owner"].isin(list(left))
    former = {name: f"{name}(已离职" + (f",接替人 {other})" if other else ")") for name, other in left.items()}
    every["former_owner"] = every["owner"].map(former).where(gone, "").astype("str")
    every["owner"] = every["owner"].where(~gone, "")
    every["split_note"] = pd.Series([context.split_notes.get(key, "") for key in keys], index=every.index, dtype="str")
    return every


def _sorted(every: pd.DataFrame) -> pd.DataFrame:
    """R11 order: region level, then province, city, class, best score; ties by 客户编号."""
    rank = pd.DataFrame({
        "level": every["region_level"].map({level: at for at, level in enumerate(_LEVELS)}).fillna(len(_LEVELS)),
        "province": every["province"], "city": every["city"],
        "class": every["final_class"].map({name: at for at, name in enumerate(_CLASSES)}).fillna(len(_CLASSES)),
        "score": -every["score"], "lead": every["lead"],
    })  # fmt: skip
    return every.loc[rank.sort_values(list(rank.columns), kind="stable").index]


def counts(first: Sequence[pd.DataFrame], week: Week) -> pd.DataFrame:
    """New leads by week, channel and brand ("" = none), up to eight weeks back: week, channel, brand, new.

    first: Portfolio.first, and what waits in the pool.

    A lead is new to a brand in the week in which that brand was named first.
    """
    recent = [str(week.back(n)) for n in range(COUNTED_WEEKS)]
    every = pd.concat([part[["week", "channel", "brand"]] for part in first], ignore_index=True)
    counted = every[every["week"].isin(recent)].groupby(["week", "channel", "brand"], sort=True).size()
    return counted.rename("new").reset_index()
