"""销售部_周报: all brands side by side, what belongs to no brand, and where every row went."""

from __future__ import annotations

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from . import following, overview
from .book import Book, Col
from .charts import CLASSES, charts
from .leads import places
from .ledger import LEDGER, write_ledger
from .look import CLASS_COLOURS, RED
from .notes import NOTES, write_notes
from .overview import Task, Tile
from .report import FATES, Report
from .returns import RETURNED, write_returned

SALES, UNBRANDED = "销售部_周报", "未分品牌"
INVALID, UNCLAIMED, CONFLICTS, BRANDS = "无效", "待认领", "冲突", "各品牌"
_BRAND_LINES, _BRAND_NAMED = 6, 6  # on 概览: lines, and columns for the name
_WHAT = {
    BRANDS: "各品牌的客户数、级别和待分配。",
    UNBRANDED: "没有写品牌(或品牌不在名单里)的客户。在黄色格选归属品牌,下次运行就到那个品牌的周报里。",
    INVALID: "无效的行和原因。拒绝联系的人只显示位置。",
    UNCLAIMED: "不知道是谁交的文件,和没有读成的文件。",
    RETURNED: "退回更正、还没有改好的行和天数。",
    CONFLICTS: "两个人改了同一格:两个值都列出,已采用较新的。",
    **following.WHAT,
    LEDGER: "每个文件的每一行去了哪里。",
    NOTES: "各工作表、填法和规则。",
}


def write_sales(report: Report, issue: str) -> bytes:
    """The workbook as bytes; the same report gives the same bytes."""
    content = {
        BRANDS: len(report.settings.brands), UNBRANDED: len(report.unbranded), INVALID: len(report.invalid),
        UNCLAIMED: len(report.unclaimed), RETURNED: len(report.returns), CONFLICTS: len(report.conflicts),
        **following.sizes(report.lists), LEDGER: len(report.ledger), NOTES: 1,
    }  # fmt: skip
    shown = [name for name, size in content.items() if size]
    book = Book(title=f"销售部 {report.week} 周报", day=report.week.monday, footer=f"销售部 {report.week}", issue=issue)
    sheet = overview.begin(book, report, "销售部  周报")
    _overview(book, sheet, report, shown)
    writers = {BRANDS: _brands, UNBRANDED: _unbranded, INVALID: _invalid, UNCLAIMED: _unclaimed, RETURNED: write_returned,
               CONFLICTS: _conflicts}  # fmt: skip
    for name, write in writers.items():
        if name in shown:
            write(book, report)
    for name, write_list in following.WRITERS.items():
        if name in shown:
            write_list(book, report.lists)
    if following.COLLISIONS in shown:
        everybody = pd.concat([report.leads, report.unbranded])
        names = {lead: name or company for lead, name, company in everybody[["lead", "name", "company"]].to_numpy()}
        following.write_collisions(book, report.lists, names)
    if LEDGER in shown:
        write_ledger(book, report.ledger)
    silent = [name for name in content if name not in shown]
    write_notes(book, report, {name: _WHAT[name] for name in shown}, silent)
    return book.done()


def _overview(book: Book, sheet: Worksheet, report: Report, shown: list[str]) -> None:
    sums = report.ledger[list(FATES)].sum()
    leads = report.leads.drop_duplicates("lead")
    row = overview.tiles(book, sheet, 3, [
        Tile("有效客户", len(leads) + report.unbranded["lead"].nunique(), "全部品牌"),
        Tile("交来行数", int(report.ledger["rows"].sum()), f"{len(report.ledger)} 个文件"),
        Tile("上周留待", int(report.ledger["opening"].sum()), "上周交来,本周算"),
        Tile("新增客户", int(sums["新增客户"]), f"另有并入已有 {int(sums['并入已有客户'])} 行", CLASS_COLOURS["A"][1]),
        Tile("待分配", int((report.leads["owner"] == "").sum()), "没有跟进人", RED),
        Tile("未分品牌", len(report.unbranded), "请选品牌", RED),
        Tile("退回更正", len(report.returns), "还没改好", RED),
        Tile("无效", len(report.invalid), "空号、拒绝等"),
    ])  # fmt: skip
    row = overview.links(book, sheet, row, shown)
    ends = [overview.tasks(book, sheet, row, [t for t in _tasks(report) if t.sheet in shown])]
    if BRANDS in shown:
        ends.append(_brand_lines(book, sheet, report, row))
    everyone = pd.concat([report.leads, report.unbranded])
    note = "几个品牌都要的客户,每个品牌各算一次。"
    charts(book, sheet, max(ends) + 1, report, report.counts, everyone, note)
    sheet.set_selection(0, 0, 0, 0)
    sheet.protect()


def _brand_lines(book: Book, sheet: Worksheet, report: Report, row: int) -> int:
    """The brands side by side, those with most to assign first; the rest is on 各品牌."""
    lines = []
    for brand in report.settings.brands:
        mine = report.leads[report.leads["brand"] == brand.name]
        counts = len(mine), int((mine["week_state"] == "新增").sum()), int((mine["owner"] == "").sum())
        lines.append((brand.name, *counts))
    lines.sort(key=lambda line: -line[3])
    header = ["品牌", "有效", "新增", "待分配"]
    title = "各品牌" if len(lines) <= _BRAND_LINES else f"各品牌(待分配最多的 {_BRAND_LINES} 个)"
    half = overview.COLUMNS // 2
    return overview.small_table(book, sheet, row, half, title, header, lines[:_BRAND_LINES], named=_BRAND_NAMED)


def _tasks(report: Report) -> list[Task]:
    unread = int(report.ledger["unread"].sum())
    return [
        Task(f"{len(report.unbranded)} 个客户没有品牌,请选归属品牌", UNBRANDED),
        Task(f"{len(report.unclaimed)} 个文件要认领或没有读成", UNCLAIMED),
        Task(f"{len(report.returns)} 行退回更正还没有改好", RETURNED),
        Task(f"{len(report.conflicts)} 处修改有冲突", CONFLICTS),
        Task(f"{len(following.overdue(report.lists))} 个移交的客户逾期未反馈", following.OVERDUE),
        Task(f"{len(report.lists.missed)} 个登记过的客户漏移交", following.MISSED),
        Task(f"{len(report.lists.collisions)} 处撞单", following.COLLISIONS),
        *([Task(f"{unread} 行没有读入(工作表没有认出)", LEDGER)] if unread else []),
    ]


def _brands(book: Book, report: Report) -> None:
    names = [brand.name for brand in report.settings.brands]
    mine = [report.leads[report.leads["brand"] == name] for name in names]
    classes = {c: [int((leads["final_class"] == c).sum()) for leads in mine] for c in CLASSES}
    title, advice = "各品牌", "一个客户对几个品牌有意向时,在每个品牌里都算一个。"
    book.table(book.sheet(BRANDS), title, advice, [
        Col("品牌", names),
        Col("市场总监", [brand.director for brand in report.settings.brands]),
        Col("有效客户", [len(leads) for leads in mine], "count"),
        Col("本周新增", [int((leads["week_state"] == "新增").sum()) for leads in mine], "count"),
        Col("待分配", [int((leads["owner"] == "").sum()) for leads in mine], "count"),
        Col("紧急", [int(leads["urgent"].sum()) for leads in mine], "count"),
        *(Col(f"{c}类" if c != "待评" else c, counts, "count") for c, counts in classes.items()),
        Col("放弃", [int((report.closed["brand"] == name).sum()) for name in names], "count"),
    ], freeze=1)  # fmt: skip


def _unbranded(book: Book, report: Report) -> None:
    leads = report.unbranded
    title, advice = (
        f"未分品牌({len(leads)})",
        "请在黄色格选归属品牌,保存后下次运行时客户就到那个品牌的周报里。右边的待补和来源不打印。",
    )
    book.table(book.sheet(UNBRANDED), title, advice, [
        Col("客户编号", list(leads["lead"]), most=16),
        Col("客户姓名", list(leads["name"]), most=16),
        Col("联系电话", list(leads["phone"]), most=20),
        Col("单位/店名", list(leads["company"]), most=30),
        Col("地区", places(leads), most=30),
        Col("信息来源", list(leads["channel"]), most=14),
        Col("首次获取日期", list(leads["first_date"]), "date"),
        Col("情况摘要", list(leads["summary"]), most=50),
        Col("归属品牌", list(leads["assigned_brand"]), yellow=True, least=16, most=24,
            choices=tuple(brand.name for brand in report.settings.brands)),
        Col("待补", list(leads["todo"]), most=60),
        Col("来源", list(leads["origin"]), most=90),
    ], freeze=2, printed=10)  # fmt: skip


def _invalid(book: Book, report: Report) -> None:
    rows = report.invalid.copy()
    rows.loc[rows["blocked"].astype(bool), ["name", "phone", "company"]] = ""
    title, advice = f"无效({len(rows)})", "这些行不进客户名单。拒绝联系名单上的人只写位置,不写姓名和电话。"
    book.table(book.sheet(INVALID), title, advice, [
        Col("原因", list(rows["reason"]), most=24),
        Col("客户姓名", list(rows["name"]), most=16),
        Col("联系电话", list(rows["phone"]), most=20),
        Col("单位/店名", list(rows["company"]), most=30),
        Col("交表人", list(rows["person"]), most=12),
        Col("文件", list(rows["file"]), most=50),
        Col("工作表", list(rows["sheet"]), most=33),
        Col("行", list(rows["row"]), "count"),
    ], freeze=1)  # fmt: skip


def _unclaimed(book: Book, report: Report) -> None:
    rows = report.unclaimed
    title, advice = f"待认领({len(rows)})", "读得懂的行已照常处理;请确认是谁交的,或请本人重新交。"
    book.table(book.sheet(UNCLAIMED), title, advice, [
        Col("文件", list(rows["file"]), most=50),
        Col("原因", list(rows["reason"]), most=70),
        Col("行数", list(rows["rows"]), "count"),
    ], freeze=1)  # fmt: skip


def _conflicts(book: Book, report: Report) -> None:
    rows = report.conflicts
    title, advice = f"冲突({len(rows)})", "两份周报里同一格填得不一样。前面是较早的,后面是较新的;已采用较新的。"
    book.table(book.sheet(CONFLICTS), title, advice, [
        Col("品牌", list(rows["brand"]), most=20),
        Col("客户编号", list(rows["lead"]), most=16),
        Col("列", list(rows["field"]), most=16),
        Col("较早 / 较新", list(rows["values"]), most=60),
    ], freeze=2)  # fmt: skip
