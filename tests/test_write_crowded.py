"""An overview with more and longer of everything than its maker had in mind still says it on one page."""

from __future__ import annotations

import io
import re
import unicodedata

import pandas as pd
import pytest
import render
from openpyxl import load_workbook
from report_fixture import KANG, WEEK, changed, report

from salessheets.settings import Brand, Settings, Staff
from salessheets.write.brand import write_brand
from salessheets.write.sales import write_sales

LONG = "刘洋(周三以后转给赵强,有事找陈静)"
STAFF = tuple(Staff(f"欧阳第{n}号") for n in range(60))
BRANDS = (Brand(KANG, "王总监"), *(Brand(f"名字很长很长的理疗床品牌第{n}代", "李总监") for n in range(30)))
CHANNELS = [f"第{n}个自己写的很长很长的渠道名称" for n in range(30)]


def crowded():
    rows = [
        (str(WEEK.back(back)), channel, KANG, 40_000 + at) for at, channel in enumerate(CHANNELS) for back in range(8)
    ]
    return report(
        settings=Settings(brands=BRANDS, staff=STAFF),
        leads=changed(report().leads, "00002-1-5", owner=LONG),
        counts=pd.DataFrame(rows, columns=["week", "channel", "brand", "new"]),
    )


@pytest.fixture(scope="module")
def pages():
    made = crowded()
    books = {"brand": write_brand(made, KANG, "x"), "sales": write_sales(made, "x")}
    return books, render.convert(books, "pdf")


def overview(books, name):
    return load_workbook(io.BytesIO(books[name]), data_only=True)["概览"]


@pytest.mark.parametrize("name", ["brand", "sales"])
def test_nothing_lies_on_anything_else(pages, name):
    words = [word for word in render.words_of(pages[1][name]) if word.page == 1]
    assert len(words) > 100
    assert render.overlaps(words) == []
    assert any(word.text.startswith("概览") for word in words)  # its footer is on this page: it is one page
    assert not [word.text for word in words if "#" in word.text]


def test_a_long_name_is_whole_since_the_count_beside_it_needs_it(pages):
    cell = next(c for row in overview(pages[0], "brand").iter_rows() for c in row if c.value == LONG)
    assert cell.alignment.shrink_to_fit
    assert render.bare(LONG) in render.text_of(pages[1]["brand"])


def test_brands_with_long_names_can_be_told_apart(pages):
    text = render.text_of(pages[1]["sales"])
    assert all(f"理疗床品牌第{n}代" in text for n in range(4))


def test_of_many_people_the_busiest_are_shown_and_the_title_says_so(pages):
    cells = [c for row in load_workbook(io.BytesIO(pages[0]["brand"]))["概览"].iter_rows() for c in row]
    named = re.compile(r"=SUMPRODUCT\(--\(.*=[A-Z]+[0-9]+\)\)")  # counts whose name stands in the cell beside them
    assert sum(bool(named.fullmatch(str(cell.value))) for cell in cells) == 24
    texts = [unicodedata.normalize("NFKC", str(cell.value)) for cell in cells]
    assert "每人跟进的客户数(随填写变化,最多的 24 人)" in texts


@pytest.mark.parametrize("name", ["brand", "sales"])
def test_of_many_channels_the_smaller_are_one_line_and_the_sum_is_kept(pages, name):
    sheet = overview(pages[0], name)
    head = next(c for row in sheet.iter_rows() for c in row if c.value == "渠道")
    lines, row = [], head.row + 1
    while sheet.cell(row, 1).value:
        lines.append((sheet.cell(row, 1).value, sheet.cell(row, 4).value))
        row += 1
    assert [text for text, _ in lines][-1] == "其余 19 个渠道"
    assert len(lines) == 12
    assert sum(count for _, count in lines) == sum(40_000 + at for at in range(30))
