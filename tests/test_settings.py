"""What a manager does to 设置.xlsx in Excel, and what the program makes of it (see test_settings_book for the form)."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import fields, replace
from datetime import date, datetime, time

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from salessheets.settings import CRITERIA, RULES, Blocked, Brand, Rules, Staff, default, load, normal_number
from salessheets.settings.cells import MAX_ROW
from salessheets.tables import TABLES
from salessheets.write.settings_book import write_settings

LISTS = ("品牌与市场总监", "人员", "下拉选项", "列名对照", "拒绝联系")
BLANK = {sheet: [] for sheet in (*LISTS, "规则", "评分标准")}


def workbook(**sheets):
    """A workbook of exactly these sheets: name → rows, each a text with | between the cells, or a list of cells."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd"})
    for name, rows in {**BLANK, **sheets}.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, cell in enumerate([c.strip() for c in row.split("|")] if isinstance(row, str) else row):
                if cell != "":
                    (sheet.write_string if isinstance(cell, str) else sheet.write)(at, column, cell)
    book.close()
    return out.getvalue()


def told(settings):
    return [(p.code, p.sheet, p.cell, p.value) for p in settings.problems]


def rule(name, value):
    """The value of one rule after a manager typed this, and what he is told."""
    settings = load(workbook(规则=["规则 | 值", [name, value]]))
    field = next(r.field for r in RULES if r.name == name)
    return getattr(settings.rules, field), [p.cell for p in settings.problems]


def patched(change):
    """The written workbook with its parts changed: change(name, bytes) → bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(write_settings(OFFICE))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


NOON = datetime.combine(date(2026, 11, 20), time(12))
OFFICE = replace(default(), brands=(Brand("甲品牌", "林海"),), staff=(Staff("刘洋"),))
RULE_SHEET = "xl/worksheets/sheet3.xml"


# the declarations


def test_each_rule_is_declared_once_with_its_default():
    assert [f.name for f in fields(Rules)] == [r.field for r in RULES]
    assert Rules() == Rules(**{r.field: r.default for r in RULES})
    assert len({r.name for r in RULES}) == len(RULES)
    assert all(r.explanation and r.allowed for r in RULES)


def test_the_criteria_add_up_to_100_and_their_answers_are_those_of_the_form():
    assert sum(c.maximum for c in CRITERIA) == 100
    assert all(c.maximum == max(c.points.values()) for c in CRITERIA)
    for criterion in CRITERIA[:-1]:  # the channel comes from the intake tables
        assert set(criterion.points) == set(TABLES["analysis"].column(criterion.field).choices)


# the form of the sheets


def test_columns_may_stand_in_any_order_with_rows_above_and_columns_of_ones_own_between():
    data = workbook(
        品牌与市场总监=[
            "随便写的一句话",
            "",
            "停用日期 | 我的备注 | 市场总监 | 品牌",
            "| 好 | 林海 | 甲品牌",
            " | | 徐慧 | 乙品牌",
        ],
        规则=["意思 | 值 | 规则", "说明 | 30% | A类比例"],
    )
    settings = load(data)
    assert settings.brands == (Brand("甲品牌", "林海"), Brand("乙品牌", "徐慧"))
    assert (settings.rules.share_a, settings.problems) == (0.3, ())


def test_blank_rows_example_rows_and_unknown_sheets_are_skipped():
    data = workbook(
        人员=["姓名 | 岗位", "", "刘洋 | 业务代表", "", "示例 | 客服", "示例:王芳 | 客服", "陈静 | 客服"],
        我自己的表=["姓名 | 岗位", "某某 | 客服"],
    )
    settings = load(data)
    assert settings.staff == (Staff("刘洋", "业务代表"), Staff("陈静", "客服"))
    assert settings.problems == ()


@pytest.mark.parametrize(
    "rows", [[], ["品牌 | 市场总监"], ["品牌与市场总监"]], ids=["empty", "header only", "title only"]
)
def test_an_office_without_brands_and_staff_works(rows):
    settings = load(workbook(品牌与市场总监=rows))
    assert (settings.brands, settings.staff) == ((), ())
    assert settings.rules == Rules()


def test_a_column_that_lost_its_header_is_one_problem_not_one_a_row():
    rows = ["项目 | 答案 | 得分", "企业规模 | 大 | 1", "企业规模 | 中 | 1"]
    settings = load(workbook(评分标准=rows))
    assert told(settings) == [("setting-invalid", "评分标准", "A1", "项目、答案、得分")]
    assert settings.problems[0].details["allowed"] == "表头里要有「项目」「答案」「分数」"
    assert settings.criteria == CRITERIA


def test_names_are_text_whatever_they_look_like():
    assert load(workbook(人员=["姓名 | 手机", ["NA", 13800138000.0], ["007", ""]])).staff == (
        Staff("NA", "", "13800138000"),
        Staff("007"),
    )


# values


@pytest.mark.parametrize(
    ("typed", "share"),
    [
        (0.2, 0.2),
        ("20%", 0.2),
        ("20 %", 0.2),
        ("\uff12\uff10\uff05", 0.2),
        ("0.2", 0.2),
        ("12.5%", 0.125),
        (1, 1.0),
        ("0%", 0.0),
    ],
)
def test_a_share_is_a_fraction_or_a_percentage(typed, share):
    assert rule("A类比例", typed) == (share, [])


@pytest.mark.parametrize("typed", ["20", 20, "-1%", "120%", "nan", "inf", "1_0%", "百分之二十"])
def test_what_is_no_share_is_named_and_the_default_counts(typed):
    assert rule("A类比例", typed) == (0.2, ["B2"])


@pytest.mark.parametrize(
    ("typed", "points"),
    [(82, 82), ("82.5", 82.5), ("\uff18\uff12", 82), ("82%", None), (101, None), ("八十", None), ("", 80)],
)
def test_a_number_is_no_percentage(typed, points):
    """An A line of 82 % would be 0.82 points: everybody would be A."""
    assert rule("直接A类分数", typed) == ((80, ["B2"]) if points is None else (points, []))


@pytest.mark.parametrize(
    ("typed", "found"), [(1500, 1500), ("1,500", 1500), (2.5, None), ("-1", None), ("1_500", None)]
)
def test_counts_are_whole_numbers(typed, found):
    assert rule("活公式上限", typed) == ((1000, ["B2"]) if found is None else (found, []))


@pytest.mark.parametrize(
    "typed",
    [
        date(2026, 11, 20),
        NOON,
        "2026-11-20",
        "2026.11.20",
        "2026/11/20",
        "2026年11月20日",
        "20261120",
    ],
    ids=str,
)
def test_a_date_is_a_date_cell_or_text(typed):
    assert rule("基准日期", typed) == (date(2026, 11, 20), [])
    data = workbook(品牌与市场总监=["品牌 | 启用日期", ["甲品牌", typed]])
    assert load(data).brands == (Brand("甲品牌", start=date(2026, 11, 20)),)


@pytest.mark.parametrize(("typed", "found"), [("2026-W45", "2026-W45"), ("2026w5", "2026-W05"), ("", None)])
def test_a_week(typed, found):
    assert rule("起始周", typed) == (found, [])


def test_a_wrong_rule_says_what_is_allowed_and_which_default_counts():
    settings = load(workbook(规则=["规则 | 值", "A类比例 | 两成", "降级保留分 | 5"]))
    (problem,) = settings.problems
    assert problem.place == "设置.xlsx 「规则」 B2"
    assert problem.message == "设置不对:两成;允许:比例,例如 20% 或 0.2(0 到 1)"
    assert problem.todo == "已按默认值「20%」处理,请在 设置.xlsx 里改正"
    assert settings.rules == replace(Rules(), hysteresis=5.0)


def test_points_of_answers_and_the_maximum_that_follows():
    rows = [
        "项目 | 答案 | 分数",
        "销售难易 | 易 | 8",
        "销售难易 | 很易 | 9.5",
        "销售难易 | 中 | 很多",
        "销售难易 | 易 | 1",
    ]
    settings = load(workbook(评分标准=rows))
    ease = next(c for c in settings.criteria if c.field == "ease")
    assert (ease.points, ease.maximum) == ({"易": 8, "中": 3, "难": 1, "很易": 9.5}, 9.5)
    assert [(p.cell, p.value, p.details["default"]) for p in settings.problems] == [
        ("C4", "很多", "3"), ("B5", "易", "第一次出现的那一行"),
    ]  # fmt: skip


def test_choices_of_a_column_may_stand_in_several_rows():
    rows = ["列名 | 选项", "咨询渠道 | 抖音、小红书", "咨询渠道 | 快手\uff0c抖音\uff1b微博, 贴吧"]
    assert load(workbook(下拉选项=rows)).choices == {"咨询渠道": ("抖音", "小红书", "快手", "微博", "贴吧")}


def test_one_spelling_cannot_mean_two_columns():
    rows = ["表里的写法 | 标准列名", "老板 | 客户姓名", "老板 | 客户姓名", "老板 | 联系电话"]
    settings = load(workbook(列名对照=rows))
    assert settings.aliases == {"老板": "客户姓名"}
    assert told(settings) == [("setting-invalid", "列名对照", "B4", "联系电话")]


def test_names_given_twice_count_once():
    settings = load(
        workbook(人员=["姓名 | 岗位", "刘洋 | 客服", "刘洋 | 业务代表"], 规则=["规则 | 值", "询问分 | 3", "询问分 | 4"])
    )
    assert settings.staff == (Staff("刘洋", "客服"),)
    assert settings.rules.ask_line == 3
    assert [cell for _, _, cell, _ in told(settings)] == ["A3", "A3"]


def test_people_who_want_no_contact():
    rows = [["号码", "类型", "原因"], [15904718263, "", "来电要求"], ["159 0471 8263", "电话", "来电要求"],
            ["TangSu_0519", "微信号", ""], ["391746052@qq.com", "QQ号", ""]]  # fmt: skip
    assert load(workbook(拒绝联系=rows)).blocked == (
        Blocked("15904718263", "电话", "来电要求"), Blocked("tangsu_0519", "微信号"), Blocked("391746052", "QQ号"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        ("138 0013-8000", "13800138000"),
        ("+86 13800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("013800138000", "13800138000"),
        ("\uff11\uff13800138000", "13800138000"),
        ("053188881234", "0531-88881234"),
        ("(0531)8888-1234", "0531-88881234"),
        ("+86 531 88881234", "0531-88881234"),
        ("01088881234", "010-88881234"),
        ("400-123-4567", "4001234567"),
        ("+852 9123 4567", "+852-91234567"),
        ("WeiXin_01", "weixin_01"),
        ("391746052", "391746052"),
    ],
)
def test_numbers_are_kept_as_the_cleaner_writes_them(typed, compared):
    """Or a blocked landline would never be recognised."""
    assert normal_number(typed) == compared
    assert normal_number(compared) == compared


@given(
    st.from_regex(
        r"(\+86 ?|0)?1[3-9][0-9]{9}|0(10|2[0-9])-?[2-8][0-9]{7}|0[3-9][0-9]{2}-?[2-8][0-9]{6,7}", fullmatch=True
    )
)
def test_a_normal_number_stays_as_it_is(typed):
    once = normal_number(typed)
    assert normal_number(once) == once
    assert re.fullmatch(r"1[3-9]\d{9}|0\d{2,3}-\d{7,8}", once)


# broken files


def test_a_number_in_the_last_cell_of_the_sheet_costs_only_itself():
    """Ctrl+End and a slip of the finger; the native reader would allocate 17 thousand million cells."""
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    settings = load(patched(lambda name, part: part.replace(b"</sheetData>", far) if name == RULE_SHEET else part))
    assert told(settings) == [("far-cell", "规则", "XFD1048576", "XFD1048576")]
    assert replace(settings, problems=()) == OFFICE


def test_empty_cells_formatted_to_the_end_are_nothing():
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(MAX_ROW, MAX_ROW + 50))
    data = patched(lambda _, part: part.replace(b"</sheetData>", f"{rows}</sheetData>".encode()))
    assert load(data) == OFFICE


def test_wrong_counts_of_texts_do_no_harm():
    lie = re.compile(rb'(uniqueCount|count)="\d+"')
    data = patched(lambda name, part: lie.sub(rb'\1="4294967295"', part) if "sharedStrings" in name else part)
    assert load(data) == OFFICE


@pytest.mark.parametrize(
    ("sheet", "cell", "kept"),
    [(3, "B7", ("brands", "staff", "rules", "criteria")), (4, "C4", ("brands", "staff", "rules", "criteria")),
     (2, "A4", ("brands", "rules", "criteria")), (1, "B4", ("staff", "rules", "criteria"))],
)  # fmt: skip
def test_an_error_value_is_named_not_taken_as_empty(sheet, cell, kept):
    broken = f'<c r="{cell}" t="e"><v>#REF!</v></c>'.encode()
    old = re.compile(rf'<c r="{cell}"[^>]*?(/>|>.*?</c>)'.encode())
    path = f"xl/worksheets/sheet{sheet}.xml"
    settings = load(patched(lambda name, part: old.sub(broken, part) if name == path else part))
    assert [(p.cell, p.value) for p in settings.problems] == [(cell, "#REF!")]
    assert {name: getattr(settings, name) for name in kept} == {name: getattr(OFFICE, name) for name in kept}
    assert "#REF!" not in repr((settings.brands, settings.staff))


@given(st.binary(max_size=300), st.integers(0, 3000))
def test_damaged_bytes_never_raise(noise, at):
    data = write_settings_once()
    load(data[:at] + noise + data[at + len(noise) :])
    load(data[:at])


def write_settings_once(made=[]):  # noqa: B006
    if not made:
        made.append(write_settings(OFFICE))
    return made[0]
