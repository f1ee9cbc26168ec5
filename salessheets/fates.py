"""What becomes of every row handed in (product.md, "Nothing is lost"; contracts.md, "fates").

``judge`` decides what can be decided before matching; ``settle`` turns the accepted rest into 新增客户, 并入已有客户
and 更新 once clusters are known. Rows of closed weeks keep the fate their issue recorded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from .merge import newest_version
from .office import Week
from .settings import Settings
from .tables import INTAKE

NEW, MERGED, UPDATED, REPEATED = "新增客户", "并入已有客户", "更新", "重复提交"
INVALID, RETURNED, WAITING, NOTED = "无效", "退回更正", "留待下周", "登记"
_ACCEPTED = (NEW, MERGED, UPDATED)
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
    copies: Collection[int] = (),
) -> pd.DataFrame:
    """What each row is as far as it can be said before matching, one row per record in these columns.

    rid; week (label); fate ("" = accepted, to be settled); reason; code;
    repeats: the rid of the row whose content it repeats, "" when it repeats none;
    superseded_by: the rid of the row that took its place, be it a correction or a newer version in its register;
    blocked: on the do-not-contact list now, whatever was decided before;
    recorded, recorded_lead: fate and 客户编号 that a closed week recorded, "" when none did.

    records: RECORD_COLUMNS, every table. arrival: first week open when a file number arrived. decided: FATE_COLUMNS of
    closed weeks. copies: numbers of files that are byte for byte what the same person handed in before.
    """
    ordered = records.sort_values(["number", "sheet", "row"], kind="stable")
    result = _with_recorded(_verdicts(ordered, flags, arrival, week, settings), decided)
    repeats, revived = _repeats(ordered, result)
    chain, restored = _superseded(ordered, result.assign(repeats=repeats), revived, copies)
    result["repeats"] = repeats.where(~result["rid"].isin(restored), "")
    result["superseded_by"] = _placed(chain, result["rid"])
    again = (result["repeats"] != "") & (result["recorded"] == "") & ~_may_be_known_now(result)
    result.loc[again, "fate"] = REPEATED
    result.loc[again, "code"] = ""
    result.loc[again, "reason"] = "与 " + result["repeats"][again] + " 相同"
    result.loc[again, "week"] = result["arrived"][again]
    return result.drop(columns="arrived").reset_index(drop=True)


def _verdicts(
    ordered: pd.DataFrame, flags: pd.DataFrame, arrival: Mapping[int, Week], week: Week, settings: Settings
) -> pd.DataFrame:
    """Each row by itself, as if none had come before it: rid, arrived and week (labels), fate, reason, code, blocked."""
    # Labels of weeks are in the order of the weeks.
    labels_arrived = _spread(ordered["number"], lambda number: str(arrival[number]))
    own_week = _spread(ordered["date"], lambda day: str(Week.of(date.fromisoformat(day))))
    labels = labels_arrived.where(labels_arrived >= own_week, own_week)
    code, value = _returns(ordered, flags)
    faulty = code != ""
    blocked = _blocked(ordered, settings)
    refused = ordered["result"].isin(INVALID_RESULTS) & ordered["table"].isin(INTAKE)
    waiting = labels > str(week)
    # The first that applies. A faulty row of a blocked person is never returned: that would show his data to be corrected.
    # Faulty rows do not wait for their week: a person should get a correction at once.
    verdicts = (
        (blocked & faulty, INVALID, BLOCKED),
        (faulty, RETURNED, value),
        (waiting, WAITING, ordered["date"] + " 在本周之后"),
        (blocked, INVALID, BLOCKED),
        (refused, INVALID, ordered["result"]),
    )
    fate = pd.Series("", index=ordered.index, dtype="str")
    reason = fate.copy()
    open_still = pd.Series(data=True, index=ordered.index)
    for mask, name, why in verdicts:
        now = mask & open_still
        fate, reason, open_still = fate.mask(now, name), reason.mask(now, why), open_still & ~mask
    return pd.DataFrame({
        "rid": ordered["rid"], "arrived": labels_arrived, "week": labels.where(~faulty, labels_arrived),
        "fate": fate, "reason": reason, "code": code.where(fate == RETURNED, ""), "blocked": blocked,
    })  # fmt: skip


def _spread(values: pd.Series, text: Callable[[Any], str]) -> pd.Series:
    """A text for each value, worked out once for each distinct one."""
    codes, distinct = pd.factorize(values)
    return pd.Series(pd.array([text(value) for value in distinct], dtype="str").take(codes), index=values.index)


def _with_recorded(result: pd.DataFrame, decided: pd.DataFrame) -> pd.DataFrame:
    """Rows of closed weeks keep their fate; the accepted ones are settled again only for their customer.

    This is the one place that looks at closed weeks: ``recorded`` and ``recorded_lead`` say what they said.
    """
    past = decided.drop_duplicates("rid", keep="last").set_index("rid")
    old = past.reindex(result["rid"]).set_axis(result.index)
    known = old["fate"].notna()
    kept = old["fate"].isin((INVALID, RETURNED, REPEATED, NOTED))
    for column in ("fate", "reason", "code", "week"):
        result[column] = result[column].where(~kept, old[column])
    accepted = old["fate"].isin(_ACCEPTED)
    result.loc[accepted & result["fate"].isin((RETURNED, WAITING)), ["fate", "reason", "code"]] = ""
    result["week"] = result["week"].where(~accepted, old["week"])
    result["recorded"] = old["fate"].where(known, "").astype("str")
    result["recorded_lead"] = old["lead"].where(known, "").astype("str")
    return result


def _may_be_known_now(result: pd.DataFrame) -> pd.Series:
    """Rows that repeat one which was returned because nobody knew the customer: he may be known by now (settle)."""
    unknown = set(result["rid"][(result["code"] == "lead-unknown") & (result["fate"] == RETURNED)])
    return (result["fate"] == "") & result["repeats"].isin(unknown)


def _repeats(ordered: pd.DataFrame, result: pd.DataFrame) -> tuple[pd.Series, dict[str, str]]:
    """For each row the rid of the row with the same content that came before it ("" = none), and the returned rows
    that came again when nothing was wrong with them any more: returned rid → rid that is accepted in its place.

    A date that was in the future may have come; a rule or the program may have changed.
    """
    columns = [ordered["fingerprint"], result["rid"], result["fate"], result["code"], result["recorded"]]
    frame = pd.concat(columns, axis=1)
    frame = frame[frame.duplicated("fingerprint", keep=False)]
    repeats: dict[str, str] = {}
    revived: dict[str, str] = {}
    first: dict[str, tuple[str, str, str]] = {}  # content → the row that stands for it: rid, fate, code
    for content, rid, fate, code, recorded in frame.itertuples(index=False, name=None):
        if content not in first:
            first[content] = (rid, fate, code)
            continue
        head, head_fate, head_code = first[content]
        stands = recorded not in ("", REPEATED)  # a closed week took it for a row of its own
        if recorded == REPEATED or not (stands or (head_fate == RETURNED and fate != RETURNED)):
            repeats[rid] = head
            continue
        first[content] = (rid, fate, code)
        if head_fate == RETURNED and (stands or head_code != "lead-unknown"):
            revived[head] = rid
        elif not stands:
            repeats[rid] = head  # settle will know whether the customer is known by now
    return _placed(repeats, result["rid"]), revived


def _placed(found: Mapping[Any, str], rids: pd.Series) -> pd.Series:
    """The value of each rid, "" where there is none: a few among a million."""
    texts = pd.Series("", index=rids.index, dtype="str")
    hit = rids.isin(list(found))
    return texts.mask(hit, rids[hit].map(found).astype("str").reindex(rids.index)) if hit.any() else texts


def _returns(records: pd.DataFrame, flags: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Problem code of each row that must go back ("" = none) and the value it is about (product.md, "Few rows")."""
    # A white cell that a director corrected says only that; everything else is known of his customer.
    intake = records["customer"] & (records["lead_text"] == "")
    usable = (
        records["mobiles"].astype(bool)
        | records["landlines"].astype(bool)
        | records["hotlines"].astype(bool)
        | (records["wechat"] != "")
        | (records["qq"] != "")
    )
    contradiction = flags[flags["code"] == "region-contradiction"].drop_duplicates("rid").set_index("rid")["value"]
    place = _placed(contradiction.to_dict(), records["rid"])
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


def _superseded(
    records: pd.DataFrame, result: pd.DataFrame, revived: Mapping[str, str], copies: Collection[int]
) -> tuple[dict[str, str], set[str]]:
    """Old rid → rid of the row that took its place, and the rows that are a version again although their content is old.

    Three ways: a correction names the returned row (记录编号); a returned row came again and is right now; a row of a
    register was changed in a newer hand-in of it.
    """
    by_rid = result.set_index("rid")["fate"]
    chain = _corrected(records, result)
    for old, new in revived.items():
        end = newest_version(old, chain)
        if by_rid[end] == RETURNED:
            chain[end] = new
    series = _series(records)
    several = records.groupby(series)["number"].transform("nunique") > 1
    candidates = several & records["table"].isin(INTAKE) & ~records["number"].isin(set(copies))
    frame = records.assign(
        accepted=result["fate"].isin(("", INVALID)),
        returned=result["fate"] == RETURNED,
        repeats=result["repeats"],
        series=series,
    )[candidates]
    restored: set[str] = set()
    for _, rows in frame.groupby("series", sort=True):
        restored |= _align_series(rows, chain, set(by_rid.index[by_rid == RETURNED]))
    return chain, restored


def _series(records: pd.DataFrame) -> pd.Series:
    """Person, table and file series of each row as one text."""
    stems = records["file"].map({file: series_of(file) for file in records["file"].unique()})
    return records["person"] + "\x1f" + records["table"] + "\x1f" + stems


def _corrected(records: pd.DataFrame, result: pd.DataFrame) -> dict[str, str]:
    """The rows that name the one they correct. 记录编号 names a return, never a good row (a number dragged down a column
    replaces nothing). A correction of a correction takes the place of the last one; one that is wrong again replaces
    the return, so it is shown once.
    """
    chain: dict[str, str] = {}
    returned = result["fate"] == RETURNED
    meant = (result["fate"].isin(("", INVALID)) | returned) & records["corrects"].isin(result["rid"][returned])
    newest: dict[str, str] = {}
    for old, new in zip(records["corrects"][meant], records["rid"][meant], strict=True):
        last = newest.get(old, old)
        # Two rows of one hand-in with the same number: a row copied to add a customer. Each keeps its own.
        chain[last if last.rsplit("-", 2)[0] != new.rsplit("-", 2)[0] else old] = new
        newest[old] = new
    return chain


def _align_series(rows: pd.DataFrame, chain: dict[str, str], returned: Collection[str]) -> set[str]:
    """Walk through the hand-ins of one series: a changed row takes the place of the one old row it fits.

    Extends ``chain`` (old → new). Returns the rows that were changed back: their content is old, but they take the
    place of the version in between.
    """
    live: dict[str, Any] = {}  # rid of the newest version in this series → its row
    seen: dict[str, str] = {}  # content → the first row of this series that had it
    restored: set[str] = set()
    columns = [
        "rid", "date", "name", "full", "mobiles", "wechat", "qq", "company", "core", "city", "address", "sheet", "row",
        "fingerprint", "repeats", "accepted", "returned",
    ]  # fmt: skip
    taken = set(chain.values())
    for _, hand_in in rows.groupby("number", sort=True):
        versions: list[Any] = list(hand_in[columns].itertuples(index=False))
        contents = {v.fingerprint for v in versions}
        # A return whose correction is wrong again is still open: the register may hold the right row.
        gone = {
            rid: old
            for rid, old in live.items()
            if old.fingerprint not in contents and (rid not in chain or newest_version(rid, chain) in returned)
        }
        for new in versions:
            before = seen.setdefault(new.fingerprint, new.rid)
            if before != new.rid:
                middle = newest_version(before, chain)
                if new.accepted and middle in gone and live[middle].fingerprint != new.fingerprint:
                    chain[middle] = new.rid
                    restored.add(new.rid)
                    del gone[middle]
                elif not new.repeats:
                    live.pop(before, None)
                if new.rid in restored or not new.repeats:
                    live[new.rid] = new
                continue
            if new.repeats:
                continue
            live[new.rid] = new
            if not (new.accepted or new.returned) or new.rid in taken:
                continue
            # A row that is wrong (again) may only take the place of a return: a good old version stays in force.
            old = _fitting(new, gone if new.accepted else {rid: v for rid, v in gone.items() if v.returned})
            if old is not None:
                chain[newest_version(old, chain)] = new.rid
                del gone[old]
    return restored


def _fitting(new, gone: Mapping[str, tuple]) -> str | None:  # type: ignore[no-untyped-def, type-arg]  # noqa: ANN001
    """The one vanished row that this row is a newer version of: same date and full name, same date and contact, or
    the same place in the sheet with most identifying cells equal. Two fitting rows are none: nothing is guessed; two
    王总 of one day are two customers, and so are two namesakes of different shops or cities who share no contact.
    """
    tests = (
        lambda old: (
            old.date == new.date and old.full and new.full and old.name == new.name and not _strangers(old, new)
        ),
        lambda old: old.date == new.date and _contacts(old) & _contacts(new),
        lambda old: (old.sheet, old.row) == (new.sheet, new.row) and _mostly_equal(old, new),
    )
    for test in tests:
        fits = [rid for rid, old in gone.items() if test(old)]
        if len(fits) == 1:
            return fits[0]
    return None


def _strangers(old, new) -> bool:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """No contact in common, and another company or city: nothing but the name says that they are one."""
    differ = any(a and b and a not in b and b not in a for a, b in ((old.core, new.core), (old.city, new.city)))
    return differ and not _contacts(old) & _contacts(new)


def _contacts(row) -> set[str]:  # type: ignore[no-untyped-def]  # noqa: ANN001
    return {*row.mobiles, row.wechat, row.qq} - {""}


def _mostly_equal(old, new) -> bool:  # type: ignore[no-untyped-def]  # noqa: ANN001
    cells = [(old.date, new.date), (old.name, new.name), (old.company, new.company), (old.address, new.address),
             (old.mobiles, new.mobiles), (old.wechat, new.wechat), (old.qq, new.qq)]  # fmt: skip
    filled = [a == b for a, b in cells if a or b]
    return len(filled) >= 3 and sum(filled) / len(filled) >= 0.6


def settle(judged: pd.DataFrame, lead_of: pd.Series, joined: Mapping[str, str]) -> pd.DataFrame:
    """``judge``'s frame with every row settled and its lead: accepted rows become 新增客户, 并入已有客户 or 更新.

    lead_of: rid → 客户编号 of every clustered row. joined: rid of a working row → 客户编号 ("" = unknown customer).
    """
    result = judged.copy()
    newer = (result["superseded_by"] != "") & ~result["fate"].isin((RETURNED, WAITING, REPEATED))
    updates = set(result["superseded_by"][newer])
    result["lead"] = lead_of.reindex(result["rid"]).set_axis(result.index).astype("str").fillna("")
    open_rows = result["fate"] == ""
    # A row joined to its lead in a closed week stays with it, under the number the lead has now.
    stays = (result["lead"] == "") & (result["fate"] == NOTED)
    earlier = lead_of.reindex(result.loc[stays, "recorded_lead"]).astype("str").fillna("")
    result.loc[stays, "lead"] = earlier.to_numpy()
    working = open_rows & result["rid"].isin(list(joined))
    result.loc[working, "lead"] = result["rid"][working].map(joined)
    lost = working & (result["lead"] == "")
    settled = pd.Series(MERGED, index=result.index, dtype="str")
    settled = settled.where(result["rid"] != result["lead"], NEW).where(~result["rid"].isin(updates), UPDATED)
    settled = settled.where(~working, NOTED).where(~lost, RETURNED)
    settled = settled.where((result["recorded"] == "") | lost, result["recorded"])
    result["fate"] = result["fate"].where(~open_rows, settled)
    result.loc[lost, "code"] = "lead-unknown"
    return _with_leads_of_repeats(_known_now(result, working, lost))


def _known_now(result: pd.DataFrame, working: pd.Series, lost: pd.Series) -> pd.DataFrame:
    """Rows that came again after nobody had known their customer: they settle the return, or only repeat it."""
    again = working & (result["repeats"] != "")
    still = again & lost
    result.loc[still, ["fate", "code"]] = [REPEATED, ""]
    result.loc[still, "reason"] = "与 " + result["repeats"][still] + " 相同"
    found = result[again & ~lost]
    settles = dict(zip(found["repeats"], found["rid"], strict=True))
    result["superseded_by"] = result["superseded_by"].mask(
        result["rid"].isin(list(settles)), result["rid"].map(settles).astype("str")
    )
    result.loc[again & ~lost, "repeats"] = ""
    return result


def _with_leads_of_repeats(result: pd.DataFrame) -> pd.DataFrame:
    """A repetition belongs to the customer of the row it repeats."""
    repeated = result["repeats"] != ""
    heads = result[result["rid"].isin(set(result["repeats"][repeated]))]
    lead = dict(zip(heads["rid"], heads["lead"], strict=True))
    result.loc[repeated, "lead"] = result["repeats"][repeated].map(lead).astype("str").fillna("")
    return result
