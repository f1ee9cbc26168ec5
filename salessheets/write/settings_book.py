"""设置.xlsx: the first thing a manager edits. Written from the declarations that the loader reads."""

from __future__ import annotations

from datetime import date
from typing import Any

from salessheets.settings import CRITERIA, RULES, Settings
from salessheets.settings.model import ABSENCE_KINDS, BLOCKED_KINDS, EXAMPLE
from salessheets.settings.values import MOST_POINTS
from salessheets.tables import TABLES, Kind

from .book import FIRST, Book, Col, fitted
from .look import QUIET
from .template_text import prose

_DAY = date(2026, 1, 1)  # stands for "created": the same settings give the same bytes
_SPARE, _PRINTED_SPARE = 40, 5  # empty yellow rows below what is filled
_PORTRAIT = 70  # characters: narrower sheets are printed upright
_ABOUT_WIDTHS = (16.0, 64.0, 46.0)
_ROLES = ("客服", "业务代表", "市场总监", "销售部负责人", "管理员", "其他")
_LIMITS: dict[str, dict[str, Any]] = {
    kind: {"validate": validate, "criteria": "between", "minimum": least, "maximum": most, "error_type": "warning",
           "error_title": title, "error_message": prose(text)}
    for kind, validate, least, most, title, text in (
        ("date", "date", date(2000, 1, 1), date(2099, 12, 31), "不是日期", "请写成 2026-11-20 这样的日期,或留空。"),
        ("number", "decimal", 0, MOST_POINTS, "分数不对", f"请填 0 到 {MOST_POINTS} 的数字。"),
    )
}  # fmt: skip
_ABOUT = {
    "品牌与市场总监": "一行一个品牌。改名时把旧名写进「曾用名」,旧表照样认得。停用的品牌不再出周报。",
    "人员": "一行一个人。姓名要和收件箱里的文件夹一样。人离开时填「离职日期」,他的客户回到待分配。",
    "规则": "只改黄色的「值」。留空就用默认值。填错了程序会指出是哪一格,并按默认值继续。",
    "评分标准": "可以改分数。每个项目最高的分数就是它的满分;删掉的答案按手册的分数算。",
    "下拉选项": "给某一列增加可选项,几个选项用「、」隔开。例如:咨询渠道,抖音、小红书",
    "列名对照": "别人的表头写法不同时,左边填他的写法,右边选我们的列名。例如:老板姓名,客户姓名",
    "拒绝联系": "客户要求不再联系时,号码写在这里,一行一个。以后任何表里出现都不会进名单,也不显示姓名电话。",
    "请假与调休": "谁哪几天不用交表。姓名留空就是全公司:放假,或国家调休要上班的那天写「上班」。法定节假日和调休程序已知道。",
}
_EXAMPLES = {
    "品牌与市场总监": "例:康源高电位,林海,曾用名 康源,启用 2026-01-01",
    "人员": "例:刘洋,业务代表,离职 2026-11-20,接替人 孙磊",
    "规则": "例:A类比例 20%(也可以写 0.2),分级区域 市",
    "评分标准": "例:企业规模,大,15",
    "下拉选项": "例:咨询渠道,抖音、小红书",
    "列名对照": "例:老板姓名,客户姓名",
    "拒绝联系": "例:微信号,abc_2026,来电要求",
    "请假与调休": "例:陈静,请假,2026-11-23,2026-11-24",
}


def write_settings(settings: Settings) -> bytes:
    """The workbook as bytes; the same settings give the same bytes."""
    book = Book(title="设置", day=_DAY, footer="设置")
    _sheet(book, "品牌与市场总监", [
        ("品牌", [b.name for b in settings.brands], "text", (), 24),
        ("市场总监", [b.director for b in settings.brands], "text", (), 16),
        ("曾用名", ["、".join(b.former) for b in settings.brands], "text", (), 30),
        ("启用日期", [_day(b.start) for b in settings.brands], "date", (), 14),
        ("停用日期", [_day(b.stop) for b in settings.brands], "date", (), 14),
    ])  # fmt: skip
    _sheet(book, "人员", [
        ("姓名", [s.name for s in settings.staff], "text", (), 16),
        ("岗位", [s.role for s in settings.staff], "text", _ROLES, 16),
        ("手机", [s.phone for s in settings.staff], "text", (), 18),
        ("离职日期", [_day(s.left) for s in settings.staff], "date", (), 14),
        ("接替人", [s.successor for s in settings.staff], "text", (), 16),
    ])  # fmt: skip
    _rules(book, settings)
    _scoring(book, settings)
    headers = sorted({c.header for t in TABLES.values() for c in t.columns if c.kind in (Kind.CHOICE, Kind.CHOICES)})
    _sheet(book, "下拉选项", [
        ("列名", list(settings.choices), "text", tuple(headers), 24),
        ("选项", ["、".join(v) for v in settings.choices.values()], "text", (), 60),
    ])  # fmt: skip
    every = tuple(sorted({c.header for t in TABLES.values() for c in t.columns}))
    _sheet(book, "列名对照", [
        ("表里的写法", list(settings.aliases), "text", (), 30),
        ("标准列名", list(settings.aliases.values()), "text", every, 30),
    ])  # fmt: skip
    _sheet(book, "拒绝联系", [
        ("类型", [b.kind for b in settings.blocked], "text", BLOCKED_KINDS, 14),
        ("号码", [b.value for b in settings.blocked], "text", (), 24),
        ("原因", [b.reason for b in settings.blocked], "text", (), 40),
    ])  # fmt: skip
    _sheet(book, "请假与调休", [
        ("姓名", [a.person for a in settings.absences], "text", tuple(s.name for s in settings.staff), 16),
        ("类型", [a.kind for a in settings.absences], "text", ABSENCE_KINDS, 14),
        ("开始日期", [_day(a.first) for a in settings.absences], "date", (), 16),
        ("结束日期", [_day(a.last) for a in settings.absences], "date", (), 16),
        ("备注", [""] * len(settings.absences), "text", (), 40),
    ])  # fmt: skip
    _about(book)
    return book.done()


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _sheet(
    book: Book, name: str, columns: list[tuple[str, list[Any], str, tuple[str, ...], int]], spare: int = _SPARE
) -> None:
    """A list of yellow cells with empty rows below, in which everything may be typed; paper shows a few of them."""
    made = [
        Col(header, [*values, *[""] * spare], kind, yellow=True, choices=choices, least=width, most=width)
        for header, values, kind, choices, width in columns
    ]
    sheet = book.sheet(name)
    book.table(sheet, name, _ABOUT[name], made, freeze=1, spare=spare - _PRINTED_SPARE, back=False)
    for at, column in enumerate(made):
        if column.kind in _LIMITS:
            sheet.data_validation(FIRST, at, FIRST + len(column.values) - 1, at, _LIMITS[column.kind])
    if sum(width for *_, width in columns) < _PORTRAIT:
        sheet.set_portrait()
    sheet.fit_to_pages(1, 1)


def _rules(book: Book, settings: Settings) -> None:
    sheet = book.sheet("规则")
    values = [rule.text(getattr(settings.rules, rule.field)) for rule in RULES]
    book.table(sheet, "规则", _ABOUT["规则"], [
        Col("规则", [rule.name for rule in RULES]),
        Col("值", values, yellow=True, most=16),
        Col("默认值", [rule.default_text for rule in RULES], most=14),
        Col("可以填什么", [prose(rule.allowed) for rule in RULES], most=50),
        Col("意思", [prose(rule.explanation) for rule in RULES], most=64),
    ], freeze=1, back=False)  # fmt: skip
    sheet.fit_to_pages(1, 1)
    for row, rule in enumerate(RULES):
        if rule.choices:
            sheet.data_validation(FIRST + row, 1, FIRST + row, 1, {"validate": "list", "source": list(rule.choices)})


def _scoring(book: Book, settings: Settings) -> None:
    lines = [(c.name, answer, points) for c in settings.criteria for answer, points in c.points.items()]
    assert {c.name for c in settings.criteria} == {c.name for c in CRITERIA}
    _sheet(book, "评分标准", [
        ("项目", [name for name, _, _ in lines], "text", tuple(c.name for c in CRITERIA), 16),
        ("答案", [answer for _, answer, _ in lines], "text", (), 20),
        ("分数", [points for _, _, points in lines], "number", (), 10),
    ], spare=10)  # fmt: skip


def _about(book: Book) -> None:
    sheet = book.sheet("说明")
    advice = f"黄色格可以改。填错了不会出事:程序会指出是哪一格,并按默认值继续。以「{EXAMPLE}」开头的行不读。"
    book.heading(sheet, "说明", advice, _ABOUT_WIDTHS, back=False)
    for at, width in enumerate(_ABOUT_WIDTHS):
        sheet.set_column(at, at, width)
    wrapped, quiet = book.formats.make(text_wrap=True), book.formats.make(text_wrap=True, font_color=QUIET)
    for row, (name, text) in enumerate(_ABOUT.items(), start=3):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", book.formats.link, name)
        book.text(sheet, row, 1, prose(text), wrapped)
        book.text(sheet, row, 2, prose(_EXAMPLES[name]), quiet)
        sheet.set_row(row, max(fitted(text, _ABOUT_WIDTHS[1]), fitted(_EXAMPLES[name], _ABOUT_WIDTHS[2])) + 4)
    sheet.protect()
