"""The working sheets: 客户分析表 of the directors and the head of sales, one talk log, one list of materials."""

from __future__ import annotations

from datetime import date, timedelta

from .customers import Customer
from .journeys import Desk
from .model import Cell, Entry, Number
from .people import CHEN, DIRECTORS, HEAD, KANG, LIU, MA, SUN

CRITERIA = ("scale", "team", "experience", "philosophy", "need", "problem_fit", "likelihood", "ease")
CHOICES = {
    "scale": ("大", "中", "中", "小", "小", "微"),
    "team": ("5人以下", "5-9人", "5-9人", "10-19人", "20人以上"),
    "experience": ("1年以下", "1-3年", "3-5年", "5年以上"),
    "philosophy": ("一致", "基本一致", "基本一致", "不一致", ""),
    "need": ("明确需求", "可激发", "可激发", "潜在", "无"),
    "problem_fit": ("能解决", "部分能", "不能", ""),
    "likelihood": ("高", "中", "中", "低"),
    "ease": ("易", "中", "难", ""),
}
# Answers of the worked examples; the fourth example is a lead nobody analysed.
WORKED = {
    "best": ("大", "20人以上", "5年以上", "基本一致", "明确需求", "能解决", "高", "中"),
    "urgent4": ("中", "5-9人", "3-5年", "一致", "可激发", "能解决", "中", "易"),
    "fair": ("大", "10-19人", "", "", "明确需求", "", "高", ""),
}


def analysis(
    c: Customer, day: date, analyst: str, answers: tuple[str, ...], *, by_number: bool, case: str = "", **values: Cell
) -> Entry:
    """A row of 客户分析表, about the customer of this number, or of this name and phone."""
    known: dict[str, Cell] = {"lead": Number(c.key)} if by_number else {"phone": c.mobile}
    return Entry(
        table="analysis",
        who=c.key,
        day=day,
        values={
            **known,
            "name": c.name,
            "company": c.company,
            "region_level": c.place.level,
            "nature": "公司" if c.company.endswith("公司") else "个体店" if c.company else "个人",
            **dict(zip(CRITERIA, answers, strict=True)),
            "need_product": c.product,
            "analyst": analyst,
            **values,
        },
        ids=frozenset(() if by_number else {f"m:{c.mobile}"}),
        case=case or ("by-number" if by_number else ""),
    )


def known_customers(desk: Desk) -> dict[str, date]:
    """Customers a director can name: an ordinary row shows full name and own mobile; with the day of that row."""
    groups = (desk.consult, desk.handover, desk.visit, desk.directory, desk.referral)
    rows = [e for group in groups for entries in group.values() for e in entries]  # type: ignore[attr-defined]
    spoilt = {
        e.who
        for e in rows
        if e.returned or e.invalid or e.shared or e.case in ("answered-later", "corrected-later", "family-phone")
    }
    seen: dict[str, date] = {}
    for e in rows:
        if e.who in spoilt or not e.full_name or f"m:{desk.of(e).mobile}" not in e.ids or e.day is None:
            continue
        seen[e.who] = min(e.day, seen.get(e.who, e.day))
    return seen


def analyses(desk: Desk) -> None:
    """About forty analyses; ten of them name the customer by his number."""
    rng, seen = desk.rng, known_customers(desk)
    done: set[str] = set()

    def answers() -> tuple[str, ...]:
        return tuple(rng.choice(CHOICES[c]) for c in CRITERIA)

    def day_for(key: str) -> date:
        first = max(seen[key], date(2026, 11, 3))
        day = min(date(2026, 11, 20), first + timedelta(days=rng.randint(1, 6)))
        return day - timedelta(days=max(0, day.weekday() - 4)) if day.weekday() > 4 else day

    def add(
        analyst: str, c: Customer, given: tuple[str, ...], *, by_number: bool = False, case: str = "", **values: Cell
    ) -> None:
        day = day_for(c.key)
        phoned = rng.random() < 0.5
        extra: dict[str, Cell] = {
            "business_mode": rng.choice(("会销", "体销", "店面", "会销、体销", "医疗器械店")),
            "shops": rng.randint(1, 6),
            "problem": rng.choice(("老客户流失", "产品单一", "新客难找", "")),
            "solution": rng.choice(("体验课带动", "补齐产品线", "")),
            "character": rng.choice(("主导型", "表达型", "和善型", "分析型", "不详")),
            "phoned": "是" if phoned else "否",
            "phoned_date": day if phoned else "",
            "handed_to": rng.choice((LIU, SUN, MA, "")),
        }
        desk.analysis[analyst].append(
            analysis(c, day, analyst, given, by_number=by_number, case=case, **{**extra, **values})
        )
        done.add(c.key)

    director = DIRECTORS[KANG]
    for name in ("best", "urgent4", "fair"):
        add(director, desk.notable[name], WORKED[name], by_number=name == "fair", case="worked-example")
    for name in ("wang", "journey2", "journey3", "twice"):
        add(director, desk.notable[name], answers(), by_number=name in ("wang", "journey3"))
    jinan = [
        c for key in seen if (c := desk.people.all[key]).place.city == "济南市" and KANG in c.brands and key not in done
    ]
    for i, c in enumerate(rng.sample(jinan, 6)):
        add(director, c, answers(), by_number=i == 0)
    for brand, analyst in list(DIRECTORS.items())[1:]:
        own = [c for key in seen if brand in (c := desk.people.all[key]).brands and key not in done]
        for i, c in enumerate(rng.sample(own, 9)):
            add(analyst, c, answers(), by_number=i in (2, 5))
    rest = [desk.people.all[key] for key in seen if key not in done]
    for i, c in enumerate(rng.sample(rest, 7)):
        add(HEAD, c, answers(), by_number=i in (1, 4))
    again = desk.notable["journey2"]
    later = analysis(again, date(2026, 11, 19), HEAD, WORKED["urgent4"], by_number=False, case="analysed-again")
    stranger = Customer("", desk.people.name(), desk.people.mobile(), again.place)
    unknown = analysis(stranger, date(2026, 11, 18), HEAD, answers(), by_number=False, case="lead-unknown")
    unknown.returned = "lead-unknown"
    desk.analysis[HEAD] += [later, unknown]
    higher = next(e for e in desk.analysis[DIRECTORS[KANG]] if e.who == desk.notable["twice"].key)
    higher.values["region_level"], higher.case = "地级市", "level-by-analysis"  # the director's word beats the place


def talks(desk: Desk) -> list[Entry]:
    """刘洋's talks with customers of his area, named by name and phone."""
    seen = known_customers(desk)
    keys = [k for k in ("best", "wang", "journey2", "journey3") if desk.notable[k].key in seen]
    states = ("需求确认", "建议报价", "初步接洽", "失败")
    rows = []
    for i, key in enumerate(keys):
        c, day = desk.notable[key], date(2026, 11, 13 + 2 * i if i < 1 else 15 + i)
        rows.append(
            Entry(
                "negotiation", c.key, day, ids=frozenset({f"m:{c.mobile}"}),
                values={
                    "name": c.name, "phone": c.mobile, "talk_number": 1, "minutes": 30 + 10 * i, "talk_way": ("到访公司", "电话", "上门")[i % 3],
                    "our_people": LIU, "content": ("谈了首批进货量", "介绍了政策", "报了价", "已与别家签约")[i], "talk_state": states[i],
                    "lost_reason": "选了别的品牌" if states[i] == "失败" else "", "next_step": "" if states[i] == "失败" else "寄合同样本",
                    "next_talk_date": "" if states[i] == "失败" else day + timedelta(days=7), "closed_date": day if states[i] == "失败" else "",
                },
            )
        )  # fmt: skip
    return rows


def materials() -> list[Entry]:
    """陈静's list of what may be shown to customers: rows that are no customers."""
    plan = (
        ("ZL-001", "招商政策(2026版)", "价格与招商政策", "2.0", (2026, 10, 8), (2027, 9, 30), "是"),
        ("ZL-002", "公司营业执照复印件", "公司资质", "1.0", (2026, 3, 2), (2026, 12, 10), "是"),
        ("ZL-003", "高电位治疗仪画册", "产品资料", "3.1", (2026, 9, 15), None, "是"),
        ("ZL-004", "代理合同样本", "合同文本", "1.4", (2026, 10, 20), None, "否"),
        ("ZL-005", "济南样板店视频", "样板市场案例", "1.0", (2026, 8, 1), (2026, 11, 10), "是"),
        ("ZL-006", "话术培训讲义", "培训资料", "2.2", (2026, 11, 2), None, "否"),
    )
    return [
        Entry(
            "materials", day=date(*updated),
            values={"material_id": i, "material": n, "category": k, "version": v, "updated_date": date(*updated), "valid_until": date(*until) if until else "",
                    "place": "资料柜A2", "keeper": CHEN, "may_send": send},
        )
        for i, n, k, v, updated, until, send in plan
    ]  # fmt: skip
