"""Special cases about values: phones, dates and choices as people type them; every one of these rows is taken in."""

from __future__ import annotations

from .customers import Customer
from .journeys import Desk
from .people import CHEN, HE, KANG, LIU, MA, SUN
from .places import place
from .sightings import consult, listed, mobile_ids, visit
from .special_same import d


def odd_phones(desk: Desk) -> None:
    """Phones as people type them; all of them usable."""
    rng, new = desk.rng, desk.people.customer

    def c(city: str, county: str) -> Customer:
        return new(place=place(city, county), shop=1, wechat="", landline="")

    def full_width(text: str) -> str:
        return text.translate({ord(str(i)): 0xFF10 + i for i in range(10)})

    def spaced(n: str, gap: str) -> str:
        return gap.join((n[:3], n[3:7], n[7:]))

    a = c("济南市", "历城区")
    desk.consult[HE].append(
        consult(
            a,
            d(13),
            rng,
            clerk=HE,
            phone=full_width(a.mobile),
            ids=mobile_ids(a.mobile),
            wechat="",
            case="phone-full-width",
        )
    )
    a = c("青岛市", "市北区")
    desk.consult[HE].append(
        consult(
            a,
            d(16),
            rng,
            clerk=HE,
            phone=spaced(a.mobile, "\u00a0"),
            ids=mobile_ids(a.mobile),
            wechat="",
            case="phone-no-break-space",
        )
    )
    desk.consult[CHEN].append(
        consult(a, d(19), rng, clerk=CHEN, wechat="", name="\u3000" + a.name + "\u00a0", case="name-full-width-space")
    )
    a, second = c("上海市", "宝山区"), desk.people.mobile()
    desk.consult[CHEN].append(
        consult(
            a,
            d(6),
            rng,
            clerk=CHEN,
            phone=f"{a.mobile}\n{second}",
            ids=mobile_ids(a.mobile, second),
            wechat="",
            case="phone-line-break",
        )
    )
    a = c("洛阳市", "洛龙区")
    desk.visit[SUN].append(
        visit(
            a,
            d(12),
            SUN,
            rng,
            phone=f"+86 {spaced(a.mobile, ' ')}",
            ids=mobile_ids(a.mobile),
            wechat="",
            case="phone-86",
        )
    )
    a = c("徐州市", "泉山区")
    desk.visit[MA].append(
        visit(
            a,
            d(10),
            MA,
            rng,
            name="",
            title="",
            phone=f"{a.mobile}{a.name[0]}总",
            ids=mobile_ids(a.mobile),
            wechat="",
            heard=f"{a.name[0]}总",
            case="name-in-phone",
        )
    )
    a = c("潍坊市", "青州市")
    desk.visit[LIU].append(
        visit(
            a,
            d(17),
            LIU,
            rng,
            phone=f"88{a.mobile[-5:]}、{a.mobile}",
            ids=mobile_ids(a.mobile),
            wechat="",
            case="landline-no-area",
        )
    )
    a = c("临沂市", "沂水县")
    line = f"(0539)2{a.mobile[-6:]}"
    desk.directory["bought"].append(
        listed(
            a, d(28, 10), "购买名录", rng, clerk=HE, brands=(), phone=line, ids=set(), wechat="", case="landline-area"
        )
    )
    a = c("济南市", "市中区")
    desk.directory["bought"].append(
        listed(
            a,
            d(28, 10),
            "购买名录",
            rng,
            clerk=HE,
            brands=(),
            phone=f"0531-86{a.mobile[-6:]}转8012",
            ids=set(),
            wechat="",
            case="landline-extension",
        )
    )
    a = c("济南市", "槐荫区")
    desk.directory["bought"].append(
        listed(
            a,
            d(28, 10),
            "购买名录",
            rng,
            clerk=HE,
            brands=(),
            phone=f"53182{a.mobile[-6:]}",
            ids=set(),
            wechat="",
            case="landline-zero-lost",
        )
    )
    a = new(place=place("济南市", "历下区"), shop=1, wechat=desk.people.wechat(), brands=(KANG,))
    desk.consult[HE].append(
        consult(
            a,
            d(18),
            rng,
            clerk=HE,
            phone=a.mobile[:9],
            wechat=a.wechat,
            ids={f"w:{a.wechat}"},
            case="bad-phone-good-wechat",
        )
    )


def odd_values(desk: Desk) -> None:
    """Dates that nobody can read, unknown choices, rows of a later week: all taken in."""
    rng, new = desk.rng, desk.people.customer
    c = new(place=place("绵阳市", "涪城区"), shop=1)
    desk.consult[CHEN].append(consult(c, d(13), rng, clerk=CHEN, consult_date="上周三", case="date-unreadable"))
    desk.consult[CHEN][-1].day = None
    c = new(place=place("济南市", "商河县"), shop=1)
    desk.visit[LIU].append(visit(c, d(18), LIU, rng, visit_date="", case="date-missing"))
    desk.visit[LIU][-1].day = None
    c = new(place=place("郑州市", "巩义市"), shop=1)
    row = consult(c, d(9), rng, clerk=HE, case="later-week")
    desk.first_book.append(row)  # filled into the book of the first week
    c = new(place=place("青岛市", "胶州市"), shop=1)
    desk.consult[HE].append(
        consult(c, d(11), rng, clerk=HE, contact_way="抖音私信", intent="很高", case="choice-unknown")
    )
    c = new(place=place("临沂市", "沂水县", "许家湖镇"), shop=1)
    desk.consult[CHEN].append(consult(c, d(17), rng, clerk=CHEN, region="none", brands=(), case="region-missing"))
    c = new(place=place("南京市", "江宁区"), shop=1)
    desk.consult[CHEN].append(
        consult(c, d(16), rng, clerk=CHEN, content="问代理政策,\n要画册;下午再打", case="line-break")
    )
