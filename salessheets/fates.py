"""What becomes of every row handed in (product.md, "Nothing is lost"; contracts.md, "fates").

``judge`` decides what can be decided before matching; ``settle`` turns the accepted rest into 新增客户, 并入已有客户
and 更新 once clusters are known. Rows of closed weeks keep the fate their issue recorded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from .office import Week
from .settings import Settings
from .tables import INTAKE

NEW, MERGED, UPDATED, REPEATED = "新增客户", "并入已有客户", "更新", "重复提交"
INVALID, RETURNED, WAITING, NOTED = "无效", "退回更正", "留待下周", "登记"
FATES = (NEW, MERGED, UPDATED, REPEATED, INVALID, RETURNED, WAITING, NOTED)

# 处理结果 that make a customer 无效 (R16).
INVALID_RESULTS = ("空号停机", "拒绝联系", "无效")
BLOCKED = "拒绝联系名单"  # on the do-not-contact list of 设置: no personal data is ever shown
_SOURCE_DEMANDED = ("handover", "directory")  # R5
_COPY_MARKS = re.compile(
    r"(\(\d+\)|副本|最终版?\d*|定稿\d*|修改版?\d*|新版\d*|更新版?\d*|[-_ ]?copy\d*|final\d*|[vV]\d+|[-_\s])+$",
)


def series_of(file: str) -> str:
    """The stem that hand-ins of one register share: without (1), 副本, 最终版 … (contracts.md, "file series")."""
    stem = re.sub(r"\s+", "", unicodedata.normalize("NFKC", PurePosixPath(file).stem))
    return _COPY_MARKS.sub("", stem) or stem


def judge(
    records: pd.DataFrame,
    flags: pd.DataFrame,
    arrival: Mapping[int, Week],
    week: Week,
    settings: Settings,
    decided: pd.DataFrame,
) -> pd.DataFrame:
    """One row per record: rid, week (label), fate ("" = accepted, to be settled), reason, code, original, successor,
    blocked (on the do-not-contact list now, whatever was decided before).

    records: RECORD_COLUMNS, every table. arrival: first week open when a file number arrived. decided: FATE_COLUMNS of
    closed weeks. ``original`` is the rid a 重复提交 repeats; ``successor`` the rid of the accepted newer version of a
    register's row.
    """
    ordered = records.sort_values(["number", "sheet", "row"], kind="stable")
    arrived = ordered["number"].map(arrival)
    own_week = ordered["date"].map({day: Week.of(pd.Timestamp(day).date()) for day in ordered["date"].unique()})
    weeks = [max(a, b) for a, b in zip(arrived, own_week, strict=True)]
    result = pd.DataFrame(
        {
            "rid": ordered["rid"],
            "week": [str(w) for w in weeks],
            "fate": "",
            "reason": "",
            "code": "",
            "original": "",
            "successor": "",
        }
    )
    waiting = pd.Series([w > week for w in weeks], index=result.index)
    first = ordered.groupby("identical", sort=False)["rid"].transform("first")
    repeated = first != ordered["rid"]
    result.loc[repeated, "original"] = first[repeated]
    code, value = _returns(ordered, flags)
    blocked = _blocked(ordered, settings)
    never = blocked & (code != "")  # a returned row would show his data to be corrected
    bad_result = ordered["result"].isin(INVALID_RESULTS) & ordered["table"].isin(INTAKE)
    for mask, fate, reason in (
        (blocked, INVALID, BLOCKED),
        (bad_result, INVALID, ordered["result"]),
        (waiting, WAITING, ordered["date"] + " 在本周之后"),
        (code != "", RETURNED, value),
        (never, INVALID, BLOCKED),
        (repeated, REPEATED, "与 " + first + " 相同"),
    ):
        result.loc[mask, "fate"] = fate
        result.loc[mask, "reason"] = reason if isinstance(reason, str) else reason[mask]
    result["code"] = code.where(result["fate"] == RETURNED, "")
    result.loc[result["fate"] == REPEATED, "week"] = [str(a) for a in arrived[result["fate"] == REPEATED]]
    at_once = (result["fate"] == RETURNED) | (never & (result["fate"] == INVALID))
    result.loc[at_once, "week"] = [str(a) for a in arrived[at_once]]
    result = _keep_decided(result, decided)
    result["successor"] = _successors(ordered, result)
    result["blocked"] = blocked
    return result.reset_index(drop=True)


def _keep_decided(result: pd.DataFrame, decided: pd.DataFrame) -> pd.DataFrame:
    """Rows of closed weeks keep their fate; the accepted ones are settled again only for their customer."""
    past = decided.drop_duplicates("rid", keep="last").set_index("rid")
    known = result["rid"].isin(past.index)
    old = past.reindex(result["rid"])
    old.index = result.index
    kept = known & old["fate"].isin((INVALID, RETURNED, REPEATED, NOTED))
    for column in ("fate", "reason", "code", "week"):
        result[column] = result[column].where(~kept, old[column])
    accepted = known & old["fate"].isin((NEW, MERGED, UPDATED))
    result.loc[accepted & (result["fate"] == RETURNED), ["fate", "reason", "code"]] = ""
    result["week"] = result["week"].where(~accepted, old["week"])
    return result


def _returns(records: pd.DataFrame, flags: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Problem code of each row that must go back ("" = none) and the value it is about (product.md, "Few rows")."""
    intake = records["table"].isin(INTAKE)
    usable = (
        (records["mobiles"].map(len) + records["landlines"].map(len) + records["hotlines"].map(len) > 0)
        | (records["wechat"] != "")
        | (records["qq"] != "")
    )
    contradiction = flags[flags["code"] == "region-contradiction"].drop_duplicates("rid").set_index("rid")["value"]
    place = records["rid"].map(contradiction).astype("str").fillna("")
    code = pd.Series("", index=records.index, dtype="str")
    value = code.copy()
    for mask, name, what in (
        (records["date"] > records["archived"], "future-date", records["date"]),
        (intake & (place != ""), "region-contradiction", place),
        (intake & records["table"].isin(_SOURCE_DEMANDED) & (records["channel"] == ""), "no-channel", ""),
        (intake & ~usable & records["contact_typed"], "bad-contact", ""),
        (intake & ~usable & ~records["contact_typed"], "no-contact", ""),
        (intake & (records["name"] == "") & (records["company"] == ""), "no-name", ""),
    ):
        code = code.where(~mask, name)
        value = value.where(~mask, what)
    return code, value


def _blocked(records: pd.DataFrame, settings: Settings) -> pd.Series:
    """On the do-not-contact list by phone, WeChat or QQ."""
    blocked = {entry.value for entry in settings.blocked}
    if not blocked:
        return pd.Series(data=False, index=records.index)
    numbers = (records["mobiles"] + records["landlines"] + records["hotlines"]).map(blocked.intersection).map(bool)
    return numbers | records["wechat"].isin(blocked) | records["qq"].isin(blocked)


def _successors(records: pd.DataFrame, result: pd.DataFrame) -> pd.Series:
    """For each row the rid of its accepted newer version in the same file series, "" when it has none."""
    series = (
        records["person"]
        + "\x1f"
        + records["table"]
        + "\x1f"
        + records["file"].map(
            {file: series_of(file) for file in records["file"].unique()},
        )
    )
    successor: dict[str, str] = {}
    accepted = result["fate"].isin(("", INVALID))
    # 记录编号 names a return, never a good row (a number dragged down a column replaces nothing). A correction of a
    # correction takes the place of the last one; one that is wrong again replaces the return, so it is shown once.
    returned = result["fate"] == RETURNED
    explicit = (accepted | returned) & records["replaces"].isin(result["rid"][returned])
    newest: dict[str, str] = {}
    for old, new in zip(records["replaces"][explicit], records["rid"][explicit], strict=True):
        last = newest.get(old, old)
        # Two rows of one hand-in with the same number: a row copied to add a customer. Each keeps its own.
        successor[last if last.rsplit("-", 2)[0] != new.rsplit("-", 2)[0] else old] = new
        newest[old] = new
    several = records.groupby(series)["number"].transform("nunique") > 1
    candidates = several & records["table"].isin(INTAKE)
    frame = records.assign(accepted=accepted, returned=returned, repeats=result["original"], series=series)[candidates]
    for _, rows in frame.groupby("series", sort=True):
        _align_series(rows, successor)
    return result["rid"].map(successor).astype("str").fillna("")


def _align_series(rows: pd.DataFrame, successor: dict[str, str]) -> None:
    """Walk through the hand-ins of one series: a changed row takes the place of the one old row it fits."""
    live: dict[str, Any] = {}
    columns = [
        "rid", "date", "name", "full", "mobiles", "wechat", "qq", "company", "address", "sheet", "row", "repeats",
        "accepted", "returned",
    ]  # fmt: skip
    taken = set(successor.values())
    for _, hand_in in rows.groupby("number", sort=True):
        versions: list[Any] = list(hand_in[columns].itertuples(index=False))
        still_there = {v.repeats for v in versions if v.repeats}
        gone = {rid: old for rid, old in live.items() if rid not in still_there and rid not in successor}
        for new in versions:
            if new.repeats or not (new.accepted or new.returned) or new.rid in taken:
                continue
            # A row that is wrong (again) may only take the place of a return: a good old version stays in force.
            old = _fitting(new, gone if new.accepted else {rid: v for rid, v in gone.items() if v.returned})
            if old is not None:
                successor[old] = new.rid
                del gone[old]
        for v in versions:
            if not v.repeats:
                live[v.rid] = v


def _fitting(new, gone: Mapping[str, tuple]) -> str | None:  # type: ignore[no-untyped-def, type-arg]  # noqa: ANN001
    """The one vanished row that this row is a newer version of: same date and full name, same date and contact, or
    the same place in the sheet with most identifying cells equal. Two fitting rows are none: nothing is guessed; two
    王总 of one day are two customers.
    """
    tests = (
        lambda old: old.date == new.date and old.full and new.full and old.name == new.name,
        lambda old: old.date == new.date and _contacts(old) & _contacts(new),
        lambda old: (old.sheet, old.row) == (new.sheet, new.row) and _mostly_equal(old, new),
    )
    for test in tests:
        fits = [rid for rid, old in gone.items() if test(old)]
        if len(fits) == 1:
            return fits[0]
    return None


def _contacts(row) -> set[str]:  # type: ignore[no-untyped-def]  # noqa: ANN001
    return {*row.mobiles, row.wechat, row.qq} - {""}


def _mostly_equal(old, new) -> bool:  # type: ignore[no-untyped-def]  # noqa: ANN001
    cells = [(old.date, new.date), (old.name, new.name), (old.company, new.company), (old.address, new.address),
             (old.mobiles, new.mobiles), (old.wechat, new.wechat), (old.qq, new.qq)]  # fmt: skip
    filled = [a == b for a, b in cells if a or b]
    return len(filled) >= 3 and sum(filled) / len(filled) >= 0.6


def settle(judged: pd.DataFrame, lead_of: pd.Series, decided: pd.DataFrame, joined: Mapping[str, str]) -> pd.DataFrame:
    """FATE_COLUMNS + code for every row: the accepted rows become 新增客户, 并入已有客户 or 更新.

    lead_of: rid → 客户编号 of every clustered row. joined: rid of a working row → 客户编号 ("" = unknown customer).
    """
    result = judged.copy()
    recorded = decided.drop_duplicates("rid", keep="last").set_index("rid")
    past = recorded["fate"]
    fates = dict(zip(result["rid"], result["fate"], strict=True))
    updates = {
        new
        for old, new in zip(result["rid"], result["successor"], strict=True)
        if new and fates[old] not in (RETURNED, WAITING, REPEATED)
    }
    result["lead"] = result["rid"].map(lead_of).astype("str").fillna("")
    open_rows = result["fate"] == ""
    # A row joined to its lead in a closed week stays with it, under the number the lead has now.
    earlier = result["rid"].map(recorded["lead"].to_dict())
    earlier = earlier.map(lead_of.to_dict()).where(earlier.isin(lead_of.index), "")
    result["lead"] = result["lead"].where((result["lead"] != "") | (result["fate"] != NOTED), earlier.fillna(""))
    working = open_rows & result["rid"].isin(list(joined))
    result.loc[working, "lead"] = result["rid"][working].map(joined)
    lost = working & (result["lead"] == "")
    settled = pd.Series(MERGED, index=result.index, dtype="str")
    settled = settled.where(result["rid"] != result["lead"], NEW).where(~result["rid"].isin(updates), UPDATED)
    settled = settled.where(~working, NOTED).where(~lost, RETURNED)
    result["fate"] = result["fate"].where(~open_rows, settled)
    result.loc[lost, "code"] = "lead-unknown"
    before = result["rid"].map(past)
    kept = open_rows & before.notna() & ~lost
    result["fate"] = result["fate"].where(~kept, before)
    originals = result["original"].map(dict(zip(result["rid"], result["lead"], strict=True))).astype("str").fillna("")
    result["lead"] = result["lead"].where(result["original"] == "", originals)
    return result
