"""The pictures of 概览: tiles against last week, lines, funnel, provinces, weeks (workflow.md, "The weekly workbook")."""

from __future__ import annotations

import io
import re
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from report_fixture import EMPTY, KANG, WEEK, YI, changed, report
from small import frame
from written import parts

from salessheets.followup import FollowUp
from salessheets.write import figures, findings
from salessheets.write.brand import write_brand
from salessheets.write.look import CLASS_COLOURS, EARLIER, SERIES
from salessheets.write.overview import Tile
from salessheets.write.sales import write_sales


def overview(data):
    return openpyxl.load_workbook(io.BytesIO(data), data_only=True)["概览"]


@cache
def usual(brand=KANG):
    return write_sales(report(), "x") if brand == "销售部" else write_brand(report(), brand, "x")


def plain(text):
    return unicodedata.normalize("NFKC", text)


def tiles(sheet, row=4):
    """Name of each tile → value and the word below it."""
    found = {c.value: (sheet.cell(row + 1, c.column).value, sheet.cell(row + 2, c.column).value) for c in sheet[row]}
    return {name: (value, plain(below or "")) for name, (value, below) in found.items() if name}


def small(sheet, title):
    """The rows of the little table below this title, header first, without empty cells."""
    (head,) = (c for row in sheet.iter_rows() for c in row if plain(str(c.value)) == title)
    lines, row = [], head.row + 1
    while sheet.cell(row, head.column).value is not None:
        cells = [sheet.cell(row, column).value for column in range(head.column, head.column + 10)]
        lines.append([value for value in cells[: _end(sheet, head)] if value is not None])
        row += 1
    return lines


def _end(sheet, head):
    """Columns up to the next table beside this one."""
    others = [c.column for c in sheet[head.row] if c.column > head.column and c.value is not None]
    return min(others, default=99) - head.column


# --- tiles --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "before", "flow", "finished", "said"),
    [
        (6, (3,), False, False, "比上周 +3"),
        (6, (2, 9), False, True, "比上周 -3"),
        (6, (6,), False, False, "和上周一样"),
        (1200, (1,), False, True, "比上周 +1,199"),
        (2, (9,), True, False, "上周 9"),  # the week goes on: 7 fewer would be no news
        (2, (9,), True, True, "比上周 -7"),
        (6, (), False, False, "只有这么多"),
        (6, (5, None), False, False, "只有这么多"),  # a figure that the program of last week did not keep
    ],
)
def test_a_tile_says_how_it_changed_since_the_last_week(value, before, flow, finished, said):
    assert Tile("有效客户", value, "只有这么多", before=before, flow=flow).change(finished=finished) == said


def test_the_tiles_of_a_brand_are_compared_with_what_its_workbook_said_last_week():
    assert tiles(overview(usual())) == {
        "有效客户": (6, "比上周 +3"),
        "本周新增": (3, "上周 2"),
        "待分配": (3, "和上周一样"),
        "紧急": (2, "比上周 +2"),
        "A类": (2, "比上周 +1"),
        "B类": (2, "比上周 -1"),
        "C类": (0, "和上周一样"),
        "待评": (2, "比上周 +2"),
    }


def test_the_tiles_of_the_sales_department_are_those_of_all_brands():
    found = tiles(overview(usual("销售部")))
    assert found["有效客户"] == (10, "比上周 +6")
    assert found["交来行数"] == (16, "上周 25")
    assert found["未分品牌"] == (2, "比上周 +1")
    assert found["退回更正"] == (3, "还没改好")  # not kept last week


def test_a_brand_without_a_week_before_says_what_its_figures_are():
    assert tiles(overview(usual(EMPTY)))["待分配"] == (0, "没有跟进人")


def test_each_tile_with_a_past_has_a_line_drawn_from_the_table_of_weeks():
    sheet = parts(usual())["xl/worksheets/sheet1.xml"]
    drawn = {place: area for area, place in re.findall("<x14:sparkline><xm:f>(.*?)</xm:f><xm:sqref>(.*?)</", sheet)}
    assert len(drawn) == 8
    cells = overview(usual())
    for place, area in drawn.items():
        name = cells.cell(4, cells[place].column - 1).value
        first, last = (cells[at] for at in area.split("!")[1].split(":"))
        assert cells.cell(first.row, first.column - 2).value == name
        assert (first.value, last.value) == (_before(name), tiles(cells)[name][0])
    assert "sparkline" not in parts(usual(EMPTY))["xl/worksheets/sheet1.xml"]


def _before(name):
    return figures.of_brand(report(), KANG).before[name][0]


# --- what stays and what moves ------------------------------------------------------------------------------------


def test_a_week_that_is_over_is_not_counted_again():
    """Whatever became of last week's leads since: the number is the one that its workbook showed."""
    made = report()
    now = figures.of_brand(report(leads=changed(made.leads, "00003-1-8", owner="")), KANG)
    assert (now.now["待分配"], now.before["待分配"]) == (4, (3,))


def test_the_issue_keeps_the_figures_of_every_workbook():
    kept = figures.issue_figures(report())
    said = {(brand, name): value for brand, name, value in kept.itertuples(index=False)}
    assert (said[KANG, "有效客户"], said[YI, "有效客户"], said[EMPTY, "有效客户"], said["", "有效客户"]) == (
        6,
        3,
        0,
        10,
    )
    assert kept["value"].dtype == "int64"


def test_nine_weeks_ago_is_forgotten():
    old = frame(
        f"week | brand | figure | value\n{WEEK.back(8)} | {KANG} | 有效客户 | 1\n{WEEK.back(2)} | {KANG} | 有效客户 | 4"
    )
    found = figures.of_brand(report(figures=old.astype({"value": "int64"})), KANG)
    assert [week.number for week in found.weeks] == [40, 41, 42, 43, 44, 45, 46, 47]
    assert found.before["有效客户"] == (None, None, None, None, None, 4, None)


def test_the_weeks_of_a_closed_run_are_in_the_next_workbook(ran):
    """What 概览 of W46 showed is what W47 compares with."""
    office, _ = ran

    def shown(week: str) -> dict[str, tuple[int, str]]:
        (path,) = Path(office.root, "周报", week).glob("*康源*_周报.xlsx")
        return tiles(overview(path.read_bytes()))

    before, now = shown("2026-W46"), shown("2026-W47")
    for name in ("有效客户", "待分配", "紧急", "A类", "待评"):
        change = now[name][0] - before[name][0]
        assert now[name][1] == (f"比上周 {change:+,}" if change else "和上周一样")


# --- funnel, provinces, weeks -------------------------------------------------------------------------------------


def test_the_funnel_counts_each_customer_at_the_farthest_step_he_reached():
    made = report()
    mine, closed = (f[f["brand"] == KANG] for f in (made.leads, made.closed))
    # 王建国 talked and is 暂缓 since: he stays a talk. 张伟 signed.
    mine = changed(changed(mine, "00002-1-5", status="暂缓"), "00003-1-8", status="已成交")
    talked = report(lists=FollowUp(stages={("00002-1-5", KANG): 2}))
    found = findings.funnel(talked, mine, closed)
    assert found.table.body == [("线索", 7), ("有效", 6), ("洽谈", 2), ("成交", 1)]
    assert found.chart.title == "洽谈 2 个(33%),成交 1 个"


def test_a_customer_of_two_brands_is_one_in_the_funnel_of_all():
    made = report()
    assert findings.funnel(made, made.leads, made.closed).table.body[:2] == [("线索", 9), ("有效", 8)]


PROVINCES = [
    (["山东省", "山东省", "河北省", ""], "山东省最多:2 个(50%)", [("山东省", 2), ("河北省", 1), ("没写省份", 1)]),
    (["河北省", "山东省"], "2 个省份并列最多:各 1 个", [("山东省", 1), ("河北省", 1)]),
    (["", ""], "2 个客户都没写省份", [("没写省份", 2)]),
    (["山东省", "", ""], "山东省最多:1 个(33%)", [("山东省", 1), ("没写省份", 2)]),
]


@pytest.mark.parametrize(("given", "title", "body"), PROVINCES)
def test_provinces_by_their_customers(given, title, body):
    assert findings.provinces(pd.DataFrame({"province": given}, dtype="str")) == (title, body)


def test_many_provinces_end_in_one_line_for_all_others():
    given = [f"{letter}省" for at, letter in enumerate("甲乙丙丁戊己庚辛壬癸子丑") for _ in range(20 - at)]
    _, body = findings.provinces(pd.DataFrame({"province": [*given, ""]}, dtype="str"))
    assert [name for name, _ in body[-3:]] == ["辛省", "其余 4 个", "没写省份"]
    assert (len(body), sum(size for _, size in body)) == (10, len(given) + 1)


def test_provinces_have_bars_in_their_cells():
    sheet = overview(usual())
    assert small(sheet, "山东省最多:5 个(83%)") == [["省份", "客户"], ["山东省", 5], ["没写省份", 1]]
    (rule,) = (rule for rules in sheet.conditional_formatting for rule in rules.rules)
    assert (rule.type, rule.dataBar.cfvo[0].type, rule.dataBar.cfvo[0].val) == ("dataBar", "num", 0)


def test_the_weeks_stand_side_by_side():
    assert small(overview(usual()), "2 周来有效客户多了 3 个")[:3] == [
        ["指标", "46周", "47周"],
        ["本周新增", 2, 3],
        ["有效客户", 3, 6],
    ]


def test_waiting_leads_are_counted_live():
    sheet = openpyxl.load_workbook(io.BytesIO(usual()))["概览"]
    (tile,) = (c for c in sheet[4] if c.value == "待分配")
    assert re.fullmatch(r"=SUMPRODUCT\(--\('有效客户名单'!\$\w+\$4:\$\w+\$9=\"\"\)\)", sheet.cell(5, tile.column).value)


# --- grey print ---------------------------------------------------------------------------------------------------


def grey(colour):
    """Lightness (CIE L*, 0 black to 100 white) of #RRGGBB: what is left of it on a grey printer."""
    linear = [
        (c / 255 / 12.92) if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4
        for c in bytes.fromhex(colour[1:])
    ]
    y = sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


def test_neighbours_in_a_chart_differ_in_grey_print():
    stack = [ground for _, ground in CLASS_COLOURS.values()] + ["#FFFFFF"]
    for one, other in [*pairwise(stack), (SERIES[0], EARLIER)]:
        assert abs(grey(one) - grey(other)) > 12, (one, other)


def test_classes_are_counted_live_where_a_director_can_try_something_out():
    sheet = openpyxl.load_workbook(io.BytesIO(usual()))["概览"]
    (head,) = (c for row in sheet.iter_rows() for c in row if c.value == "区域层级")
    formula = sheet.cell(head.row + 1, head.column + 3).value
    assert re.fullmatch(
        r"=COUNTIFS\('有效客户名单'!\$A\$4:\$A\$9,\"A\",'有效客户名单'!\$\w\$4:\$\w\$9,\"省级\"\)", formula
    )
    titles = [
        xml for part, xml in parts(usual()).items() if part.startswith("xl/charts/chart") and "<c:tx><c:strRef>" in xml
    ]
    assert any("A类 2 个" in xml for xml in titles)
