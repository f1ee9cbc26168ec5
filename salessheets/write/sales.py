"""销售部_周报: all brands side by side, what belongs to no brand, and where every row went."""

from __future__ import annotations

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from salessheets.expiry import expired
from salessheets.returned import DOUBTS, MERGES, UNBRANDED
from salessheets.roundtrip import SALES_WORKBOOK as SALES

from . import figures, following, overview
from .bands import View, bands
from .book import Book, Col
from .conflicts import CONFLICTS, write_conflicts
from .doubts import asked_in, write_doubts
from .findings import CLASSES
from .leads import places
from .ledger import LEDGER, write_ledger
from .look import CLASS_COLOURS, INK, RED
from .merges import merged_in, write_merges
from .notes import NOTES, write_notes
from .overview import Task, Tile
from .report import Report
from .returns import RETURNED, write_returned
from .suggested import SUGGESTED, write_suggested

INVALID, UNCLAIMED, BRANDS, EXPIRED = "无效", "待认领", "各品牌", "到期"
_BRAND_LINES, _BRAND_NAMED = 6, 6  # on 概览: lines, and columns for the name
_FLOWS = ("交来行数", "上周留待", "新增客户", "无效")  # counted from Monday on
_WHAT = {
    BRANDS: "各品牌的客户数、级别和待分配。",
    UNBRANDED: "没有写品牌(或品牌不在名单里)和转其他品牌的客户。在黄色格选归属品牌,下次运行就到那个品牌的周报里。",
    DOUBTS: "可能是同一个客户、但不在同一品牌里的两条,请回答是或不是。",
    INVALID: "无效的行和原因。拒绝联系的人只显示位置。",
    UNCLAIMED: "不知道是谁交的文件,和没有读成的文件。",
    RETURNED: "退回更正、还没有改好的行和天数。",
    CONFLICTS: "两个人改了同一格:两个值都列出,已采用较新的;还有没有采用的填写。",
    MERGES: "没有品牌的客户里,哪些行合并成了一个;不是的可以分开。",
    SUGGESTED: "市场总监在评分标准里试算的数,请决定要不要改 设置.xlsx。",
    **following.WHAT,
    EXPIRED: "很久没有任何联系的客户，请决定是否删除(个人信息保护法)。",
    LEDGER: "每个文件的每一行去了哪里。",
    NOTES: "各工作表、填法和规则。",
}
SHEETS = tuple(_WHAT)  # every sheet the workbook may have, besides 概览


def write_sales(report: Report, issue: str) -> bytes:
    """The workbook as bytes; the same report gives the same bytes."""
    content = {
        BRANDS: len(report.settings.brands), UNBRANDED: len(report.unbranded), INVALID: len(report.invalid),
        UNCLAIMED: len(report.unclaimed), RETURNED: len(report.returns), DOUBTS: len(asked_in(report, SALES)),
        CONFLICTS: len(report.conflicts), MERGES: len(merged_in(report, SALES)),
        SUGGESTED: len(report.suggestions), **following.sizes(report.lists),
        LEDGER: len(report.ledger), NOTES: 1,
    }  # fmt: skip
    if len(_expired_leads(report)):  # most offices have none for two years
        content = {EXPIRED: 1, **content}
    shown = [name for name in _WHAT if content.get(name)]
    book = Book(title=f"销售部 {report.week} 周报", day=report.week.monday, footer=f"销售部 {report.week}", issue=issue)
    sheet = overview.begin(book, report, "销售部  周报")
    _overview(book, sheet, report, shown)
    writers = {BRANDS: _brands, UNBRANDED: _unbranded, DOUBTS: _doubts, INVALID: _invalid, UNCLAIMED: _unclaimed,
               RETURNED: write_returned, CONFLICTS: _conflicts, MERGES: _merges, SUGGESTED: write_suggested}  # fmt: skip
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
    if EXPIRED in shown:
        _expired(book, report)
    if LEDGER in shown:
        write_ledger(book, report.ledger, report.weights)
    silent = [name for name in content if name not in shown]
    write_notes(book, report, {name: _WHAT[name] for name in shown}, silent)
    return book.done()


def _overview(book: Book, sheet: Worksheet, report: Report, shown: list[str]) -> None:
    counted = figures.of_sales(report)
    merged = int(report.ledger["并入已有客户"].sum())
    looks = {
        "有效客户": ("全部品牌", INK), "交来行数": (f"{len(report.ledger)} 个文件", INK), "上周留待": ("上周交来,本周算", INK),
        "新增客户": (f"另有并入已有 {merged} 行", CLASS_COLOURS["A"][1]), "待分配": ("没有跟进人", RED),
        "未分品牌": ("请选品牌", RED), "退回更正": ("还没改好", RED), "无效": ("空号、拒绝等", INK),
    }  # fmt: skip
    tiles = [
        Tile(name, counted.now[name], below, colour, before=counted.before[name], flow=name in _FLOWS)
        for name, (below, colour) in looks.items()
    ]
    row = overview.tiles(book, sheet, tiles, finished=report.finished)
    row = overview.links(book, sheet, row, shown)
    ends = [overview.tasks(book, sheet, row, [t for t in _tasks(report) if t.sheet in shown])]
    if BRANDS in shown:
        ends.append(_brand_lines(book, sheet, report, row))
    everyone = pd.concat([report.leads, report.unbranded])
    note = "几个品牌都要的客户,每个品牌各算一次。"
    view = View(report.counts, everyone, report.closed, counted, figures.NEW_BY_BRAND, tiles, note)
    bands(book, sheet, max(ends) + 1, report, view)
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
    asleep = int((report.pool["brand"] == "").sum())
    asked = int((asked_in(report, SALES)["answer"] == "").sum())
    return [
        Task(f"{len(report.unbranded)} 个客户没有品牌,请选归属品牌", UNBRANDED),
        Task(f"{len(report.unclaimed)} 个文件要认领或没有读成", UNCLAIMED),
        Task(f"{len(report.returns)} 行退回更正还没有改好", RETURNED),
        Task(f"{len(report.conflicts)} 处填写有冲突或没有采用", CONFLICTS),
        Task(f"{len(following.overdue(report.lists))} 个移交的客户逾期未反馈", following.OVERDUE),
        Task(f"{len(report.lists.missed)} 个登记过的客户漏移交", following.MISSED),
        Task(f"{len(report.lists.collisions)} 处撞单", following.COLLISIONS),
        *([Task(f"{len(report.suggestions)} 条评分标准的建议,请决定", SUGGESTED)] if len(report.suggestions) else []),
        *([Task(f"{asked} 对客户可能是同一个，请回答", DOUBTS)] if asked else []),
        *([Task(f"{asleep} 个没有品牌、没有联系过的名录客户在旁边的 名录池.csv 里")] if asleep else []),
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
        *([Col("名录池", [int((report.pool["brand"] == name).sum()) for name in names], "count")] if len(report.pool) else []),
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
    write_conflicts(book, rows.assign(brand=rows["brand"].where(rows["brand"] != "", "销售部")))


def _doubts(book: Book, report: Report) -> None:
    write_doubts(book, asked_in(report, SALES))


def _merges(book: Book, report: Report) -> None:
    write_merges(book, merged_in(report, SALES))


def _expired_leads(report: Report) -> pd.DataFrame:
    every = pd.concat([report.leads, report.closed, report.unbranded], ignore_index=True)
    return expired(every, report.settings, report.as_of, report.lists.touched)


def _expired(book: Book, report: Report) -> None:
    rows = _expired_leads(report)
    title = f"{EXPIRED}({len(rows)})"
    advice = f"这些客户 {report.settings.rules.retention_months} 个月以上没有联系。不再需要的,请管理员用 salessheets forget 删除。"
    book.table(book.sheet(EXPIRED), title, advice, [
        Col("客户编号", list(rows["lead"]), most=16),
        Col("品牌", list(rows["brand"]), most=20),
        Col("客户姓名", list(rows["name"]), most=16),
        Col("联系电话", list(rows["phone"]), most=20),
        Col("跟进人", list(rows["owner"]), most=12),
        Col("最后联系", list(rows["last_contact"]), "date"),
        Col("几个月", list(rows["months"]), "count"),
    ], freeze=2)  # fmt: skip
