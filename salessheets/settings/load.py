"""设置.xlsx → Settings. A wrong cell is a problem that names it; everything else still loads."""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

import python_calamine

from salessheets.problems import Problem

from .model import (
    BLOCKED_KINDS,
    CRITERIA,
    EXAMPLE,
    FILE,
    RULES,
    Blocked,
    Brand,
    Criterion,
    Rule,
    Rules,
    Settings,
    Staff,
    default,
)


@dataclass(frozen=True)
class _Row:
    """One row of a settings sheet: header → (text, cell address)."""

    sheet: str
    cells: Mapping[str, tuple[str, str]]

    def text(self, header: str) -> str:
        return self.cells.get(header, ("", ""))[0]


class _Loader:
    """Collects problems while the sheets are read one by one."""

    def __init__(self, sheets: Mapping[str, list[list[object]]], name: str) -> None:
        self.sheets, self.name = sheets, name
        self.problems: list[Problem] = []

    def wrong(self, row: _Row, header: str, allowed: str, used: object) -> None:
        """Report one cell: value, what is allowed, and what is used instead."""
        text, cell = row.cells.get(header, ("", ""))
        shown = "空" if used in (None, "") else str(used)
        details = {"allowed": allowed, "default": shown}
        self.problems.append(Problem("setting-invalid", self.name, row.sheet, 0, cell, text or "(空)", details))

    def rows(self, sheet: str, first_header: str) -> Iterator[_Row]:
        """Data rows below the header row that holds ``first_header``; blank and example rows are skipped."""
        table = self.sheets.get(sheet)
        at = None
        if table is not None:
            texts = [[_text(value) for value in row] for row in table]
            # The title row may say the same word; a header row has more than one cell.
            at = next((n for n, row in enumerate(texts[:10]) if first_header in row and sum(map(bool, row)) > 1), None)
        if table is None or at is None:
            self.problems.append(Problem("setting-sheet-missing", self.name, sheet, details={"sheet": sheet}))
            return
        headers = texts[at]
        for number, row in enumerate(texts[at + 1 :], start=at + 2):
            cells = {h: (v, f"{_letter(c)}{number}") for c, (h, v) in enumerate(zip(headers, row, strict=False)) if h}
            if any(v for v, _ in cells.values()) and not row[0].startswith(EXAMPLE):
                yield _Row(sheet, cells)

    def day(self, row: _Row, header: str) -> date | None:
        """A date cell, a date text, or nothing."""
        text = row.text(header)
        if not text:
            return None
        found = re.fullmatch(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?", text)
        try:
            return date(*(int(part) for part in found.groups())) if found else date.fromisoformat(text)
        except ValueError:
            self.wrong(row, header, "2026-11-20 这样的日期,或留空", None)
            return None


def load(data: bytes, name: str = FILE) -> Settings:
    """Read 设置.xlsx. A file that is no workbook at all gives the defaults and one problem."""
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = {sheet: _grid(book, sheet) for sheet in book.sheet_names}
    except Exception:  # noqa: BLE001 - calamine has many error types; each means the same to the manager
        return replace(default(), problems=(Problem("file-unreadable", name, value="不是Excel工作簿或已损坏"),))
    loader = _Loader(sheets, name)
    brands, staff = _brands(loader), _staff(loader)
    rules, criteria = _rules(loader), _criteria(loader)
    choices, aliases, blocked = _choices(loader), _aliases(loader), _blocked(loader)
    return Settings(brands, staff, rules, criteria, choices, aliases, blocked, tuple(loader.problems))


def _grid(book: python_calamine.CalamineWorkbook, sheet: str) -> list[list[object]]:
    return [list(row) for row in book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)]


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _letter(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"[、,,;;\n]", text) if part.strip())


def _named(loader: _Loader, sheet: str, header: str) -> Iterator[tuple[str, _Row]]:
    """Rows with a name in the key column; a name given twice counts once and is a problem."""
    seen = set()
    for row in loader.rows(sheet, header):
        name = row.text(header)
        if not name or name in seen:
            loader.wrong(row, header, "每行一个名称,不能重复", "第一次出现的那一行" if name else None)
            continue
        seen.add(name)
        yield name, row


def _brands(loader: _Loader) -> tuple[Brand, ...]:
    return tuple(
        Brand(
            name,
            row.text("市场总监"),
            _list(row.text("曾用名")),
            loader.day(row, "启用日期"),
            loader.day(row, "停用日期"),
        )
        for name, row in _named(loader, "品牌与市场总监", "品牌")
    )


def _staff(loader: _Loader) -> tuple[Staff, ...]:
    return tuple(
        Staff(name, row.text("岗位"), normal_number(row.text("手机")), loader.day(row, "离职日期"), row.text("接替人"))
        for name, row in _named(loader, "人员", "姓名")
    )


def _rules(loader: _Loader) -> Rules:
    known = {rule.name: rule for rule in RULES}
    values: dict[str, object] = {}
    for name, row in _named(loader, "规则", "规则"):
        rule = known.get(name)
        if rule is None:
            loader.wrong(row, "规则", "、".join(known), None)
            continue
        try:
            values[rule.field] = _rule_value(rule, row.text("值"))
        except ValueError:
            loader.wrong(row, "值", rule.allowed, rule.default)
    return Rules(**values)  # type: ignore[arg-type]


def _rule_value(rule: Rule, text: str) -> object:
    """The typed value of one rule. Raises ValueError when it is not allowed. Empty means the default."""
    if not text:
        return rule.default
    if rule.kind == "选项":
        if text not in rule.choices:
            raise ValueError(text)
        return text
    if rule.kind == "日期":
        return date.fromisoformat(text)
    if rule.kind == "周次":
        found = re.fullmatch(r"(\d{4})-?[Ww](\d{1,2})", text)
        if not found:
            raise ValueError(text)
        date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return f"{found[1]}-W{int(found[2]):02d}"
    number = _number(text)
    if not rule.low <= number <= rule.high or (isinstance(rule.default, int) and not number.is_integer()):
        raise ValueError(text)
    return int(number) if isinstance(rule.default, int) else number


def _number(text: str) -> float:
    plain = unicodedata.normalize("NFKC", text).strip()
    number = float(plain.removesuffix("%")) / (100 if plain.endswith("%") else 1)
    if not math.isfinite(number):
        raise ValueError(text)
    return round(number, 10)


def _points(text: str) -> float:
    """Points of one answer. Raises ValueError outside 0 to 100."""
    number = _number(text)
    if not 0 <= number <= 100:
        raise ValueError(text)
    return number


def _criteria(loader: _Loader) -> tuple[Criterion, ...]:
    known = {criterion.name: criterion for criterion in CRITERIA}
    points: dict[str, dict[str, float]] = {name: dict(criterion.points) for name, criterion in known.items()}
    for row in loader.rows("评分标准", "项目"):
        name, answer = row.text("项目"), row.text("答案")
        if name not in known:
            loader.wrong(row, "项目", "、".join(known), None)
        elif not answer:
            loader.wrong(row, "答案", "答案的文字", None)
        else:
            try:
                points[name][answer] = _points(row.text("分数"))
            except ValueError:
                loader.wrong(row, "分数", "0 到 100 的数字", points[name].get(answer, 0))
                points[name].setdefault(answer, 0)
    return tuple(
        replace(criterion, points=points[criterion.name], maximum=max(points[criterion.name].values()))
        for criterion in CRITERIA
    )


def _choices(loader: _Loader) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in loader.rows("下拉选项", "列名"):
        if not row.text("列名") or not row.text("选项"):
            loader.wrong(row, "选项" if row.text("列名") else "列名", "列名和选项都要填", None)
            continue
        old = found.get(row.text("列名"), ())
        found[row.text("列名")] = tuple(dict.fromkeys((*old, *_list(row.text("选项")))))
    return found


def _aliases(loader: _Loader) -> dict[str, str]:
    found = {}
    for row in loader.rows("列名对照", "表里的写法"):
        if row.text("表里的写法") and row.text("标准列名"):
            found[row.text("表里的写法")] = row.text("标准列名")
        else:
            loader.wrong(row, "标准列名" if row.text("表里的写法") else "表里的写法", "两列都要填", None)
    return found


def _blocked(loader: _Loader) -> tuple[Blocked, ...]:
    found = []
    for row in loader.rows("拒绝联系", "号码"):
        kind = row.text("类型") or BLOCKED_KINDS[0]
        value = normal_number(row.text("号码"))
        if kind not in BLOCKED_KINDS or not value:
            loader.wrong(row, "类型" if value else "号码", f"类型:{'、'.join(BLOCKED_KINDS)};号码不能空", None)
            continue
        found.append(Blocked(value, kind, row.text("原因")))
    return tuple(dict.fromkeys(found))


def normal_number(text: str) -> str:
    """A phone, WeChat or QQ as it is compared: full-width folded, blanks and hyphens between digits out, lower case."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    digits = re.sub(r"[\s\-]", "", plain)
    return re.sub(r"^(?:\+?86)(?=1\d{10}$)", "", digits) if re.fullmatch(r"\+?\d+", digits) else plain
