"""What cleaning costs per field, and how many real addresses it places.

    python benchmarks/cleaning.py [--rows 100000] [--write] [--sample 200]

The leads are made here from the package's own lists, dirty as staff type them, with a fixed seed. Each field is
cleaned as a column, and a sample of its distinct values one by one by the thorough reader that the kernels stand in
for; both in one run, in processor seconds, so that the ratio means something on a busy machine too.

The addresses are ../shared/data/addresses.csv (9,184 rows typed by people, no labels); without that folder only the
cost is measured. --sample prints a fresh random sample to check by hand: write what was found into CHECKED.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from salessheets.clean import (
    business,
    company,
    contact,
    date,
    facts,
    locate,
    names,
    numbers,
    person,
    phone,
    region,
)

sys.path.insert(0, str(Path(__file__).resolve().parent))
from measure import machine
from results import keep

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


def name(rng: random.Random, surnames: list[str], weights: list[int]) -> str:
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
                "name": name(rng, surnames, weights),
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


# The thorough reader of one value; a column that is cheaper than its reader owes it to the kernels.
ONE_BY_ONE: dict[str, tuple[list[str], Callable[..., object]]] = {
    "phone": (["phone"], numbers.read),
    "person": (["name"], names.read),
    "company": (["company"], business.read),
    "region": (
        ["province", "city", "county", "address"],
        lambda p, c, d, a: locate.address(a, locate.columns(p, c, d).places),
    ),
}
SAMPLE = 20_000
# The sample of addresses last checked by hand: seed of pandas' sample, rows, wrong places, and the places' digest.
CHECKED = {"on": "2026-11-24", "seed": 20261124, "rows": 200, "wrong": 0, "digest": "96139352d51bd3b5"}


def cost(rows: int) -> list[str]:
    frame = leads(rows)
    for clean in FIELDS.values():
        clean(frame.head(10))  # lists are built once per process
    lines = [
        "| field | distinct | as a column | one by one | ratio |",
        "|---|---:|---:|---:|---:|",
    ]
    total = 0.0
    for field, clean in FIELDS.items():
        start = time.process_time()
        clean(frame)
        took = time.process_time() - start
        total += took
        cells, read = ONE_BY_ONE.get(field, ([field], None))
        distinct = frame[cells].drop_duplicates()
        single = one_by_one(distinct, read) if read else None
        ratio = f"{single:.2f} s | {single / took:.1f}×" if single else "– | –"
        lines.append(f"| {field} | {len(distinct):,} | {took:.2f} s | {ratio} |")
    return [*lines, f"| all | | {total:.2f} s | | |"]


def one_by_one(distinct: pd.DataFrame, read: Callable[..., object]) -> float:
    """Processor seconds for all distinct values, by those of a sample."""
    rows = distinct.sample(min(SAMPLE, len(distinct)), random_state=1)
    cells = [rows[c].tolist() for c in rows]
    start = time.process_time()
    for row in zip(*cells, strict=True):
        read(*row)
    return (time.process_time() - start) * len(distinct) / len(rows)


def addresses() -> pd.DataFrame | None:
    """The real addresses with the places found, no columns filled."""
    if not ADDRESSES.exists():
        return None
    typed = pd.read_csv(ADDRESSES, dtype="str", keep_default_na=False).iloc[:, 0]
    typed = typed[typed.str.strip() != ""].reset_index(drop=True)
    return region.clean(pd.DataFrame({"address": typed})).assign(typed=typed)


def placed(found: pd.DataFrame) -> list[str]:
    shares = ", ".join(f"{level} {(found[level] != '').mean():.1%}" for level in ("county", "city", "province"))
    checked = sample(found, CHECKED["rows"], CHECKED["seed"])
    state = "unchanged since" if digest(checked) == CHECKED["digest"] else "other places since: check again"
    return [
        f"{len(found):,} real addresses, no columns filled: {shares}.",
        f"Checked by hand on {CHECKED['on']}: {CHECKED['rows']} at random (seed {CHECKED['seed']}), {CHECKED['wrong']} placed wrongly; {state}.",
    ]


def sample(found: pd.DataFrame, rows: int, seed: int) -> pd.DataFrame:
    return found.sample(rows, random_state=seed)[["typed", "province", "city", "county", "township"]]


def digest(checked: pd.DataFrame) -> str:
    return hashlib.sha256(checked.to_csv(index=False).encode()).hexdigest()[:16]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--write", action="store_true", help="keep the figures in RESULTS.md")
    parser.add_argument("--sample", type=int, help="print so many addresses to check by hand, and nothing else")
    parser.add_argument("--seed", type=int, default=CHECKED["seed"])
    args = parser.parse_args()
    found = addresses()
    if args.sample and found is not None:
        chosen = sample(found, args.sample, args.seed)
        print(chosen.to_csv(index=False, sep="\t"), digest(chosen))
        return
    report = [f"{args.rows:,} leads, processor seconds; {machine()}", "", *cost(args.rows), ""]
    report += placed(found) if found is not None else [f"no {ADDRESSES.name}: addresses are not measured"]
    print("\n".join(report))
    if args.write:
        keep("cleaning", "Cleaning", "\n".join(report))


if __name__ == "__main__":
    main()
