"""What an office can set: brands, staff, rules, scoring, choices, aliases and the do-not-contact list.

RULES declares each rule once: the loader, the writer of 设置.xlsx and the 说明 sheets all read it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from salessheets.problems import Problem

FILE = "设置.xlsx"
SHEETS = ("品牌与市场总监", "人员", "规则", "评分标准", "下拉选项", "列名对照", "拒绝联系", "请假与调休", "说明")
EXAMPLE = "示例"  # a row that starts with this word is an example, never data
BLOCKED_KINDS = ("电话", "微信号", "QQ号")
ABSENCE_KINDS = ("请假", "调休", "放假", "上班")  # 上班: a working day that the calendar calls free
AT_WORK = "上班"


@dataclass(frozen=True)
class Brand:
    """A brand and its 市场总监. ``former``: names it was called before."""

    name: str
    director: str = ""
    former: tuple[str, ...] = ()
    start: date | None = None
    stop: date | None = None

    def in_use(self, day: date) -> bool:
        """From 启用日期 on and before 停用日期."""
        return (self.start is None or self.start <= day) and (self.stop is None or day < self.stop)


@dataclass(frozen=True)
class Staff:
    """A person of the office. ``left``: 离职日期; ``successor``: 接替人."""

    name: str
    role: str = ""
    phone: str = ""
    left: date | None = None
    successor: str = ""


@dataclass(frozen=True)
class Absence:
    """Days on which a person (``person`` "" = the whole office) is away, or works although the calendar says free.

    ``first`` and ``last`` are both included. kind: one of ABSENCE_KINDS.
    """

    person: str
    kind: str
    first: date
    last: date


@dataclass(frozen=True)
class Criterion:
    """One criterion of 评分标准: the answer → its points; ``maximum`` is the best answer's."""

    field: str
    name: str
    maximum: float
    points: Mapping[str, float] = dataclasses.field(hash=False)


@dataclass(frozen=True)
class Blocked:
    """One number on the do-not-contact list, as ``values.normal_number`` writes it: the form of cleaned records."""

    value: str
    kind: str = "电话"
    reason: str = ""


@dataclass(frozen=True)
class Rule:
    """One line of the sheet 规则. kind: 数字, 比例, 选项, 日期, 周次. ``low``/``high`` bound a number."""

    field: str
    name: str
    kind: str
    default: object
    explanation: str
    choices: tuple[str, ...] = ()
    low: float = 0
    high: float = 1_000_000

    @property
    def whole(self) -> bool:
        """Only integers are allowed: days, counts."""
        return isinstance(self.default, int)

    @property
    def default_text(self) -> str:
        """The default as it is typed."""
        return self.text(self.default)

    def text(self, value: object) -> str:
        """A value of this rule as it is typed: 20%, 65, 2026-11-20, 市; "" for none."""
        if value is None:
            return ""
        if self.kind == "比例":
            return f"{float(str(value)) * 100:.10g}%"
        return f"{value:.10g}" if isinstance(value, float) else str(value)

    @property
    def allowed(self) -> str:
        """What may be typed, in Chinese."""
        if self.kind == "选项":
            return "、".join(self.choices)
        if self.kind in ("日期", "周次"):
            return "2026-11-20 这样的日期,或留空" if self.kind == "日期" else "2026-W45 这样的周次,或留空"
        unit = "比例,例如 20% 或 0.2" if self.kind == "比例" else "不带小数的数字" if self.whole else "数字"
        return f"{unit}({self.low:.10g} 到 {self.high:.10g})"


RULES = (
    Rule("base_date", "基准日期", "日期", None, "把这一天当作今天;平时留空"),
    Rule("first_week", "起始周", "周次", None, "第一份周报是哪一周;留空就是第一次交表那一周"),
    Rule("region_level", "分级区域", "选项", "市", "A/B/C 在哪一级区域内比较(手册第二章3②)", ("省", "市", "县/区")),
    Rule("share_a", "A类比例", "比例", 0.2, "区域内排名在前多少可以是A类", high=1),
    Rule("share_b", "B类比例", "比例", 0.5, "区域内排名在前多少可以是B类", high=1),
    Rule("floor_a", "A类最低分", "数字", 65.0, "按排名成为A类至少要多少分", high=100),
    Rule("floor_b", "B类最低分", "数字", 45.0, "按排名成为B类至少要多少分", high=100),
    Rule("b_alone", "直接B类分数", "数字", 60.0, "到了这个分数,不看排名就是B类", high=100),
    Rule("a_alone", "直接A类分数", "数字", 80.0, "到了这个分数,不看排名就是A类", high=100),
    Rule("small_region", "小区域客户数", "数字", 5, "区域内评分客户少于这个数时不排名,只看分数", low=1),
    Rule("gate_completeness", "A类最低完整度", "比例", 0.7, "资料完整度不到,不能是A类", high=1),
    Rule("unrated_completeness", "待评完整度", "比例", 0.4, "资料完整度低于它,显示待评", high=1),
    Rule("unknown_share", "未知得分比例", "比例", 0.4, "没有回答的项目按满分的多少计分", high=1),
    Rule("hysteresis", "降级保留分", "数字", 3.0, "比线低不到这么多分,保留上周的级别", high=100),
    Rule("remind_a", "A类提醒天数", "数字", 3, "没有安排时,A类客户几天提醒一次", low=1),
    Rule("remind_b", "B类提醒天数", "数字", 7, "没有安排时,B类客户几天提醒一次", low=1),
    Rule("remind_c", "C类提醒天数", "数字", 30, "没有安排时,C类客户几天提醒一次", low=1),
    Rule("recycle_days", "可回收天数", "数字", 60, "这么多天没有跟进,列为可回收", low=1),
    Rule("thanks_after", "推荐成功标准", "选项", "签约", "转介绍客户到哪一步要答谢(手册第一章2③④)",
         ("首次洽谈", "签约", "首单")),
    Rule("thanks_days", "答谢期限天数", "数字", 7, "推荐成功后几天内答谢", low=0),
    Rule("call_limit", "待电话核实人数", "数字", 30, "每周最多列多少个需要电话核实的客户", low=0),
    Rule("live_limit", "活公式上限", "数字", 1000, "一个品牌的客户超过它,周报里写数值不写公式", low=0),
    Rule("pool_limit", "名录池上限", "数字", 5000, "没有联系过的名录超过它,放到名录池文件", low=0),
    Rule("feedback_days", "反馈期限", "选项", "工作日", "移交后第二天反馈,按工作日还是自然日(手册第一章2①④)",
         ("工作日", "自然日")),
    Rule("retention_months", "资料保存月数", "数字", 24, "这么多个月没有联系,列为到期(个人信息保护法)", low=1),
    Rule("merge_line", "自动合并分", "数字", 7.5, "合并证据达到它,自动合并", high=100),
    Rule("ask_line", "询问分", "数字", 2.0, "合并证据达到它,请人确认", high=100),
)  # fmt: skip


@dataclass(frozen=True)
class Rules:
    """Every rule with its value; the fields are those of RULES."""

    base_date: date | None = None
    first_week: str | None = None
    region_level: str = "市"
    share_a: float = 0.2
    share_b: float = 0.5
    floor_a: float = 65.0
    floor_b: float = 45.0
    b_alone: float = 60.0
    a_alone: float = 80.0
    small_region: int = 5
    gate_completeness: float = 0.7
    unrated_completeness: float = 0.4
    unknown_share: float = 0.4
    hysteresis: float = 3.0
    remind_a: int = 3
    remind_b: int = 7
    remind_c: int = 30
    recycle_days: int = 60
    thanks_after: str = "签约"
    thanks_days: int = 7
    call_limit: int = 30
    live_limit: int = 1000
    pool_limit: int = 5000
    feedback_days: str = "工作日"
    retention_months: int = 24
    merge_line: float = 7.5
    ask_line: float = 2.0


# scoring.md; the manual's criteria (chapter 2, 2–3), the weights are ours.
CRITERIA = (
    Criterion("scale", "企业规模", 15, {"大": 15, "中": 10, "小": 5, "微": 2}),
    Criterion("team", "团队大小", 10, {"20人以上": 10, "10-19人": 8, "5-9人": 5, "5人以下": 2}),
    Criterion("experience", "从业时间", 10, {"5年以上": 10, "3-5年": 7, "1-3年": 4, "1年以下": 1}),
    Criterion("philosophy", "经营理念", 12, {"一致": 12, "基本一致": 8, "不一致": 0}),
    Criterion("need", "需求", 15, {"明确需求": 15, "可激发": 10, "潜在": 6, "无": 0}),
    Criterion("problem_fit", "问题匹配", 8, {"能解决": 8, "部分能": 4, "不能": 0}),
    Criterion("likelihood", "合作可能性", 15, {"高": 15, "中": 9, "低": 3, "无": 0}),
    Criterion("ease", "销售难易", 5, {"易": 5, "中": 3, "难": 1}),
    Criterion("channel", "来源渠道", 10, {
        "客户转介绍": 10, "同行推荐": 8, "朋友介绍": 8, "市场总监": 8, "网络咨询": 7, "医疗器械展": 6, "行业群": 5,
        "陌生拜访": 4, "其他": 3, "同行提供": 3, "购买名录": 2,
    }),
)  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """Everything an office can set. ``choices``: declared header → extra choices. ``aliases``: header text → declared
    header. ``problems``: the cells that were wrong.
    """

    brands: tuple[Brand, ...] = ()
    staff: tuple[Staff, ...] = ()
    rules: Rules = dataclasses.field(default_factory=Rules)
    criteria: tuple[Criterion, ...] = CRITERIA
    choices: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict, hash=False)
    aliases: Mapping[str, str] = dataclasses.field(default_factory=dict, hash=False)
    blocked: tuple[Blocked, ...] = ()
    absences: tuple[Absence, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def renamed(self) -> dict[str, str]:
        """曾用名 → brand, unless another brand is called so now."""
        names = {brand.name for brand in self.brands}
        return {old: brand.name for brand in self.brands for old in brand.former if old not in names}

    def in_use(self, day: date) -> Settings:
        """The same settings with the brands that are in use on this day."""
        return dataclasses.replace(self, brands=tuple(brand for brand in self.brands if brand.in_use(day)))

    def left(self, day: date) -> dict[str, str]:
        """Who has left by this day → 接替人 ("" = nobody)."""
        return {person.name: person.successor for person in self.staff if person.left and person.left <= day}


def default() -> Settings:
    """The manual's own settings, for an office that has changed nothing."""
    return Settings()


assert [f.name for f in fields(Rules)] == [rule.field for rule in RULES]
