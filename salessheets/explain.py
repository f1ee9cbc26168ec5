"""``explain 客户编号``: everything about one lead, as lines of text for the screen."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import pandas as pd

from .consolidate import Consolidated
from .history import events
from .match.decisions import NO
from .office import NotPossibleError

_GOLDEN = {"name": "客户姓名", "phone": "联系电话", "wechat": "微信号", "qq": "QQ号", "company": "单位/店名",
           "province": "省", "city": "市", "county": "县/区", "region_level": "区域层级", "channel": "信息来源",
           "first_date": "首次获取日期", "last_date": "最近接触日期"}  # fmt: skip
_TYPED = {"owner": "跟进人", "former_owner": "原跟进人", "status": "跟进状态", "result": "处理结果", "next_date": "下次跟进日期",
          "note": "备注", "manual_class": "人工级别", "class_reason": "调整原因", "split_note": "拆分前备注"}  # fmt: skip


def lines(done: Consolidated, number: str) -> Iterator[str]:
    """What is known of the lead with this 客户编号; any of its record numbers will do.

    Raises NotPossibleError when no customer has it.
    """
    lead = done.sources.belongs.get(number.strip())
    if lead is None:
        raise NotPossibleError(f"没有编号是 {number} 的客户。编号在周报的「客户编号」列,例如 00012-1-15")
    report = done.report
    shown = pd.concat([report.leads, report.closed, report.unbranded])
    mine = shown[shown["lead"] == lead]
    yield f"客户 {lead}" + (f"({number} 已并入)" if number.strip() != lead else "")
    asleep = report.pool[report.pool["lead"] == lead]
    if len(asleep):
        yield from _facts(asleep.iloc[0], {field: _GOLDEN[field] for field in _GOLDEN if field in asleep})
        yield "  在名录池里(买来的名录,还没有人联系过)"
    elif mine.empty:
        yield "  不在名单里(无效,或没有联系方式)"
    else:
        yield from _facts(mine.iloc[0], _GOLDEN)
        if mine.iloc[0]["todo"]:
            yield f"  待补:{mine.iloc[0]['todo']}"
    yield ""
    yield "记录和合并依据"
    yield from _records(done, lead)
    for row in mine.to_dict("records"):
        yield ""
        yield from _class(row)
    yield ""
    yield "历史"
    for event in events(done.sources, [lead]).to_dict("records"):
        who = f" {event['person']}" if event["person"] else ""
        brand = f"[{event['brand']}]" if event["brand"] else ""
        yield f"  {event['date']} {event['event']}{brand}{who}:{event['text']}({event['source']})"


def _facts(row: pd.Series, headers: dict[str, str]) -> Iterator[str]:
    said = [f"{header} {row[field]}" for field, header in headers.items() if row[field]]
    if said:
        yield "  " + ";".join(said)


def _records(done: Consolidated, lead: str) -> Iterator[str]:
    """Each record with the evidence that brought it here, and what a person parted."""
    merges = done.report.merges
    reasons = dict(zip(merges["rid"], merges["reason"], strict=True))
    trace = done.trace[done.trace["lead"] == lead]
    for row in trace.to_dict("records"):
        why = reasons.get(row["rid"], row["reason"])
        place = f"{row['file']}「{row['sheet']}」第{row['row']}行"
        yield f"  {row['rid']} {row['fate']} {row['week']} {place}{':' if why else ''}{why}"
    parted = {
        done.sources.belongs.get(rid, rid)
        for decision in done.sources.decisions
        if decision.answer == NO
        for one, other in ((decision.left, decision.right), (decision.right, decision.left))
        if lead in {done.sources.belongs.get(r) for r in one}
        for rid in other
    } - {lead}
    if parted:
        yield f"  人工回答「不是」:{'、'.join(sorted(parted))}"


def _class(row: Mapping[Hashable, Any]) -> Iterator[str]:
    """Class and points of one brand."""
    points = (
        f"得分 {row['score']:g},区间 {row['score_low']:g} 到 {row['score_high']:g},完整度 {row['completeness']:.0%}"
    )
    yield f"{row['brand'] or '未分品牌'}:级别 {row['final_class']}(系统 {row['system_class']}),{points}"
    said = [f"{name} {answer}{'(推断)' if guess else ''} {worth:g}" for name, answer, worth, guess in row["reasons"]]
    yield "  " + ";".join(said)
    if row["advice"]:
        yield f"  {row['advice']}"
    typed = [f"{header} {row[field]}" for field, header in _TYPED.items() if row[field]]
    if typed:
        yield "  " + ";".join(typed)
