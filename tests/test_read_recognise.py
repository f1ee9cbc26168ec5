"""Which table a header belongs to, however it is spelled, ordered, titled or guessed."""

from __future__ import annotations

import pytest
from read_making import HEADER, ROW, columns, problems, read, xlsx

from salessheets.read import Outcome, Reader
from salessheets.read.headers import forms, mentioned
from salessheets.tables import TABLES


def blocks(result):
    return [(b.table, b.header_row) for b in result.blocks]


@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("联系电话", "联系电话"),
        (" 联系 电话 * ", "联系电话"),
        ("联系电话(必填)", "联系电话"),
        ("联系电话\n必填", "联系电话"),
        ("联系电话【选填】", "联系电话"),
        ("★联系电话：", "联系电话"),
        ("单位／店名", "单位店名"),
        ("Tel.", "tel"),
        ("", None),
        ("非常长的一句话" * 9, None),
    ],
)
def test_spellings_of_a_header(header, form):
    assert (forms(header) or (None,))[0] == form


def test_a_unit_or_a_number_behind_a_header_may_be_missing_or_too_much():
    assert "面积" in forms("面积(平方米)")
    assert "电话" in forms("电话2")


@pytest.mark.parametrize("key", TABLES)
def test_every_table_is_known_by_its_declared_headers_in_any_order(key):
    table = TABLES[key]
    headers = [column.header for column in table.columns]
    values = [column.example or "x" for column in table.columns]
    for order in (headers, headers[::-1]):
        shuffled = [values[headers.index(header)] for header in order]
        result = read(xlsx([order, shuffled]), "未命名.xlsx")
        assert blocks(result) == [(key, 1)]
        assert set(result.blocks[0].columns) == {column.field for column in table.columns}
        assert result.blocks[0].extras == {}


@pytest.mark.parametrize("key", TABLES)
def test_required_headers_alone_are_enough_with_the_tables_name_on_top(key):
    table = TABLES[key]
    wanted = {"name", "phone", "lead", "material", "referrer"}
    short = [c for c in table.columns if c.required or c.field in wanted]
    result = read(xlsx([[table.name], [c.header for c in short], [c.example or "x" for c in short]]))
    assert blocks(result) == [(key, 2)]


def test_the_name_of_sheet_title_or_file_decides_between_tables_that_look_alike():
    header = ["客户姓名", "联系电话", "单位/店名", "日期", "来源", "备注"]
    row = ["王建国", "13987650012", "康乐店", "2026-11-03", "购买名录", ""]
    assert blocks(read(xlsx([header, row], sheet="客户名录表"))) == [("directory", 1)]
    assert blocks(read(xlsx([header, row], sheet="移交表"))) == [("handover", 1)]
    assert blocks(read(xlsx([["11月 客户名单表"], header, row]))) == [("directory", 2)]
    assert blocks(read(xlsx([header, row]), "客户信息移交表11.3.xlsx")) == [("handover", 1)]


def test_the_mark_of_the_template_decides_too():
    header = ["客户姓名", "联系电话", "单位/店名", "日期", "来源", "备注"]
    for key in ("directory", "handover"):
        marked = xlsx(
            [header, ["王"] * 6], change=lambda book, _, key=key: book.set_custom_property("salessheets_table", key)
        )
        assert blocks(read(marked)) == [(key, 1)]
        named = xlsx(
            [header, ["王"] * 6], change=lambda book, _, key=key: book.define_name("salessheets_table", f'="{key}"')
        )
        assert blocks(read(named)) == [(key, 1)]


def schema(book, _page):
    hidden = book.add_worksheet("_schema")
    hidden.write_column(0, 0, ["directory", "1"])
    hidden.hide()


def test_the_hidden_schema_sheet_decides_as_well():
    header = ["客户姓名", "联系电话", "单位/店名", "日期", "来源", "备注"]
    assert blocks(read(xlsx([header, ["王"] * 6], change=schema))) == [("directory", 1)]

    def pointing(book, page):
        schema(book, page)
        book.define_name("salessheets_table", "=_schema!$A$1")

    assert blocks(read(xlsx([header, ["王"] * 6], change=pointing))) == [("directory", 1)]


def test_the_longest_name_wins():
    assert mentioned("11月陌生拜访登记本.xlsx") == "visit_log"
    assert mentioned("客户咨询登记表") == "consult_log"
    assert mentioned("转介绍客户名录表") == "referral"
    assert mentioned("通讯录") == ""


def test_a_group_above_tells_two_columns_of_the_same_name_apart():
    rows = [
        ["转介绍日期", "转介绍人", "", "被介绍人", "", "被介绍人意愿"],
        ["", "姓名", "电话", "姓名", "电话", ""],
        ["2026-11-03", "李秀英", "13812345678", "王建国", "13987650012", "已同意联系"],
    ]
    result = read(xlsx(rows, sheet="转介绍单"))
    assert blocks(result) == [("referral", 2)]
    assert columns(result, "row", "referrer", "referrer_phone", "name", "phone") == [
        [3, "李秀英", "13812345678", "王建国", "13987650012"],
    ]


def test_a_row_of_hints_above_the_header_is_no_header():
    hints = ["必填", "必填", "选填", "电话、微信、QQ必填一项", "必填", "选填"]
    result = read(xlsx([hints, [*HEADER, "颜色"], [*ROW, "红"]]))
    assert blocks(result) == [("consult_log", 2)]
    assert result.rows["extra"].tolist() == ['{"颜色": "红"}']


def test_columns_that_nobody_declared_are_kept_under_their_header_or_letter():
    result = read(xlsx([[*HEADER, "颜色", "", "颜色"], [*ROW, "红", "绿", "蓝"], [*ROW, "", "", ""]]))
    assert result.rows["extra"].tolist() == ['{"颜色": "红", "颜色.2": "蓝", "G列": "绿"}', ""]


def test_two_phone_columns_are_one_field():
    result = read(
        xlsx(
            [
                ["咨询日期", "咨询渠道", "客户姓名", "手机", "电话", "咨询内容"],
                [*ROW[:4], "0531-88881234", "问"],
                [*ROW[:4], ROW[3], "问"],
            ]
        )
    )
    assert result.rows["phone"].tolist() == ["13987650012/0531-88881234", "13987650012"]
    assert problems(result, "header-joined") == [("Sheet1", "E1", "电话")]


def test_the_office_may_teach_its_own_headers():
    with Reader({"老板": "客户姓名", "哪里来的": "咨询渠道"}) as reader:
        result = reader.read(xlsx([["咨询日期", "哪里来的", "老板", "联系电话", "咨询内容"], ROW]), "a.xlsx")
    assert columns(result, "name", "contact_way") == [["王建国", "咨询电话"]]


# --- not quite ------------------------------------------------------------------------------------------------------


def test_nearly_a_known_table_names_what_is_missing_and_what_is_too_much():
    result = read(
        xlsx([[], ["客户姓名", "地址", "备注", "爱好"], ["王建国", "泉城路1号", "", "茶"]], sheet="客户名录表")
    )
    assert (result.outcome, result.unread_rows) == (Outcome.NEARLY, 2)
    nearly = result.problems[0]
    assert (nearly.code, nearly.place) == ("file-nearly", "表.xlsx 「客户名录表」 第2行")
    assert nearly.message == (
        "很像《客户名录表》,但表头对不上:缺少 省、市、信息来源、来源名称、获取日期、来源依据、登记客服;多出 爱好"
    )
    assert "列名对照" in nearly.todo


def test_an_unknown_table_is_not_guessed_at():
    result = read(xlsx([["单号", "商品", "数量"], ["1", "茶", "2"]]))
    assert (result.outcome, result.unread_rows) == (Outcome.UNKNOWN, 2)
    assert [p.code for p in result.problems] == ["file-unknown", "sheet-unknown"]


def test_an_empty_workbook():
    result = read(xlsx([]))
    assert (result.outcome, [p.code for p in result.problems]) == (Outcome.UNKNOWN, ["file-empty"])


BOUGHT = ["企业名称", "法定代表人", "有效手机号", "固定话机", "注册地址", "所属省份", "成立日期"]
SHOPS = [
    [f"康乐{n}大药房", "王建国", f"1398765{n:04}", f"0531-8888{n:04}", "历下区泉城路", "山东省", "2010-01-01"]
    for n in range(20)
]


def test_a_bought_list_with_headers_of_its_own_is_understood_and_says_so():
    result = read(xlsx([["山东药店"], BOUGHT, *SHOPS]))
    assert blocks(result) == [("directory", 2)]
    assert columns(result, "company", "name", "phone", "province")[3] == [
        "康乐3大药房",
        "王建国",
        "13987650003",
        "山东省",
    ]
    guessed = {(cell, value) for _, cell, value in problems(result, "header-guessed")}
    assert {("B2", "法定代表人"), ("C2", "有效手机号"), ("E2", "注册地址"), ("F2", "所属省份")} <= guessed
    assert '"成立日期": "2010-01-01"' in result.rows["extra"][0]


def test_what_stands_below_a_header_can_refute_it():
    shops = [[shop[0], shop[1], "未知", *shop[3:]] for shop in SHOPS]
    result = read(xlsx([["企业名称", "法定代表人", "联络号", "传真"], *[shop[:4] for shop in shops]]))
    assert result.outcome is not Outcome.READ


def test_below_the_line_the_file_waits_with_a_line_for_the_settings():
    header = ["单位店名", "地址", "商家联系手段", "联系电话情况", "说明"]
    result = read(xlsx([header, *[["康乐店", "泉城路1号", "无", "13987650012", ""]] * 5]))
    assert result.outcome is Outcome.NEARLY
    proposed = [p for p in result.problems if p.code == "header-proposed"]
    assert [(p.cell, p.value, p.details["column"]) for p in proposed] == [("D1", "联系电话情况", "联系电话")]
    assert proposed[0].todo.endswith("联系电话情况,联系电话")


def test_beside_a_known_table_nothing_is_guessed():
    def phone_book(book, _):
        page = book.add_worksheet("通讯录")
        for r, row in enumerate([BOUGHT, *SHOPS]):
            page.write_row(r, 0, row)

    result = read(xlsx([HEADER, ROW], change=phone_book))
    assert blocks(result) == [("consult_log", 1)]
    assert result.unread_rows == 21
