"""评分标准 as it comes back: the numbers somebody tried out in it (试算). They change nothing; they are a suggestion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .read import Sheet, Workbook
from .read.workbook import letters
from .returned import text_of
from .settings import RULES, Settings
from .settings.values import share

CRITERIA_SHEET = "评分标准"
TRIAL = "tried"  # the field under which issue records keep these numbers
TRIAL_COLUMNS = ["workbook", "key", "new", "who", "day"]
# The sheet holds two lists side by side: the columns that name a number, and the number's.
POINTS_COLUMNS, RULE_COLUMNS = (("项目", "答案"), "分数"), (("规则",), "数值")
# What may be tried out; the other rules are about something else than classes.
TRIED = ("share_a", "share_b", "floor_a", "floor_b", "b_alone", "a_alone", "small_region", "gate_completeness",
         "unrated_completeness", "unknown_share", "hysteresis")  # fmt: skip
_RULES = {rule.name: rule for rule in RULES if rule.field in TRIED}
_BETWEEN = " → "  # between a criterion and its answer
_HEADER_DEPTH = 20


@dataclass(frozen=True)
class Number:
    """One number of the sheet. key: 项目 → 答案, or the rule's name. text: as typed; value: as compared, "" if it is no
    number that may stand there.
    """

    key: str
    row: int
    cell: str
    text: str
    value: str


def standard(settings: Settings) -> dict[str, str]:
    """Every number of 评分标准 as the office has it: key → value."""
    found = {points_key(c.name, answer): normal(worth) for c in settings.criteria for answer, worth in c.points.items()}
    return found | {name: normal(getattr(settings.rules, rule.field)) for name, rule in _RULES.items()}


def points_key(criterion: str, answer: str) -> str:
    """How the points of an answer are called."""
    return f"{criterion}{_BETWEEN}{answer}"


def said(key: str) -> tuple[str, str]:
    """A key as two texts: criterion and answer, or the rule's name and nothing."""
    name, _, answer = key.partition(_BETWEEN)
    return name, answer


def normal(value: float) -> str:
    """A number as it is compared."""
    return f"{float(value):.10g}"


def numbers(book: Workbook) -> Iterator[Number]:
    """The numbers of both lists, wherever sorting put them."""
    for sheet in book.sheets:
        if sheet.name == CRITERIA_SHEET:
            for names, value in (POINTS_COLUMNS, RULE_COLUMNS):
                yield from _list(sheet, names, value)


def _list(sheet: Sheet, names: Sequence[str], value: str) -> Iterator[Number]:
    columns: list[int] = []
    for row, texts in sheet.rows():
        stripped = [text.strip() for text in texts]
        if not columns and {*names, value} <= {*stripped} and row <= sheet.top + _HEADER_DEPTH:
            columns = [stripped.index(header) for header in (*names, value)]
        elif columns and any(stripped[column] for column in columns):
            key = _BETWEEN.join(stripped[column] for column in columns[:-1])
            text = text_of(texts[columns[-1]]).strip()
            yield Number(key, row, f"{letters(columns[-1] + sheet.left)}{row}", text, _read(key, text))


def _read(key: str, text: str) -> str:
    try:
        found = share(text)
    except ValueError:
        return ""
    rule = _RULES.get(key)
    low, high = (rule.low, rule.high) if rule else (0, 100)
    return normal(found) if low <= found <= high and not (rule and rule.whole and not found.is_integer()) else ""


def applied(settings: Settings, tried: Mapping[str, str]) -> Settings:
    """The settings as they would be with the numbers somebody tried out (key → value)."""
    criteria = []
    for c in settings.criteria:
        points = {answer: float(tried.get(points_key(c.name, answer), worth)) for answer, worth in c.points.items()}
        criteria.append(replace(c, points=points, maximum=max(points.values())))
    changed: dict[str, Any] = {rule.field: float(tried[name]) for name, rule in _RULES.items() if name in tried}
    return replace(settings, criteria=tuple(criteria), rules=replace(settings.rules, **changed))
