"""Special cases about identity: who is one customer, and who only looks like one."""

from __future__ import annotations

from datetime import date

from .journeys import Desk, answer, workday_after
from .people import CHEN, HE, HEAD, KANG, LIU, MA, PHONE_OF, QIN, RUI, SUN
from .places import place
from .sightings import consult, handover, listed, mobile_ids, referral, visit


def d(day: int, month: int = 11) -> date:
    """A day of 2026."""
    return date(2026, month, day)


def one_customer(desk: Desk) -> None:
    """Different looks, one customer."""
    rng, new = desk.rng, desk.people.customer
    # consult → hand-over → visit → fair, in the order of the weeks; the three keep their shop and phone
    for city, county, clerk, rep, first in (
        ("济南市", "历下区", HE, LIU, 2),
        ("济南市", "市中区", CHEN, LIU, 3),
        ("徐州市", "泉山区", HE, MA, 4),
    ):
        c = new(place=place(city, county), shop=1, brands=(KANG,), hook="phone")
        case = "journey"
        desk.consult[clerk].append(consult(c, d(first), rng, clerk=clerk, intent="高", case=case))
        desk.hand_over(clerk, d(first), handover(c, d(first), "网络咨询", rng, source_detail="百度商桥", case=case))
        desk.visit[rep].append(visit(c, d(11), rep, rng, staff_count=12, open_years=6, intent="高", case=case))
        desk.directory["shanghai"].append(listed(c, d(13), "医疗器械展", rng, region="cityaddress", case=case))
        desk.notable[f"journey{first}"] = c

    wang = new(
        place=place("济南市", "槐荫区"), shop=1, name="王建国", brands=(KANG,), title="总经理", wechat="wjg_jinan75"
    )
    desk.visit[LIU].append(visit(wang, d(5), LIU, rng, name="王总", title="", wechat="", case="hidden-name"))
    desk.consult[HE].append(consult(wang, d(6), rng, clerk=HE, wechat=wang.wechat, case="hidden-name"))
    desk.hand_over(
        HE,
        d(6),
        handover(
            wang,
            d(6),
            "网络咨询",
            rng,
            wechat="WJG_Jinan75",
            ids=mobile_ids(wang.mobile) | {"w:wjg_jinan75"},
            case="wechat-capitals",
        ),
    )
    desk.consult[CHEN].append(
        consult(wang, d(12), rng, clerk=CHEN, name="王老板", phone="", wechat="wjg_jinan75", case="hidden-name")
    )
    desk.notable["wang"] = wang

    li = new(place=place("青岛市", "市北区"), shop=1, name="李秀英", brands=(KANG, RUI))
    desk.consult[CHEN].append(
        consult(
            li,
            d(4),
            rng,
            clerk=CHEN,
            phone="",
            wechat=li.mobile,
            ids=mobile_ids(li.mobile),
            contact_way="会销微信群",
            case="wechat-is-phone",
        )
    )
    desk.directory["jinan"].append(listed(li, d(7), "医疗器械展", rng, clerk=CHEN, wechat="", case="wechat-is-phone"))
    same = new(place=place("洛阳市", "涧西区"), shop=1, brands=(RUI,))
    desk.visit[SUN].append(
        visit(same, d(4), SUN, rng, wechat="同手机", ids=mobile_ids(same.mobile), case="wechat-same-as-phone")
    )
    desk.consult[HE].append(
        consult(
            same,
            d(11),
            rng,
            clerk=HE,
            phone="",
            wechat=same.mobile,
            ids=mobile_ids(same.mobile),
            case="wechat-same-as-phone",
        )
    )
    mail = new(place=place("宜昌市", "西陵区"), qq="286430917", hook="qq", brands=(QIN,))
    desk.consult[HE].append(
        consult(mail, d(3), rng, clerk=HE, qq="286430917@qq.com", ids={"q:286430917"}, phone="", case="qq-mailbox")
    )
    desk.hand_over(HE, d(3), handover(mail, d(3), "网络咨询", rng, case="qq-mailbox"))

    # same full name, same shop, same city, another phone: he changed his number
    moved = new(
        place=place("济南市", "市中区"),
        shop=1,
        name="曹德胜",
        company="济南百颂健康科技有限公司",
        brands=(KANG,),
        wechat="",
    )
    number = desk.people.mobile()
    desk.consult[CHEN].append(
        consult(moved, d(5), rng, clerk=CHEN, wechat="", region="full", case="same-shop-other-phone")
    )
    desk.directory["shanghai"].append(
        listed(
            moved,
            d(12),
            "医疗器械展",
            rng,
            region="cityaddress",
            company="百颂健康科技",
            phone=number,
            ids=mobile_ids(number),
            case="same-shop-other-phone",
        )
    )
    # two phones in one cell; later only the second one
    second = desk.people.mobile()
    two = new(place=place("郑州市", "金水区"), shop=1, more=(second,), wechat="")
    desk.visit[SUN].append(
        visit(
            two,
            d(5),
            SUN,
            rng,
            phone=f"{two.mobile}/{second}",
            ids=mobile_ids(two.mobile, second),
            wechat="",
            case="two-phones",
        )
    )
    desk.consult[CHEN].append(
        consult(
            two,
            d(10),
            rng,
            clerk=CHEN,
            phone=second,
            ids=mobile_ids(second),
            wechat="",
            name=two.name[0] + "经理",
            case="two-phones",
        )
    )
    # 王  芳: people spread two-character names
    spread = new(place=place("石家庄市", "裕华区"), name="孔洁", shop=1)
    desk.consult[HE].append(consult(spread, d(9), rng, clerk=HE, case="name-spaced"))
    desk.directory["peer"].append(
        listed(spread, d(10), "同行提供", rng, region="address", name="孔  洁", case="name-spaced")
    )
    # two referrers for one lead
    twice = new(place=place("济南市", "历城区"), brands=(KANG,), shop=1)
    desk.referral[CHEN].append(
        referral(
            twice,
            d(5),
            "委托客户介绍",
            (wang.name, wang.mobile),
            rng,
            entrusted_by=LIU,
            clerk=CHEN,
            case="two-referrers",
        )
    )
    desk.referral[SUN].append(
        referral(
            twice,
            d(11),
            "朋友介绍",
            (desk.people.name(), desk.people.mobile()),
            rng,
            entrusted_by=SUN,
            clerk=SUN,
            case="two-referrers",
        )
    )
    desk.notable["twice"] = twice
    # the first of the worked examples of scoring.md comes by referral
    best = new(place=place("济南市", "历下区"), brands=(KANG,), shop=1)
    desk.referral[CHEN].append(
        referral(
            best, d(3), "委托客户介绍", (li.name, li.mobile), rng, entrusted_by=CHEN, clerk=CHEN, willing="已同意联系"
        )
    )
    desk.notable["best"] = best
    fair = new(place=place("济南市", "章丘区"), brands=(KANG,), shop=1)
    desk.directory["jinan"].append(listed(fair, d(8), "医疗器械展", rng, clerk=CHEN))
    desk.notable["fair"] = fair


def two_customers(desk: Desk) -> None:
    """One look, two customers."""
    rng, new = desk.rng, desk.people.customer
    for i, (city, county, day) in enumerate((("济南市", "历下区", 4), ("成都市", "武侯区", 5))):
        c = new(place=place(city, county), name="张伟", shop=1)
        clerk = (HE, CHEN)[i]
        desk.consult[clerk].append(consult(c, d(day), rng, clerk=clerk, region="full", case="namesake"))
        desk.hand_over(clerk, d(day), handover(c, d(day), "网络咨询", rng, region="full", case="namesake"))
    for city, county, day in (("郑州市", "金水区", 3), ("郑州市", "二七区", 6)):  # one city, different shops
        c = new(place=place(city, county), name="李娜", shop=1)
        desk.visit[SUN].append(visit(c, d(day), SUN, rng, case="namesake"))
    # husband and wife give the same number; two full names, two customers (a person is asked later)
    family = desk.people.mobile()
    at = place("潍坊市", "寿光市")
    husband = new(place=at, name="孙国良", mobile=family, shop=0, wechat="", qq="")
    wife = new(place=at, name="赵海英", mobile=family, shop=0, wechat="", qq="")
    desk.consult[HE].append(consult(husband, d(5), rng, clerk=HE, case="family-phone"))
    desk.hand_over(HE, d(5), handover(husband, d(5), "网络咨询", rng, case="family-phone"))
    desk.consult[CHEN].append(consult(wife, d(13), rng, clerk=CHEN, case="family-phone"))
    desk.hand_over(CHEN, d(13), handover(wife, d(13), "网络咨询", rng, case="family-phone"))
    # the rep left his own number where the shop gave none; both shops told their WeChat
    for city, county, day in (("济南市", "历城区", 10), ("潍坊市", "奎文区", 12)):
        c = new(place=place(city, county), shop=1, mobile=PHONE_OF[LIU], wechat=desk.people.wechat())
        desk.visit[LIU].append(visit(c, d(day), LIU, rng, wechat=c.wechat, shared=True, case="staff-phone"))
    # a placeholder number typed by the seller of a list
    for city, county in (("临沂市", "兰山区"), ("青岛市", "李沧区")):
        c = new(place=place(city, county), shop=1, mobile="13800138000", qq=desk.people.qq(), wechat="")
        desk.directory["bought"].append(
            listed(
                c,
                d(28, 10),
                "购买名录",
                rng,
                clerk=HE,
                qq=c.qq,
                brands=(),
                source_detail="山东健康行业名录2026版",
                shared=True,
                case="placeholder",
            )
        )
    # the seller's own number beside six shops without a name: more than four shops, so it joins nobody
    agent = desk.people.mobile()
    for city, county in (
        ("济南市", "市中区"),
        ("济南市", "槐荫区"),
        ("潍坊市", "青州市"),
        ("潍坊市", "昌乐县"),
        ("临沂市", "兰山区"),
        ("青岛市", "胶州市"),
    ):
        c = new(place=place(city, county), shop=1, mobile=agent, wechat="", qq="")
        desk.directory["bought"].append(
            listed(
                c,
                d(28, 10),
                "购买名录",
                rng,
                clerk=HE,
                name="",
                brands=(),
                source_detail="山东健康行业名录2026版",
                shared=True,
                case="seller-phone",
            )
        )


def urgent(desk: Desk) -> None:
    """Urgent customers: answered at once and recorded afterwards, or not yet recorded."""
    rng, new = desk.rng, desk.people.customer
    plan = (
        (HE, 4, "济南市", "历下区", True),
        (CHEN, 10, "南京市", "江宁区", True),
        (HE, 17, "武汉市", "武昌区", False),
        (CHEN, 19, "济南市", "市中区", False),
    )
    for clerk, day, city, county, recorded in plan:
        c = new(place=place(city, county), shop=1, brands=(KANG,))
        case = "urgent" if recorded else "urgent-not-recorded"
        desk.consult[clerk].append(
            consult(c, d(day), rng, clerk=clerk, urgent="是", intent="高", content="今天就要来公司看样机", case=case)
        )
        row = handover(
            c,
            d(day),
            "网络咨询",
            rng,
            urgent="是",
            urgent_action=f"{HEAD}已回电",
            content="今天就要来公司看样机",
            case=case,
        )
        row.values["recorded_date"] = workday_after(d(day)) if recorded else ""
        desk.hand_over(clerk, d(day), row)
        if recorded:
            answer(row, "有意向", d(day))
        desk.notable[f"urgent{day}"] = c


def brands(desk: Desk) -> None:
    """Two brands, a former name, one that nobody knows, none."""
    rng, new = desk.rng, desk.people.customer
    at = place("沈阳市", "铁西区")
    two = new(place=at, brands=(KANG, QIN), shop=1)
    desk.consult[HE].append(consult(two, d(10), rng, clerk=HE, case="two-brands"))
    desk.hand_over(HE, d(11), handover(two, d(11), "网络咨询", rng, case="two-brands"))
    former = new(place=at, brands=(RUI,), shop=1)
    desk.consult[CHEN].append(consult(former, d(11), rng, clerk=CHEN, brand="瑞颐", case="former-brand"))
    desk.hand_over(CHEN, d(11), handover(former, d(11), "网络咨询", rng, case="former-brand"))
    none = new(place=at, brands=(), shop=1)
    desk.consult[CHEN].append(consult(none, d(12), rng, clerk=CHEN, case="no-brand"))
    desk.hand_over(CHEN, d(12), handover(none, d(12), "网络咨询", rng, case="no-brand"))
    unknown = new(place=at, brands=(), shop=1)
    desk.consult[HE].append(consult(unknown, d(12), rng, clerk=HE, brand="老牌子磁疗", case="brand-unknown"))
    desk.referral[HEAD].append(
        referral(new(place=at, brands=()), d(10), "朋友介绍", (desk.people.name(), desk.people.mobile()), rng,
                 entrusted_by=HEAD, clerk=HEAD, brand="不清楚", case="brand-unknown")
    )  # fmt: skip
