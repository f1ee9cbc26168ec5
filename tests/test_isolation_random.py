"""Isolation on random offices: every customer has texts nobody else has; they stand in his brands' files and in no other's.

Searched are the bytes of every file of a brand and of every part of its zip, names, properties and comments included.
"""

from __future__ import annotations

import csv
import io
import random
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from salessheets import settings as office_settings
from salessheets.office import Office
from salessheets.passwords import Passwords
from salessheets.settings import Blocked, Brand, Staff
from salessheets.week import weekly
from salessheets.write.settings_book import write_settings

FIRST, DAY = date(2026, 11, 13), date(2026, 11, 20)
BRANDS = ("康泰", "益生", "宝芝")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英建国文辉力玲玉兰"
HEADER = (
    "咨询日期",
    "咨询渠道",
    "客户姓名",
    "联系电话",
    "微信号",
    "单位名称",
    "意向品牌",
    "所在省",
    "所在市",
    "咨询内容",
    "备注",
)


def customers(chance: random.Random, count: int) -> list[dict[str, str]]:
    """Rows of the register; whatever tells who it is belongs to this customer alone."""
    found = []
    for number in range(count):
        sign = f"{chance.randrange(36**5):05x}"[-5:]
        brands = chance.sample(BRANDS, chance.choice((0, 1, 1, 1, 2)))
        found.append({
            "咨询日期": f"2026-11-{chance.choice((10, 11, 12, 17, 18, 19))}", "咨询渠道": "咨询电话",
            "客户姓名": chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2)),
            "联系电话": f"136{number:02d}{chance.randrange(10**6):06d}" if chance.random() < 0.85 else f"12{number}",
            "微信号": f"wx_{sign}_{number}", "单位名称": f"{sign}{number}健康馆", "意向品牌": "、".join(brands),
            "所在省": "山东省", "所在市": chance.choice(("青岛市", "济南市")), "咨询内容": f"想了解{sign}x{number}",
            "备注": f"记{sign}y{number}",
        })  # fmt: skip
    return found


def tokens(row: dict[str, str]) -> set[str]:
    return {row[column] for column in ("联系电话", "微信号", "单位名称", "咨询内容", "备注") if len(row[column]) > 5}


def write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER)
    writer.writeheader()
    writer.writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(out.getvalue().encode("utf-8-sig"))


def made_up(root: Path, seed: int) -> tuple[Office, list[dict[str, str]], dict[str, str]]:
    """A random office after two runs, its customers, and what each director typed: text → brand."""
    chance = random.Random(seed)
    office = Office(root)
    office.make()
    people = customers(chance, 24)
    refused = chance.choice(people)
    settings = replace(
        office_settings.default(), brands=tuple(Brand(name) for name in BRANDS), staff=(Staff("陈静", phone="13999990001"),),
        blocked=(Blocked(refused["联系电话"]),),
    )  # fmt: skip
    office.settings.write_bytes(write_settings(settings))
    first = [row for row in people if row["咨询日期"] < "2026-11-15"]
    write_rows(office.inbox / "陈静" / "登记46.csv", first)
    weekly(office, day=FIRST)
    typed = {}
    for path in sorted(office.reports.rglob("*_周报.xlsx")):
        brand = path.stem.split("_")[1]
        if brand in BRANDS:
            typed |= dict.fromkeys(type_in(path, brand, chance), brand)
    again = [{**row, "备注": row["备注"]} for row in chance.sample(first, min(3, len(first)))]
    write_rows(office.inbox / "陈静" / "登记47.csv", [row for row in people if row not in first] + again)
    weekly(office, day=DAY)
    return office, people, typed


def type_in(path: Path, brand: str, chance: random.Random) -> list[str]:
    book = openpyxl.load_workbook(path)
    if "有效客户名单" not in book.sheetnames:
        return []
    page = book["有效客户名单"]
    at = {cell.value: cell.column for cell in page[3]}
    texts = []
    for row in range(4, page.max_row + 1):
        texts.append(f"写{chance.randrange(10**9):09d}{brand}")
        page.cell(row, at["备注"]).value = texts[-1]
        if chance.random() < 0.2:
            page.cell(row, at["跟进状态"]).value = "放弃"
    book.save(path)
    return texts


def holds(data: bytes) -> bytes:
    """The bytes of a file and of every part in it, with their names."""
    found = [data]
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found += [archive.comment, *(name.encode() + archive.read(name) for name in archive.namelist())]
    return b"\n".join(found)


def files_of(office: Office, brand: str) -> dict[str, bytes]:
    return {p.name: holds(p.read_bytes()) for p in sorted(office.reports.rglob(f"*_{brand}_*")) if p.is_file()}


@pytest.mark.parametrize("seed", range(6))
def test_a_brands_files_hold_its_own_customers_and_no_other(tmp_path, seed):
    office, people, typed = made_up(tmp_path / "办公室", seed)
    leaks, seen = [], 0
    for brand in BRANDS:
        others = [row for row in people if brand not in row["意向品牌"].split("、")]
        own = set().union(*(tokens(row) for row in people if row not in others))
        secret = set().union(*(tokens(row) for row in others)) - own
        secret |= {text for text, whose in typed.items() if whose != brand} | {"13999990001"}
        secret |= {name for name in BRANDS if name != brand}
        files = files_of(office, brand)
        assert len(files) >= 2
        leaks += [(name, text) for name, data in files.items() for text in secret for code in ("utf-8", "utf-16-le")
                  if text.encode(code) in data]  # fmt: skip
        seen += sum(text.encode() in data for data in files.values() for text in own)
    assert leaks == []
    assert seen > 20  # the search finds what is there


def test_a_locked_brand_shows_nothing_at_all_without_its_password(tmp_path):
    office, people, _ = made_up(tmp_path / "办公室", 1)
    locked = replace(office, passwords=Passwords({"康泰": ("geheim",)}))
    write_rows(office.inbox / "陈静" / "登记48.csv", people[:1])
    weekly(locked, day=DAY)
    everything = set().union(*(tokens(row) for row in people))
    newest = {name: data for name, data in files_of(office, "康泰").items() if name.startswith("2026-W47")}
    assert [(name, text) for name, data in newest.items() for text in everything if text.encode() in data] == []
