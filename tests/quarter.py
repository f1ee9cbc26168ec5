"""A simulated quarter: 13 weeks, three brands, twelve staff who hand in registers and forms as the manual says, with slips.

Everything that is written into a sheet goes into the diary as well (following_oracle.Diary). One identity has one full
name, one phone, one shop and one brand; on one day the office deals with a customer once, so no order is left to taste.
"""

from __future__ import annotations

import csv
import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import openpyxl
from following_oracle import Diary

from salessheets.office import Office
from salessheets.settings import Absence, Brand, Staff, default
from salessheets.write.settings_book import write_settings

BRANDS = ("康源高电位", "瑞颐光波房", "沁和理疗床")
HEAD, DIRECTORS = "周立", ("林海", "徐慧", "郑涛")
CLERKS, REPS = ("陈静", "何敏", "吴桐"), ("刘洋", "孙磊", "马晓东", "钱进", "冯远")
# State Council, holidays of 2026: free days, and weekend days that are worked instead.
_FREE = (("01-01", 3), ("02-15", 9), ("04-04", 3), ("05-01", 5), ("06-19", 3), ("09-25", 3), ("10-01", 7))
_WORKED = ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")
FREE = {date.fromisoformat(f"2026-{first}") + timedelta(days=n) for first, size in _FREE for n in range(size)}
WORKED = {date.fromisoformat(f"2026-{day}") for day in _WORKED}
ONE = timedelta(days=1)
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
_GIVEN = "建国秀英志强丽华文博雨欣海涛春梅国庆玉兰晓明红霞立新桂芳永刚雪莲少平素珍"


def works(day: date) -> bool:
    """Whether the invented office works."""
    return day in WORKED or (day.weekday() < 5 and day not in FREE)


class Quarter:
    """The staff at work, day by day; ``hand_in`` writes their sheets into the inbox."""

    def __init__(self, office: Office, first: date, seed: int) -> None:
        self.office, self.rng, self.first = office, random.Random(seed), first
        away = [(self.rng.choice(CLERKS), first + timedelta(days=7 * n + 2)) for n in (2, 5, 8)]
        self.diary = Diary(clerks=CLERKS, away=away, works=works)
        self.people: dict[str, dict[str, str]] = {}
        self.number: dict[str, str] = {}  # who → 客户编号, as the workbooks say
        self.busy: set[tuple[str, date]] = set()
        self.sheets: dict[Path, list[list[str]]] = {}
        self.analysed: set[str] = set()
        office.make()
        staff = [Staff(HEAD, "销售部负责人"), *(Staff(n, "市场总监") for n in DIRECTORS)]
        staff += [*(Staff(n, "客服") for n in CLERKS), *(Staff(n, "业务代表") for n in REPS)]
        made = replace(
            default(),
            brands=tuple(Brand(b, d) for b, d in zip(BRANDS, DIRECTORS, strict=True)),
            staff=tuple(staff),
            absences=tuple(Absence(who, "请假", day, day) for who, day in away),
        )
        office.settings.write_bytes(write_settings(made))
        self._materials()

    # --- people ---------------------------------------------------------------------------------------------------

    def new(self) -> str:
        """Somebody nobody has heard of."""
        n = len(self.people)
        rng = self.rng
        name = rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, 2))
        while name in {p["name"] for p in self.people.values()}:
            name = rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, 2))
        who = f"K{n}"
        self.people[who] = {
            "name": name, "phone": f"139{rng.randint(1000, 9999)}{n:04d}", "company": f"{name}第{n}健康馆", "brand": rng.choice(BRANDS),
        }  # fmt: skip
        return who

    def free(self, who: str, day: date) -> bool:
        """Book this customer's contact of the day; False when there is one."""
        if (who, day) in self.busy:
            return False
        self.busy.add((who, day))
        return True

    # --- a day ----------------------------------------------------------------------------------------------------

    def day(self, day: date) -> None:
        """Everybody's work of one day."""
        if not works(day):
            return
        for clerk in CLERKS:
            if (clerk, day) not in self.diary.away:
                self._clerk(clerk, day)
        for rep in REPS:
            self._rep(rep, day)
        if day.weekday() == 3:
            self._referrals(day)

    def _clerk(self, clerk: str, day: date) -> None:
        rng, diary = self.rng, self.diary
        on_form: dict[str, date] = {}
        evening = [c["who"] for c in diary.consults if c.get("evening") and c["clerk"] == clerk and not c["handed"]]
        for consult in diary.consults:
            if consult["who"] in evening and consult["clerk"] == clerk and not consult["handed"]:
                on_form[consult["who"]], consult["handed"] = consult["day"], True
        for _ in range(rng.randint(0, 2)):
            known = [w for w in self.people if rng.random() < 0.02]
            who = rng.choice(known) if known and rng.random() < 0.5 else self.new()
            urgent = rng.random() < 0.15
            evening_call = rng.random() < 0.15
            if any(c["who"] == who and c["day"] == day for c in diary.consults):
                continue
            diary.consults.append(
                {"day": day, "who": who, "clerk": clerk, "urgent": urgent, "evening": evening_call, "handed": False}
            )
            if not evening_call and rng.random() < 0.93 and who not in on_form:
                on_form[who], diary.consults[-1]["handed"] = day, True
        for visit in diary.visits:
            if not visit["handed"] and visit["day"] < day and rng.random() < 0.15 and visit["who"] not in on_form:
                on_form[visit["who"]], visit["handed"] = visit["day"] if rng.random() < 0.7 else day, True
        if rng.random() < 0.05:  # forgotten: nothing of this day is handed over
            for who, obtained in on_form.items():
                for entry in (*diary.consults, *diary.visits):
                    if entry["who"] == who and entry["day"] == obtained:
                        entry["handed"], entry["evening"] = True, False
            return
        diary.forms.append({"day": day, "clerk": clerk, "rows": len(on_form)})
        for who, obtained in on_form.items():
            if any(h["who"] == who and h["day"] == day for h in diary.handed):
                diary.forms[-1]["rows"] -= 1
                continue
            urgent = any(c["who"] == who and c["day"] == obtained and c["urgent"] for c in diary.consults)
            diary.handed.append({"day": day, "who": who, "clerk": clerk, "urgent": urgent, "recorded": urgent and rng.random() < 0.6,
                                 "obtained": obtained if rng.random() < 0.9 else None})  # fmt: skip
            self._answer(who, day)

    def _answer(self, who: str, handed: date) -> None:
        """The sales department's feedback, mostly in time."""
        rng = self.rng
        if rng.random() < 0.15:
            return
        day = self.diary.next_working_day(handed)
        for _ in range(rng.choice((0, 0, 0, 0, 1, 2, 4))):
            day = self.diary.next_working_day(day)
        if not self.free(who, day):
            return
        result = rng.choice(("有意向", "有意向", "暂无意向", "未接通"))
        later = day + timedelta(days=rng.randint(2, 9)) if result == "有意向" else None
        self.diary.feedback.append({"day": day, "who": who, "handed": handed, "result": result, "next": later})

    def _rep(self, rep: str, day: date) -> None:
        rng, diary = self.rng, self.diary
        if rng.random() < 0.35:
            strangers = [v["who"] for v in diary.visits if v["rep"] != rep]
            who = rng.choice(strangers) if strangers and rng.random() < 0.08 else self.new()
            if self.free(who, day):
                revisit = day + timedelta(days=rng.randint(3, 8)) if rng.random() < 0.3 else None
                diary.visits.append({"day": day, "who": who, "rep": rep, "revisit": revisit, "handed": False})
        mine = [o["who"] for o in diary.owners if o["owner"] == rep and o["day"] <= day and o["who"] in self.number]
        if mine and rng.random() < 0.5:
            self._talk(rep, rng.choice(mine), day)
        if mine and rng.random() < 0.1:
            self._plan(rng.choice(mine), day)
        if mine and rng.random() < 0.25:
            self._analyse(rep, rng.choice(mine), day)

    def _talk(self, rep: str, who: str, day: date) -> None:
        rng, diary = self.rng, self.diary
        before = [t for t in diary.talks if t["who"] == who]
        won = any(t["state"] == "成交" for t in before)
        if not self.free(who, day):
            return
        if won:
            issue = rng.random() < 0.4
            diary.after.append({"day": day, "who": who, "rep": rep, "next": day + timedelta(days=14) if rng.random() < 0.6 else None,
                                "issue": issue, "deadline": day + timedelta(days=rng.randint(1, 9)), "solved": rng.random() < 0.5})  # fmt: skip
            referred = any(r["who"] == who for r in diary.referrals)
            if referred and rng.random() < 0.6 and not any(t["who"] == who for t in diary.thanks):
                diary.thanks.append({"day": day, "who": who})
            return
        state = rng.choice(("初步接洽", "需求确认", "建议报价", "成交", "失败"))
        later = None if state in ("成交", "失败") or rng.random() < 0.3 else day + timedelta(days=rng.randint(2, 12))
        diary.talks.append(
            {"day": day, "who": who, "rep": rep, "state": state, "next": later, "count": len(before) + 1}
        )

    def _plan(self, who: str, day: date) -> None:
        if any(p["who"] == who for p in self.diary.plans):
            return
        steps = [day + timedelta(days=n) for n in (2, 9, 16)]
        self.diary.plans.append({"day": None, "who": who, "steps": steps})

    def _analyse(self, rep: str, who: str, day: date) -> None:
        if who in self.analysed:
            return
        self.analysed.add(who)
        rng = self.rng
        answers = [rng.choice(c) for c in (("大", "中", "小"), ("20人以上", "5-9人"), ("5年以上", "1-3年"), ("一致", "不一致"),
                                           ("明确需求", "潜在"), ("能解决", "不能"), ("高", "中", "低"), ("易", "难"))]  # fmt: skip
        header = [
            "客户编号",
            "客户姓名",
            "企业规模",
            "团队大小",
            "从业时间",
            "经营理念",
            "需求",
            "问题匹配",
            "合作可能性",
            "销售难易",
            "分析人",
            "分析日期",
        ]
        self._add(
            rep, "客户分析表", header, [self.number[who], self.people[who]["name"], *answers, rep, day.isoformat()]
        )

    def _referrals(self, day: date) -> None:
        rng, diary = self.rng, self.diary
        for _ in range(rng.randint(1, 3)):
            earlier = [r["who"] for r in diary.referrals if r["day"] < day]
            again = earlier and rng.random() < 0.12
            who = rng.choice(earlier) if again else self.new()
            taken = {r["referrer"] for r in diary.referrals if r["who"] == who}
            referrer = next(
                n for n in rng.sample(("鲁大海", "贺国强", "施小勇", "严婷婷"), 4) if n not in taken or len(taken) == 4
            )
            diary.referrals.append({"day": day, "who": who, "referrer": referrer})

    def _materials(self) -> None:
        for n, days in enumerate((-10, 20, 45, 70, 100, 400)):
            self.diary.materials.append({"day": date.min, "id": f"ZL-{n}", "until": self.first + timedelta(days=days)})

    # --- paper ----------------------------------------------------------------------------------------------------

    def hand_in(self, today: date) -> None:
        """Write everything up to this day, registers with their new rows at the end, forms with the answers so far."""
        for plan in self.diary.plans:
            plan["day"] = plan["day"] or today  # a plan has no date of its own: it counts from the day it is handed in
        sheets: dict[tuple[str, str], tuple[list[str], list[list[str]]]] = {}

        def add(person: str, name: str, header: list[str], row: list[str] | None) -> None:
            lines = sheets.setdefault((person, name), (header, []))[1]
            if row:
                lines.append(row)

        for c in self.diary.until("consults", today):
            p = self.people[c["who"]]
            add(c["clerk"], "客户咨询记录本", ["咨询日期", "咨询渠道", "客户姓名", "联系电话", "单位/店名", "意向品牌", "咨询内容", "是否紧急", "登记客服"],
                [c["day"].isoformat(), "咨询电话", p["name"], p["phone"], p["company"], p["brand"], "问政策", _yes(c["urgent"]), c["clerk"]])  # fmt: skip
        for v in self.diary.until("visits", today):
            p = self.people[v["who"]]
            add(v["rep"], "陌生拜访登记本", ["拜访日期", "业务代表", "意向区域", "单位/店名", "客户姓名", "联系电话", "详细地址", "意向品牌", "再访日期"],
                [v["day"].isoformat(), v["rep"], "济南", p["company"], p["name"], p["phone"], "泉城路", p["brand"], _iso(v["revisit"])])  # fmt: skip
        for n, r in enumerate(self.diary.until("referrals", today)):
            p = self.people[r["who"]]
            add(CLERKS[0], "转介绍客户名录表", ["转介绍日期", "转介绍方式", "转介绍人", "转介绍人电话", "我方委托人", "客户姓名", "联系电话", "单位/店名", "被介绍人意愿", "意向品牌", "登记人", "备注"],
                [r["day"].isoformat(), "朋友介绍", r["referrer"], f"1370000{ord(r['referrer'][0]) % 10000:04d}", REPS[0], p["name"], p["phone"], p["company"], "已同意联系", p["brand"], CLERKS[0], f"第{n}单"])  # fmt: skip
        for t in self.diary.until("talks", today):
            p = self.people[t["who"]]
            by_number = t["count"] % 2
            add(t["rep"], "客户洽谈信息记录表", ["客户编号", "客户姓名", "联系电话", "第几次", "洽谈日期", "洽谈方式", "我方洽谈人", "洽谈内容", "洽谈状态", "下次洽谈日期"],
                [self.number[t["who"]] if by_number else "", p["name"], "" if by_number else p["phone"], str(t["count"]), t["day"].isoformat(), "电话", t["rep"], "谈政策", t["state"], _iso(t["next"])])  # fmt: skip
        for a in self.diary.until("after", today):
            p = self.people[a["who"]]
            add(a["rep"], "售后服务回访记录表", ["客户编号", "客户姓名", "回访日期", "回访方式", "回访人", "满意度", "问题描述", "责任人", "限期", "是否解决", "下次回访日期"],
                [self.number[a["who"]], p["name"], a["day"].isoformat(), "电话", a["rep"], "4", "少一箱" if a["issue"] else "", a["rep"], _iso(a["deadline"]) if a["issue"] else "", _yes(a["solved"]) if a["issue"] else "", _iso(a["next"])])  # fmt: skip
        for t in self.diary.until("thanks", today):
            won = min(x["day"] for x in self.diary.talks if x["who"] == t["who"] and x["state"] == "成交")
            referrer = next(r["referrer"] for r in self.diary.referrals if r["who"] == t["who"])
            add(CLERKS[0], "转介绍答谢记录表", ["转介绍人", "被介绍客户编号", "成功判定", "成功日期", "答谢方式", "经办人", "实际答谢日期", "状态"],
                [referrer, self.number[t["who"]], "签约", won.isoformat(), "礼品", CLERKS[0], t["day"].isoformat(), "已答谢"])  # fmt: skip
        for p in self.diary.plans:
            add(REPS[0], "客户策略制定表", ["客户编号", "客户姓名", "跟进目标", "切入点/策略要点", "责任人", "第一步", "第一步时间", "第二步", "第二步时间", "第三步", "第三步时间"],
                [self.number[p["who"]], self.people[p["who"]]["name"], "签约", "看样板店", REPS[0], *(x for n, day in enumerate(p["steps"]) for x in (f"步骤{n}", day.isoformat()))])  # fmt: skip
        for m in self.diary.materials:
            add(CLERKS[0], "公司洽谈资料清单", ["资料编号", "资料名称", "类别", "版本", "更新日期", "有效期至", "保管人", "可外发"],
                [m["id"], "资料" + m["id"], "产品资料", "1", self.first.isoformat(), _iso(m["until"]), CLERKS[0], "是"])  # fmt: skip
        for (person, name), (header, rows) in sheets.items():
            self._write(person, name, [header, *rows])
        for path, rows in self.sheets.items():
            self._write(path.parent.name, path.name, rows)
        self._forms(today)

    def _forms(self, today: date) -> None:
        header = [
            "客户姓名",
            "联系电话",
            "单位/店名",
            "信息来源",
            "获取日期",
            "意向品牌",
            "客户情况",
            "是否紧急",
            "补记日期",
            "处理人",
            "处理日期",
            "处理结果",
            "下次跟进日期",
        ]
        for f in self.diary.until("forms", today):
            head = [f"移交日期:{f['day'].isoformat()}", f"移交人:{f['clerk']}", f"接收人:{HEAD}"]
            rows = []
            for h in self.diary.handed:
                if (h["day"], h["clerk"]) != (f["day"], f["clerk"]):
                    continue
                p = self.people[h["who"]]
                told = [
                    x for x in self.diary.until("feedback", today) if (x["who"], x["handed"]) == (h["who"], h["day"])
                ]
                answer = (
                    [HEAD, told[0]["day"].isoformat(), told[0]["result"], _iso(told[0]["next"])] if told else [""] * 4
                )
                rows.append([p["name"], p["phone"], p["company"], "网络咨询", _iso(h["obtained"]), p["brand"], "问政策", _yes(h["urgent"]),
                             h["day"].isoformat() if h["recorded"] else "", *answer])  # fmt: skip
            self._write(f["clerk"], f"移交表{f['day']:%Y%m%d}", [["客户信息移交表"], head, header, *rows])

    def _add(self, person: str, name: str, header: list[str], row: list[str]) -> None:
        self.sheets.setdefault(Path(person, name), [header]).append(row)

    def _write(self, person: str, name: str, rows: list[list[str]]) -> None:
        path = self.office.inbox / person / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8-sig", newline="") as out:
            csv.writer(out).writerows(rows)

    # --- the directors --------------------------------------------------------------------------------------------

    def read_numbers(self, report) -> None:
        """The 客户编号 of everybody on a brand's list."""
        by_name = {p["name"]: who for who, p in self.people.items()}
        self.number = {by_name[name]: lead for name, lead in report.leads[["name", "lead"]].to_numpy()}

    def assign(self, report, next_run: date) -> None:
        """Directors pick a 跟进人 for some of those who wait; the archive sees it at the next run."""
        who_is = {lead: who for who, lead in self.number.items()}
        for brand in BRANDS:
            path = self.office.reports / str(report.week) / f"{report.week}_{brand}_周报.xlsx"
            book = openpyxl.load_workbook(path)
            if "待分配" not in book.sheetnames:
                continue
            sheet = book["待分配"]
            head = {c.value: c.column for c in sheet[3]}
            for row in range(4, sheet.max_row + 1):
                lead = sheet.cell(row, head["客户编号"]).value
                if lead and self.rng.random() < 0.5:
                    owner = self.rng.choice(REPS)
                    sheet.cell(row, head["跟进人"]).value = owner
                    self.diary.owners.append({"day": next_run, "who": who_is[lead], "owner": owner})
            book.save(path)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _yes(value: bool) -> str:
    return "是" if value else "否"
