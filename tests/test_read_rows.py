"""Which rows are records, which are set aside, and where each stands."""

from __future__ import annotations

import pytest
from read_making import HEADER, ROW, columns, in_sheet, problems, read, reader, xlsx

from salessheets.read import Outcome
from salessheets.read.asides import aside
from salessheets.tables import TABLES

HANDOVER = ["序号", "客户姓名", "联系电话", "信息来源", "获取日期", "意向品牌", "客户情况"]
CUSTOMER = ["1", "王建国", "13987650012", "网络咨询", "2026-11-03", "康源", "问价格"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["合计", "", "3", ""], "合计行"),
        (["", "总计:", "3", ""], "合计行"),
        (["小 计", "", "", "5人"], "合计行"),
        (["共12人", "", "", ""], "合计行"),
        (["本页合计", "", "", ""], "合计行"),
        (["制表人：陈静", "", "审核：", ""], "签名行"),
        (["负责人签字", "", "", ""], "签名行"),
        (["移交人:陈静", "接收人:周立", "", ""], "签名行"),
        (["盖章", "", "", ""], "签名行"),
        (["示例", "王建国", "13987650012", ""], "示例行"),
        (["（示例）王建国", "", "13987650012", ""], "示例行"),
        (["例:", "王建国", "13987650012", ""], "示例行"),
        (["注:以上客户均已电话核实", "", "", ""], "说明行"),
        (["说明", "", "", "不要删"], "说明行"),
        (["※ 请当天交给负责人", "", "", ""], "说明行"),
        (["", "", "", "以上客户由客服部整理,请尽快联系。"], "说明行"),
        (["12", "", "", ""], "空白行"),
        (["共青城康乐店", "王建国", "13987650012", ""], ""),
        (["总店", "王建国", "", ""], ""),
        (["1", "合计王", "13987650012", ""], ""),
        (["经理:王建国", "", "13987650012", ""], ""),
        (["2", "王建国", "", "合计三家店"], ""),
        (["3", "", "", ""], "空白行"),
        (["", "王建国", "", ""], ""),
    ],
)
def test_rows_that_are_no_records(row, reason):
    assert aside(row, 0, (1, 2)) == reason


def test_a_form_with_all_its_surroundings():
    rows = [
        ["客户信息移交表"],
        ["移交日期:", "2026-11-03", "", "移交人:陈静  接收人：周立"],
        [],
        HANDOVER,
        CUSTOMER,
        [],
        ["2", *CUSTOMER[1:]],
        ["3"],
        ["合计", "", "2人"],
        [],
        ["制表人：陈静", "", "审核："],
        ["备注:请当天处理"],
    ]
    result = read(xlsx(rows))
    assert columns(result, "row", "aside") == [
        [5, ""],
        [7, ""],
        [8, "空白行"],
        [9, "合计行"],
        [11, "签名行"],
        [12, "说明行"],
    ]
    assert problems(result, "row-aside") == [
        ("Sheet1", "9", "合计行"),
        ("Sheet1", "11", "签名行"),
        ("Sheet1", "12", "说明行"),
    ]
    assert dict(result.blocks[0].head) == {"handover_date": "2026-11-03", "handover_by": "陈静", "received_by": "周立"}
    assert columns(result, "handover_date", "handover_by")[0] == ["2026-11-03", "陈静"]
    assert result.blocks[0].cell("phone", 5) == "C5"
    assert result.blocks[0].cell("qq", 5) == ""


@pytest.mark.parametrize(
    ("above", "head"),
    [
        (["移交日期", "2026-11-03", "移交人", "陈静"], {"handover_date": "2026-11-03", "handover_by": "陈静"}),
        (["移交日期：2026年11月3日"], {"handover_date": "2026年11月3日"}),
        (["移交日期:", "", "", "2026-11-03"], {"handover_date": "2026-11-03"}),
        (["移交日期:", "条数:", "12"], {}),
        (["移交人:", "陈静 接收人:周立"], {"handover_by": "陈静", "received_by": "周立"}),
        (["日期:11.3"], {"handover_date": "11.3"}),
        (["第3页"], {}),
    ],
)
def test_head_cells(above, head):
    assert dict(read(xlsx([above, HANDOVER, CUSTOMER])).blocks[0].head) == head


def test_head_cells_belong_to_the_table_below_them():
    rows = [["移交日期:11.3"], HANDOVER, CUSTOMER, [], ["移交日期:11.4"], HANDOVER, CUSTOMER]
    result = read(xlsx(rows))
    assert [b.head["handover_date"] for b in result.blocks] == ["11.3", "11.4"]
    assert columns(result, "block", "row", "handover_date", "aside")[0] == [1, 3, "11.3", ""]
    assert columns(result, "block", "row", "handover_date", "aside")[-1] == [2, 7, "11.4", ""]
    assert len(result.rows) == 3  # the line between is in the first table, set aside or not, but never lost


def test_tables_of_different_kinds_share_one_frame():
    other = [
        ["客户姓名", "联系电话", "信息来源", "来源名称", "获取日期"],
        ["李丽", "13700001111", "医疗器械展", "上海展", "2026-11-04"],
    ]
    result = read(xlsx([HEADER, ROW, [], *other]))
    assert columns(result, "table", "block", "name", "content", "source_detail") == [
        ["consult_log", 1, "王建国", "问价格", ""],
        ["directory", 2, "李丽", "", "上海展"],
    ]
    assert all(
        str(dtype) == "str"
        for name, dtype in result.rows.dtypes.items()
        if name not in ("sheet", "block", "row", "hidden")
    )


def test_a_header_below_many_rows_of_explanation():
    result = read(xlsx([*[["请认真填写", "不要改表头"]] * 40, HEADER, ROW]))
    assert [b.header_row for b in result.blocks] == [41]


def test_a_table_that_begins_far_down_and_to_the_right():
    rows = [[]] * 30 + [[""] * 7 + HEADER, [""] * 7 + ROW]
    result = read(xlsx(rows))
    assert result.blocks[0].columns["phone"] == 10
    assert result.blocks[0].cell("phone", 32) == "K32"


def test_merged_cells_count_for_every_row_they_cover_but_make_no_records():
    def merged(book, page):
        plain = book.add_format()
        page.merge_range(1, 0, 4, 0, "2026-11-03", plain)
        page.merge_range(2, 3, 2, 4, "只有电话", plain)

    rows = [HEADER, ROW, ["", *ROW[1:3]], [], ["", *ROW[1:]]]
    result = read(xlsx(rows, change=merged))
    assert columns(result, "row", "consult_date", "phone", "content") == [
        [2, "2026-11-03", "13987650012", "问价格"],
        [3, "2026-11-03", "只有电话", ""],
        [5, "2026-11-03", "13987650012", "问价格"],
    ]


def test_numbers_of_more_than_fifteen_digits_have_lost_their_end():
    result = read(xlsx([HEADER, [*ROW[:4], 370102199001011234], [*ROW[:4], "370102199001011234"]]))
    assert problems(result, "number-cut") == [("Sheet1", "E2", result.rows["content"][0])]
    assert result.rows["content"][0].startswith("370102199001011")
    assert result.rows["content"][1] == "370102199001011234"


def test_hidden_sheets_are_read_and_flagged_hidden_lists_are_not_counted():
    def more(book, _):
        for name in ("旧数据", "_lists"):
            page = book.add_worksheet(name)
            for r, row in enumerate([HEADER, ROW]):
                page.write_row(r, 0, row)
            page.hide()

    result = read(xlsx([HEADER, ROW], change=more))
    assert columns(result, "sheet", "hidden") == [[1, False], [2, True]]
    assert [sheet for sheet, _, _ in problems(result, "hidden-sheet")] == ["旧数据"]
    assert result.unread_rows == 0


def test_sheets_of_the_template_are_neither_customers_nor_unread():
    def more(book, _):
        for name in ("填写说明", "填表说明2", "_schema"):
            page = book.add_worksheet(name)
            for r, row in enumerate([HEADER, ROW]):
                page.write_row(r, 0, row)

    result = read(xlsx([HEADER, ROW], change=more))
    assert (len(result.rows), result.unread_rows) == (1, 0)


def test_customers_on_the_page_of_examples_are_not_lost_silently():
    examples = TABLES["consult_log"].examples
    original = [[e.get(f, "") for f in ("consult_date", "contact_way", "name", "phone", "content")] for e in examples]

    def pages(rows):
        def more(book, _):
            page = book.add_worksheet("示例")
            for r, row in enumerate([HEADER, *rows]):
                page.write_row(r, 0, row)

        return read(xlsx([HEADER, ROW], change=more))

    assert pages(original).problems == ()
    spoilt = pages([*original, ROW])
    assert (len(spoilt.rows), spoilt.unread_rows) == (1, 1)
    assert [p.message for p in spoilt.problems] == ["「示例」这一页里有 1 行不是原来的例子,没有读入"]


def test_a_workbook_that_we_issued_is_never_a_hand_in():
    for change in (
        lambda book, _: book.set_custom_property("salessheets_issue", "abc123"),
        lambda book, _: book.define_name("salessheets_issue", '="abc123"'),
    ):
        data = xlsx([HEADER, ROW], change=change)
        assert reader().workbook(data, "周报.xlsx").issue == "abc123"
        result = read(data, "周报.xlsx")
        assert (result.outcome, len(result.rows), result.blocks) == (Outcome.READ, 0, ())


def test_a_chart_sheet_has_no_cells():
    def chart(book, _):
        page = book.add_chartsheet("图")
        drawing = book.add_chart({"type": "column"})
        drawing.add_series({"values": "=Sheet1!$D$2:$D$2"})
        page.set_chart(drawing)

    result = read(xlsx([HEADER, ROW], change=chart))
    assert (len(result.rows), result.unread_rows) == (1, 0)


def test_a_large_table_comes_back_through_a_file():
    rows = [HEADER, *[[*ROW[:3], str(13900000000 + n), f"问{n}" * 9] for n in range(12_000)]]
    result = read(xlsx(rows, options={"constant_memory": True}))
    assert len(result.rows) == 12_000
    assert columns(result, "row", "phone", "content")[-1] == [12_001, "13900011999", "问11999" * 9]


def test_rows_without_numbers_in_the_file_keep_their_place():
    bare = xlsx([HEADER, ROW])
    for tag in (b' r="1" spans="1:5"', b' r="2" spans="1:5"'):
        bare = in_sheet(bare, tag, b"")
    assert columns(read(bare), "row", "name") == [[2, "王建国"]]


def test_the_day_of_a_handover_may_stand_in_a_column():
    text = (
        "客户姓名,联系电话,信息来源,获取日期,移交日期,移交人,客户情况,是否紧急\n"
        "王建国,13958671234,网络咨询,2026-11-03,2026-11-04,陈静,问价格,否\n"
        "李秀英,13958671235,网络咨询,2026-11-03,2026-11-05,陈静,问价格,否\n"
    )
    content = read(text.encode(), "移交表.csv")
    assert content.rows[["handover_date", "handover_by"]].to_numpy().tolist() == [
        ["2026-11-04", "陈静"],
        ["2026-11-05", "陈静"],
    ]
    assert set(content.rows["extra"]) == {""}
