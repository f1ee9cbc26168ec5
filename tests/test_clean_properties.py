"""What holds for every cleaner and every cell: never raises, same index, row by row, and at rest on its own output."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from salessheets.clean import company, contact, date, numbers, person, phone, region, text

TODAY = dt.date(2026, 11, 20)
PIECES = [
    "13912345678", "1391234", "0531", "88881234", "-", " ", "/", "、", "\n", "转", "8001", "+86", "0086", "4006601827", "E+10", ".0",
    "王", "建国", "欧阳", "总", "经理", "(店长)", "老", "小", "姐", "·", "買買提", "張", "同手机", "wangjg_1975", "@qq.com", "QQ:",
    "山东省", "济南", "市", "历下区", "鼓楼区", "北京", "上海", "市中区", "章丘市", "路", "188号", "镇", "街道", "开发区", "吉林",
    "康源", "养生馆", "有限公司", "分公司", "(集团)", "二店", "2026", "年", "11", "月", "3", "日", "１３９", "\u200b", "\u00a0", "A", "x", "ﬁ",
]  # fmt: skip
CELL = st.one_of(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), st.text(max_size=20))
CELLS = st.lists(CELL, max_size=8)

CLEANERS: dict[str, Callable[[pd.Series], pd.DataFrame]] = {
    "phone": phone.clean,
    "wechat": contact.wechat,
    "qq": contact.qq,
    "person": person.clean,
    "company": company.clean,
    "date": lambda s: date.clean(s, TODAY),
    "province": lambda s: region.clean(pd.DataFrame({"province": s})),
    "county": lambda s: region.clean(pd.DataFrame({"county": s})),
    "address": lambda s: region.clean(pd.DataFrame({"address": s})),
}


def column(cells: list[str], index: list[int] | None = None) -> pd.Series:
    return pd.Series(cells, index=index, dtype="str")


@pytest.mark.parametrize("cleaner", CLEANERS)
@given(cells=CELLS)
@settings(max_examples=40, deadline=None)
def test_same_index_and_each_row_by_itself(cleaner: str, cells: list[str]) -> None:
    clean = CLEANERS[cleaner]
    index = [7 * i + 3 for i in range(len(cells))]
    together = clean(column(cells, index))
    assert list(together.index) == index
    backwards = clean(column(cells[::-1], index[::-1]))
    pd.testing.assert_frame_equal(backwards.sort_index(), together)
    for label, cell in zip(index, cells, strict=True):
        assert tuple(clean(column([cell])).iloc[0]) == tuple(together.loc[label])


@pytest.mark.parametrize("cleaner", CLEANERS)
def test_an_empty_column_and_a_column_of_blanks(cleaner: str) -> None:
    clean = CLEANERS[cleaner]
    assert len(clean(column([]))) == 0
    blank = clean(column(["", "", ""]))
    assert len(blank) == 3
    assert all(not value for value in blank.to_numpy().ravel())
    assert list(clean(column([])).columns) == list(blank.columns)


@pytest.mark.parametrize("cleaner", CLEANERS)
def test_text_columns_are_str(cleaner: str) -> None:
    found = CLEANERS[cleaner](column(["13912345678", "", "王总"]))
    for name in found.columns:
        assert str(found[name].dtype) in ({"object"} if isinstance(found[name].iloc[0], tuple) else {"str", "bool"})


@given(cell=CELL)
@settings(max_examples=200, deadline=None)
@example("0531-88881234转8001/13912345678")
@example("+852 9173 4062")
def test_phone_is_at_rest_on_its_own_numbers(cell: str) -> None:
    once = phone.clean(column([cell])).iloc[0]
    again = phone.clean(column(["/".join([*once["mobiles"], *once["landlines"], *once["hotlines"]])])).iloc[0]
    for kind in ("mobiles", "landlines", "hotlines"):
        assert again[kind] == once[kind]
    assert again["problem"] in {"", "phone-prefix"}


@given(cell=CELL)
@settings(max_examples=200, deadline=None)
def test_the_kernels_and_the_thorough_reader_agree(cell: str) -> None:
    quick = phone.clean(column([cell])).iloc[0]
    thorough = numbers.read(cell)
    assert quick["mobiles"] == tuple(thorough.mobiles)
    assert quick["landlines"] == tuple(thorough.landlines)
    assert quick["problem"] == thorough.problem


@given(cell=CELL)
@settings(max_examples=200, deadline=None)
def test_contacts_are_at_rest(cell: str) -> None:
    wechat = contact.wechat(column([cell])).iloc[0]
    if wechat["wechat"] and not wechat["mobile"]:
        assert contact.wechat(column([wechat["wechat"]])).iloc[0]["wechat"] == wechat["wechat"]
    qq = contact.qq(column([cell])).iloc[0]
    assert tuple(contact.qq(column([qq["qq"]])).iloc[0]) == (qq["qq"], qq["mobile"], "")


@given(cell=CELL)
@settings(max_examples=200, deadline=None)
def test_a_name_is_at_rest(cell: str) -> None:
    once = person.clean(column([cell])).iloc[0]
    again = person.clean(column([once["name"]])).iloc[0]
    for part in ("name", "surname", "given", "full", "pinyin"):
        assert again[part] == once[part]


@given(cell=CELL)
@settings(max_examples=200, deadline=None)
def test_a_business_is_at_rest(cell: str) -> None:
    once = company.clean(column([cell])).iloc[0]
    assert tuple(company.clean(column([once["name"]])).iloc[0]) == tuple(once)


@given(cells=st.tuples(CELL, CELL, CELL, CELL, CELL))
@settings(max_examples=120, deadline=None)
def test_a_place_is_at_rest(cells: tuple[str, ...]) -> None:
    names = ["province", "city", "county", "township", "address"]
    once = region.clean(pd.DataFrame([cells], columns=names, dtype="str"))
    again = region.clean(once[names[:4]])
    pd.testing.assert_frame_equal(again[names[:4]], once[names[:4]])
    assert again["level"].tolist() == once["level"].tolist()
    assert again["problem"].tolist() == [""]


@given(cell=CELL)
@settings(max_examples=200, deadline=None)
def test_a_date_is_at_rest(cell: str) -> None:
    once = date.clean(column([cell]), TODAY)["date"].iloc[0]
    assert tuple(date.clean(column([once]), TODAY).iloc[0]) == (once, "")


@given(cell=st.one_of(CELL, st.text()))
@settings(max_examples=200, deadline=None)
def test_tidy_text_is_at_rest(cell: str) -> None:
    once = text.tidy(cell)
    assert text.tidy(once) == once
    simple = text.simplify(once)
    assert text.simplify(simple) == simple


def test_values_that_are_no_text_do_not_break_a_cleaner() -> None:
    mixed = pd.Series(["13912345678", None, float("nan"), 13912345678], dtype=object)
    assert phone.clean(mixed)["mobiles"].tolist() == [("13912345678",), (), (), ("13912345678",)]
