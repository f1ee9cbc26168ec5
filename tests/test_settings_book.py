"""设置.xlsx comes back as it was written; a wrong cell is named and everything else still counts."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from salessheets.settings import (
    CRITERIA,
    RULES,
    SHEETS,
    Blocked,
    Brand,
    Rules,
    Settings,
    Staff,
    default,
    load,
    normal_number,
)
from salessheets.settings.model import BLOCKED_KINDS, EXAMPLE
from salessheets.write.settings_book import write_settings

SEPARATORS = set("\u3001,\uff0c;\uff1b\n")  # what divides a list in a cell, full-width forms by code


def _is_plain(text: str) -> bool:
    return text == text.strip() != "" and not text.startswith(EXAMPLE) and "_x" not in text


characters = st.characters(exclude_categories=("C", "Z"))
texts = st.one_of(
    st.text(characters, min_size=1, max_size=12),
    st.sampled_from(["=1+1", "007", "1.0", "13800138000", "2026-11-20", "否", "NA", "康源 高电位", "@x", "' quoted"]),
).filter(_is_plain)
parts_of_lists = texts.filter(lambda text: not SEPARATORS & set(text))
lists = st.lists(parts_of_lists, unique=True, max_size=3).map(tuple)
days = st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2099, 12, 31)))
maybe = st.one_of(st.just(""), texts)
numbers = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
brands = st.lists(st.builds(Brand, texts, maybe, lists, days, days), unique_by=lambda b: b.name, max_size=4).map(tuple)
staff = st.lists(
    st.builds(Staff, texts, maybe, st.one_of(st.just(""), numbers), days, maybe), unique_by=lambda s: s.name, max_size=4
).map(tuple)
blocked = st.lists(
    st.builds(Blocked, texts.map(normal_number).filter(_is_plain), st.sampled_from(BLOCKED_KINDS), maybe),
    unique=True,
    max_size=4,
).map(tuple)


def _values(rule) -> st.SearchStrategy:
    if rule.kind == "选项":
        return st.sampled_from(rule.choices)
    if rule.kind == "日期":
        return days
    if rule.kind == "周次":
        return st.one_of(
            st.none(),
            st.dates(date(2020, 1, 1), date(2030, 1, 1)).map(
                lambda d: f"{d.isocalendar()[0]}-W{d.isocalendar()[1]:02d}"
            ),
        )
    if isinstance(rule.default, int):
        return st.integers(int(rule.low), int(rule.high))
    return st.integers(int(rule.low * 100), int(rule.high * 100)).map(lambda n: n / 100)


rules = st.fixed_dictionaries({rule.field: _values(rule) for rule in RULES}).map(lambda values: Rules(**values))
points = st.integers(0, 10_000).map(lambda n: n / 100)


@st.composite
def criteria(draw):
    """The manual's answers with other points, and answers of the office's own."""
    found = []
    for criterion in CRITERIA:
        own = draw(st.dictionaries(texts, points, max_size=2))
        answers = {answer: draw(points) for answer in criterion.points} | own
        found.append(replace(criterion, points=answers, maximum=max(answers.values())))
    return tuple(found)


offices = st.builds(
    Settings, brands, staff, rules, criteria(),
    st.dictionaries(texts, lists.filter(bool), max_size=3), st.dictionaries(texts, texts, max_size=3), blocked,
)  # fmt: skip


@given(offices)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_what_is_written_is_read_again(office):
    assert load(write_settings(office)) == office


def test_an_office_that_changed_nothing_has_the_manuals_settings():
    assert load(write_settings(default())) == default()


def test_the_sheets_are_those_of_the_guide():
    assert tuple(load_workbook(io.BytesIO(write_settings(default()))).sheetnames)[: len(SHEETS)] == SHEETS


OFFICE = replace(
    default(),
    brands=(Brand("康源高电位", "林海"), Brand("体控仪")),
    staff=(Staff("刘洋", "业务代表", "18615270493"), Staff("赵强")),
    choices={"咨询渠道": ("抖音",)},
    aliases={"手机号": "联系电话"},
    blocked=(Blocked("15904718263", "电话", "来电要求"),),
)

# sheet, row to find (first cell), header, what a person types | the value named, a part of what is allowed
WRONG = [
    ("品牌与市场总监", "康源高电位", "启用日期", "明年", "明年", "2026-11-20"),
    ("品牌与市场总监", "康源高电位", "停用日期", "2026-13-01", "2026-13-01", "2026-11-20"),
    ("品牌与市场总监", "体控仪", "品牌", "康源高电位", "康源高电位", "不能重复"),
    ("人员", "赵强", "姓名", "刘洋", "刘洋", "不能重复"),
    ("人员", "刘洋", "离职日期", "上个月", "上个月", "2026-11-20"),
    ("规则", "分级区域", "值", "镇", "镇", "省、市、县/区"),
    ("规则", "A类比例", "值", "两成", "两成", "0 到 1"),
    ("规则", "A类比例", "值", "120%", "120%", "0 到 1"),
    ("规则", "小区域客户数", "值", 2.5, "2.5", "数字"),
    ("规则", "小区域客户数", "值", "0", "0", "数字"),
    ("规则", "基准日期", "值", "2026年", "2026年", "2026-11-20"),
    ("规则", "起始周", "值", "第45周", "第45周", "2026-W45"),
    ("规则", "起始周", "值", "2026-W54", "2026-W54", "2026-W45"),
    ("规则", "询问分", "规则", "不存在的规则", "不存在的规则", "自动合并分"),
    ("评分标准", "企业规模", "分数", "很多", "很多", "0 到 100"),
    ("评分标准", "企业规模", "分数", 101, "101", "0 到 100"),
    ("评分标准", "企业规模", "分数", "-1", "-1", "0 到 100"),
    ("评分标准", "企业规模", "项目", "星座", "星座", "企业规模"),
    ("评分标准", "企业规模", "答案", None, "(空)", "答案"),
    ("下拉选项", "咨询渠道", "选项", None, "(空)", "都要填"),
    ("列名对照", "手机号", "标准列名", None, "(空)", "都要填"),
    ("拒绝联系", "电话", "类型", "邮箱", "邮箱", "QQ号"),
    ("拒绝联系", "电话", "号码", None, "(空)", "不能空"),
]  # fmt: skip


def typed(sheet: str, first: str, header: str, value: object) -> tuple[bytes, str]:
    """设置.xlsx with one cell typed over, and the cell's address."""
    book = load_workbook(io.BytesIO(write_settings(OFFICE)))
    page = book[sheet]
    column = next(cell.column for cell in page[3] if cell.value == header)
    row = next(cell.row for cell in page["A"][3:] if cell.value == first)
    page.cell(row, column).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), page.cell(row, column).coordinate


@pytest.mark.parametrize(("sheet", "first", "header", "value", "named", "allowed"), WRONG)
def test_a_wrong_cell_is_named_and_the_rest_counts(sheet, first, header, value, named, allowed):
    data, cell = typed(sheet, first, header, value)
    found = load(data)
    problem = found.problems[0]
    assert (problem.code, problem.file, problem.sheet, problem.cell, problem.value) == (
        "setting-invalid", "设置.xlsx", sheet, cell, named,
    )  # fmt: skip
    assert allowed in problem.details["allowed"]
    assert len(found.problems) == 1
    others = {
        "品牌与市场总监": ("staff", "rules", "criteria", "choices", "aliases", "blocked"),
        "人员": ("brands", "rules", "criteria", "choices", "aliases", "blocked"),
        "规则": ("brands", "staff", "rules", "criteria", "choices", "aliases", "blocked"),
        "评分标准": ("brands", "staff", "rules", "choices", "aliases", "blocked"),
        "下拉选项": ("brands", "staff", "rules", "criteria", "aliases", "blocked"),
        "列名对照": ("brands", "staff", "rules", "criteria", "choices", "blocked"),
        "拒绝联系": ("brands", "staff", "rules", "criteria", "choices", "aliases"),
    }[sheet]
    assert {name: getattr(found, name) for name in others} == {name: getattr(OFFICE, name) for name in others}


def test_two_wrong_cells_are_two_problems():
    data, _ = typed("规则", "A类比例", "值", "两成")
    book = load_workbook(io.BytesIO(data))
    book["人员"]["D4"].value = "去年"
    out = io.BytesIO()
    book.save(out)
    assert [(p.sheet, p.cell) for p in load(out.getvalue()).problems] == [("人员", "D4"), ("规则", "B7")]


@pytest.mark.parametrize("sheet", [name for name in SHEETS if name not in ("说明", "请假与调休")])
def test_a_missing_sheet_is_named(sheet):
    book = load_workbook(io.BytesIO(write_settings(OFFICE)))
    del book[sheet]
    out = io.BytesIO()
    book.save(out)
    assert [(p.code, p.sheet) for p in load(out.getvalue()).problems] == [("setting-sheet-missing", sheet)]


@pytest.mark.parametrize("data", [b"", b"not a workbook", b"PK\x03\x04broken"])
def test_a_file_that_is_no_workbook_gives_the_defaults_and_says_so(data):
    found = load(data)
    assert replace(found, problems=()) == default()
    assert [p.code for p in found.problems] == ["file-unreadable"]


def test_spare_rows_can_be_filled_in():
    """Below what is there are empty yellow rows; what is typed into the first of them counts."""
    book = load_workbook(io.BytesIO(write_settings(OFFICE)))
    for header, value in zip("ABC", ("欧阳建国", "业务代表", 13800138000), strict=True):
        book["人员"][f"{header}6"].value = value
    out = io.BytesIO()
    book.save(out)
    assert load(out.getvalue()).staff[-1] == Staff("欧阳建国", "业务代表", "13800138000")
