"""Who is a customer, whose, where and of which class on a day, in plain Python from the sheets as they were handed in.

Written from the manual and the rules R1-R17 without a look at the program's own: it reads CSV files, counts days with a
calendar typed in by hand and knows customers by their unique names. ``Records`` is what lies on the desk that day;
quarter_oracle.py says what follows from it.
"""

from __future__ import annotations

import csv
import math
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property, wraps
from pathlib import Path

DAY = timedelta(days=1)
DATED = {"客户咨询记录本": "咨询日期", "客户名录表": "获取日期", "转介绍客户名录表": "转介绍日期", "陌生拜访登记本": "拜访日期",
         "客户分析表": "分析日期", "客户洽谈信息记录表": "洽谈日期", "售后服务回访记录表": "回访日期", "转介绍答谢记录表": "实际答谢日期"}  # fmt: skip
INTAKE = ("客户咨询记录本", "客户信息移交表", "客户名录表", "转介绍客户名录表", "陌生拜访登记本")
INVALID = ("空号停机", "拒绝联系", "无效")
# The manual's order (chapter 2, 3①), and where the quarter's people live.
LEVELS = ("省级", "地级市", "市级", "县级", "乡镇", "待定")
LEVEL_OF = {"历下区": "省级", "朝阳区": "省级", "市北区": "地级市", "寿光市": "市级", "临朐县": "县级", "": "待定"}
# The manual's criteria with our weights (scoring.md), typed in again.
POINTS = {
    "企业规模": {"大": 15, "中": 10, "小": 5, "微": 2},
    "团队大小": {"20人以上": 10, "10-19人": 8, "5-9人": 5, "5人以下": 2},
    "从业时间": {"5年以上": 10, "3-5年": 7, "1-3年": 4, "1年以下": 1},
    "经营理念": {"一致": 12, "基本一致": 8, "不一致": 0},
    "需求": {"明确需求": 15, "可激发": 10, "潜在": 6, "无": 0},
    "问题匹配": {"能解决": 8, "部分能": 4, "不能": 0},
    "合作可能性": {"高": 15, "中": 9, "低": 3, "无": 0},
    "销售难易": {"易": 5, "中": 3, "难": 1},
    "来源渠道": {"客户转介绍": 10, "同行推荐": 8, "朋友介绍": 8, "网络咨询": 7, "医疗器械展": 6, "陌生拜访": 4, "同行提供": 3, "购买名录": 2},
}  # fmt: skip
TEAM = {"3": "5人以下", "7": "5-9人", "15": "10-19人", "30": "20人以上"}
YEARS = {"2": "1-3年", "4": "3-5年", "8": "5年以上"}
DONE = ("已成交", "放弃", "暂缓")
NEEDED_FOR_A = ("企业规模", "需求", "合作可能性")


def day_of(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def remembered(method):
    """What was worked out once stands: the papers of a day do not change."""

    @wraps(method)
    def call(self, *args):
        key = (method.__name__, *args)
        if key not in self.memory:
            self.memory[key] = method(self, *args)
        return self.memory[key]

    return call


@dataclass(frozen=True)
class Score:
    """Points of one customer (the same for every brand)."""

    value: float
    low: float
    high: float
    complete: float
    confirmed: frozenset[str]
    known: frozenset[str]


@dataclass
class Records:
    """folder: a copy of 收件箱. settings: what 设置 says. typed: (day, name, brand, header, value). today: the day the lists
    are for; ran: the day of the run (typed cells count from then). held: (name, brand) → class of the last closed week.
    """

    folder: Path
    settings: object
    typed: list[tuple[date, str, str, str, str]]
    today: date
    ran: date
    monday: date
    finished: bool
    held: dict[tuple[str, str], str] = field(default_factory=dict)
    number: dict[str, str] = field(default_factory=dict)  # 客户编号 → name
    first_seen: dict[tuple[str, ...], date] = field(
        default_factory=dict
    )  # strategy rows, which have no date of their own

    def __post_init__(self) -> None:
        self.rows: dict[str, list[dict[str, str]]] = defaultdict(list)
        self.memory: dict[tuple, object] = {}
        self.forms: list[tuple[str, date, int]] = []
        # (name, who handed it in) of rows that go back: no usable contact, or no source on a bought list (R5). Unlike good
        # rows they do not wait for their week (DECISIONS.md).
        self.returned: list[tuple[str, str]] = []
        for path in sorted(self.folder.glob("*/*.csv")):
            self._read(path)
        self.typed = [t for t in self.typed if t[0] <= self.ran]

    def _read(self, path: Path) -> None:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.reader(lines))
        person, table, head = path.parent.name, path.stem, 0
        if rows[0][0] == "客户信息移交表":
            table, head = rows[0][0], 2
            handed = date.fromisoformat(re.search(r"\d{4}-\d\d-\d\d", rows[1][0])[0])
            if handed <= self.today:
                self.forms.append((person, handed, len(rows) - 3))
        for row in rows[head + 1 :]:
            entry = dict(zip(rows[head], row, strict=True)) | {"人": person}
            if table == "客户信息移交表":
                entry["日"] = handed.isoformat()
            else:
                entry["日"] = entry.get(DATED.get(table, ""), "")
            if table in INTAKE and not _taken(table, entry):
                self.returned.append((entry["客户姓名"], person))
            if not entry["日"] or date.fromisoformat(entry["日"]) <= self.today:
                self.rows[table].append(entry)

    # --- who --------------------------------------------------------------------------------------------------------

    @property
    def sunday(self) -> date:
        return self.monday + 6 * DAY

    @cached_property
    def intake(self) -> dict[str, list[tuple[date, str, dict[str, str]]]]:
        """name → (business day, table, row) of the rows that were taken in, by day."""
        found = defaultdict(list)
        for table in INTAKE:
            for r in self.rows[table]:
                if _taken(table, r):
                    day = day_of(r.get("获取日期", "") or r["日"])
                    found[r["客户姓名"]].append((day, table, r))
        return {name: sorted(rows, key=lambda r: r[0]) for name, rows in found.items()}

    @cached_property
    def blocked(self) -> set[str]:
        numbers = {b.value for b in self.settings.blocked}
        return {name for name, rows in self.intake.items() if any(r["联系电话"] in numbers for _, _, r in rows)}

    @cached_property
    def invalid(self) -> dict[str, str]:
        """name → reason: the newest result of the hand-over forms says so, as they lay there on the day of the run (R16)."""
        newest = {}
        for r in sorted(self.rows["客户信息移交表"], key=lambda r: r["处理日期"]):
            if r["处理结果"]:
                newest[r["客户姓名"]] = r["处理结果"]
        return {n: result for n, result in newest.items() if result in INVALID and n not in self.blocked}

    @cached_property
    def valid(self) -> list[str]:
        return [name for name in self.intake if name not in self.invalid and name not in self.blocked]

    @remembered
    def brands(self, name: str) -> tuple[str, ...]:
        return tuple({b: 1 for _, _, r in self.intake[name] for b in r["意向品牌"].split("、") if b})

    @remembered
    def last_typed(self, name: str, brand: str, header: str) -> tuple[date, str] | None:
        found = [(day, value) for day, n, b, h, value in self.typed if (n, b, h) == (name, brand, header)]
        return found[-1] if found else None

    @remembered
    def owner(self, name: str, brand: str) -> str:
        """The 跟进人; nobody once he has left."""
        value = (self.last_typed(name, brand, "跟进人") or (None, ""))[1]
        return "" if any(s.name == value and s.left and s.left <= self.today for s in self.settings.staff) else value

    @remembered
    def statements(self, name: str, brand: str) -> list[tuple[date, int, str, dict[str, str]]]:
        """(day, 0 sheet or 1 director, table or header, row) about this customer and brand, in the order they count. A talk
        names no brand: it is about the brands whose 跟进人 took part, else about all (DECISIONS.md).
        """
        brands = self.brands(name)
        owners = {b: (self.last_typed(name, b, "跟进人") or (None, ""))[1] for b in brands}
        found = []
        for table, header in (("陌生拜访登记本", ""), ("客户信息移交表", ""), ("客户洽谈信息记录表", "我方洽谈人"), ("售后服务回访记录表", "回访人")):  # fmt: skip
            for r in self.rows[table]:
                day = day_of(r["处理日期"]) if table == "客户信息移交表" else day_of(r["日"])
                own = [b for b in brands if header and owners[b] == r.get(header)]
                if r["客户姓名"] == name and day and day <= self.today and (not own or brand in own):
                    found.append((day, 0, table, r))
        found += [(d, 1, h, {h: v}) for d, n, b, h, v in self.typed if (n, b) == (name, brand)]
        return sorted(found, key=lambda s: s[:2])

    @remembered
    def status(self, name: str, brand: str) -> str:
        """The newest of what sheets show and what was typed; "" when neither says anything."""
        status = ""
        for _, _, what, row in self.statements(name, brand):
            if what == "客户信息移交表" and row["处理结果"] == "有意向" and status in ("", "暂缓"):
                status = "跟进中"  # begins, or begins again; it takes back no talk, no deal and no director's 放弃
            if what == "客户洽谈信息记录表" and status != "已成交":
                status = {"成交": "已成交", "失败": "暂缓"}.get(row["洽谈状态"], "已洽谈")
            if what == "售后服务回访记录表":
                status = "已成交"
            status = row.get("跟进状态", status)
        return status

    @remembered
    def talks(self, name: str) -> list[dict[str, str]]:
        return sorted(
            (r for r in self.rows["客户洽谈信息记录表"] if r["客户姓名"] == name),
            key=lambda r: (r["日"], int(r["第几次"])),
        )

    @cached_property
    def portfolio(self) -> dict[str, list[str]]:
        """brand → names of its valid leads that nobody gave up (R9, R10); "" for leads without a brand."""
        found = defaultdict(list)
        for name in self.valid:
            for brand in self.brands(name) or ("",):
                if self.status(name, brand) != "放弃":
                    found[brand].append(name)
        return found

    def unassigned(self, brand: str) -> set[str]:
        return {name for name in self.portfolio[brand] if not self.owner(name, brand)}

    # --- region and class -------------------------------------------------------------------------------------------

    @remembered
    def analysis(self, name: str) -> list[dict[str, str]]:
        return sorted((r for r in self.rows["客户分析表"] if r["客户姓名"] == name), key=lambda r: r["日"])

    def place(self, name: str) -> tuple[str, str, str, str]:
        row = self.intake[name][0][2]
        return row["省"], row["市"], row["县/区"], row["乡镇"]

    @remembered
    def level(self, name: str) -> str:
        """R11: what the analyst says, else from the place."""
        said = [r["客户层级"] for r in self.analysis(name) if r["客户层级"]]
        _, _, county, town = self.place(name)
        return said[-1] if said else "乡镇" if town else LEVEL_OF[county]

    def channel(self, name: str) -> str:
        """信息来源 of the first sighting (R5)."""
        _, table, row = self.intake[name][0]
        implied = {"客户咨询记录本": "网络咨询", "陌生拜访登记本": "陌生拜访"}
        return implied.get(table) or row.get("转介绍方式") or row["信息来源"]

    @remembered
    def answers(self, name: str) -> tuple[dict[str, str], set[str]]:
        """criterion → answer, and which of them are inferred from a visit or a call."""
        confirmed: dict[str, str] = {"来源渠道": self.channel(name)}
        for r in self.analysis(name):
            confirmed |= {c: r[c] for c in POINTS if r.get(c)}
        guess: dict[str, str] = {}
        for _, _, r in self.intake[name]:
            found = {"团队大小": TEAM.get(r.get("员工人数", "")), "从业时间": YEARS.get(r.get("开业年限", "")),
                     "合作可能性": {"高": "高", "中": "中", "低": "低"}.get(r.get("初步意向") or r.get("意向初判", ""))}  # fmt: skip
            guess |= {c: a for c, a in found.items() if a}
        inferred = set(guess) - set(confirmed)
        return guess | confirmed, inferred

    @remembered
    def score(self, name: str) -> Score:
        answers, inferred = self.answers(name)
        got = {c: POINTS[c][a] for c, a in answers.items()}
        top = {c: max(p.values()) for c, p in POINTS.items()}
        rest = sum(top.values()) - sum(top[c] for c in got)
        confirmed = frozenset(set(got) - inferred)
        return Score(_rounded(sum(got.values()) + 0.4 * rest), sum(got.values()), sum(got.values()) + rest,
                     sum(top[c] for c in confirmed) / 100, confirmed, frozenset(got))  # fmt: skip

    @remembered
    def pool(self, brand: str, city: str) -> list[float]:
        """Scores of those who compete in this region: rated, open, no deal yet."""
        names = [n for n in self.portfolio[brand] if self.place(n)[1] == city and self.status(n, brand) != "已成交"]
        scores = [self.score(n) for n in names]
        return sorted((s.value for s in scores if s.complete >= 0.4), reverse=True) if city else []

    @remembered
    def lines(self, brand: str, city: str) -> tuple[float, float]:
        """The scores from which on one is A and B in this region."""
        pool = self.pool(brand, city)
        if len(pool) < 5:
            return 80.0, 60.0
        last_a, last_b = (pool[math.ceil(Decimal(share) * len(pool)) - 1] for share in ("0.2", "0.5"))
        return min(80.0, max(65.0, last_a)), min(60.0, max(45.0, last_b))

    @remembered
    def system_class(self, name: str, brand: str) -> str:
        score, (a, b) = self.score(name), self.lines(brand, self.place(name)[1])
        if score.complete < 0.4:
            return "待评"
        held = self.held.get((name, brand), "")
        a_from, b_from = (a - 3 if held == "A" else a), (b - 3 if held == "B" else b)
        reached = "A" if _reaches(score.value, a, a_from) else "B" if _reaches(score.value, b, b_from) else "C"
        open_gate = score.complete >= 0.7 and score.confirmed >= set(NEEDED_FOR_A)
        return "B" if reached == "A" and not open_gate else reached

    def shown_class(self, name: str, brand: str) -> str:
        typed = self.last_typed(name, brand, "人工级别")
        return typed[1] if typed else self.system_class(name, brand)


def _taken(table: str, row: dict[str, str]) -> bool:
    return bool(row["联系电话"]) and (table != "客户名录表" or bool(row["信息来源"]))


def _rounded(value: float) -> float:
    return float(Decimal(f"{value:.6f}").quantize(Decimal("0.1"), ROUND_HALF_UP))


def _reaches(score: float, line: float, kept_from: float) -> bool:
    """At the line, or held and less than 3 points below it."""
    return score >= line or score > kept_from
