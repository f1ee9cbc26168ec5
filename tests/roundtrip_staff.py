"""What the staff of the typing simulation hand in every week: registers that grow, and now and then a 移交表. All invented."""

from __future__ import annotations

import csv
import random
from dataclasses import replace
from datetime import date, timedelta

from salessheets.office import Office
from salessheets.settings import Brand, default
from salessheets.settings import Staff as Person
from salessheets.write.settings_book import write_settings

BRANDS = ("康源高电位", "瑞颐光波房", "沁和理疗床")
HEAD, DIRECTORS = "周立", ("林海", "徐慧", "郑涛")
CLERKS, REPS = ("陈静", "何敏", "吴桐"), ("刘洋", "孙磊", "马晓东", "钱进", "冯远")
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
_GIVEN = "建国秀英志强丽华文博雨欣海涛春梅国庆玉兰晓明红霞立新桂芳永刚雪莲少平素珍"
_REGISTER = (
    "咨询日期",
    "咨询渠道",
    "客户姓名",
    "联系电话",
    "单位/店名",
    "意向品牌",
    "咨询内容",
    "是否紧急",
    "登记客服",
)
_FORM = (
    "客户姓名",
    "联系电话",
    "单位/店名",
    "信息来源",
    "获取日期",
    "意向品牌",
    "客户情况",
    "是否紧急",
    "处理人",
    "处理日期",
    "处理结果",
)
ONE = timedelta(days=1)


class Staff:
    """people: customer → name, phone, company, brand. number: customer → 客户编号. settled: corrected by hand, merged or split,
    so nobody hears of them again. twins: 王总 → 王经理, whom the program takes for one.
    """

    def __init__(self, office: Office, seed: int) -> None:
        self.office, self.rng = office, random.Random(seed)
        self.people: dict[str, dict[str, str]] = {}
        self.number: dict[str, str] = {}
        self.settled: set[str] = set()
        self.twins: dict[str, str] = {}
        self.files: dict[tuple[str, str], list[list[str]]] = {}
        office.make()
        staff = [Person(HEAD, "销售部负责人"), *(Person(n, "市场总监") for n in DIRECTORS)]
        staff += [*(Person(n, "客服") for n in CLERKS), *(Person(n, "业务代表") for n in REPS)]
        brands = tuple(Brand(b, d) for b, d in zip(BRANDS, DIRECTORS, strict=True))
        office.settings.write_bytes(write_settings(replace(default(), brands=brands, staff=tuple(staff))))

    def new(self, brand: str = "") -> str:
        """Somebody nobody has heard of: one full name, one phone, one shop."""
        rng, n = self.rng, len(self.people)
        taken = {p["name"] for p in self.people.values()}
        name = next(
            name for _ in iter(int, 1) if (name := rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, 2))) not in taken
        )
        who = f"K{n}"
        phone = f"139{rng.randint(1000, 9999)}{n:04d}"
        self.people[who] = {"name": name, "phone": phone, "company": f"{name}第{n}健康馆", "brand": brand}
        return who

    def week(self, friday: date, new: int) -> None:
        """Monday to Friday: new customers, one who calls again, some of no brand or of two, and twins."""
        for brand in BRANDS:
            for _ in range(new):
                self._heard(self.new(brand), friday - self.rng.randint(0, 3) * ONE)
        for brand in ("", "、".join(self.rng.sample(BRANDS, 2))):
            self._heard(self.new(brand), friday)
        known = [who for who in self.people if who in self.number and who not in self.settled]
        if known:
            self._heard(self.rng.choice(known), friday)
        self._twins(friday)

    def _twins(self, friday: date) -> None:
        """Pairs over which the program must ask (one phone, two full names) and one that it merges (王总, 王经理)."""
        brand, other = self.rng.sample(BRANDS, 2)
        a, b, c = self.new(brand), self.new(brand), self.new(other)
        self.people[b]["phone"] = self.people[a]["phone"]
        surname = self.people[c]["name"][0]
        self.people[c]["name"] = f"{surname}总"
        self.twins[c] = f"{c}b"
        self.people[f"{c}b"] = {**self.people[c], "name": f"{surname}经理"}
        for who in (a, b, c, f"{c}b"):
            self.people[who]["company"] = ""
            self._heard(who, friday, CLERKS[0])

    def _heard(self, who: str, day: date, clerk: str = "") -> None:
        clerk, p = clerk or self.rng.choice(CLERKS), self.people[who]
        row = [day.isoformat(), "咨询电话", p["name"], p["phone"], p["company"], p["brand"], "问政策", "否", clerk]
        self.files.setdefault((clerk, "客户咨询记录本"), [list(_REGISTER)]).append(row)

    def moves(self, who: str, day: date) -> None:
        """转其他品牌, written on a 移交表."""
        self.settled.add(who)
        p = self.people[who]
        head = [f"移交日期:{day.isoformat()}", f"移交人:{CLERKS[1]}", f"接收人:{HEAD}"]
        file = self.files.setdefault((CLERKS[1], f"移交表{day:%Y%m%d}"), [["客户信息移交表"], head, list(_FORM)])
        file.append([p["name"], p["phone"], p["company"], "网络咨询", day.isoformat(), p["brand"], "问政策", "否", HEAD, day.isoformat(), "转其他品牌"])  # fmt: skip

    def hand_in(self) -> None:
        """Everything so far, new rows at the end."""
        for (person, name), rows in self.files.items():
            path = self.office.inbox / person / f"{name}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("w", encoding="utf-8-sig", newline="") as out:
                csv.writer(out).writerows(rows)
