"""设置.xlsx → Settings. A wrong cell is a problem that names it; everything else still loads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from salessheets.problems import Problem

from . import values
from .cells import Grid, UnreadableError, letters, read_sheets
from .model import (
    ABSENCE_KINDS,
    BLOCKED_KINDS,
    CRITERIA,
    EXAMPLE,
    FILE,
    RULES,
    Absence,
    Blocked,
    Brand,
    Criterion,
    Rules,
    Settings,
    Staff,
    default,
)

_HEADER_ROWS = 10  # the header stands in one of the first rows
_ERRORS = frozenset(("#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"))
_PARSED = frozenset(
    ("值", "分数", "启用日期", "停用日期", "离职日期", "开始日期", "结束日期")
)  # these are refused where they are parsed

T = TypeVar("T")


@dataclass(frozen=True)
class _Row:
    """One row of a settings sheet: header → (text, cell address)."""

    sheet: str
    cells: Mapping[str, tuple[str, str]]

    def text(self, header: str) -> str:
        return self.cells.get(header, ("", ""))[0]


class _Loader:
    """Collects problems while the sheets are read one by one."""

    def __init__(self, sheets: Mapping[str, Grid], name: str) -> None:
        self.sheets, self.name = sheets, name
        self.problems: list[Problem] = []

    def wrong(self, row: _Row, header: str, allowed: str, used: object = None) -> None:
        """Report one cell: value, what is allowed, and what is used instead."""
        text, cell = row.cells.get(header, ("", ""))
        self._wrong(row.sheet, cell, text or "(空)", allowed, "空" if used in (None, "") else f"{used}")

    def _wrong(self, sheet: str, cell: str, value: str, allowed: str, used: str) -> None:
        details = {"allowed": allowed, "default": used}
        self.problems.append(Problem("setting-invalid", self.name, sheet, 0, cell, value, details))

    def rows(self, sheet: str, *required: str) -> Iterator[_Row]:
        """Data rows below the header row, which holds ``required[0]``; blank and example rows are skipped.

        The columns may stand in any order. Without a required one the sheet cannot be read, which is one problem.
        """
        table = self.sheets.get(sheet)
        if table is None:
            self.problems.append(Problem("setting-sheet-missing", self.name, sheet, details={"sheet": sheet}))
            return
        # The title row may say the same word; a header row has more than one cell.
        tops = enumerate(table[:_HEADER_ROWS])
        at = next((n for n, row in tops if required[0] in row and sum(map(bool, row)) > 1), 0)
        headers = table[at] if table else []
        if not set(required) <= set(headers):
            if any(map(any, table)):
                found = "、".join(filter(None, headers)) or "(空)"
                used = "手册的默认值" if sheet in ("规则", "评分标准") else "空"
                self._wrong(sheet, f"A{at + 1}", found, f"表头里要有「{'」「'.join(required)}」", used)
            return
        for number, row in enumerate(table[at + 1 :], start=at + 2):
            cells: dict[str, tuple[str, str]] = {}
            for column, (header, text) in enumerate(zip(headers, row, strict=False)):
                if header:
                    cells.setdefault(header, (text, f"{letters(column)}{number}"))
            example = row[0].startswith(EXAMPLE) or cells[required[0]][0].startswith(EXAMPLE)
            if any(text for text, _ in cells.values()) and not example:
                found_row = self._without_errors(_Row(sheet, cells), required)
                if found_row:
                    yield found_row

    def _without_errors(self, row: _Row, required: tuple[str, ...]) -> _Row | None:
        """The row with cells like #REF! empty and reported; None when it cannot do without them."""
        spoilt = [h for h, (text, _) in row.cells.items() if text in _ERRORS and h not in _PARSED]
        for header in spoilt:
            self.wrong(row, header, "文字或数字,不能是错误值")
        if set(spoilt) & set(required):
            return None
        return _Row(row.sheet, {h: ("", at) if h in spoilt else (t, at) for h, (t, at) in row.cells.items()})

    def named(self, sheet: str, *required: str) -> Iterator[tuple[str, _Row]]:
        """Rows with a name in the first required column; a name given twice counts once and is a problem."""
        seen = set()
        for row in self.rows(sheet, *required):
            name = row.text(required[0])
            if not name or name in seen:
                self.wrong(row, required[0], "每行一个名称,不能重复", "第一次出现的那一行" if name else None)
                continue
            seen.add(name)
            yield name, row

    def value(self, row: _Row, header: str, parse: Callable[[str], T], allowed: str, used: T) -> T:
        """The parsed cell; ``used``, and a problem, when it is not allowed."""
        try:
            return parse(row.text(header))
        except ValueError:
            self.wrong(row, header, allowed, used)
            return used

    def day(self, row: _Row, header: str) -> date | None:
        """A date cell, a date text, or nothing."""
        return self.value(row, header, lambda t: values.day(t) if t else None, "2026-11-20 这样的日期,或留空", None)


def load(data: bytes, name: str = FILE) -> Settings:
    """Read 设置.xlsx. A file that is no workbook at all gives the defaults and one problem, file-unreadable. Never raises.

    Each cell that is not allowed is a setting-invalid with sheet, cell, value, what is allowed and what counts instead;
    each sheet that is not there a setting-sheet-missing; a cell far from its table a far-cell.
    """
    try:
        sheets, far = read_sheets(data)
    except UnreadableError:
        return replace(default(), problems=(Problem("file-unreadable", name, value="不是Excel工作簿或已损坏"),))
    loader = _Loader(sheets, name)
    loader.problems += [Problem("far-cell", name, sheet, 0, cell, cell) for sheet, cell in far]
    brands, staff = _brands(loader), _staff(loader)
    rules, criteria = _rules(loader), _criteria(loader)
    choices, aliases, blocked = _choices(loader), _aliases(loader), _blocked(loader)
    absences = _absences(loader)
    return Settings(brands, staff, rules, criteria, choices, aliases, blocked, absences, tuple(loader.problems))


def _brands(loader: _Loader) -> tuple[Brand, ...]:
    return tuple(
        Brand(
            name,
            row.text("市场总监"),
            values.names(row.text("曾用名")),
            loader.day(row, "启用日期"),
            loader.day(row, "停用日期"),
        )
        for name, row in loader.named("品牌与市场总监", "品牌")
    )


def _staff(loader: _Loader) -> tuple[Staff, ...]:
    return tuple(
        Staff(
            name,
            row.text("岗位"),
            values.normal_number(row.text("手机")),
            loader.day(row, "离职日期"),
            row.text("接替人"),
        )
        for name, row in loader.named("人员", "姓名")
    )


def _absences(loader: _Loader) -> tuple[Absence, ...]:
    """Leave and shifted days. An office whose 设置.xlsx is older than this sheet simply has none."""
    found = []
    sheet = "请假与调休"
    for row in loader.rows(sheet, "类型", "开始日期", "结束日期") if sheet in loader.sheets else ():
        kind = row.text("类型")
        first = loader.day(row, "开始日期")
        last = loader.day(row, "结束日期") or first
        if kind not in ABSENCE_KINDS:
            loader.wrong(row, "类型", "、".join(ABSENCE_KINDS))
        elif first is None or last is None:
            loader.wrong(row, "开始日期", "2026-11-20 这样的日期")
        elif last < first:
            loader.wrong(row, "结束日期", "不早于开始日期")
        else:
            found.append(Absence(row.text("姓名"), kind, first, last))
    return tuple(found)


def _rules(loader: _Loader) -> Rules:
    known = {rule.name: rule for rule in RULES}
    found: dict[str, object] = {}
    for name, row in loader.named("规则", "规则", "值"):
        rule = known.get(name)
        if rule is None:
            loader.wrong(row, "规则", "、".join(known))
            continue
        try:
            found[rule.field] = values.rule_value(rule, row.text("值"))
        except ValueError:
            loader.wrong(row, "值", rule.allowed, rule.default_text)
    return Rules(**found)  # type: ignore[arg-type]


def _criteria(loader: _Loader) -> tuple[Criterion, ...]:
    """Answers that the sheet does not name keep the manual's points; more answers may be added."""
    points = {criterion.name: dict(criterion.points) for criterion in CRITERIA}
    seen = set()
    for row in loader.rows("评分标准", "项目", "答案", "分数"):
        name, answer = row.text("项目"), row.text("答案")
        if name not in points:
            loader.wrong(row, "项目", "、".join(points))
        elif not answer:
            loader.wrong(row, "答案", "答案的文字")
        elif (name, answer) in seen:
            loader.wrong(row, "答案", "每个答案一行,不能重复", "第一次出现的那一行")
        else:
            seen.add((name, answer))
            before = points[name].get(answer, 0)
            allowed = f"0 到 {values.MOST_POINTS} 的数字"
            points[name][answer] = loader.value(row, "分数", values.points, allowed, before)
    return tuple(
        replace(criterion, points=points[criterion.name], maximum=max(points[criterion.name].values()))
        for criterion in CRITERIA
    )


def _choices(loader: _Loader) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in loader.rows("下拉选项", "列名", "选项"):
        header, choices = row.text("列名"), values.names(row.text("选项"))
        if not header or not choices:
            loader.wrong(row, "选项" if header else "列名", "列名和选项都要填")
            continue
        found[header] = tuple(dict.fromkeys((*found.get(header, ()), *choices)))
    return found


def _aliases(loader: _Loader) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in loader.rows("列名对照", "表里的写法", "标准列名"):
        own, declared = row.text("表里的写法"), row.text("标准列名")
        if not own or not declared:
            loader.wrong(row, "标准列名" if own else "表里的写法", "两列都要填")
        elif found.setdefault(own, declared) != declared:
            loader.wrong(row, "标准列名", "一种写法只能对一个标准列名", found[own])
    return found


def _blocked(loader: _Loader) -> tuple[Blocked, ...]:
    found = []
    for row in loader.rows("拒绝联系", "号码"):
        kind = row.text("类型") or BLOCKED_KINDS[0]
        value = values.normal_number(row.text("号码"))
        if kind not in BLOCKED_KINDS or not value:
            loader.wrong(row, "类型" if value else "号码", f"类型:{'、'.join(BLOCKED_KINDS)};号码不能空")
            continue
        found.append(Blocked(value, kind, row.text("原因")))
    return tuple(dict.fromkeys(found))
