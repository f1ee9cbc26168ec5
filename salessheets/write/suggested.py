"""评分建议: what directors tried out in 评分标准, for the sales department to decide (workflow.md)."""

from __future__ import annotations

from salessheets.settings import RULES
from salessheets.suggestions import FRESH
from salessheets.trials import said

from .book import Book, Col
from .report import Report

SUGGESTED = "评分建议"
_RULES = {rule.name: rule for rule in RULES}


def write_suggested(book: Book, report: Report) -> None:
    """One line per number that a director wants to be another one."""
    rows = report.suggestions
    names = [said(key) for key in rows["key"]]
    advice = f"市场总监在「评分标准」里试算的数,不会自己生效。同意的,请改 设置.xlsx;改好或改回后不再列出,{FRESH} 天后也不再列出。"
    book.table(book.sheet(SUGGESTED), f"评分建议({len(rows)})", advice, [
        Col("品牌", list(rows["brand"]), most=20),
        Col("谁", list(rows["who"]), most=12),
        Col("哪天", list(rows["day"]), "date"),
        Col("项目或规则", [name for name, _ in names], most=20),
        Col("答案", [answer for _, answer in names], most=16),
        Col("现在", [_shown(key, text) for key, text in zip(rows["key"], rows["now"], strict=True)], "mark"),
        Col("建议", [_shown(key, text) for key, text in zip(rows["key"], rows["wanted"], strict=True)], "mark"),
        Col("这个品牌的建议都采用的话", list(rows["effect"]), most=44, least=26),
    ], freeze=1)  # fmt: skip


def _shown(key: str, text: str) -> str:
    return _RULES[key].text(float(text)) if key in _RULES else text
