"""The ordinary three weeks: who asked, who was handed over, visited, listed, referred. Special cases: special.py."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from .customers import Customer, People
from .model import Entry
from .people import CHEN, HE, HEAD, LIU, MA, SUN
from .places import PLACES, among
from .sightings import consult, handover, hidden, listed, referral, visit

WORKDAYS = tuple(date(2026, 11, d) for d in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20))
AREAS = {LIU: among("济南市", "潍坊市"), SUN: among("郑州市", "洛阳市"), MA: among("南京市", "徐州市")}
NO_FORM = {
    (HE, date(2026, 11, 13)),
    (HE, date(2026, 11, 20)),
    (CHEN, date(2026, 11, 20)),
}  # missing, empty, not yet there
HOME = (*PLACES, *among("济南市"), *among("济南市"), *among("潍坊市", "郑州市", "徐州市"))


def workday_after(day: date) -> date:
    """The next working day (Monday to Friday; the three weeks hold no holiday)."""
    return day + timedelta(days={4: 3, 5: 2}.get(day.weekday(), 1))


@dataclass
class Desk:
    """Everything filled in, by the sheet it will go to."""

    people: People
    rng: random.Random
    consult: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))  # clerk
    handover: dict[tuple[str, date], list[Entry]] = field(default_factory=lambda: defaultdict(list))  # clerk, 移交日期
    visit: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))  # rep
    directory: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))  # list
    referral: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))  # person
    analysis: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))  # analyst
    first_book: list[Entry] = field(default_factory=list)  # 何敏's first book, dated later than its week
    notable: dict[str, Customer] = field(default_factory=dict)  # customers that special.py needs again

    def of(self, entry: Entry) -> Customer:
        """The customer of a row."""
        return self.people.all[entry.who]

    def hand_over(self, clerk: str, day: date, entry: Entry) -> None:
        """Put a row on the clerk's form of that day, or of the next day he hands in; never twice for one sighting."""
        while (clerk, day) in NO_FORM:
            day = workday_after(day)
        if day > WORKDAYS[-1]:
            return
        same = [e for (c, _), rows in self.handover.items() if c == clerk for e in rows]
        if not any(e.who == entry.who and e.day == entry.day for e in same):
            self.handover[clerk, day].append(entry)


def web(desk: Desk) -> None:
    """Consultations of both clerks, day by day, and their hand-over on the same day. Three get lost on the way."""
    rng, known = desk.rng, []
    for day in WORKDAYS:
        for clerk in (HE, CHEN):
            if (clerk, day) == (HE, WORKDAYS[-1]):
                continue
            today: set[str] = set()
            for _ in range(rng.choice((2, 3, 3, 4))):
                old = [c for c, seen in known if (day - seen).days >= 2 and c.key not in today]
                if old and rng.random() < 0.15:
                    customer = rng.choice(old)
                    known.remove(next(pair for pair in known if pair[0] is customer))
                else:
                    hook = rng.choice(("phone",) * 7 + ("qq", "qq", "wechat"))
                    more = (
                        {"qq": desk.people.qq()}
                        if hook == "qq"
                        else {"wechat": desk.people.wechat()}
                        if hook == "wechat"
                        else {}
                    )
                    customer = desk.people.customer(HOME, hook=hook, shop=0.65, **more)
                known.append((customer, day))
                today.add(customer.key)
                how: dict[str, object] = {
                    "clerk": clerk,
                    "consult_time": f"{rng.randint(8, 17):02d}:{rng.randint(0, 59):02d}",
                }
                if rng.random() < 0.25:
                    how |= {"name": hidden(customer, rng), "title": ""}
                if rng.random() < 0.2:
                    how |= {"brands": ()}
                row = consult(customer, day, rng, **how)
                desk.consult[clerk].append(row)
                if rng.random() < 0.78:
                    row.values["handed_date"] = day
                    text = {"content": row.values["content"]}
                    desk.hand_over(
                        clerk,
                        day,
                        handover(customer, day, "网络咨询", rng, source_detail=row.values["contact_way"], **text),
                    )


def visits(desk: Desk) -> None:
    """Shops visited in the reps' areas; a few had asked by web before; about half are handed over next morning."""
    rng = desk.rng
    asked = [desk.of(e) for clerk in (HE, CHEN) for e in desk.consult[clerk]]
    plan = {
        LIU: ((2, 3, 5, 6), (9, 10, 12, 13), (16, 17, 18, 19)),
        SUN: ((3, 4, 5, 6), (9, 11, 12, 13)),
        MA: ((9, 10, 11, 12),),
    }
    count = {LIU: 7, SUN: 13, MA: 9}
    clerk_of = {LIU: HE, MA: HE, SUN: CHEN}
    for rep, weeks in plan.items():
        known = [c for c in dict.fromkeys(asked) if c.place in AREAS[rep] and c.company and c.hook == "phone"]
        rng.shuffle(known)
        for days in weeks:
            for i in range(count[rep]):
                day = date(2026, 11, days[i * len(days) // count[rep]])
                old = bool(known) and rng.random() < 0.2
                customer = known.pop() if old else desk.people.customer(AREAS[rep], shop=1)
                how = {"name": hidden(customer, rng)} if rng.random() < 0.3 else {}
                row = visit(customer, day, rep, rng, **how)  # type: ignore[arg-type]
                desk.visit[rep].append(row)
                if rng.random() < 0.45:
                    desk.hand_over(
                        clerk_of[rep], workday_after(day),
                        handover(customer, day, "陌生拜访", rng, source_detail=f"{rep}陌拜", content="陌拜:" + str(row.values["attitude"])),
                    )  # fmt: skip


def _overlap(desk: Desk, places: tuple[object, ...], count: int, used: set[str]) -> list[Customer]:
    """Customers whom web or visits know under their mobile and who were not taken yet."""
    rows = [e for group in (desk.consult, desk.visit) for entries in group.values() for e in entries]
    pool = [
        c
        for c in dict.fromkeys(desk.of(e) for e in rows)
        if c.hook == "phone" and c.place in places and c.key not in used
    ]
    chosen = desk.rng.sample(pool, min(count, len(pool)))
    used |= {c.key for c in chosen}
    return chosen


def lists(desk: Desk) -> None:
    """The fair in Shanghai, a bought list, a peer's list, the fair in Jinan, and a stranger's business cards."""
    rng, used = desk.rng, set[str]()
    shandong = among("济南市", "青岛市", "潍坊市", "临沂市")
    plan = (  # list, places, new, known, channel, day, region style
        ("bought", shandong, 26, 6, "购买名录", date(2026, 10, 28), "full"),
        ("shanghai", PLACES, 24, 6, "医疗器械展", date(2026, 11, 12), "cityaddress"),
        ("peer", among("石家庄市", "沈阳市", "武汉市", "宜昌市"), 14, 3, "同行提供", date(2026, 11, 9), "address"),
        ("jinan", shandong, 18, 6, "医疗器械展", date(2026, 11, 7), "full"),
        ("cards", among("成都市", "绵阳市", "上海市"), 8, 2, "医疗器械展", None, "short"),
    )
    for name, places, new, known, channel, day, region in plan:
        customers = [desk.people.customer(places, shop=0.95) for _ in range(new)] + _overlap(desk, places, known, used)
        rng.shuffle(customers)
        for i, customer in enumerate(customers):
            when = day + timedelta(days=i * 3 // len(customers)) if day and name == "shanghai" else day
            how: dict[str, object] = {"region": region, "clerk": {"bought": HE, "jinan": CHEN}.get(name, "")}
            if name == "bought":
                how |= {"brands": (), "source_detail": "山东健康行业名录2026版", "cost": 1.5}
            elif rng.random() < 0.4:
                how |= {"brands": ()}
            desk.directory[name].append(listed(customer, when, channel, rng, **how))


def referrals(desk: Desk) -> None:
    """Referred by customers (who are in the sample), by peers and by friends (who are not)."""
    rng, used = desk.rng, set[str]()
    helpers = _overlap(desk, PLACES, 12, used)
    peers = [(desk.people.name(), desk.people.mobile()) for _ in range(6)]
    plan = (  # person, entrusted, new, known, days
        (CHEN, (CHEN, LIU), 11, 3, (3, 5, 10, 12, 17, 18)),
        (SUN, (SUN,), 7, 3, (4, 9, 11, 13)),
        (HEAD, (HEAD,), 8, 1, (6, 10, 16, 19)),
    )
    for person, entrusted, new, known, days in plan:
        customers = [desk.people.customer(HOME, shop=0.7) for _ in range(new)] + _overlap(desk, PLACES, known, used)
        for i, customer in enumerate(customers):
            day = date(2026, 11, days[i * len(days) // len(customers)])
            way = rng.choice(("委托客户介绍", "委托客户介绍", "委托同行推荐", "朋友介绍"))
            helper = rng.choice(helpers)
            referrer = (helper.name, helper.mobile) if way == "委托客户介绍" else rng.choice(peers)
            region = rng.choice(("full", "short", "full", "none"))
            row = referral(
                customer, day, way, referrer, rng, region=region, entrusted_by=rng.choice(entrusted), clerk=person
            )
            desk.referral[person].append(row)
            if person == HEAD and rng.random() < 0.5:
                desk.hand_over(
                    CHEN, workday_after(day), handover(customer, day, row.channel, rng, source_detail=referrer[0])
                )


def feedback(desk: Desk) -> None:
    """The sales department's answer on forms older than the last two days, one working day later."""
    rng = desk.rng
    for (_, day), rows in desk.handover.items():
        if day > date(2026, 11, 17) or day == date(2026, 11, 10):
            continue  # the form of the 10th comes back later, as a newer version
        for row in rows:
            if not (row.invalid or row.returned or row.values.get("result")) and rng.random() < 0.9:
                answer(row, rng.choice(("有意向", "有意向", "暂无意向", "未接通")), workday_after(day))


def answer(row: Entry, result: str, day: date) -> None:
    """Fill in the sales department's columns of a hand-over row."""
    row.values |= {"handler": HEAD, "handled_date": day, "result": result}
    if result == "有意向":
        row.values |= {"next_step": "约电话细谈", "next_date": day + timedelta(days=3)}
