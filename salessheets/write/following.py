"""Sheets of 销售部_周报 and 日报 on hand-overs, feedback, collisions, channels and materials (R1–R4, R6, R8, R17)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd

from salessheets.followup import FollowUp

from .book import Book, Col
from .look import weekday_header

MATRIX, MISSED, PEOPLE, OVERDUE, UNRECORDED = "交表情况", "漏移交", "反馈情况", "逾期未反馈", "待补记"
COLLISIONS, FUNNEL, MATERIALS = "撞单", "渠道漏斗", "资料到期"
WHAT = {
    MATRIX: "客服每个工作日有没有交移交表。",
    MISSED: "咨询记录本和登记本里有、移交表里没有的客户。",
    PEOPLE: "每人本周应反馈、按时、逾期的条数。",
    OVERDUE: "移交以后过了期限还没有处理结果的客户。",
    UNRECORDED: "紧急客户先处理了,还没有补记日期。",
    COLLISIONS: "两个人报了同一个客户:先到的算,两个都列出。",
    FUNNEL: "每个渠道的客户走到了哪一步,一个有效客户花了多少钱。",
    MATERIALS: "已经过期和 30 天内到期的洽谈资料。",
}


def sizes(lists: FollowUp) -> dict[str, int]:
    """Sheet → rows it would have, in the order of the workbook."""
    return {
        MATRIX: len(lists.matrix) if len(lists.matrix.columns) > 1 else 0, MISSED: len(lists.missed),
        PEOPLE: len(lists.people), OVERDUE: len(overdue(lists)), UNRECORDED: len(lists.unrecorded),
        COLLISIONS: len(lists.collisions), FUNNEL: len(lists.funnel), MATERIALS: len(lists.materials),
    }  # fmt: skip


def overdue(lists: FollowUp) -> pd.DataFrame:
    """Hand-overs that wait for feedback too long, urgent ones first, then the latest."""
    mine = lists.feedback[lists.feedback["state"] == "逾期未反馈"]
    order = mine.assign(calm=~mine["urgent"].astype(bool), ago=-mine["late"])
    return mine.loc[order.sort_values(["calm", "ago", "person", "rid"], kind="stable").index]


def write_matrix(book: Book, matrix: pd.DataFrame) -> None:
    """R1: person × working day."""
    days = list(matrix.columns[1:])
    missing = int((matrix[days] == "缺").sum().sum())
    title = f"交表情况({missing} 次缺)" if missing else "交表情况"
    advice = "按移交表上的移交日期。✓ 交了,0 交了空表,缺 没有交,假 请假或调休,待交 今天下班前。"
    columns = [Col("姓名", list(matrix["person"]), least=14)]
    for day in days:
        marks = list(matrix[day])
        columns.append(Col(weekday_header(date.fromisoformat(day)), marks, "mark", wrong=[m == "缺" for m in marks],
                           least=12))  # fmt: skip
    columns.append(Col("缺", [int((row == "缺").sum()) for _, row in matrix[days].iterrows()], "tally"))
    book.table(book.sheet(MATRIX), title, advice, columns, freeze=1)


def write_missed(book: Book, lists: FollowUp) -> None:
    """R2, R8."""
    rows = lists.missed
    advice = "请客服核对后补进移交表;「待填」文件夹里有填好的草稿。紧急的排在最前。"
    book.table(book.sheet(MISSED), f"漏移交({len(rows)})", advice, [
        Col("紧急", ["紧急" if urgent else "" for urgent in rows["urgent"]], "mark"),
        Col("哪一种", list(rows["kind"]), most=14),
        Col("登记日期", list(rows["date"]), "date"),
        Col("天数", list(rows["age"]), "count"),
        Col("登记人", list(rows["person"]), most=12),
        Col("客户编号", list(rows["lead"]), most=16),
        Col("客户姓名", list(rows["name"]), most=16),
        Col("联系方式", list(rows["contact"]), most=26),
        Col("单位/店名", list(rows["company"]), most=28),
        Col("情况", list(rows["content"]), most=40),
        Col("登记本写的已移交日期", list(rows["claimed"]), "date"),
        Col("记录编号", list(rows["rid"]), most=16),
    ], freeze=4)  # fmt: skip


def write_people(book: Book, lists: FollowUp) -> None:
    """R4 by person."""
    rows = lists.people
    advice = "第二天(下一个工作日)要反馈处理结果。按时率 = 本周到期的里面按时的;逾期是到今天还没有反馈的,不限本周。"
    book.table(book.sheet(PEOPLE), "反馈情况", advice, [
        Col("处理人", list(rows["person"]), most=16),
        Col("本周到期", list(rows["due"]), "tally"),
        Col("按时", list(rows["on_time"]), "tally"),
        Col("按时率", ["" if pd.isna(rate) else rate for rate in rows["rate"]], "percent"),
        Col("迟反馈", list(rows["late"]), "tally"),
        Col("逾期未反馈", list(rows["overdue"]), "tally"),
        Col("最长逾期天数", list(rows["longest"]), "tally"),
        Col("还没到期", list(rows["open"]), "tally"),
    ], freeze=1)  # fmt: skip


def write_overdue(book: Book, lists: FollowUp) -> None:
    """R4 row by row."""
    rows = overdue(lists)
    advice = "请处理人联系客户,把处理结果写在移交表或日报里。逾期天数按工作日(或设置里的自然日)算。"
    book.table(book.sheet(OVERDUE), f"逾期未反馈({len(rows)})", advice, [
        Col("紧急", ["紧急" if urgent else "" for urgent in rows["urgent"]], "mark"),
        Col("处理人", list(rows["person"]), most=12),
        Col("逾期天数", list(rows["late"]), "count"),
        Col("移交日期", list(rows["handed"]), "date"),
        Col("应反馈", list(rows["due"]), "date"),
        Col("移交人", list(rows["by"]), most=12),
        Col("客户编号", list(rows["lead"]), most=16),
        Col("客户", list(rows["name"]), most=26),
        Col("联系方式", list(rows["contact"]), most=26),
        Col("客户情况", list(rows["content"]), most=46),
    ], freeze=3)  # fmt: skip


def write_unrecorded(book: Book, lists: FollowUp) -> None:
    """R3."""
    rows = lists.unrecorded
    advice = "手册允许紧急客户先处理、事后补记。请在移交表的「补记日期」补上;不影响客户跟进。"
    book.table(book.sheet(UNRECORDED), f"待补记({len(rows)})", advice, [
        Col("移交日期", list(rows["date"]), "date"),
        Col("移交人", list(rows["person"]), most=12),
        Col("客户编号", list(rows["lead"]), most=16),
        Col("客户", list(rows["name"]), most=26),
        Col("联系方式", list(rows["contact"]), most=26),
        Col("紧急先行处理", list(rows["action"]), most=50),
        Col("记录编号", list(rows["rid"]), most=16),
    ], freeze=2)  # fmt: skip


def write_collisions(book: Book, lists: FollowUp, names: dict[str, str]) -> None:
    """R6. names: lead → what people know him by."""
    rows = lists.collisions
    advice = "先到的算(按日期);不同意请销售部负责人决定,在周报里改跟进人。最近的排在最前。"
    book.table(book.sheet(COLLISIONS), f"撞单({len(rows)})", advice, [
        Col("哪一种", list(rows["kind"]), most=22),
        Col("客户编号", list(rows["lead"]), most=16),
        Col("客户", [names.get(lead, "") for lead in rows["lead"]], most=26),
        Col("先到", list(rows["first"]), most=16),
        Col("先到日期", list(rows["first_date"]), "date"),
        Col("后到", list(rows["other"]), most=16),
        Col("后到日期", list(rows["other_date"]), "date"),
    ], freeze=3)  # fmt: skip


def write_funnel(book: Book, lists: FollowUp) -> None:
    """Channel × funnel with cost per valid lead."""
    rows = _with_total(lists.funnel)
    advice = "每个客户算一次,按走到最远的一步;每一格是走到这一步的客户。费用是名录表里填的费用。"
    book.table(book.sheet(FUNNEL), "渠道漏斗", advice, [
        Col("信息来源", list(rows["channel"]), most=16),
        Col("有效客户", list(rows["leads"]), "tally"),
        Col("已跟进", list(rows["followed"]), "tally"),
        Col("已洽谈", list(rows["talked"]), "tally"),
        Col("已成交", list(rows["won"]), "tally"),
        Col("成交率", [w / n if n else "" for w, n in zip(rows["won"], rows["leads"], strict=True)], "percent"),
        Col("费用(元)", list(rows["cost"]), "tally"),
        Col("每个有效客户(元)", ["" if pd.isna(each) else each for each in rows["each"]], "score"),
    ], freeze=1, total=True)  # fmt: skip


def _with_total(rows: pd.DataFrame) -> pd.DataFrame:
    """All channels together in a last row; no price, since most channels cost nothing that anybody writes down."""
    sums = rows[["leads", "followed", "talked", "won", "cost"]].sum()
    return pd.concat([rows, pd.DataFrame([{"channel": "合计", **sums, "each": float("nan")}])], ignore_index=True)


def write_materials(book: Book, lists: FollowUp) -> None:
    """R17, chapter 5."""
    rows = lists.materials
    advice = "请保管人更新后重新交《公司洽谈资料清单》。"
    book.table(book.sheet(MATERIALS), f"资料到期({len(rows)})", advice, [
        Col("状态", list(rows["state"]), "mark", wrong=[state == "已过期" for state in rows["state"]]),
        Col("有效期至", list(rows["valid_until"]), "date"),
        Col("还有天数", list(rows["days"]), "number"),
        Col("资料编号", list(rows["material_id"]), most=14),
        Col("资料名称", list(rows["material"]), most=40),
        Col("类别", list(rows["category"]), most=18),
        Col("版本", list(rows["version"]), most=10),
        Col("适用品牌", list(rows["for_brands"]), most=30),
        Col("保管人", list(rows["keeper"]), most=12),
        Col("存放位置", list(rows["place"]), most=24),
    ], freeze=1)  # fmt: skip


WRITERS: dict[str, Callable[[Book, FollowUp], None]] = {
    MATRIX: lambda book, lists: write_matrix(book, lists.matrix), MISSED: write_missed, PEOPLE: write_people, OVERDUE: write_overdue,
    UNRECORDED: write_unrecorded, FUNNEL: write_funnel, MATERIALS: write_materials,
}  # fmt: skip
