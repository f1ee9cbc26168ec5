"""The sheets of chapters 3 to 8: plans, talks that lead to a deal, the visits after it, and the thanks for a referral."""

from __future__ import annotations

from datetime import date, timedelta

from .customers import Customer
from .journeys import Desk
from .model import Cell, Entry, Number
from .people import CHEN, HEAD, LIU, SUN
from .working import known_customers


def _about(table: str, c: Customer, day: date | None, *, by_number: bool, case: str = "", **values: Cell) -> Entry:
    """A row about a known customer: by his number, or by name and phone."""
    known: dict[str, Cell] = {"lead": Number(c.key)} if by_number else {"phone": c.mobile}
    ids = frozenset(() if by_number else {f"m:{c.mobile}"})
    return Entry(table, c.key, day, {**known, "name": c.name, **values}, ids=ids, case=case)


def _referred(desk: Desk) -> list[Entry]:
    """Referral rows of the first week whose customers can be named, one for each customer, oldest first."""
    seen = known_customers(desk)
    rows = [e for entries in desk.referral.values() for e in entries if e.who in seen and not (e.returned or e.invalid)]
    early = sorted((e for e in rows if e.day and e.day <= date(2026, 11, 6)), key=lambda e: (e.day or date.min, e.who))
    first: dict[str, Entry] = {}
    for row in early:
        first.setdefault(row.who, row)
    return list(first.values())[:2]


def plans(desk: Desk) -> list[Entry]:
    """刘洋's plans: one with an open step this week, one whose first step was missed, one that is done."""
    seen = known_customers(desk)
    picked = [desk.notable[k] for k in ("best", "urgent4", "fair") if desk.notable[k].key in seen]
    steps = ((date(2026, 11, 18), date(2026, 11, 21)), (date(2026, 11, 17), None), (date(2026, 11, 12), None))
    return [
        _about(
            "strategy", c, None, by_number=i != 1, case="plan", grade="A" if i == 0 else "B", goal=("签约", "邀约到访", "首次洽谈")[i],
            focus="利润和培训", worry="担心压货", approach=("先带去看样板店", "请老客户现身说法", "送资料上门")[i], talk_way="邀约来公司", responsible=LIU,
            step1="电话约时间", step1_date=first, step2="来公司看样机" if second else "", step2_date=second or "", materials_needed="招商政策",
            outcome="11月12日已谈" if i == 2 else "",
        )
        for i, (c, (first, second)) in enumerate(zip(picked, steps, strict=False))
    ]  # fmt: skip


def deals(desk: Desk) -> list[Entry]:
    """孙磊's talks with two referred customers: both sign, one is named by his number."""
    rows = []
    for i, referred in enumerate(_referred(desk)):
        c, signed = desk.of(referred), date(2026, 11, 11 + 4 * i)
        common: dict[str, Cell] = {"talk_way": ("上门", "到访公司")[i], "our_people": SUN, "needs": "要培训支持"}
        before = signed - timedelta(days=3)
        rows.append(_about("negotiation", c, before, by_number=False, case="talk", talk_number=1, content="看了样机,谈了政策", objections="价格偏高",
                           our_answer="首批有赠品", talk_state="建议报价", quote=50000, next_step="带合同上门", next_talk_date=signed, **common))  # fmt: skip
        rows.append(_about("negotiation", c, signed, by_number=True, case="deal", talk_number=2, content="签了代理合同", talk_state="成交", quote=50000,
                           deal_amount=48000, closed_date=signed, **common))  # fmt: skip
    return rows


def visits_after(desk: Desk) -> list[Entry]:
    """陈静 calls the first of them after the deal: something is missing, and it is not solved yet."""
    c = desk.of(_referred(desk)[0])
    day = date(2026, 11, 17)
    return [
        _about(
            "aftersales", c, day, by_number=True, case="after-sales", deal_product=c.brands[0] if c.brands else "", deal_date=date(2026, 11, 11),
            visit_way="电话", visitor=CHEN, satisfaction=4, usage="样机正常", issue_type="物流", issue="少到一箱宣传单", responsible=SUN,
            deadline=date(2026, 11, 19), solved="跟进中", refer_willing="愿意", next_visit_date=date(2026, 12, 17),
        )
    ]  # fmt: skip


def thanks(desk: Desk) -> list[Entry]:
    """周立 has thanked the referrer of the first; the thanks for the second are owed."""
    row = _referred(desk)[0]
    return [
        Entry(
            "referral_thanks", row.who, date(2026, 11, 11), case="thanked",
            values={"referrer": row.values["referrer"], "referrer_phone": row.values["referrer_phone"], "lead": Number(row.who), "success": "签约",
                    "thanks_way": "礼品", "thanks": "按摩枕一个", "handled_by": HEAD, "thanked_date": date(2026, 11, 16), "state": "已答谢"},
        )
    ]  # fmt: skip
