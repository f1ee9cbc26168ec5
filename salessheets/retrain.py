"""``retrain``: weights learnt from an office's own archive, and which customers would change, before anything changes.

Both weeks, with the weights in force and with the new ones, are made from the archive in memory, as the next run would
make them; so what is listed is what will happen. People's answers stand above any weight in both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from . import models
from .archive import Archive
from .consolidate import Consolidated, consolidate
from .csvtext import csv_bytes
from .files import write_whole
from .journal import Journal
from .match import learn
from .match.shared import Shared
from .office import Office
from .week import current_plan, newest_input, sweep

_SHOWN = 30  # changed customers on the screen; ``--out`` has all
JOINED, PARTED, MIXED = "合并", "拆开", "重新分组"


@dataclass(frozen=True)
class Change:
    """Customers that would be others. before, after: 客户编号. who: how they are called now, one per customer of before.

    why: the evidence that joins them, in words ("" where they part).
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    who: tuple[str, ...]
    why: str = ""

    @property
    def kind(self) -> str:
        """合并, 拆开 or, when rows move between customers, 重新分组."""
        return JOINED if len(self.after) == 1 else PARTED if len(self.before) == 1 else MIXED


@dataclass(frozen=True)
class Proposal:
    """What learning would do. records: that it could learn from. moved: bits by lesson; None when there is nothing to do.

    reason: why there is nothing to do. asked: pairs for people before and after.
    """

    version: models.Version
    records: int
    moved: Mapping[str, float] | None = None
    reason: str = ""
    changes: tuple[Change, ...] = ()
    asked: tuple[int, int] = (0, 0)


def propose(place: Office, day: date, who: str, *, shipped: bool = False) -> Proposal:
    """Learn, and compare both weeks. Writes nothing but the cache. shipped: back to the program's own weights instead."""
    archive, journal = Archive.open(place, dry=True), Journal.open(place, dry=True)
    plan = current_plan(archive, journal, day)
    version = models.in_force(archive, plan.last)
    before = consolidate(archive, plan)
    records = _customers(before)
    if shipped:
        moved: Mapping[str, float] = {}
    elif learn.enough(records):
        known = learn.usual(len(records))
        moved = learn.differences(
            learn.counted(records, before.report.settings, Shared.kept(before.issue.shared)), known
        )
    else:
        few = f"存档里能比较的记录只有 {len(records):,} 条,少于 {learn.ENOUGH:,} 条,看不出本单位的特点"
        return Proposal(version, len(records), reason=f"{few},不用学习")
    if moved == version.moved:
        return Proposal(version, len(records), reason=f"和现在用的分数({version.name})一样,没有要改的")
    models.put(archive, moved, who, day)
    after = consolidate(archive, replace(plan, last=newest_input(archive)))
    asked = (len(before.report.doubts), len(after.report.doubts))
    return Proposal(version, len(records), moved, "", tuple(_changes(before, after)), asked)


def apply(place: Office, proposal: Proposal, day: date, who: str) -> models.Version:
    """Put the new version into the archive; every later run uses it. Under the lock only."""
    assert proposal.moved is not None
    sweep(place)
    archive = Archive.open(place)
    entry = models.put(archive, proposal.moved, who, day)
    return models.in_force(archive, entry.number)


def _customers(done: Consolidated) -> pd.DataFrame:
    """The records that customers are made of now: no copies, no older versions, nobody that is out."""
    books = done.sources.books
    live = books.settled[(books.settled["lead"] != "") & (books.settled["superseded_by"] == "")]
    found = books.records[books.records["rid"].isin(live["rid"]) & books.records["customer"]]
    return found.reset_index(drop=True)


def _changes(before: Consolidated, after: Consolidated) -> Iterator[Change]:
    """Groups of customers between which records move, in the order of their numbers."""
    pairs = pd.DataFrame({"old": pd.Series(before.sources.belongs), "new": pd.Series(after.sources.belongs)})
    pairs = pairs.dropna().drop_duplicates().sort_values(["old", "new"])
    named = _named(before)
    reasons = after.report.merges[after.report.merges["reason"] != ""]
    for olds, news in _linked(pairs["old"].tolist(), pairs["new"].tolist()):
        if len(olds) == len(news) == 1:
            continue
        why = reasons[reasons["lead"].isin(news) & (reasons["rid"].map(before.sources.belongs) != olds[0])]["reason"]
        joined = len(olds) > 1 and len(why)
        yield Change(olds, news, tuple(named.get(lead, "") for lead in olds), str(why.iloc[0]) if joined else "")


def _linked(olds: list[str], news: list[str]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Components of old and new customers that share a record."""
    group: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for old, new in zip(olds, news, strict=True):
        one, other = group.setdefault(("old", old), {("old", old)}), group.setdefault(("new", new), {("new", new)})
        if one is not other:
            one |= other
            group |= dict.fromkeys(other, one)
    for members in {id(m): m for m in group.values()}.values():
        sides = {side: tuple(sorted(lead for s, lead in members if s == side)) for side in ("old", "new")}
        yield sides["old"], sides["new"]


def _named(done: Consolidated) -> dict[str, str]:
    report = done.report
    shown = pd.concat([frame[["lead", "name", "company"]] for frame in (report.leads, report.closed, report.unbranded)])
    return {
        lead: f"{name}({company})" if name and company else name or company
        for lead, name, company in shown.itertuples(index=False, name=None)
    }


def lines(proposal: Proposal, *, applying: bool) -> Iterator[str]:
    """What a person reads before he decides."""
    if proposal.moved is None:
        yield f"{proposal.reason}。什么都没有改。"
        return
    yield f"现在用的分数:{proposal.version.words or f'{proposal.version.name}(程序自带)'}"
    if proposal.moved:
        yield f"从存档的 {proposal.records:,} 条记录学到:"
        yield from (
            f"  {sentence}" for sentence in learn.told(sorted(proposal.moved.items(), key=lambda m: -abs(m[1])))
        )
    else:
        yield "改回程序自带的分数。"
    kinds = [change.kind for change in proposal.changes]
    counted = ",".join(f"{kind} {kinds.count(kind)} 处" for kind in (JOINED, PARTED, MIXED) if kind in kinds)
    yield f"会变的客户:{counted or '没有'}"
    for change in proposal.changes[:_SHOWN]:
        yield "  " + _told(change)
    if len(proposal.changes) > _SHOWN:
        yield f"  另有 {len(proposal.changes) - _SHOWN} 处,用 --out 写成表可以全看到"
    yield f"待确认重复:{proposal.asked[0]} 对,会变成 {proposal.asked[1]} 对。人工答过的「是」「不是」都不变。"
    if not applying:
        yield "现在什么都没有改。确定要用,请加 --apply 再运行一次。"


def _told(change: Change) -> str:
    now = " + ".join(f"{lead} {who}".rstrip() for lead, who in zip(change.before, change.who, strict=True))
    return f"{change.kind}:{now} → {'、'.join(change.after)}" + (f";{change.why}" if change.why else "")


def write(proposal: Proposal, out: Path) -> None:
    """All changes as a CSV."""
    rows = [
        [c.kind, "、".join(c.before), "、".join(filter(None, c.who)), "、".join(c.after), c.why]
        for c in proposal.changes
    ]
    write_whole(out, csv_bytes([("变化", "现在的客户编号", "客户", "以后的客户编号", "依据"), *rows]))
