"""What people type into yellow cells is in the next workbooks (workflow.md, Definitions)."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date

import openpyxl
import pandas as pd
import pytest

from salessheets.returned import SALES_WORKBOOK
from salessheets.roundtrip import EDIT_COLUMNS, apply_edits, book_id
from salessheets.week import clock, trace, weekly

BRAND = "康源高电位"
LEADS, WAITING, UNBRANDED = "有效客户名单", "待分配", "未分品牌"


def book_path(office, week="2026-W47", name=BRAND):
    name = name if name == SALES_WORKBOOK else f"{name}_周报"
    return office.reports / week / f"{week}_{name}.xlsx"


def columns(sheet):
    for row in sheet.iter_rows(min_row=1, max_row=20):
        texts = {c.value: c.column for c in row if c.value}
        if "客户编号" in texts:
            return row[0].row, texts
    raise AssertionError("no header")


def find(sheet, lead):
    header, texts = columns(sheet)
    return next(
        r for r in range(header + 1, sheet.max_row + 1) if sheet.cell(r, texts["客户编号"]).value == lead
    ), texts


def type_in(path, sheet, lead, **values):
    """Type into the cells of one lead, as a person does, and save."""
    book = openpyxl.load_workbook(path)
    row, texts = find(book[sheet], lead)
    for header, value in values.items():
        book[sheet].cell(row, texts[header]).value = value
    book.save(path)


def shown(path, sheet, lead, header):
    page = openpyxl.load_workbook(path, data_only=True)[sheet]
    row, texts = find(page, lead)
    value = page.cell(row, texts[header]).value
    return value.date().isoformat() if hasattr(value, "date") else (value or "")


def some_leads(office, count, **wanted):
    leads = trace(office).report.leads
    mine = leads[leads["brand"] == BRAND]
    for column, value in wanted.items():
        mine = mine[mine[column] == value]
    return list(mine["lead"].head(count))


def run(office, day=None):
    return weekly(office, day=day or clock(office))


def test_yellow_cells_come_back_in_the_next_workbooks(office):
    (lead,) = some_leads(office, 1, owner="")
    typed = {"人工级别": "A", "调整原因": "见过面", "跟进状态": "跟进中", "处理结果": "约周五", "备注": "老客户,先别打"}
    type_in(book_path(office), LEADS, lead, **typed, 下次跟进日期=date(2026, 11, 27))
    type_in(book_path(office), WAITING, lead, 跟进人="刘洋")
    run(office)
    for path in (book_path(office),):
        for header, value in {**typed, "跟进人": "刘洋", "下次跟进日期": "2026-11-27"}.items():
            assert shown(path, LEADS, lead, header) == value, header
        assert shown(path, LEADS, lead, "级别") == "A"
    run(office, date(2026, 11, 24))
    assert shown(book_path(office, "2026-W48"), LEADS, lead, "跟进人") == "刘洋"
    with pytest.raises(StopIteration):
        find(openpyxl.load_workbook(book_path(office))[WAITING], lead)


def test_a_workbook_of_a_closed_week_counts_too(office):
    (lead,) = some_leads(office, 1)
    early = trace(office).report.leads
    lead = early[(early["brand"] == BRAND) & early["lead"].str.startswith("00004")]["lead"].iloc[0]
    type_in(book_path(office, "2026-W45"), LEADS, lead, 备注="上周写的")
    run(office)
    assert shown(book_path(office), LEADS, lead, "备注") == "上周写的"
    assert shown(book_path(office, "2026-W45"), LEADS, lead, "备注") == "上周写的"


def test_a_copy_sent_back_through_the_inbox_is_understood(office):
    (lead,) = some_leads(office, 1)
    copy = office.inbox / "林海" / "微信收到的周报.xlsx"
    copy.parent.mkdir(exist_ok=True)
    shutil.copyfile(book_path(office), copy)
    type_in(copy, LEADS, lead, 备注="从微信来")
    before = len(trace(office).trace)
    run(office)
    assert shown(book_path(office), LEADS, lead, "备注") == "从微信来"
    assert len(trace(office).trace) == before


def test_a_cleared_cell_is_cleared(office):
    (lead,) = some_leads(office, 1)
    type_in(book_path(office), LEADS, lead, 备注="先写")
    run(office)
    type_in(book_path(office), LEADS, lead, 备注=None)
    run(office)
    assert shown(book_path(office), LEADS, lead, "备注") == ""


def test_what_is_typed_cleared_and_typed_again_is_there(office):
    (lead,) = some_leads(office, 1)
    for text in ("约周五", None, "约周五", "改周六", None, "约周五"):
        type_in(book_path(office), LEADS, lead, 备注=text)
        run(office)
        assert shown(book_path(office), LEADS, lead, "备注") == (text or "")


def test_rows_sorted_or_deleted_change_nothing(office):
    one, two = some_leads(office, 2)
    path = book_path(office)
    book = openpyxl.load_workbook(path)
    sheet = book[LEADS]
    header, texts = columns(sheet)
    rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=header + 1)]
    rows = [r for r in reversed(rows) if r[texts["客户编号"] - 1] != two]
    sheet.delete_rows(header + 1, sheet.max_row)
    for values in rows:
        if values[texts["客户编号"] - 1] == one:
            values[texts["备注"] - 1] = "排序后写的"
        sheet.append(values)
    book.save(path)
    run(office)
    assert shown(path, LEADS, one, "备注") == "排序后写的"
    assert find(openpyxl.load_workbook(path)[LEADS], two)


def test_one_column_sorted_alone_is_not_believed(office):
    path = book_path(office)
    book = openpyxl.load_workbook(path)
    sheet = book[LEADS]
    header, texts = columns(sheet)
    numbers = [sheet.cell(r, texts["客户编号"]).value for r in range(header + 1, sheet.max_row + 1)]
    for at, number in enumerate(numbers[1:] + numbers[:1]):
        sheet.cell(header + 1 + at, texts["客户编号"]).value = number
        sheet.cell(header + 1 + at, texts["备注"]).value = "写错地方"
    book.save(path)
    report = run(office).weeks[-1].report
    assert "写错地方" not in set(report.leads["note"])
    assert {p.code for p in report.problems} >= {"edit-mismatch"}


def test_the_sales_department_gives_a_lead_its_brand(office):
    leads = trace(office).report.unbranded
    lead = leads["lead"].iloc[0]
    type_in(book_path(office, name=SALES_WORKBOOK), UNBRANDED, lead, 归属品牌=BRAND)
    report = run(office).weeks[-1].report
    assert lead in set(report.leads.loc[report.leads["brand"] == BRAND, "lead"])
    assert lead not in set(report.unbranded["lead"])


def test_given_up_leads_leave_the_list_but_not_the_office(office):
    (lead,) = some_leads(office, 1)
    type_in(book_path(office), LEADS, lead, 跟进状态="放弃")
    report = run(office).weeks[-1].report
    assert lead not in set(report.leads.loc[report.leads["brand"] == BRAND, "lead"])
    pool = book_path(office).with_name(f"2026-W47_{BRAND}_名录池.csv")
    assert lead in pool.read_text(encoding="utf-8-sig")


def test_what_one_director_types_stays_with_his_brand(office):
    leads = trace(office).report.leads
    lead = leads[leads["other_brand"] & (leads["brand"] == BRAND)]["lead"].iloc[0]
    type_in(book_path(office), LEADS, lead, 备注="只给本品牌看")
    report = run(office).weeks[-1].report
    notes = report.leads[report.leads["lead"] == lead].set_index("brand")["note"].to_dict()
    assert notes.pop(BRAND) == "只给本品牌看"
    assert set(notes.values()) == {""}


def test_a_workbook_saved_while_open_elsewhere_is_not_overwritten(office):
    path = book_path(office)
    (lead,) = some_leads(office, 1)
    (path.parent / f"~${path.name}").write_bytes(b"")
    (office.inbox / "陈静" / "新.csv").write_text(
        "咨询日期,咨询渠道,客户姓名,联系电话,意向品牌\n2026-11-19,咨询电话,邱新,13677770002,康源高电位\n"
    )
    before = path.read_bytes()
    outcome = run(office)
    assert path.read_bytes() == before
    beside = path.with_name(f"{path.stem}_新.xlsx")
    assert beside.exists()
    assert [p.code for p in outcome.problems] == ["workbook-open"]
    (path.parent / f"~${path.name}").unlink()
    type_in(beside, LEADS, lead, 备注="写在新文件里")
    run(office)
    assert shown(path, LEADS, lead, "备注") == "写在新文件里"
    assert not beside.exists()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is missing")
def test_a_workbook_only_opened_and_saved_by_libreoffice_changes_no_decision(office, tmp_path):
    path = book_path(office)
    before = trace(office)
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = ["soffice", "--headless", profile, "--convert-to", "xlsx", "--outdir", str(tmp_path / "out"), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    shutil.copyfile(tmp_path / "out" / path.name, path)
    outcome = run(office)
    after = trace(office)
    assert outcome.fresh
    pd.testing.assert_frame_equal(before.report.leads, after.report.leads)
    pd.testing.assert_frame_equal(before.trace, after.trace)
    assert after.report.conflicts.empty
    assert not [p for p in after.report.problems if p.code.startswith("edit")]


def edits(*rows):
    return pd.DataFrame([(n, *r, f"第{n}人", "2026-11-20") for n, r in enumerate(rows)], columns=EDIT_COLUMNS)


@pytest.mark.parametrize(
    ("rows", "value", "conflict"),
    [
        ([("甲", "L1", "note", "", "早")], "早", []),
        ([("甲", "L1", "note", "", "早"), ("甲", "L1", "note", "早", "晚")], "晚", []),
        ([("甲", "L1", "note", "", "早"), ("甲", "L1", "note", "", "早")], "早", []),
        # typed on a copy that did not know the earlier edit
        (
            [("甲", "L1", "note", "", "早"), ("甲", "L1", "note", "", "另一个")],
            "另一个",
            [("早", "第0人 2026-11-20", "另一个", "第1人 2026-11-20")],
        ),
    ],
)
def test_the_newest_edit_wins_and_a_stale_one_shows_both(rows, value, conflict):
    typed = apply_edits(edits(*rows), {})
    assert typed.values["L1", "甲", "note"] == value
    shown_both = typed.conflicts[["older", "older_by", "newer", "newer_by"]]
    assert list(shown_both.itertuples(index=False, name=None)) == conflict


def test_edits_follow_a_lead_that_was_merged_into_an_older_one():
    typed = apply_edits(edits(("甲", "L9", "owner", "", "刘洋")), {"L9": "L1"})
    assert typed.values == {("L1", "甲", "owner"): "刘洋"}


def test_a_workbook_id_says_neither_issue_nor_brand():
    assert book_id("abc", "甲") != book_id("abc", "乙")
    assert "甲" not in book_id("abc", "甲")
