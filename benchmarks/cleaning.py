"""What cleaning costs per field, and how many real addresses it places.

    python benchmarks/cleaning.py [rows]        (default 100000)

The leads are made here from the package's own lists, dirty as staff type them, with a fixed seed. The addresses are
../shared/data/addresses.csv (9,184 rows typed by people, no labels); without that folder only the cost is measured.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from salessheets.clean import company, contact, date, facts, person, phone, region

ADDRESSES = Path(__file__).resolve().parents[2] / "shared" / "data" / "addresses.csv"
TODAY = dt.date(2026, 11, 20)
GIVEN = (
    "伟芳秀英娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰玉萍红梅建国志华海燕晓东文斌春凤鹏飞宇婷雪峰俊波辉鑫莉丹龙云金凤德"
)
WORDS = "康源福寿益民同和百草仁济恒安泰华瑞祥永春天然美佳怡雅欣荣盛康颐养和堂正德善水木清源长青松鹤延年"
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


def one_in(rng: random.Random, n: int) -> bool:
    return rng.randrange(n) == 0


def phones(rng: random.Random) -> str:
    mobile = f"1{rng.choice('35789')}{rng.randrange(10**9):09d}"
    shape = rng.randrange(20)
    if shape < 13:
        return mobile
    spaced = f"{mobile[:3]} {mobile[3:7]} {mobile[7:]}"
    landline = f"0531-8{rng.randrange(10**7):07d}"
    return (
        f"{mobile}.0", spaced, f"+86{mobile}", f"{mobile[:3]}-{mobile[3:7]}-{mobile[7:]}", landline,
        f"{mobile}/{landline}", f"{mobile}王总", f"{landline}转80{rng.randrange(10)}",
    )[rng.randrange(8)] if shape < 19 else mobile[:10]  # fmt: skip


def names(rng: random.Random, surnames: list[str], weights: list[int]) -> str:
    surname = rng.choices(surnames, weights)[0]
    full = surname + "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2))))
    shape = rng.randrange(20)
    if shape < 14:
        return full
    return (f"{surname}总", f"{surname}经理", f"{surname}姐", f"{full}(店长)", " ".join(full), f"老{surname}")[
        shape - 14
    ]


def leads(rows: int) -> pd.DataFrame:
    rng = random.Random(20261120)
    known = facts.surnames()
    surnames, weights = list(known), [f for _, f in known.values()]
    places = [(p, c, d) for _, p, c, d in facts.regions() if d]
    records = []
    for _ in range(rows):
        p, c, d = rng.choice(places)
        place = rng.choice(((p, c, d), (p[:2], c.removesuffix("市"), d), ("", c, d), (p, c, ""), ("", "", "")))
        trade = rng.choice(TRADES)
        brand = "".join(rng.choices(WORDS, k=2))
        mobile = f"1{rng.choice('35789')}{rng.randrange(10**9):09d}"
        records.append(
            {
                "phone": phones(rng),
                "wechat": rng.choice(("", "", "", mobile, f"wx_{rng.randrange(10**6)}", "同手机")),
                "qq": rng.choice(("", "", "", str(rng.randrange(10**5, 10**10)))),
                "name": names(rng, surnames, weights),
                "company": "" if one_in(rng, 8) else rng.choice(("", c[:2], c)) + brand + trade,
                "province": place[0],
                "city": place[1],
                "county": place[2],
                "township": "",
                "address": rng.choice(
                    ("", f"{brand}路{rng.randrange(999)}号", f"{p}{c}{d}{brand}路{rng.randrange(999)}号")
                ),
                "date": rng.choice(("2026-11-03", "2026.11.3", f"11月{rng.randrange(1, 29)}日", "20261103")),
            }
        )
    return pd.DataFrame(records, dtype="str")


FIELDS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "phone": lambda f: phone.clean(f["phone"]),
    "wechat": lambda f: contact.wechat(f["wechat"]),
    "qq": lambda f: contact.qq(f["qq"]),
    "person": lambda f: person.clean(f["name"]),
    "company": lambda f: company.clean(f["company"]),
    "region": lambda f: region.clean(f[["province", "city", "county", "township", "address"]]),
    "date": lambda f: date.clean(f["date"], TODAY),
}


def cost(rows: int) -> None:
    frame = leads(rows)
    region.clean(frame.head(10))  # the gazetteer is built once per process
    print(f"cleaning {rows:,} leads")
    total = 0.0
    for field, clean in FIELDS.items():
        start = time.perf_counter()
        clean(frame)
        took = time.perf_counter() - start
        total += took
        source = "name" if field == "person" else field
        distinct = frame[source].nunique() if source in frame else len(frame)
        print(f"  {field:8} {took:7.3f} s   {distinct:>9,} distinct")
    print(f"  {'all':8} {total:7.3f} s")


def addresses() -> None:
    if not ADDRESSES.exists():
        print(f"no {ADDRESSES.name}: the share of addresses placed is not measured")
        return
    typed = pd.read_csv(ADDRESSES, dtype="str", keep_default_na=False).iloc[:, 0]
    typed = typed[typed.str.strip() != ""]
    found = region.clean(pd.DataFrame({"address": typed}))
    print(f"{len(typed):,} addresses, no columns filled: " + ", ".join(
        f"{level} {(found[level] != '').mean():.1%}" for level in ("county", "city", "province")
    ))  # fmt: skip


if __name__ == "__main__":
    cost(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
    addresses()
