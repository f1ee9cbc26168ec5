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
    label_of = dict(zip(records["rid"], labels, strict=True))
    chain = {old: new for old, new in zip(judged["rid"], judged["superseded_by"], strict=True) if new}
    returned = set(judged["rid"][judged["fate"].isin(("退回更正", "重复提交", "留待下周"))])
    frame = judged[["rid", "week"]].copy()
    frame["label"] = [label_of.get(newest_version(rid, chain)) for rid in frame["rid"]]
    frame = frame[frame["label"].notna() & ~frame["rid"].isin(returned)]
    place = frame["rid"].str.extract(r"(\d+)-(\d+)-(\d+)").astype("int64")
    frame = frame.assign(number=place[0], sheet=place[1], row=place[2])
    frame = frame.sort_values(["week", "number", "sheet", "row"], kind="stable")
    first = frame.groupby("label", sort=False)["rid"].transform("first")
    return pd.Series(first.to_numpy(), index=frame["rid"].to_numpy(), dtype="str")


def merge(records: pd.DataFrame) -> pd.DataFrame:
    """One row per lead from its live records.

    records: RECORD_COLUMNS plus ``lead``; superseded versions excluded. Returns columns lead, name, full, title, phone,
    numbers (all of them, tuple), wechat, qq, company, core, province, city, county, township, address, region_level,
    channel, source_detail, referrer, referrer_phone, first_date, last_date, summary, urgent, result, brand_texts
    (tuple), record_count, team, experience, likelihood; sorted by lead.
    """
    frame = records.assign(
        word=~records["channel"].isin(_HEARSAY),
        mobile=records["mobiles"].map(_first),
        other=(records["landlines"] + records["hotlines"]).map(_first),
        full_name=records["name"].where(records["full"], ""),
        products=records["content"].where(records["table"].isin(("directory", "visit_log")), ""),
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
    return golden.reset_index()


def _standing_result(oldest_first: pd.DataFrame) -> pd.Series:
    """The newest 处理结果 of each lead. Who was heard of after it has outlived a dead number, but never a refusal."""
    answered = oldest_first.dropna(subset=["result"]).groupby("lead", sort=True)[["result", "date"]].last()
    newest = oldest_first.groupby("lead", sort=True)["date"].max().reindex(answered.index)
    return answered["result"].where((answered["date"] >= newest) | (answered["result"] == "拒绝联系"))


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
    number_of = lead_of.to_dict()
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
