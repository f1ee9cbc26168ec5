"""How the rows are put into files: one book a week, one form a day, one workbook with a sheet a day, lists as they come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from . import chapters
from . import headers as h
from .journeys import Desk
from .model import AGAIN, BLANK, SPACE, Aside, Cell, Entry, File, Formula, Hand, Line, Sheet
from .people import CHEN, DIRECTORS, HE, HEAD, KANG, LIU, MA, QIN, RUI, SUN
from .sightings import WAYS
from .special_same import d

WEEK_END = {1: d(8), 2: d(15), 3: d(30)}


def spread(entries: Sequence[Entry], blanks_after: Iterable[int] = ()) -> list[Line]:
    """The rows, with blank rows after these positions."""
    lines: list[Line] = []
    for i, entry in enumerate(entries):
        lines.append(entry)
        if i in set(blanks_after):
            lines.append(BLANK)
    return lines


def total(text: Cell, column: int = 0, count: Cell = None) -> Aside:
    """A 合计 row: a label and a number."""
    return Aside({column: text, column + 2: count}, "合计行", "total")


def signed(left: str, right: str, at: int = 5) -> Aside:
    """A signature row."""
    return Aside({0: left, at: right}, "签名行", "signature")


def remark(text: str) -> Aside:
    """A note below the table."""
    return Aside({0: text}, "说明行", "note-below")


def of_week(desk: Desk, clerk: str, week: int) -> list[Entry]:
    """The rows of a clerk's book of this week, by day; a later row sits in 何敏's first book."""
    early, until = WEEK_END.get(week - 1, d(1)), WEEK_END[week]

    def book(entry: Entry) -> date:
        return d(6) if entry in desk.first_book else entry.day or d(13)

    return sorted((e for e in desk.consult[clerk] if early < book(e) <= until), key=book)


def consult_files(desk: Desk) -> list[File]:
    """Six books: three of 何敏, three of 陈静."""
    one, two, three = (of_week(desk, HE, w) for w in (1, 2, 3))
    four, five, six = (of_week(desk, CHEN, w) for w in (1, 2, 3))
    title = ("客户咨询记录本(何敏)",)
    sheets = (
        Sheet("咨询记录", "consult_log", h.CONSULT_FORM, (title, ("2026年11月第1周",)), spread(one), merged_titles=(1,)),
        Sheet("Sheet1", "consult_log", h.CONSULT_ALIAS, (), spread(two, (6,)), Hand("dot", "number")),
        Sheet(
            "第3周", "consult_log", h.CONSULT_ORDER,
            (("销售部",), ("客户咨询记录本",), ("登记人:何敏", None, None, "11月16日-11月20日"), (), ("紧急客户请先打电话给周立",)),
            [*spread(three, (4, 5)), total("合计", 0, len(three)), BLANK, signed("制表人:何敏", "审核:周立")],
            Hand("mixed", "mixed"), merged_titles=(1, 2),
        ),
        Sheet("11月", "consult_log", h.CONSULT_SHORT, (("客户咨询登记表",),), spread(four), Hand("cn"), merged_titles=(1,)),
        Sheet(
            "咨询登记", "consult_log", h.CONSULT_FORM, (("咨询登记本",), ("陈静",), ()),
            [*spread(five, (2, 9)), SPACE, signed("登记:陈静", "复核:周立", 7)], Hand("serial", "number"), merged_titles=(1,),
        ),
        Sheet("咨询登记本11.16-11.20", "consult_log", h.CONSULT_NO_ADDRESS, (), spread(six, (3,)), Hand("slash")),
    )  # fmt: skip
    notes = Sheet(
        "备忘",
        above=(
            ("11月第2周备忘",),
            ("周三展会名单等陈静整理",),
            (),
            ("老李那边的样机11月12日到",),
            ("记得给客户寄画册", None, "3份"),
        ),
    )
    choices = Sheet("选项", above=tuple((way,) for way in WAYS), hidden=True)  # counts as the first sheet all the same
    return [
        File(f"{HE}/11月第1周咨询记录.xlsx", "xlsxwriter", [sheets[0]]),
        File(f"{HE}/11月第2周咨询记录.xlsx", "xlsxwriter", [choices, sheets[1]]),
        File(f"{HE}/11月第3周咨询记录.xlsx", "openpyxl", [sheets[2]]),
        File(f"{CHEN}/咨询登记本11.02-11.08.xlsx", "libreoffice", [sheets[3]]),
        File(f"{CHEN}/咨询登记本11.09-11.15.xlsx", "openpyxl", [notes, sheets[4]]),
        File(f"{CHEN}/咨询登记本11.16-11.20.csv", "csv-utf8", [sheets[5]]),
    ]


def handover_files(desk: Desk, again: dict[str, list[Entry]]) -> list[File]:
    """何敏 hands in a form a day (one comes back answered), 陈静 a workbook a week with a sheet a day."""
    files = []
    days = sorted({day for clerk, day in desk.handover if clerk == HE} | {d(10), d(20)})
    for i, day in enumerate(days):
        rows = desk.handover[HE, day]
        sheet = form(day, HE, rows, i)
        tool = ("xlsxwriter", "xlsxwriter", "openpyxl", "libreoffice")[i % 4]
        files.append(File(f"{HE}/移交表/移交表{day:%m%d}.xlsx", tool, [sheet]))
    final = form(d(10), HE, again["final"], days.index(d(10)))
    files.append(File(f"{HE}/移交表/移交表1110最终版.xlsx", "xlsxwriter", [final]))
    groups = ("客户信息", *(None,) * 11, "来源", *(None,) * 3, "情况", *(None,) * 3, "销售部反馈")
    for number, first in ((45, 2), (46, 9), (47, 16)):
        sheets = []
        for i in range(5):
            day = d(first + i)
            if day == d(20):
                continue
            rows = desk.handover[CHEN, day]
            for serial, row in enumerate(rows, start=1):
                row.values["serial"] = serial
            above = (("客户信息移交表",), ("移交日期", day, None, "移交人", CHEN, None, "接收人", HEAD), groups)
            sheets.append(
                Sheet(
                    f"{day.month}.{day.day}",
                    "handover",
                    h.HANDOVER_SHORT,
                    above,
                    spread(rows),
                    Hand("real", "number"),
                    day,
                    merged_titles=(1,),
                )
            )
        if number == 46:
            sheets.append(Sheet("填写说明", above=(("怎么填",), ("每天下班前交",), ("信息来源必须注明",))))
        files.append(File(f"{CHEN}/移交表 第{number}周.xlsx", "libreoffice" if number == 45 else "xlsxwriter", sheets))
    return files


def form(day: date, clerk: str, rows: Sequence[Entry], style: int) -> Sheet:
    """One day's form: title, the head cells (in one cell each, or label and value), sometimes a total and a signature."""
    for i, row in enumerate(rows, start=1):
        row.values["serial"] = i
    count = Formula("=COUNTA(B5:B60)", len(rows))
    head: tuple[tuple[Cell, ...], ...] = (
        ((f"移交日期:{day.isoformat()}", None, f"移交人:{clerk}", None, f"接收人:{HEAD}"), ("条数", count)),
        (("移交日期:", day, None, "移交人:", clerk, None, "接收人:", HEAD), ()),
        ((f"移交日期:2026年{day.month}月{day.day}日", None, None, f"移交人:{clerk}", None, None, f"接收人:{HEAD}"),),
    )[style % 3]
    lines = spread(rows)
    if style % 3 == 0:
        lines += [
            total("合计", 0, Formula(f"=COUNTA(B{len(head) + 3}:B{len(head) + 2 + len(rows)})", len(rows))),
            signed(f"制表人:{clerk}", "审核:"),
        ]
    elif style % 3 == 2:
        lines += [BLANK, remark("注:请第二天反馈处理结果")]
    hand = Hand(("iso", "real", "full")[style % 3], ("text", "number", "text")[style % 3])
    return Sheet(
        "移交表", "handover", h.HANDOVER_FORM, (("客户信息移交表",), *head), lines, hand, day, merged_titles=(1,)
    )


def directory_files(desk: Desk) -> list[File]:
    """Bought (.xls), the Shanghai fair (.csv in the root, from nobody), a peer's, the Jinan fair, a stranger's cards."""
    for name, detail in (
        ("shanghai", "2026上海医疗器械展"),
        ("peer", "同行老韩提供"),
        ("jinan", "济南秋季器械展"),
        ("cards", "成都展会名片"),
    ):
        for entry in desk.directory[name]:
            entry.values["source_detail"] = detail
    for i, entry in enumerate(desk.directory["shanghai"]):
        entry.extra["展位号"] = f"{'ABCD'[i % 4]}{i * 7 % 90 + 10}"
    c = desk.people.all
    for i, entry in enumerate(desk.directory["peer"]):
        entry.values |= {"clerk": HEAD if i < 5 else "", "dup": c[entry.who].landline}
    bought, fair, peer, jinan, cards = (desk.directory[n] for n in ("bought", "shanghai", "peer", "jinan", "cards"))
    fair.sort(key=lambda e: e.day or d(12))
    fair[3].values["note"] = "要样册,\n下周回访"
    jinan[4].values["source_detail"] = Formula("=VLOOKUP(A99,B1:C2,2,0)", "#N/A")
    jinan[4].case = "error-cell"
    return [
        File(f"{HE}/购买名录/山东健康行业名录.xls", "xls", [
            Sheet("名录", "directory", h.DIRECTORY_BOUGHT, (("山东健康行业名录",), ("2026年10月28日购买,每条1.5元",)),
                  [*spread(bought), total("合计", 0, len(bought) * 1.5)], Hand("real", "number"), merged_titles=(1,)),
        ]),
        File("上海展会名单.csv", "csv-gbk", [Sheet("上海展会名单", "directory", h.DIRECTORY_SHANGHAI, (("上海医疗器械展客户名单",),), spread(fair, (11,)), Hand("iso"))]),
        File(f"{HEAD}/同行给的名单.xlsx", "openpyxl", [
            Sheet("Sheet1", "directory", h.DIRECTORY_PEER, (), [*spread(peer), remark("说明:以上由老韩整理,仅供参考")], Hand("compact", "mixed")),
        ]),
        File(f"{CHEN}/济南展会/济南器械展客户.xlsx", "libreoffice", [
            Sheet("客户名录", "directory", h.DIRECTORY_JINAN, (("客户名录表",), ("济南秋季医疗器械展",), ()), spread(jinan), Hand("real", "number"), merged_titles=(1,)),
            Sheet("随手记", above=(("展位费已付",), ("画册还剩", 40), ("下次带两台样机",))),
        ]),
        File("临时小吴/名片整理.xlsx", "openpyxl", [Sheet("名片", "directory", h.DIRECTORY_CARDS, (("成都展会收到的名片",),), spread(cards), Hand("iso", "text"))]),
    ]  # fmt: skip


def visit_files(desk: Desk, again: dict[str, list[Entry]]) -> list[File]:
    """刘洋's growing register, 孙磊's two lists, 马晓东's list and its copy under another name."""
    liu = [
        File(f"{LIU}/{place}/{name}.xlsx", "xlsxwriter")
        for place, name in (("11月第1周", "登记本"), ("11月第2周", "登记本(1)"), ("11月第3周", "登记本 最终版"))
    ]
    layouts = (
        (h.VISIT_FORM, (("陌生拜访登记本",),), "number"),
        (h.VISIT_FORM, (("陌生拜访登记本",), ("刘洋",)), "text"),
        (h.VISIT_ORDER, (("陌生拜访登记本 刘洋",), (), ()), "mixed"),
    )
    for file, book, (columns, above, phones) in zip(liu, ("book1", "book2", "book3"), layouts, strict=True):
        lines = spread(again[book])
        if book == "book3":
            lines.append(signed("登记人:刘洋", "日期:2026-11-19", 8))
        file.sheets = [Sheet("登记本", "visit_log", columns, above, lines, Hand("real", phones))]
    early = sorted((e for e in desk.visit[SUN] if e.day and e.day <= d(8)), key=lambda e: e.day or d(1))
    late = sorted((e for e in desk.visit[SUN] if e not in early), key=lambda e: e.day or d(1))
    ma = sorted(desk.visit[MA], key=lambda e: e.day or d(1))
    half = len(late) // 2
    ma_sheet = Sheet(
        "拜访",
        "visit_log",
        h.VISIT_FORM,
        (("陌拜登记本 徐州、南京",), ()),
        spread(ma),
        Hand("full", "number"),
        hide=frozenset((3, 4)),
    )
    twin = replace(ma_sheet, lines=[replace(e, repeats=e, case="same-bytes") for e in ma])
    return [
        *liu,
        File(f"{SUN}/陌拜登记本11.3-11.6.xlsx", "libreoffice", [
            Sheet("登记", "visit_log", h.VISIT_ALIAS, (("陌生拜访登记本",), ("郑州 洛阳",), ()), spread(early), Hand("real"), merged_titles=(1,), merge_down="visit_date"),
        ]),
        File(f"{SUN}/陌拜登记本11.9-11.13.xlsx", "openpyxl", [
            Sheet("登记", "visit_log", h.VISIT_ALIAS, (), [*late[:half], BLANK, BLANK, AGAIN, *late[half:]], Hand("serial", "number")),
        ]),
        File(f"{MA}/登记本1109(1).xlsx", "xlsxwriter", [ma_sheet]),  # comes first in the order of the paths
        File(f"{MA}/登记本1109.xlsx", "xlsxwriter", [twin], copy_of=f"{MA}/登记本1109(1).xlsx"),
    ]  # fmt: skip


def other_files(desk: Desk, talks: list[Entry], materials: list[Entry]) -> list[File]:
    """Referrals, analyses, a talk log, a list of materials; and the files that hold no customers."""

    def by_day(rows: list[Entry]) -> list[Line]:
        return spread(sorted(rows, key=lambda e: e.day or d(1)))

    chen, sun, head = (by_day(desk.referral[p]) for p in (CHEN, SUN, HEAD))
    analyses = {a: by_day(desk.analysis[a]) for a in (*DIRECTORS.values(), HEAD)}
    lin, xu, zheng = (DIRECTORS[b] for b in (KANG, RUI, QIN))
    off = Sheet(
        "考勤",
        above=(
            ("工号", "部门", "出勤天数", "迟到次数"),
            ("A01", "销售部", 5, 0),
            ("A02", "销售部", 5, 1),
            ("A03", "仓库", 4, 0),
        ),
    )
    return [
        File(
            f"{CHEN}/转介绍单 最终版.xlsx",
            "xlsxwriter",
            [
                Sheet(
                    "转介绍单",
                    "referral",
                    h.REFERRAL_FORM,
                    (("转介绍客户名录表",), ()),
                    chen,
                    Hand("dot"),
                    merged_titles=(1,),
                )
            ],
        ),
        File(
            f"{SUN}/转介绍.xlsx",
            "xlsxwriter",
            [Sheet("Sheet1", "referral", h.REFERRAL_ALIAS, (), sun, Hand("real", "number"))],
            epoch_1904=True,
        ),
        File(
            f"{HEAD}/转介绍客户名录表.xlsx",
            "openpyxl",
            [
                Sheet(
                    "转介绍",
                    "referral",
                    h.REFERRAL_FORM,
                    (("转介绍客户名录表",),),
                    [*head, BLANK, remark("备注:介绍人都已打过招呼")],
                    Hand("cn"),
                )
            ],
        ),
        File(
            f"{lin}/客户分析表.xlsx",
            "xlsxwriter",
            [
                Sheet(
                    "客户分析表",
                    "analysis",
                    h.ANALYSIS_FORM,
                    (("客户分析表",), ("济南市场",)),
                    analyses[lin],
                    Hand("real"),
                    merged_titles=(1,),
                )
            ],
        ),
        File(
            f"{xu}/分析表11月.xlsx",
            "libreoffice",
            [Sheet("分析", "analysis", h.ANALYSIS_ALIAS, (("客户分析评估表",),), analyses[xu], Hand("real", "number"))],
        ),
        File(
            f"{zheng}/客户分析评估表.xlsx",
            "openpyxl",
            [Sheet("Sheet1", "analysis", h.ANALYSIS_ALIAS, (), analyses[zheng], Hand("dot", "mixed"))],
        ),
        File(
            f"{HEAD}/补充分析.xlsx",
            "xlsxwriter",
            [Sheet("客户分析表", "analysis", h.ANALYSIS_FORM, (("客户分析表",),), analyses[HEAD], Hand("iso", "text"))],
        ),
        File(
            f"{LIU}/洽谈记录.xlsx",
            "openpyxl",
            [Sheet("洽谈记录", "negotiation", h.NEGOTIATION, (("客户洽谈信息记录表",),), by_day(talks), Hand("real"))],
        ),
        File(
            f"{CHEN}/公司洽谈资料清单.xlsx",
            "xlsxwriter",
            [Sheet("资料清单", "materials", h.MATERIALS, (("公司洽谈资料清单",),), list(materials), Hand("real"))],
        ),
        *chapter_files(desk),
        File(f"{HE}/11月考勤.xlsx", "openpyxl", [off], outcome="unknown"),
        File(f"{MA}/客户名单(微信传过来的).xlsx", "raw", outcome="failed"),
        File(f"{HE}/~$11月第3周咨询记录.xlsx", "raw", outcome="skipped"),
    ]


def chapter_files(desk: Desk) -> list[File]:
    """The sheets of chapters 3 to 8, as reps and office keep them."""
    sheets = (
        (f"{LIU}/客户策略表.xlsx", "xlsxwriter", "策略表", "strategy", h.STRATEGY, "客户策略制定表", chapters.plans(desk)),
        (f"{SUN}/洽谈记录表.xlsx", "openpyxl", "洽谈记录", "negotiation", h.NEGOTIATION_FULL, "客户洽谈信息记录表", chapters.deals(desk)),
        (f"{CHEN}/售后回访.xlsx", "xlsxwriter", "回访", "aftersales", h.AFTERSALES, "售后服务回访记录表", chapters.visits_after(desk)),
        (f"{HEAD}/答谢记录.xlsx", "openpyxl", "答谢", "referral_thanks", h.THANKS, "转介绍答谢记录表", chapters.thanks(desk)),
    )  # fmt: skip
    return [
        File(path, tool, [Sheet(name, table, columns, ((title,),), spread(rows), Hand("real"), merged_titles=(1,))])
        for path, tool, name, table, columns, title, rows in sheets
    ]
