"""How a customer looks on one row of one table: what the person knew, and how it was written down."""

from __future__ import annotations

import random
from datetime import date

from .customers import Customer
from .model import Cell, Entry

WANTS = (
    "问代理政策和价格", "想在当地开体验店", "要一份招商资料", "问首批进货要多少钱", "老客户流失,想加新项目",
    "比较几个厂家的设备", "问有没有区域保护", "想到公司看样机", "问培训怎么安排", "已有门店,想加盟", "要报价单和证件",
    "问售后和保修", "想先拿一台试试", "问能不能分期", "做会销多年,找新产品", "打听样板店在哪里",
)  # fmt: skip
ANSWERS = ("已发资料", "已加微信", "约好回电", "已讲政策", "已寄画册", "转业务代表跟进", "")
WAYS = ("官网留言", "客服在线", "百度商桥", "企业QQ", "咨询电话", "百度贴吧", "百度文库", "微博", "同行网页", "其他")
GROUPS = ("行业QQ群", "会销微信群")
WARES = ("理疗床", "足浴盆、按摩椅", "保健食品", "血压计、轮椅", "艾灸用品", "远红外产品", "净水机", "中老年奶粉", "无")


def mobile_ids(*numbers: str) -> set[str]:
    """The ids of these mobiles."""
    return {f"m:{n}" for n in numbers if n}


def short(name: str, city: bool = False) -> str:
    """山东省 → 山东, 济南市 → 济南."""
    return name.removesuffix("市" if city else "省") if not name.startswith("上海") else name


def region_cells(c: Customer, style: str) -> tuple[dict[str, Cell], str]:
    """The place as written in ``style`` (full, short, county, city, cityaddress, address, street, none) and how much it tells."""
    p = c.place
    if not p.district and style in ("city", "short"):
        style = "full"  # a county town is never written down without its county
    full = {"province": p.province, "city": p.city, "county": p.county, "township": p.township, "address": c.street}
    within = f"{p.county}{p.township}{c.street}"
    named = f"{p.province if p.province != p.city else ''}{p.city}{within}"
    return {
        "full": (full, "county"),
        "short": ({**full, "province": short(p.province), "city": short(p.city, city=True)}, "county"),
        "city": ({"province": p.province, "city": p.city, "address": c.street}, "city"),
        "cityaddress": ({"province": p.province, "city": p.city, "address": within}, "county"),
        "address": ({"address": named}, "county"),
        "street": ({"address": c.street}, ""),
        "none": ({}, ""),
    }[style]


def see(  # one argument per thing a person may write differently
    c: Customer,
    table: str,
    day: date | None,
    *,
    name: str | None = None,
    company: str | None = None,
    phone: str | None = None,
    wechat: str | None = None,
    qq: str | None = None,
    ids: set[str] | None = None,
    region: str = "full",
    brands: tuple[str, ...] | None = None,
    brand: str | None = None,
    extra: dict[str, Cell] | None = None,
    case: str = "",
    returned: str = "",
    invalid: str = "",
    shared: bool = False,
    **values: Cell,
) -> Entry:
    """One row about ``c``.

    Without anything said, the row shows the full name, the shop, the mobile and the brands. ``phone``, ``wechat`` and
    ``qq`` are the text as typed (wechat="" leaves it out); then ``ids`` says which contacts that text really holds.
    ``name`` is the name as typed: only the full name counts as one. ``brands`` is what the row names; ``brand`` the
    text when it is written differently.
    """
    shown_name = c.name if name is None else name
    shown_company = c.company if company is None else company
    shown_phone = c.mobile if phone is None else phone
    shown_brands = c.brands if brands is None else brands
    where, told = region_cells(c, region)
    if ids is None:
        if phone not in (None, "", c.mobile):
            raise ValueError(f"{c.key}: say which contacts {phone!r} holds")
        ids = mobile_ids(shown_phone)
        ids |= {f"w:{wechat}"} if wechat else set()
        ids |= {f"q:{qq}"} if qq else set()
    return Entry(
        table=table,
        who=c.key,
        day=day,
        values={
            "name": shown_name,
            "phone": shown_phone,
            "wechat": wechat or "",
            "qq": qq or "",
            "company": shown_company,
            **where,
            "brand": "、".join(shown_brands) if brand is None else brand,
            "product": c.product if shown_brands else "",
            **values,
        },
        extra=dict(extra or {}),
        ids=frozenset(ids),
        full_name=c.name if shown_name.replace(" ", "").replace("\u00a0", "").replace("\u3000", "") == c.name else "",
        company=c.company if shown_company else "",
        city=c.place.city if told else "",
        brands=shown_brands,
        shown=told,
        case=case,
        returned=returned,
        invalid=invalid,
        shared=shared,
    )


def hidden(c: Customer, rng: random.Random) -> str:
    """王总 for 王建国: the name as somebody writes it who did not ask."""
    return c.name[0] + rng.choice(("总", "经理", "老板", *(("女士", "姐") if c.woman else ("先生", "先生"))))


def consult(c: Customer, day: date, rng: random.Random, **how: object) -> Entry:
    """A row of 客户咨询记录本: the hook contact, sometimes more."""
    shown: dict[str, object] = {
        "phone": c.mobile if c.hook == "phone" else "",
        "wechat": c.wechat if c.hook == "wechat" or rng.random() < 0.25 else "",
        "qq": c.qq if c.hook == "qq" else "",
        "region": rng.choice(("full", "short", "short", "city", "none", "none")),
        "contact_way": "企业QQ" if c.hook == "qq" else rng.choice(WAYS),
        "content": rng.choice(WANTS),
        "intent": rng.choice(("高", "中", "中", "低", "未知", "")),
        "urgent": "否",
        "answer": rng.choice(ANSWERS),
        "title": c.title if rng.random() < 0.5 else "",
    }
    entry = see(c, "consult_log", day, **{**shown, **how})  # type: ignore[arg-type]
    entry.channel = "行业群" if entry.values["contact_way"] in GROUPS else "网络咨询"
    return entry


def handover(c: Customer, day: date, channel: str, rng: random.Random, **how: object) -> Entry:
    """A row of 客户信息移交表: the clerk asked again, so the mobile is known; the hook contact is copied along."""
    shown: dict[str, object] = {
        "wechat": c.wechat if c.hook == "wechat" else "",
        "qq": c.qq if c.hook == "qq" else "",
        "region": rng.choice(("full", "full", "short", "city")),
        "content": rng.choice(WANTS),
        "urgent": "否",
        "channel": channel,
        "title": c.title if rng.random() < 0.4 else "",
    }
    entry = see(c, "handover", day, **{**shown, **how})  # type: ignore[arg-type]
    entry.channel = channel
    return entry


def visit(c: Customer, day: date, rep: str, rng: random.Random, **how: object) -> Entry:
    """A row of 陌生拜访登记本."""
    shown: dict[str, object] = {
        "rep": rep,
        "area": short(c.place.city, city=True) + c.place.county.removesuffix("区"),
        "products": rng.choice(WARES),
        "shop_area": rng.choice((40, 60, 80, 100, 120, 200)),
        "staff_count": rng.choice((1, 2, 2, 3, 3, 4, 5, 6, 8, 12, 20)),
        "open_years": rng.choice((0.5, 1, 2, 3, 4, 6, 10)),
        "collected": rng.choice(("名片", "名片、门头照", "宣传单", "名片、价目表", "无")),
        "attitude": rng.choice(("热情", "一般", "一般", "冷淡")),
        "intent": rng.choice(("高", "中", "低", "未知")),
        "title": c.title,
        "wechat": c.wechat if rng.random() < 0.3 else "",
    }
    entry = see(c, "visit_log", day, **{**shown, **how})  # type: ignore[arg-type]
    entry.channel = "陌生拜访"
    return entry


def listed(c: Customer, day: date | None, channel: str, rng: random.Random, **how: object) -> Entry:
    """A row of 客户名录表."""
    shown: dict[str, object] = {
        "channel": channel,
        "legal_basis": {"医疗器械展": "展会留名片", "购买名录": "供方承诺", "同行提供": "不明"}.get(channel, ""),
        "products": rng.choice(WARES),
        "title": c.title,
    }
    entry = see(c, "directory", day, **{**shown, **how})  # type: ignore[arg-type]
    entry.channel = channel
    return entry


def referral(c: Customer, day: date, way: str, referrer: tuple[str, str], rng: random.Random, **how: object) -> Entry:
    """A row of 转介绍客户名录表; ``referrer`` is (name, phone)."""
    shown: dict[str, object] = {
        "referral_way": way,
        "referrer": referrer[0],
        "referrer_phone": referrer[1],
        "relation": rng.choice(("老同事", "亲戚", "同学", "同行朋友", "老乡", "牌友")),
        "willing": rng.choice(("已同意联系", "已同意联系", "已告知未表态", "未告知")),
        "wechat": c.wechat if rng.random() < 0.3 else "",
    }
    entry = see(c, "referral", day, **{**shown, **how})  # type: ignore[arg-type]
    entry.channel = {"委托客户介绍": "客户转介绍", "委托同行推荐": "同行推荐", "朋友介绍": "朋友介绍"}[way]
    return entry
