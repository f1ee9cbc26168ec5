"""名录池: customers of bought lists that nobody has touched go to a CSV file when they are too many."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from small import records

from salessheets.csvtext import csv_bytes, csv_columns
from salessheets.pool import POOL_COLUMNS, pool, sleeping

LISTED = """
table     | row | channel | name   | phone       | lead      | brands | week
directory | 5   | 购买名录 | 王建国 | 13900000001 | 00002-1-5 | 康源   | 2026-W45
directory | 6   | 购买名录 | 李秀英 | 13900000002 | 00002-1-6 | 康源   | 2026-W45
directory | 7   | 购买名录 | 赵刚   | 13900000003 | 00002-1-7 | 康源   | 2026-W45
visit_log | 8   |          | 赵刚   | 13900000003 | 00002-1-7 | 康源   | 2026-W46
directory | 9   | 同行提供 | 孙伟   | 13900000004 | 00002-1-9 | 康源   | 2026-W45
directory | 10  | 购买名录 | 周敏   | 13900000005 | 00002-1-10 | 瑞颐  | 2026-W45
directory | 11  | 购买名录 | 吴强   | 13900000006 | 00002-1-11 |       | 2026-W45
"""


def _named(text: str) -> pd.DataFrame:
    from small import frame

    said = frame(text)
    brands = [tuple(filter(None, cell.split("、"))) for cell in said["brands"]]
    return records(text).assign(lead=said["lead"], week=said["week"], brands=pd.Series(brands, dtype=object))


def _asleep(limit: int, worked: set[str] = frozenset()) -> list[str]:
    named = _named(LISTED)
    return list(named["lead"][sleeping(named, worked, limit)])


def test_untouched_customers_of_bought_lists_sleep_where_a_brand_has_too_many():
    assert _asleep(1) == ["00002-1-5", "00002-1-6"]


def test_up_to_the_limit_everybody_is_listed():
    assert _asleep(2) == []


def test_whoever_was_typed_about_is_awake_and_does_not_count():
    assert _asleep(1, {"00002-1-5"}) == []


def test_each_brand_and_no_brand_count_for_themselves():
    assert _asleep(0) == ["00002-1-5", "00002-1-6", "00002-1-10", "00002-1-11"]


def test_a_customer_of_two_brands_is_listed_in_both_when_one_has_room():
    both = LISTED.replace("王建国 | 13900000001 | 00002-1-5 | 康源", "王建国 | 13900000001 | 00002-1-5 | 康源、瑞颐")
    named = _named(both)
    assert list(named["lead"][sleeping(named, set(), 2)]) == []
    assert "00002-1-5" in list(named["lead"][sleeping(named, set(), 1)])


def test_the_pool_says_who_they_are_and_since_when():
    named = _named(LISTED)
    made = pool(named[sleeping(named, set(), 0)])
    assert tuple(made.columns) == POOL_COLUMNS
    assert made[["lead", "brand", "week", "name", "phone"]].to_numpy().tolist() == [
        ["00002-1-10", "瑞颐", "2026-W45", "周敏", "13900000005"],
        ["00002-1-11", "", "2026-W45", "吴强", "13900000006"],
        ["00002-1-5", "康源", "2026-W45", "王建国", "13900000001"],
        ["00002-1-6", "康源", "2026-W45", "李秀英", "13900000002"],
    ]


def test_nobody_sleeps_in_an_empty_pool():
    named = _named(LISTED)
    assert list(pool(named[:0]).columns) == list(POOL_COLUMNS)


_CELL = st.text(alphabet=st.sampled_from("a1王=+-@,\"\r\n\t \u200b\uff1d\uff0b\ufeff\u00ad'é\uf900"), max_size=5)


@given(st.lists(st.tuples(_CELL, _CELL), max_size=6))
def test_whole_columns_are_written_as_the_same_cells_one_by_one(rows: list[tuple[str, str]]):
    columns = {"甲": pd.Series([r[0] for r in rows], dtype="str"), "乙": pd.Series([r[1] for r in rows], dtype="str")}
    assert csv_columns(columns) == csv_bytes([["甲", "乙"], *rows])
