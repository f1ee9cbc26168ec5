"""A simulated quarter: 13 weeks, three brands, twelve staff who hand in registers and forms as the manual says, with slips.

What they do is written straight into their sheets, as people write them; the oracle (quarter_oracle.py) reads nothing but
these sheets, 设置 and what directors typed. One identity has one full name, one phone, one shop and one place; on one day
the office deals with a customer once, so that no order is left to taste. All names and numbers are invented.
"""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

import python_calamine
from cells import type_cells
from workdays_2026 import following, works

from salessheets.office import Office
from salessheets.settings import Absence, Blocked, Brand, Staff, default
from salessheets.write.settings_book import write_settings

BRANDS = ("康源高电位", "瑞颐光波房", "沁和理疗床")
HEAD, DIRECTORS = "周立", ("林海", "徐慧", "郑涛")
CLERKS, REPS = ("陈静", "何敏", "吴桐"), ("刘洋", "孙磊", "马晓东", "钱进", "冯远")
LEAVES, SUCCESSOR = "冯远", "钱进"
REFERRERS = {"鲁大海": "13700001001", "贺国强": "13700001002", "施小勇": "13700001003", "严婷婷": "13700001004"}
# (省, 市, 县/区, 乡镇), with how many of a hundred live there.
PLACES = {
    ("山东省", "济南市", "历下区", ""): 26, ("山东省", "青岛市", "市北区", ""): 22, ("山东省", "潍坊市", "寿光市", ""): 16,
    ("山东省", "潍坊市", "临朐县", ""): 10, ("山东省", "潍坊市", "临朐县", "冶源镇"): 5, ("北京市", "北京市", "朝阳区", ""): 8,
    ("山东省", "", "", ""): 5, ("", "", "", ""): 8,
}  # fmt: skip
BLANK = ("", "", "", "")
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
_GIVEN = "建国秀英志强丽华文博雨欣海涛春梅国庆玉兰晓明红霞立新桂芳永刚雪莲少平素珍"
_WHO = ("客户姓名", "联系电话", "单位/店名", "省", "市", "县/区", "乡镇", "意向品牌")
ANSWERS = {
    "企业规模": "大 中 小 微", "团队大小": "20人以上 10-19人 5-9人 5人以下", "从业时间": "5年以上 3-5年 1-3年 1年以下",
    "经营理念": "一致 基本一致 不一致", "需求": "明确需求 可激发 潜在 无", "问题匹配": "能解决 部分能 不能",
    "合作可能性": "高 高 中 低", "销售难易": "易 中 难",
}  # fmt: skip
HEADERS = {
    "客户咨询记录本": ("咨询日期", "咨询渠道", *_WHO, "咨询内容", "意向初判", "是否紧急", "登记客服"),
    "客户信息移交表": (*_WHO, "信息来源", "获取日期", "客户情况", "是否紧急", "补记日期", "处理人", "处理日期", "处理结果", "下次跟进日期"),
    "客户名录表": (*_WHO, "信息来源", "来源名称", "获取日期", "费用", "来源依据", "登记客服"),
    "转介绍客户名录表": ("转介绍日期", "转介绍方式", "转介绍人", "转介绍人电话", "我方委托人", *_WHO, "被介绍人意愿", "登记人"),
    "陌生拜访登记本": ("拜访日期", "业务代表", "意向区域", *_WHO, "详细地址", "员工人数", "开业年限", "初步意向", "再访日期"),
    "客户分析表": ("客户编号", "客户姓名", "客户层级", *ANSWERS, "分析人", "分析日期"),
    "客户策略制定表": ("客户编号", "客户姓名", "跟进目标", "切入点/策略要点", "责任人", "第一步", "第一步时间", "第二步", "第二步时间", "第三步", "第三步时间"),
    "客户洽谈信息记录表": ("客户编号", "客户姓名", "联系电话", "第几次", "洽谈日期", "洽谈方式", "我方洽谈人", "洽谈内容", "洽谈状态", "下次洽谈日期"),
    "售后服务回访记录表": ("客户编号", "客户姓名", "回访日期", "回访方式", "回访人", "满意度", "问题描述", "责任人", "限期", "是否解决", "下次回访日期"),
    "转介绍答谢记录表": ("转介绍人", "被介绍客户编号", "成功判定", "成功日期", "答谢方式", "经办人", "实际答谢日期", "状态"),
    "公司洽谈资料清单": ("资料编号", "资料名称", "类别", "版本", "更新日期", "有效期至", "保管人", "可外发"),
}  # fmt: skip


class Quarter:
    """The staff at work, day by day. ``sheets``: (person, file) → rows; ``typed``: what directors typed, see type_in."""

    def __init__(self, office: Office, first: date, seed: int) -> None:
        self.office, self.rng, self.first = office, random.Random(seed), first
        self.people: dict[str, dict[str, str]] = {}
        self.number: dict[str, str] = {}  # name → 客户编号, as the workbooks say
        self.owner: dict[str, str] = {}
        self.busy: set[tuple[str, date]] = set()
        self.over: set[str] = set()  # nobody talks to them any more
        self.sheets: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
        self.heads: dict[tuple[str, str], list[str]] = {}
        self.later: dict[date, list] = defaultdict(list)  # answers that will be written into forms
        self.forgotten: dict[str, list] = defaultdict(list)  # clerk → (name, day) still to be handed over
        self.away = [(self.rng.choice(CLERKS), first + timedelta(days=7 * n + 2)) for n in (2, 5, 8)]
        office.make()
        staff = [Staff(HEAD, "销售部负责人"), *(Staff(n, "市场总监") for n in DIRECTORS)]
        staff += [*(Staff(n, "客服") for n in CLERKS), *(Staff(n, "业务代表") for n in REPS)]
        self.settings = replace(
            default(),
            brands=tuple(Brand(b, d) for b, d in zip(BRANDS, DIRECTORS, strict=True)),
            staff=tuple(staff),
            absences=tuple(Absence(who, "请假", day, day) for who, day in self.away),
        )
        self.leaving = first + timedelta(days=7 * 7)
        for n, days in enumerate((-10, 20, 45, 70, 100, 400)):
            self._add(CLERKS[0], "公司洽谈资料清单", [f"ZL-{n}", f"资料ZL-{n}", "产品资料", "1", first, first + timedelta(days=days), CLERKS[0], "是"])  # fmt: skip

    # --- people ---------------------------------------------------------------------------------------------------

    def new(self, *, unbranded: float = 0.0) -> str:
        """Somebody nobody has heard of."""
        rng, n, name = self.rng, len(self.people), ""
        while not name or name in self.people:
            name = rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, 2))
        brands = rng.sample(BRANDS, 2 if rng.random() < 0.08 else 1)
        place = rng.choices(list(PLACES), list(PLACES.values()))[0]
        self.people[name] = dict(zip(_WHO, (name, f"139{rng.randint(1000, 9999)}{n:04d}", f"{name}第{n}健康馆", *place,
                                            "" if rng.random() < unbranded else "、".join(brands)), strict=True))  # fmt: skip
        return name

    def free(self, name: str, day: date) -> bool:
        """Book this customer's contact of the day; False when there is one or nobody talks to him any more."""
        if (name, day) in self.busy or name in self.over:
            return False
        self.busy.add((name, day))
        return True

    def someone(self) -> str:
        """Usually a stranger, sometimes one who is known."""
        known = [name for name in self.people if name not in self.over]
        return self.rng.choice(known) if known and self.rng.random() < 0.12 else self.new()

    # --- a day ----------------------------------------------------------------------------------------------------

    def day(self, day: date) -> None:
        """Everybody's work of one day."""
        if not works(day):
            return
        for answer in self.later.pop(day, ()):
            answer()
        for clerk in CLERKS:
            if (clerk, day) not in self.away:
                self._clerk(clerk, day)
        for rep in REPS:
            if rep != LEAVES or day < self.leaving:
                self._rep(rep, day)
        if day.weekday() == 3:
            self._referrals(day)
        if day.weekday() == 1 and (day - self.first).days % 14 < 7:
            self._directory(day)
        self._office(day)

    def _office(self, day: date) -> None:
        """What the office manager writes into 设置: who left, who must not be contacted."""
        before = self.settings
        if day >= self.leaving:
            left = {LEAVES: Staff(LEAVES, "业务代表", left=self.leaving, successor=SUCCESSOR)}
            self.settings = replace(before, staff=tuple(left.get(s.name, s) for s in before.staff))
        if day >= self.first + timedelta(days=30) and not before.blocked and len(self.people) > 20:
            names = sorted(self.people)[3:5]
            self.over |= set(names)
            self.settings = replace(self.settings, blocked=tuple(Blocked(self.people[n]["联系电话"]) for n in names))

    def _clerk(self, clerk: str, day: date) -> None:
        rng = self.rng
        pending, self.forgotten[clerk] = self.forgotten[clerk], []
        on_form: dict[str, tuple[date, str, str]] = {}
        for name, since, urgent in pending:
            if rng.random() < 0.5 and name not in on_form:
                on_form[name] = since, urgent, "网络咨询"
        for _ in range(rng.randint(0, 2)):
            name = self.someone()
            if name in on_form or not self.free(name, day):
                continue
            urgent = "是" if rng.random() < 0.15 else "否"
            row = self._add(clerk, "客户咨询记录本", [day, "咨询电话", *self.people[name].values(), "问政策", rng.choice(("高", "中", "低", "未知")), urgent, clerk])  # fmt: skip
            if rng.random() < 0.03 and not self.number.get(name):  # a slip: no number at all, so it cannot be taken in
                row["联系电话"] = ""
                self.over.add(name)
            elif rng.random() < 0.85:
                on_form[name] = day, urgent, "网络咨询"
            elif rng.random() < 0.6:
                self.forgotten[clerk].append((name, day, urgent))
        visits = [r for (_, file), rows in self.sheets.items() if file == "陌生拜访登记本" for r in rows]
        for visit in visits:
            age = (day - date.fromisoformat(visit["拜访日期"])).days
            if 0 < age < 9 and rng.random() < 0.15 and visit["客户姓名"] not in on_form:
                on_form[visit["客户姓名"]] = date.fromisoformat(visit["拜访日期"]), "否", "陌生拜访"
        if rng.random() < 0.05:  # forgotten: nothing of this day is handed over
            return
        self._form(clerk, day, on_form)

    def _form(self, clerk: str, day: date, on_form: dict[str, tuple[date, str, str]]) -> None:
        rng, file = self.rng, f"移交表{day:%Y%m%d}"
        self.heads[clerk, file] = [f"移交日期:{day}", f"移交人:{clerk}", f"接收人:{HEAD}"]
        self.sheets[clerk, file] = []
        for name, (obtained, urgent, channel) in on_form.items():
            if any(r["客户姓名"] == name for (_, f), rows in self.sheets.items() if f == file for r in rows):
                continue
            says = obtained if obtained < day or rng.random() < 0.9 else ""
            noted = day if urgent == "是" and rng.random() < 0.6 else ""
            row = self._add(clerk, file, [*self.people[name].values(), channel, says, "问政策", urgent, noted, "", "", "", ""])  # fmt: skip
            if rng.random() < 0.85:
                self._answer(row, name, day)

    def _answer(self, row: dict[str, str], name: str, handed: date) -> None:
        """The sales department's feedback, mostly in time."""
        rng, day = self.rng, following(handed)
        for _ in range(rng.choice((0, 0, 0, 0, 1, 2, 4))):
            day = following(day)
        result = rng.choices(("有意向", "暂无意向", "未接通", "空号停机", "拒绝联系", "无效"), (55, 20, 15, 4, 3, 3))[0]
        later = day + timedelta(days=rng.randint(2, 9)) if result == "有意向" else None

        def write() -> None:
            if self.free(name, day):
                row.update({"处理人": HEAD, "处理日期": f"{day}", "处理结果": result, "下次跟进日期": f"{later or ''}"})
                if result in ("空号停机", "拒绝联系", "无效"):
                    self.over.add(name)

        self.later[day].append(write)

    def _rep(self, rep: str, day: date) -> None:
        rng = self.rng
        if rng.random() < 0.3:
            name = self.someone()
            if self.free(name, day):
                again = day + timedelta(days=rng.randint(3, 8)) if rng.random() < 0.3 else ""
                self._add(rep, "陌生拜访登记本", [day, rep, "山东", *self.people[name].values(), "泉城路", rng.choice(("", 3, 7, 15, 30)), rng.choice(("", 2, 4, 8)),
                                            rng.choice(("高", "中", "低", "未知")), again])  # fmt: skip
        mine = [n for n, owner in self.owner.items() if owner == rep and n in self.number and n not in self.over]
        if mine and rng.random() < 0.45:
            self._talk(rep, rng.choice(mine), day)
        if mine and rng.random() < 0.08:
            self._plan(rep, rng.choice(mine), day)
        if mine and rng.random() < 0.4:
            self._analyse(rep, rng.choice(mine), day)

    def _rows(self, file: str, name: str) -> list[dict[str, str]]:
        return [r for (_, f), rows in self.sheets.items() if f == file for r in rows if r.get("客户姓名") == name]

    def _talk(self, rep: str, name: str, day: date) -> None:
        rng, before = self.rng, self._rows("客户洽谈信息记录表", name)
        if not self.free(name, day):
            return
        won = [t["洽谈日期"] for t in before if t["洽谈状态"] == "成交"]
        if won:
            issue = rng.random() < 0.4
            self._add(rep, "售后服务回访记录表", [self.number[name], name, day, "电话", rep, "4", "少一箱" if issue else "", rep,
                                            day + timedelta(days=rng.randint(1, 9)) if issue else "", rng.choice("是否") if issue else "",
                                            day + timedelta(days=14) if rng.random() < 0.6 else ""])  # fmt: skip
            referred = self._rows("转介绍客户名录表", name)
            thanked = [
                r for r in self.sheets[CLERKS[0], "转介绍答谢记录表"] if r["被介绍客户编号"] == self.number[name]
            ]
            if referred and not thanked and rng.random() < 0.6:
                self._add(CLERKS[0], "转介绍答谢记录表", [referred[0]["转介绍人"], self.number[name], "签约", min(won), "礼品", CLERKS[0], day, "已答谢"])  # fmt: skip
            return
        state = rng.choice(("初步接洽", "需求确认", "建议报价", "成交", "失败"))
        later = "" if state in ("成交", "失败") or rng.random() < 0.3 else day + timedelta(days=rng.randint(2, 12))
        numbered = len(before) % 2 == 0
        self._add(rep, "客户洽谈信息记录表", [self.number[name] if numbered else "", name, "" if numbered else self.people[name]["联系电话"],
                                        len(before) + 1, day, "电话", rep, "谈政策", state, later])  # fmt: skip

    def _plan(self, rep: str, name: str, day: date) -> None:
        if not self._rows("客户策略制定表", name):
            steps = [x for n in (2, 9, 16) for x in (f"步骤{n}", day + timedelta(days=n))]
            self._add(rep, "客户策略制定表", [self.number[name], name, "签约", "看样板店", rep, *steps])

    def _analyse(self, rep: str, name: str, day: date) -> None:
        rng = self.rng
        if not self._rows("客户分析表", name):
            answers = ["" if rng.random() < 0.12 else rng.choice(choices.split()) for choices in ANSWERS.values()]
            level = rng.choice(("省级", "县级")) if rng.random() < 0.15 else ""
            self._add(rep, "客户分析表", [self.number[name], name, level, *answers, rep, day])

    def _referrals(self, day: date) -> None:
        rng = self.rng
        for _ in range(rng.randint(1, 3)):
            earlier = [
                r["客户姓名"] for r in self.sheets[CLERKS[0], "转介绍客户名录表"] if r["客户姓名"] not in self.over
            ]
            name = rng.choice(earlier) if earlier and rng.random() < 0.15 else self.new()
            taken = {r["转介绍人"] for r in self._rows("转介绍客户名录表", name)}
            referrer = next((n for n in rng.sample(list(REFERRERS), 4) if n not in taken), None)
            if referrer and self.free(name, day):
                self._add(CLERKS[0], "转介绍客户名录表", [day, "朋友介绍", referrer, REFERRERS[referrer], REPS[0], *self.people[name].values(), "已同意联系", CLERKS[0]])  # fmt: skip

    def _directory(self, day: date) -> None:
        rng = self.rng
        for n in range(3):
            name = self.new(unbranded=0.4)
            channel = "" if rng.random() < 0.12 else rng.choice(("购买名录", "同行提供", "医疗器械展"))
            obtained = day - timedelta(days=25 * 31) if n == 0 and channel else day
            self._add(CLERKS[1], "客户名录表", [*self.people[name].values(), channel, "展会名册", obtained, "", "公开信息", CLERKS[1]])  # fmt: skip
            if not channel:
                self.over.add(name)

    # --- paper ----------------------------------------------------------------------------------------------------

    def _add(self, person: str, file: str, values: list) -> dict[str, str]:
        table = "客户信息移交表" if file.startswith("移交表") else file
        row = dict(zip(HEADERS[table], map(str, values), strict=True))
        self.sheets[person, file].append(row)
        return row

    def hand_in(self) -> None:
        """Write everything there is, registers with their new rows at the end, forms with the answers so far."""
        made = write_settings(self.settings)
        if not self.office.settings.exists() or self.office.settings.read_bytes() != made:
            self.office.settings.write_bytes(made)
        for (person, file), rows in self.sheets.items():
            head = self.heads.get((person, file))
            table = "客户信息移交表" if head else file
            path = self.office.inbox / person / f"{file}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            lines = [[table], head] if head else []
            with path.open("w", encoding="utf-8-sig", newline="") as out:
                csv.writer(out).writerows([*lines, HEADERS[table], *(list(row.values()) for row in rows)])

    # --- the directors --------------------------------------------------------------------------------------------

    def type_in(self, week: str, next_run: date) -> list[tuple[date, str, str, str, str]]:
        """Directors pick a 跟进人 for some of those who wait and change a cell here and there; the archive sees it at the
        next run: (day, customer's name, brand, header, value).
        """
        typed = []
        for brand in BRANDS:
            path = self.office.reports / week / f"{week}_{brand}_周报.xlsx"
            book, cells = python_calamine.load_workbook(path), {}
            for sheet in [name for name in ("待分配", "有效客户名单") if name in book.sheet_names]:
                _, _, head, *lines = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
                for at, line in enumerate(lines, 4):
                    name = line[head.index("客户姓名")]
                    for header, value in self._whims(sheet, next_run) if name in self.people else ():
                        cells[sheet, at, head.index(header) + 1] = value
                        typed.append((next_run, name, brand, header, f"{value}"))
                        if header == "跟进人":
                            self.owner[name] = value
                        if value == "放弃":
                            self.over.add(name)
            type_cells(path, cells)
        return typed

    def _whims(self, sheet: str, day: date) -> list[tuple[str, object]]:
        rng = self.rng
        if sheet == "待分配":
            staff = [rep for rep in REPS if rep != LEAVES or day < self.leaving]
            return [("跟进人", rng.choice(staff))] if rng.random() < 0.5 else []
        found: list[tuple[str, object]] = []
        if rng.random() < 0.012:
            found += [("人工级别", rng.choice("ABC")), ("调整原因", "见过面")]
        if rng.random() < 0.012:
            found.append(("跟进状态", rng.choice(("暂缓", "放弃"))))
        elif rng.random() < 0.02:
            found.append(("下次跟进日期", day + timedelta(days=rng.randint(-2, 12))))
        elif rng.random() < 0.03:
            found.append(("要求首次跟进日期", day + timedelta(days=rng.randint(0, 9))))
        return found

    def read_numbers(self, numbers: dict[str, str]) -> None:
        """name → 客户编号 of everybody on a brand's list."""
        self.number = numbers
