"""An invented office of any size for the benchmarks: brands, staff and filled sheets, the same every time (seeded).

Nobody in it exists. The sheets are the five intake tables as staff fill them in: a title above the header, mostly
clean rows, some phones as numbers or with spaces, some landlines, now and then a cell that is empty or wrong. About
30 % of the rows are customers who came before: by another channel, with another phone, or a second call.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from pathlib import Path

import xlsxwriter

from salessheets import settings as office_settings
from salessheets.clean import facts
from salessheets.tables import TABLES
from salessheets.write.settings_book import write_settings

SEED = 20261120
TODAY = date(2026, 11, 20)  # a Friday; the pinned 基准日期
DAYS = [date(2026, 11, 9) + timedelta(days=n) for n in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)]  # two weeks of working days
STAFF_COUNT = 20
RETURNING = 0.30  # share of rows whose customer came before
HEADER_ROW = 2  # below one title row
TABLE_SHARES = {"consult_log": 8, "handover": 4, "directory": 3, "referral": 2, "visit_log": 3}

GIVEN = (
    "伟芳秀英娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰玉萍红梅建国志华海燕晓东文斌春凤鹏飞宇婷雪峰俊波辉鑫莉丹龙云金凤德"
)
WORDS = (
    "康源福寿益民同和百草仁济恒安泰华瑞祥永春天然美佳怡雅欣荣盛颐养堂正德善水木清长青松鹤延年金玉宝隆兴达远方圆融信诚"
)
TRADES = (
    "养生馆",
    "健康科技有限公司",
    "大药房",
    "医疗器械有限公司",
    "理疗馆",
    "保健品商行",
    "美容院",
    "生物科技有限责任公司",
    "足浴店",
    "健康咨询中心",
)
BRAND_WORDS = (
    "康源",
    "瑞颐",
    "沁和",
    "百泰",
    "恒养",
    "益松",
    "福玉",
    "颐春",
    "善清",
    "德远",
    "泽民",
    "宁安",
    "嘉和",
    "润生",
    "启元",
)
PRODUCTS = ("高电位治疗仪", "双人光波房", "温热理疗床", "频谱房", "玉石床", "按摩理疗床", "家用理疗垫", "足疗机")
WISHES = (
    "想了解价格",
    "问加盟政策",
    "想要资料",
    "约下周到公司看",
    "已有同类产品,想换",
    "担心售后",
    "想先试用一个月",
    "问运费和安装",
)


@dataclass(frozen=True)
class Customer:
    """Who a row is about: what staff write of him, one spelling each."""

    name: str
    phone: str
    wechat: str
    qq: str
    company: str
    province: str
    city: str
    county: str
    brand: str


class Maker:
    """Makes one office; every call draws from the same seeded stream."""

    def __init__(self, brands: int, first_week: str | None) -> None:
        self.first_week = first_week
        self.rng = random.Random(SEED)
        known = facts.surnames()
        self.surnames, self.weights = list(known), [frequency for _, frequency in known.values()]
        self.places = [(p, c, d) for _, p, c, d in facts.regions() if d]
        self.phones: set[str] = set()
        self.brands = brand_names(brands)
        self.staff = [self.name() for _ in range(STAFF_COUNT)]
        self.customers: list[Customer] = []

    def name(self) -> str:
        """A full name of two or three characters."""
        surname = self.rng.choices(self.surnames, self.weights)[0]
        return surname + "".join(self.rng.choices(GIVEN, k=self.rng.choice((1, 2, 2))))

    def phone(self) -> str:
        """A mobile that no other customer has; one in twelve a landline."""
        while True:
            number = f"1{self.rng.choice('35789')}{self.rng.randrange(10**9):09d}"
            if self.rng.random() < 1 / 12:
                number = f"0531-8{self.rng.randrange(10**7):07d}"
            if number not in self.phones:
                self.phones.add(number)
                return number

    def customer(self) -> Customer:
        """A customer of 30 % who came before, else somebody new."""
        rng = self.rng
        if self.customers and rng.random() < RETURNING:
            known = rng.choice(self.customers)
            # Some give another number the second time; WeChat, or name and company, still say who they are.
            return replace(known, phone=self.phone()) if rng.random() < 0.15 else known
        province, city, county = rng.choice(self.places)
        new = Customer(
            name=self.name(),
            phone=self.phone(),
            wechat=f"wx{rng.randrange(10**8):08d}" if rng.random() < 0.35 else "",
            qq=str(rng.randrange(10**6, 10**10)) if rng.random() < 0.15 else "",
            company="".join(rng.choices(WORDS, k=3)) + rng.choice(TRADES) if rng.random() < 0.8 else "",
            province=province,
            city=city,
            county=county,
            brand="、".join(rng.sample(self.brands, k=rng.choice((1, 1, 1, 1, 2)))) if rng.random() < 0.9 else "",
        )
        self.customers.append(new)
        return new

    def person_cells(self, who: Customer) -> dict[str, object]:
        """The cells every table has, as somebody in a hurry types them."""
        rng, shape = self.rng, self.rng.randrange(40)
        phone: object = who.phone
        if who.phone.isdigit() and shape < 8:
            phone = int(who.phone)
        elif who.phone.isdigit() and shape < 12:
            phone = f"{who.phone[:3]} {who.phone[3:7]} {who.phone[7:]}"
        elif shape == 12 and rng.random() < 0.4:
            phone = ""
        elif shape == 13 and rng.random() < 0.4:
            phone = who.phone[:10]
        return {
            "name": f"{who.name[0]}总" if shape in (14, 15) else who.name,
            "title": rng.choice(("", "", "店长", "经理", "老板")),
            "phone": phone,
            "wechat": who.wechat,
            "qq": who.qq,
            "company": who.company,
            "province": who.province if shape != 16 else "",
            "city": who.city if shape != 17 else "",
            "county": who.county if shape % 4 else "",
            "address": f"{rng.choice(WORDS)}{rng.choice(WORDS)}路{rng.randrange(1, 400)}号" if shape % 3 == 0 else "",
            "brand": who.brand,
            "product": rng.choice(("", *PRODUCTS)),
            "note": rng.choice(("", "", "", "", "下午联系", "先发资料")),
        }

    def row(self, table: str, person: str) -> dict[str, object]:
        """One filled row of a table: field → cell."""
        rng = self.rng
        cells = self.person_cells(self.customer())
        return cells | self._own(table, person, rng.choice(DAYS), rng)

    def _own(self, table: str, person: str, day: date, rng: random.Random) -> dict[str, object]:
        choose: Callable[[str], str] = lambda field: rng.choice(TABLES[table].column(field).choices)  # noqa: E731
        typed: object = day if rng.random() < 0.85 else f"{day.month}月{day.day}日"
        match table:
            case "consult_log":
                return {
                    "consult_date": typed, "consult_time": time(rng.randrange(8, 18), rng.randrange(60)),
                    "contact_way": choose("contact_way"), "content": rng.choice(WISHES), "intent": choose("intent"),
                    "urgent": "是" if rng.random() < 0.01 else "否", "answer": "已介绍", "clerk": person,
                }  # fmt: skip
            case "handover":
                return {
                    "channel": "网络咨询", "source_detail": choose_way(rng), "obtained_date": typed,
                    "content": rng.choice(WISHES), "urgent": "是" if rng.random() < 0.01 else "否",
                    "result": "空号停机" if rng.random() < 0.005 else "",
                }  # fmt: skip
            case "directory":
                return {
                    "channel": choose("channel"), "source_detail": f"名录{rng.randrange(1, 9)}", "obtained_date": typed,
                    "cost": rng.choice((0, 200, 500)), "legal_basis": choose("legal_basis"),
                    "products": rng.choice(PRODUCTS), "clerk": person,
                }  # fmt: skip
            case "referral":
                return {
                    "referral_date": typed, "referral_way": choose("referral_way"), "referrer": self.name(),
                    "referrer_phone": f"137{rng.randrange(10**8):08d}", "relation": "同行", "entrusted_by": person,
                    "willing": choose("willing"), "clerk": person,
                }  # fmt: skip
            case _:
                return {
                    "visit_date": typed, "rep": person, "area": rng.choice(self.places)[2],
                    "products": rng.choice(PRODUCTS), "shop_area": rng.randrange(30, 400),
                    "staff_count": rng.randrange(1, 30), "open_years": rng.randrange(1, 12), "collected": "名片",
                    "attitude": choose("attitude"), "intent": choose("intent"),
                }  # fmt: skip

    def settings(self) -> bytes:
        """设置.xlsx of this office."""
        s = office_settings
        plain = s.default()
        directors = self.staff[: len(self.brands)]
        return write_settings(
            replace(
                plain,
                brands=tuple(
                    s.Brand(name=b, director=directors[n % len(directors)]) for n, b in enumerate(self.brands)
                ),
                staff=tuple(s.Staff(name=n, role="客服", phone=f"1390531{i:04d}") for i, n in enumerate(self.staff)),
                rules=replace(plain.rules, base_date=TODAY, first_week=self.first_week),
            )
        )


def brand_names(brands: int) -> list[str]:
    """Invented brands, as many as asked for."""
    kinds = ("高电位", "光波房", "理疗床")
    return [f"{BRAND_WORDS[n % len(BRAND_WORDS)]}{kinds[n // len(BRAND_WORDS) % len(kinds)]}" for n in range(brands)]


def choose_way(rng: random.Random) -> str:
    """Where a consultation came from, as 来源明细."""
    return rng.choice(TABLES["consult_log"].column("contact_way").choices)


def tables_in_turn() -> Iterator[str]:
    """Table keys in the proportions of TABLE_SHARES, well mixed, without end."""
    owed = dict.fromkeys(TABLE_SHARES, 0.0)
    while True:
        for table, share in TABLE_SHARES.items():
            owed[table] += share
        table = max(owed, key=lambda t: owed[t])
        owed[table] -= sum(TABLE_SHARES.values())
        yield table


def write_sheet(path: Path, table: str, rows: list[dict[str, object]]) -> None:
    """One workbook with one filled table: a title, the declared headers, the rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = TABLES[table].columns
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    day, clock = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "hh:mm"})
    bold = book.add_format({"bold": True})
    page = book.add_worksheet(TABLES[table].name)
    page.merge_range(0, 0, 0, len(columns) - 1, TABLES[table].name, bold)
    for at, column in enumerate(columns):
        page.write_string(HEADER_ROW - 1, at, column.header, bold)
    for offset, row in enumerate(rows, start=HEADER_ROW):
        for at, column in enumerate(columns):
            cell = offset - HEADER_ROW + 1 if column.field == "serial" else row.get(column.field, "")
            if isinstance(cell, date):
                page.write_datetime(offset, at, cell, day)
            elif isinstance(cell, time):
                page.write_datetime(offset, at, cell, clock)
            elif isinstance(cell, int):
                page.write_number(offset, at, cell)
            elif cell:
                page.write_string(offset, at, str(cell))
    book.close()


def make_office(
    folder: Path, *, sheets: int, rows: int, brands: int, news: int, first_week: str | None = None
) -> list[Path]:
    """Write an office folder; the last ``news`` sheets go beside it (folder ``-news``) to be handed in later.

    first_week: 起始周; None leaves it empty, so that everything belongs to the week of the first run. Returns the
    late sheets' paths below 收件箱.
    """
    maker = Maker(brands, first_week)
    folder.mkdir(parents=True)
    (folder / "设置.xlsx").write_bytes(maker.settings())
    late: list[Path] = []
    for number, table in zip(range(sheets + news), tables_in_turn(), strict=False):
        person = maker.staff[number % len(maker.staff)]
        below = Path(person) / f"{TABLES[table].name}{number + 1:04d}号.xlsx"
        filled = [maker.row(table, person) for _ in range(rows)]
        if number < sheets:
            write_sheet(folder / "收件箱" / below, table, filled)
        else:
            write_sheet(folder.with_name(f"{folder.name}-news") / below, table, filled)
            late.append(below)
    return late
