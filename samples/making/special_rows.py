"""Special cases about rows: sent back, invalid, handed in twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from .customers import Customer
from .journeys import Desk, answer
from .model import Entry
from .people import BLOCKED, CHEN, HE, HEAD, KANG, LIU, SUN
from .places import place
from .sightings import consult, handover, listed, mobile_ids, referral, visit
from .special_same import d


def returned(desk: Desk) -> None:
    """Rows that go back, one of each kind and then some."""
    rng, new = desk.rng, desk.people.customer

    def c(city: str = "济南市", county: str = "历下区") -> Customer:
        return new(place=place(city, county), shop=1, brands=(KANG,), hook="phone", wechat="")

    no_name, silent, ten, twelve, text = c(), c(), c(), c(), c()
    desk.consult[HE].append(
        consult(no_name, d(9), rng, clerk=HE, name="", company="", title="", returned="no-name", case="no-name")
    )
    desk.consult[CHEN].append(
        consult(silent, d(9), rng, clerk=CHEN, phone="", wechat="", returned="no-contact", case="no-contact")
    )
    desk.consult[HE].append(
        consult(
            ten,
            d(12),
            rng,
            clerk=HE,
            phone=ten.mobile[:10],
            ids=set(),
            wechat="",
            returned="bad-contact",
            case="phone-10-digits",
        )
    )
    desk.consult[CHEN].append(
        consult(
            twelve,
            d(18),
            rng,
            clerk=CHEN,
            phone=twelve.mobile + "6",
            ids=set(),
            wechat="",
            returned="bad-contact",
            case="phone-12-digits",
        )
    )
    desk.directory["jinan"].append(
        listed(
            text,
            d(8),
            "医疗器械展",
            rng,
            clerk=CHEN,
            phone="见名片",
            ids=set(),
            wechat="",
            returned="bad-contact",
            case="phone-text",
        )
    )
    lost = c("郑州市", "金水区")
    desk.handover[CHEN, d(12)].append(handover(lost, d(12), "", rng, returned="no-channel", case="no-channel"))
    desk.directory["bought"].append(
        listed(c("青岛市", "李沧区"), d(28, 10), "", rng, clerk=HE, returned="no-channel", case="no-channel")
    )
    wrong_city = c()
    desk.handover[HE, d(11)].append(
        handover(
            wrong_city,
            d(11),
            "网络咨询",
            rng,
            region="full",
            city="郑州市",
            county="",
            returned="region-contradiction",
            case="city-not-in-province",
        )
    )
    wrong_county = c("郑州市", "金水区")
    desk.visit[SUN].append(
        visit(
            wrong_county, d(12), SUN, rng, county="涧西区", returned="region-contradiction", case="county-not-in-city"
        )
    )
    desk.visit[LIU].append(
        visit(c(), d(19), LIU, rng, visit_date=date(2027, 11, 19), returned="future-date", case="future-year")
    )
    desk.visit[LIU][-1].day = date(2027, 11, 19)
    desk.consult[CHEN].append(consult(c(), d(21), rng, clerk=CHEN, returned="future-date", case="future-tomorrow"))
    desk.referral[SUN].append(
        referral(c(), d(5, 12), "朋友介绍", (desk.people.name(), desk.people.mobile()), rng, entrusted_by=SUN, clerk=SUN,
                 returned="future-date", case="future-month")
    )  # fmt: skip


def invalid(desk: Desk) -> None:
    """Nobody to call: dead numbers, refusals, people on the do-not-contact list."""
    rng, new = desk.rng, desk.people.customer
    for clerk, day, result, city, county in (
        (HE, 3, "空号停机", "济南市", "槐荫区"), (CHEN, 5, "拒绝联系", "徐州市", "泉山区"), (HE, 9, "无效", "成都市", "彭州市"),
        (CHEN, 11, "空号停机", "武汉市", "武昌区"),
    ):  # fmt: skip
        c = new(place=place(city, county), shop=0.5, brands=(KANG,), hook="phone")
        desk.consult[clerk].append(consult(c, d(day), rng, clerk=clerk, case="invalid-result"))
        row = handover(c, d(day), "网络咨询", rng, invalid=result, case="invalid-result")
        answer(row, result, d(day + 1))
        desk.handover[clerk, d(day)].append(row)
    phone, wechat, qq = (value for value, _, _ in BLOCKED)
    typed = f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"
    first = new(place=place("济南市", "历下区"), shop=1, mobile=phone, wechat="", qq="")
    why, case = "拒绝联系名单", "do-not-contact"
    desk.consult[HE].append(consult(first, d(10), rng, clerk=HE, invalid=why, case=case))
    desk.directory["bought"].append(
        listed(
            first,
            d(28, 10),
            "购买名录",
            rng,
            clerk=HE,
            brands=(),
            phone=typed,
            ids=mobile_ids(phone),
            invalid=why,
            case=case,
        )
    )
    second = new(place=place("南京市", "秦淮区"), shop=0, hook="wechat", wechat=wechat, qq="")
    desk.consult[CHEN].append(consult(second, d(16), rng, clerk=CHEN, phone="", invalid=why, case=case))
    third = new(place=place("绵阳市", "江油市"), shop=0, hook="qq", qq=qq, wechat="")
    desk.consult[HE].append(consult(third, d(17), rng, clerk=HE, phone="", invalid=why, case=case))


def registers(desk: Desk) -> dict[str, list[Entry]]:
    """The registers handed in again: 刘洋's book grows every week, 何敏's form of the 10th comes back answered."""
    rng, new = desk.rng, desk.people.customer
    typo, bad = (
        new(place=place("济南市", "市中区"), shop=1, wechat="", brands=(KANG,)),
        new(place=place("潍坊市", "奎文区"), shop=1, wechat="", brands=(KANG,)),
    )
    wrong = desk.people.mobile()
    first = visit(
        typo, d(4), LIU, rng, phone=wrong, ids=mobile_ids(wrong), wechat="", region="full", case="corrected-later"
    )
    back = visit(
        bad,
        d(5),
        LIU,
        rng,
        phone=bad.mobile[:8],
        ids=set(),
        wechat="",
        returned="bad-contact",
        case="returned-then-corrected",
    )
    desk.visit[LIU] += [first, back]
    book = sorted(desk.visit[LIU], key=lambda e: e.day or d(18))
    weeks = [[e for e in book if (e.day or d(18)) <= until] for until in (d(8), d(15), date(2027, 12, 31))]
    one, two = weeks[0], [_again(entry) for entry in weeks[0]]
    corrected = replace(
        first,
        values={**first.values, "phone": typo.mobile},
        ids=frozenset(mobile_ids(typo.mobile)),
        updates=first,
        case="corrected-phone",
    )
    two[one.index(first)] = corrected
    two += [e for e in weeks[1] if e not in one]
    three = [_again(e) for e in two]
    three[one.index(back)] = replace(
        back,
        values={**back.values, "phone": bad.mobile},
        ids=frozenset(mobile_ids(bad.mobile)),
        returned="",
        updates=back,
        case="return-corrected",
    )
    three += [e for e in weeks[2] if e not in weeks[1]]

    dead = new(place=place("洛阳市", "涧西区"), shop=1, brands=(KANG,), hook="phone")
    desk.consult[HE].append(consult(dead, d(10), rng, clerk=HE, case="answered-later"))
    dead_row = handover(dead, d(10), "网络咨询", rng, case="answered-later")
    form = [*desk.handover[HE, d(10)], dead_row]
    desk.handover[HE, d(10)] = form
    final = []
    for i, row in enumerate(form):
        newer = replace(row, values=dict(row.values), updates=row, case="answered")
        answer(newer, "空号停机" if row is dead_row else ("有意向", "暂无意向", "未接通")[i % 3], d(11))
        if row is dead_row:
            newer.invalid, newer.updates = "空号停机", None
        final.append(_again(row) if i == 1 else newer)
    return {"book1": one, "book2": two, "book3": three, "final": final}


def _again(entry: Entry) -> Entry:
    """The same row in a later hand-in."""
    return replace(entry, values=dict(entry.values), repeats=entry, updates=None, case="handed-in-again")


def pasted_twice(desk: Desk) -> None:
    """Somebody pasted a line twice into one sheet; one more copy of a bought line."""
    for rows in (desk.consult[CHEN], desk.directory["bought"]):
        entry = next(e for e in rows if not e.case and e.day and e.day <= d(6))
        twin = _again(entry)
        twin.case = "pasted-twice"
        rows.append(twin)


def handed_on(desk: Desk) -> None:
    """One known customer comes from the fair under a channel that is not in the list; a form shows HEAD as clerk."""
    rng = desk.rng
    c = desk.notable["journey3"]
    row = handover(c, d(16), "展会", rng, source_detail="上海展会", content="展会上又见面", case="choice-unknown")
    desk.handover[CHEN, d(16)].append(row)
    row.values["note"] = f"{HEAD}已知"
