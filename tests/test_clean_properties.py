"""What holds for every cleaner and every cell: never raises, same index, row by row, and at rest on its own output."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from salessheets.clean import (
    business,
    company,
    contact,
    date,
    locate,
    names,
    numbers,
    person,
    phone,
    region,
    text,
    walk,
)

TODAY = dt.date(2026, 11, 20)
PIECES = [
    "13912345678", "1391234", "0531", "88881234", "-", " ", "/", "、", "\n", "转", "8001", "+86", "0086", "4006601827", "E+10", ".0",
    "或", "，", "：", "分机", ".0", "1.3912345678E+10", "王", "建国", "欧阳", "总", "经理", "(店长)", "老", "小", "姐", "·", "買買提", "張", "同手机", "wangjg_1975", "@qq.com", "QQ:",
    "山东省", "济南", "市", "历下区", "鼓楼区", "北京", "上海", "市中区", "章丘市", "路", "188号", "镇", "街道", "开发区", "吉林",
    "康源", "养生馆", "有限公司", "分公司", "(集团)", "二店", "2026", "年", "11", "月", "3", "日", "１３９", "\u200b", "\u00a0", "A", "x", "ﬁ",
]  # fmt: skip
CELL = st.one_of(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), st.text(max_size=20))
NAMES = [
    "王",
    "刘",
    "欧阳",
    "陈",
    "建国",
    "雯",
    "和平",
    "副",
    "总",
    "总经理",
    "店长",
    "老师",
    "小姐",
    "姐",
    "联系人:",
    "法人 ",
    " ",
    "。",
    "(",
    ")",
    "和",
]
NAME = st.lists(st.sampled_from(NAMES), min_size=1, max_size=5).map("".join)
SHOPS = ["山东", "山东省", "济南市", "章丘", "江西省", "景德镇市", "康乐", "安康", "朝阳", "浦东新", "康源", "轩", "堂", "健康", "养生馆", "大药房", "足浴店",
         "经营部", "集团", "有限公司", "股份有限公司", "总公司", "武汉分公司", "第二分店", "(济南)", "(历下店)", "(个体工商户)", " ", "“", "”", "葯", "镇", "城关镇"]  # fmt: skip
BUSINESS = st.lists(st.sampled_from(SHOPS), min_size=1, max_size=6).map("".join)
PLACES = ["山东省", "山东", "济南市", "济南", "历下区", "历下", "市中区", "章丘", "青岛市", "市南区", "南区", "北京", "朝阳区", "朝阳", "吉林", "江苏", "镇江",
          "京口区", "哈尔滨市", "道里区", "路", "街道", "镇", "乡", "大明湖街道", "善堂镇", "西乡街道", "西安", "中山北路", "开发区", "科技园", "12号", "市", ",", " ", "地址:", "中国"]  # fmt: skip
ADDRESS = st.lists(st.sampled_from(PLACES), min_size=1, max_size=6).map("".join)
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
    for name in phone.COLUMNS:
        expected = getattr(thorough, name)
        assert quick[name] == (tuple(expected) if isinstance(expected, list) else expected), name


@given(cells=st.lists(st.one_of(CELL, NAME, BUSINESS), min_size=1, max_size=6))
@settings(max_examples=200, deadline=None)
def test_names_and_businesses_are_read_alike_by_kernels_and_one_by_one(cells: list[str]) -> None:
    people, shops = person.clean(column(cells)), company.clean(column(cells))
    for row, cell in enumerate(cells):
        who, shop = names.read(cell), business.read(cell)
        assert tuple(people.iloc[row]) == (who.name, who.surname, who.given, who.title, who.full, who.pinyin)
        assert tuple(shops.iloc[row]) == (shop.name, shop.core, shop.branch)


@given(address=st.one_of(CELL, ADDRESS))
@settings(max_examples=300, deadline=None)
def test_addresses_are_followed_alike_by_kernels_and_one_by_one(address: str) -> None:
    states = walk.States()
    for known in (frozenset(((),)), frozenset((("山东省", "济南市"),))):
        number = np.array([states.number(known)])
        after, towns = walk.addresses(pa.array([address], pa.large_string()), number, states)
        assert (states.known[after[0]], towns[0]) == locate.address(address, known)


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
