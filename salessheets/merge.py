"""Clusters → one lead each (golden record). Every other value stays visible with its source.

Survivorship (matching.md, "One lead"): the newest good value wins, blank never overwrites, a fuller name beats 王总,
a mobile beats a landline, a person's own word beats a bought list.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .tables import TABLES

# A bought or copied list is hearsay: its values yield to anything a customer said himself.
_HEARSAY = ("购买名录", "同行提供")
_LATEST = ("title", "wechat", "qq", "company", "core", "province", "city", "county", "township", "address", "products",
           "referrer", "referrer_phone")  # fmt: skip
_SUMMARY_LENGTH = 120
GOLDEN_COLUMNS = (
    "lead", "name", "full", *_LATEST, "phone", "numbers", "region_level", "channel", "source_detail", "first_date", "last_date",
    "summary", "urgent", "result", "brand_texts", "record_count", "team", "experience", "likelihood",
)  # fmt: skip


def newest_version(rid: str, superseded_by: Mapping[str, str]) -> str:
    """The row at the end of the chain of versions that begins with this one."""
    seen = {rid}
    while rid in superseded_by and superseded_by[rid] not in seen:
        rid = superseded_by[rid]
        seen.add(rid)
    return rid


def lead_numbers(records: pd.DataFrame, labels: pd.Series, judged: pd.DataFrame) -> pd.Series:
    """rid → 客户编号 of every clustered row and of every older version of it.

    The number of a lead is that of its first sighting in the order week, file, sheet, row (contracts.md).
    labels: cluster label per record (index of records). judged: fates.judge's frame.
    """
    newer = judged["superseded_by"] != ""
    chain = dict(zip(judged["rid"][newer], judged["superseded_by"][newer], strict=True))
    label_of = pd.Series(pd.factorize(labels)[0], index=pd.Index(records["rid"], dtype="str"))
    frame = judged[["rid", "week"]].assign(label=label_of.reindex(judged["rid"], fill_value=-1).to_numpy())
    ends = [newest_version(rid, chain) for rid in judged["rid"][newer]]
    frame.loc[newer, "label"] = label_of.reindex(ends, fill_value=-1).to_numpy()
    frame = frame[(frame["label"] >= 0) & ~judged["fate"].isin(("退回更正", "重复提交", "留待下周"))]
    several = frame.duplicated("label", keep=False)
    alone, frame = frame["rid"][~several], frame[several]
    place = frame["rid"].str.extract(r"(\d+)-(\d+)-(\d+)").astype("int64")
    frame = frame.assign(number=place[0], sheet=place[1], row=place[2])
    frame = frame.sort_values(["week", "number", "sheet", "row"], kind="stable")
    first = frame.groupby("label", sort=False)["rid"].transform("first")
    found = pd.concat([alone, first], ignore_index=True)
    return found.set_axis(pd.Index(pd.concat([alone, frame["rid"]]), dtype="str")).astype("str")


def merge(records: pd.DataFrame) -> pd.DataFrame:
    """One row per lead from its live records.

    records: RECORD_COLUMNS plus ``lead``; superseded versions excluded. Returns GOLDEN_COLUMNS, sorted by lead; numbers (all
    of them) and brand_texts are tuples.
    """
    several = records.duplicated("lead", keep=False)
    parts = [_of_one(records[~several]), _of_several(records[several])]
    found = [part for part in parts if len(part)] or parts[:1]
    return pd.concat(found, ignore_index=True).sort_values("lead", ignore_index=True)


def _of_one(records: pd.DataFrame) -> pd.DataFrame:
    """Leads of a single record: nothing has to be chosen."""
    numbers = records["mobiles"] + records["landlines"] + records["hotlines"]
    same = [column for column in GOLDEN_COLUMNS if column in records]
    made = records[same].assign(
        products=_products(records),
        phone=[found[0] if found else "" for found in numbers],
        first_date=records["date"],
        last_date=records["date"],
        record_count=1,
        summary=records["content"].map(_shorten),
        region_level=records["region_level"].where(records["region_level"] != "", "待定"),
        numbers=pd.Series([tuple(dict.fromkeys(found)) for found in numbers], index=records.index, dtype=object),
        brand_texts=pd.Series([(text,) if text else () for text in records["brand_text"]], records.index, dtype=object),
    )
    return made[list(GOLDEN_COLUMNS)]


def _products(records: pd.DataFrame) -> pd.Series:
    return records["content"].where(records["table"].isin(("directory", "visit_log")), "")


def _of_several(records: pd.DataFrame) -> pd.DataFrame:
    """Leads of any number of records: each value of the record that says it best."""
    frame = records.assign(
        word=~records["channel"].isin(_HEARSAY),
        mobile=records["mobiles"].map(_first),
        other=(records["landlines"] + records["hotlines"]).map(_first),
        full_name=records["name"].where(records["full"], ""),
        products=_products(records),
    )
    newest_last = frame.sort_values(["word", "date", "number", "sheet", "row"], kind="stable")
    newest_last = _blank_to_missing(newest_last)
    grouped = newest_last.groupby("lead", sort=True)
    newest = grouped[[*_LATEST, "name", "full_name", "mobile", "other", "team", "experience", "likelihood"]].last()
    oldest_first = _blank_to_missing(frame.sort_values(["date", "number", "sheet", "row"], kind="stable"))
    by_age = oldest_first.groupby("lead", sort=True)
    golden = newest.drop(columns=["name", "full_name", "mobile", "other"])
    golden["name"] = newest["full_name"].fillna(newest["name"])
    golden["full"] = newest["full_name"].notna()
    golden["phone"] = newest["mobile"].fillna(newest["other"])
    golden["channel"] = by_age["channel"].first()
    golden["source_detail"] = by_age["source_detail"].first()
    golden["first_date"], golden["last_date"] = by_age["date"].min(), by_age["date"].max()
    golden["result"] = _standing_result(oldest_first).reindex(golden.index)
    golden["urgent"] = frame.groupby("lead", sort=True)["urgent"].any()
    golden["record_count"] = by_age.size()
    golden["summary"] = _join(oldest_first, "content").map(_shorten)
    golden = golden.fillna({c: "" for c in golden.columns if c not in ("full", "urgent", "record_count")})
    golden["region_level"] = _level(newest_last, golden)
    golden["numbers"] = _all_numbers(frame)
    said = oldest_first.dropna(subset=["brand_text"])
    texts = _listed(said["lead"], said["brand_text"])
    golden["brand_texts"] = pd.Series([tuple(texts.get(k, ())) for k in golden.index], golden.index, dtype=object)
    return golden.reset_index()[list(GOLDEN_COLUMNS)]


def _standing_result(oldest_first: pd.DataFrame) -> pd.Series:
    """The newest 处理结果 of each lead. Who was heard of after it has outlived a dead number, but never a refusal."""
    answers = oldest_first.dropna(subset=["result"]).sort_values("result_date", kind="stable")
    answered = answers.groupby("lead", sort=True)[["result", "result_date"]].last()
    newest = oldest_first.groupby("lead", sort=True)["date"].max().reindex(answered.index)
    return answered["result"].where((answered["result_date"] >= newest) | (answered["result"] == "拒绝联系"))


def _first(values: tuple[str, ...]) -> str:
    return values[0] if values else ""


def _blank_to_missing(frame: pd.DataFrame) -> pd.DataFrame:
    """groupby.first/last skip missing values, and that is what "blank never overwrites" means."""
    text = [c for c in frame.columns if isinstance(frame[c].dtype, pd.StringDtype)]
    return frame.assign(**{c: frame[c].mask(frame[c] == "") for c in text})


def _listed(leads: pd.Series, values: pd.Series) -> dict[str, list[str]]:
    """Values of each lead in their order. A dict does in a moment what groupby.agg does lead by lead."""
    listed: dict[str, list[str]] = {}
    for lead, value in zip(leads, values, strict=True):
        listed.setdefault(lead, []).append(value)
    return listed


def _join(frame: pd.DataFrame, column: str) -> pd.Series:
    """Distinct values of a lead, oldest first, joined by ;."""
    values = frame.dropna(subset=[column]).drop_duplicates(["lead", column])
    return pd.Series({k: ";".join(v) for k, v in _listed(values["lead"], values[column]).items()}, dtype="str")


def _shorten(text: str) -> str:
    return text if len(text) <= _SUMMARY_LENGTH else text[: _SUMMARY_LENGTH - 1] + "…"


def _level(newest_last: pd.DataFrame, golden: pd.DataFrame) -> pd.Series:
    """The region level of the newest record that says the golden place; 待定 when none is known."""
    known = newest_last[newest_last["region_level"] != "待定"]
    most_exact = known.sort_values("county", na_position="first", key=lambda c: c.notna(), kind="stable")
    level = most_exact.groupby("lead", sort=True)["region_level"].last()
    return level.reindex(golden.index).fillna("待定")


def _all_numbers(frame: pd.DataFrame) -> pd.Series:
    """Every mobile, landline and hotline of a lead, newest first, each once."""
    newest_first = frame.sort_values(["date", "number", "sheet", "row"], ascending=False, kind="stable")
    found: dict[str, dict[str, None]] = {}
    columns = ("lead", "mobiles", "landlines", "hotlines")
    for lead, mobiles, landlines, hotlines in zip(*(newest_first[c] for c in columns), strict=True):
        found.setdefault(lead, {}).update(dict.fromkeys((*mobiles, *landlines, *hotlines)))
    leads = sorted(found)
    return pd.Series([tuple(found[lead]) for lead in leads], index=leads, dtype=object)


def join_working(working: pd.DataFrame, records: pd.DataFrame, lead_of: pd.Series) -> dict[str, str]:
    """rid of a working row → 客户编号 of the lead it is about, "" when it is nobody we know.

    By 客户编号 (any record number of the lead, checked against the name), else by phone and name (tables.md,
    "Working tables"). A phone shared by leads with other names is not enough.
    """
    if working.empty:
        return {}
    typed_numbers = working["lead_text"][working["lead_text"] != ""].unique()
    number_of = lead_of.reindex(typed_numbers).dropna().to_dict()
    wanted = {value for columns in (working["mobiles"], working["landlines"]) for values in columns for value in values}
    meant = [not wanted.isdisjoint((*m, *l)) for m, l in zip(records["mobiles"], records["landlines"], strict=True)]  # noqa: E741
    meant_leads = {*records["lead"][meant], *number_of.values()}
    records = records[records["lead"].isin(meant_leads)]
    names: dict[str, set[tuple[str, str]]] = {}
    by_phone: dict[str, set[str]] = {}
    for lead, name, pinyin, full, mobiles, landlines in zip(
        records["lead"], records["name"], records["pinyin"], records["full"], records["mobiles"], records["landlines"],
        strict=True,
    ):  # fmt: skip
        if full:
            names.setdefault(lead, set()).add((name, pinyin))
        for value in (*mobiles, *landlines):
            by_phone.setdefault(value, set()).add(lead)
    joined = {}
    columns = ("rid", "lead_text", "name", "pinyin", "full", "mobiles", "landlines")
    for rid, typed, name, pinyin, full, mobiles, landlines in zip(*(working[c] for c in columns), strict=True):
        candidates = {number_of[typed]} if typed in number_of else set()
        if not typed:
            candidates = set().union(*(by_phone.get(v, set()) for v in (*mobiles, *landlines)))
        fitting = [c for c in sorted(candidates) if _name_fits(name, pinyin, full, names.get(c, set()))]
        joined[rid] = fitting[0] if len(fitting) == 1 else ""
    return joined


def _name_fits(name: str, pinyin: str, full: bool, known: set[tuple[str, str]]) -> bool:
    """No full name is known on one of the sides, or one of the known names is this one."""
    return not full or not known or any(pinyin == p or name in n or n in name for n, p in known)


def describe(table: str) -> str:
    """The Chinese name of a table key."""
    return TABLES[table].name
