"""Whole workbooks against tests/golden: every cell, format, choice, chart range and page, as text (golden.py)."""

from __future__ import annotations

from difflib import unified_diff
from functools import cache

import golden
import pytest

_SHOWN = 60  # lines of a difference


@cache
def made():
    return golden.workbooks()


@pytest.mark.parametrize("name", ["brand", "sales", "returns"])
def test_a_workbook_is_what_it_was(name):
    wanted = (golden.FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    now = golden.described(made()[name]).splitlines()
    change = list(unified_diff(wanted, now, "expected", "written now", lineterm="", n=0))
    more = [f"… and {len(change) - _SHOWN} more lines"] if len(change) > _SHOWN else []
    told = "\n".join([*change[:_SHOWN], *more])
    assert not change, f"{told}\nIf it shall be so: {golden.COMMAND}, then read git diff tests/golden"


def test_a_changed_cell_format_choice_or_range_shows():
    """The text would say it: each kind of fact is in it."""
    text = golden.described(made()["brand"])
    for fact in (
        "== 有效客户名单",
        "width ",
        "choice ",
        "rule ",
        "range 概览!",
        "alt text ",
        "line ",
        "merged ",
        "table 表_",
    ):
        assert fact in text, fact
