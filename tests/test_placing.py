"""A workbook takes the place of the one before: open in Excel, changed meanwhile, or with something of one's own in it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import faults
import openpyxl
import pytest
from openpyxl.comments import Comment

from salessheets import placing, publish, week
from salessheets.archive import Archive, FileKind
from salessheets.followup import nothing
from salessheets.journal import Journal
from salessheets.office import Office
from salessheets.placing import additions, owner
from salessheets.summary import lines

BOOK = "周报/2026-W46/2026-W46_益生_周报.xlsx"
LEADS = "有效客户名单"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Office:
    return faults.make_office(tmp_path_factory.mktemp("placing") / "办公室")


@pytest.fixture
def office(prepared, tmp_path) -> Office:
    return faults.copy_of(prepared, tmp_path / "办公室")


def run(office: Office, day=date(2026, 11, 14)):
    """In the same week as the office's first run."""
    return week.weekly(office, day=day)


def excel_owner(name: str) -> bytes:
    """What Excel lays beside an open workbook: 165 bytes, the user's name twice."""
    narrow = name.encode("gb18030")
    wide = name.encode("utf-16-le")
    return (
        bytes([len(narrow)]) + narrow.ljust(54, b" ") + len(name).to_bytes(2, "little") + wide.ljust(108, b" \x00"[:1])
    )[:165]


def notes(data: bytes) -> dict[str, str]:
    page = openpyxl.load_workbook(io.BytesIO(data))[LEADS]
    at = {cell.value: cell.column for cell in page[3]}
    rows = range(4, page.max_row + 1)
    return {page.cell(r, at["客户姓名"]).value: page.cell(r, at["备注"]).value or "" for r in rows}


def type_in(path, value, name="邱二"):
    book = openpyxl.load_workbook(path)
    page = book[LEADS]
    at = {cell.value: cell.column for cell in page[3]}
    row = next(r for r in range(4, page.max_row + 1) if page.cell(r, at["客户姓名"]).value == name)
    page.cell(row, at["备注"]).value = value
    book.save(path)


# --- open in Excel --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "data", "told"),
    [
        ("~$a.xlsx", excel_owner("总监乙"), "总监乙"),
        ("~$a.xlsx", excel_owner("Wang Wu"), "Wang Wu"),
        ("~$a.xlsx", b"\x06" + "总监".encode("gb18030") + b"  ", "总监"),
        ("~$a.xlsx", b"", ""),
        (".~lock.a.xlsx#", ",总监乙,PC-7,24.11.2026 10:00,file:///C:/Users;".encode(), "总监乙"),
        (".~lock.a.xlsx#", b"", ""),
        ("~$b.xlsx", excel_owner("总监乙"), None),
    ],
)
def test_who_has_a_workbook_open_stands_in_the_file_beside_it(tmp_path, file, data, told):
    (tmp_path / file).write_bytes(data)
    assert owner(tmp_path / "a.xlsx") == told


def test_an_open_workbook_is_left_alone_and_the_message_says_who_has_it(office):
    target = office.root / BOOK
    before = target.read_bytes()
    (target.parent / f"~${target.name}").write_bytes(excel_owner("总监乙"))
    outcome = run(office)
    beside = target.with_name(f"{target.stem}_新.xlsx")
    assert target.read_bytes() == before
    assert beside.exists()
    (said,) = [line for line in lines(office, outcome, dry=False) if "打开" in line]
    assert "正被总监乙打开着" in said
    assert beside.name in said

    (target.parent / f"~${target.name}").unlink()
    run(office)  # closed: brought together
    assert not beside.exists()
    assert target.read_bytes() != before


def test_windows_refuses_to_replace_what_is_open(office, monkeypatch):
    """Without an owner file, the system's own refusal says that somebody has it open."""
    target = office.root / BOOK
    whole = placing.write_whole

    def refuse(path, data, may_replace=lambda: True):
        if path == target:
            raise PermissionError(13, "in use", str(path))
        return whole(path, data, may_replace)

    monkeypatch.setattr(placing, "write_whole", refuse)
    assert [(p.code, p.details["who"]) for p in run(office).problems] == [("workbook-open", "别人")]
    assert target.with_name(f"{target.stem}_新.xlsx").exists()


def test_what_is_typed_into_the_workbook_beside_is_kept_too(office):
    target = office.root / BOOK
    lock = target.parent / f"~${target.name}"
    lock.write_bytes(excel_owner("总监乙"))
    run(office)
    beside = target.with_name(f"{target.stem}_新.xlsx")
    type_in(beside, "写在新文件里")
    lock.unlink()
    run(office)
    assert notes(target.read_bytes())["邱二"] == "写在新文件里"
    assert not beside.exists()


def test_when_both_are_open_a_third_lies_beside(office):
    target = office.root / BOOK
    for name in (target.name, f"{target.stem}_新.xlsx"):
        (target.parent / f"~${name}").write_bytes(excel_owner("总监乙"))
        run(office)
        (office.inbox / "陈静" / "第46周.csv").open("a").write("2026-11-12,咨询电话,邱六,13677770006,,益生,,\n")
    run(office)
    assert target.with_name(f"{target.stem}_新2.xlsx").exists()


def test_a_workbook_that_was_open_when_its_week_was_closed_is_put_in_place_later(office):
    whole = faults.copy_of(office, office.root.parent / "ungestört")
    run(whole, faults.DAY)
    target = office.root / BOOK
    lock = target.parent / f"~${target.name}"
    lock.write_bytes(excel_owner("总监乙"))
    assert [p.code for p in run(office, faults.DAY).problems] == ["workbook-open"]
    assert [p.code for p in run(office, faults.DAY).problems] == ["workbook-open"]  # still open
    assert not list(target.parent.glob("*_新2*"))
    lock.unlink()
    assert run(office, faults.DAY).problems == ()
    assert faults.snapshot(office.root) == faults.snapshot(whole.root)


# --- changed meanwhile ----------------------------------------------------------------------------------------------


def test_a_workbook_saved_at_the_last_moment_is_archived_and_merged(office, monkeypatch):
    """Between the comparison and the rename: the bytes are looked at again, and the week is made again."""
    target = office.root / BOOK
    real, times = placing.write_whole, []

    def saved_meanwhile(path, data, may_replace=lambda: True):
        if path == target and not times:
            times.append(1)
            type_in(target, "最后一刻")
        return real(path, data, may_replace)

    monkeypatch.setattr(placing, "write_whole", saved_meanwhile)
    run(office)
    assert times
    assert notes(target.read_bytes())["邱二"] == "最后一刻"
    returned = [e for e in Archive.open(office).of_kind(FileKind.RETURNED) if e.source == BOOK]
    assert len(returned) == 1


def test_a_workbook_that_is_saved_all_the_time_ends_the_run_with_a_sentence(office, monkeypatch):
    target = office.root / BOOK
    real, times = placing.write_whole, []

    def saved_meanwhile(path, data, may_replace=lambda: True):
        if path == target:
            times.append(1)
            type_in(target, f"第{len(times)}次")
        return real(path, data, may_replace)

    monkeypatch.setattr(placing, "write_whole", saved_meanwhile)
    with pytest.raises(week.NotPossibleError, match="先关闭周报"):
        run(office)
    monkeypatch.undo()
    run(office)
    assert notes(target.read_bytes())["邱二"] == f"第{len(times)}次"


# --- something of one's own -----------------------------------------------------------------------------------------


def add_comment(book):
    book[LEADS]["C4"].comment = Comment("老客户,先打电话", "总监乙")


def add_sheet(book):
    book.create_sheet("我的备忘")["A1"] = "周三开会"


def add_column(book):
    page = book[LEADS]
    page.cell(3, page.max_column + 1).value = "我的列"
    page.cell(4, page.max_column).value = "x"


def add_nameless_column(book):
    page = book[LEADS]
    page.cell(4, page.max_column + 1).value = "随手写的"


def add_row(book):
    page = book[LEADS]
    page.cell(page.max_row + 1, 3).value = "张新来"


@pytest.mark.parametrize(
    ("add", "what"),
    [(add_comment, "批注"), (add_sheet, "工作表"), (add_column, "列"), (add_nameless_column, "列"), (add_row, "行")],
)
def test_what_cannot_be_carried_over_keeps_the_old_file(office, add, what):
    target = office.root / BOOK
    book = openpyxl.load_workbook(target)
    add(book)
    book.save(target)
    old = target.read_bytes()
    outcome = run(office)
    kept = target.with_name(f"{target.stem}_原件.xlsx")
    assert kept.read_bytes() == old
    assert target.read_bytes() != old
    assert [(p.code, p.details["what"], p.details["beside"]) for p in outcome.problems] == [
        ("workbook-kept", what, kept.name)
    ]
    numbers = len(Archive.open(office).entries)
    assert not run(office).fresh  # what was kept is no new hand-in
    assert len(Archive.open(office).entries) == numbers


def test_cells_that_come_back_keep_no_file(office):
    type_in(office.root / BOOK, "只填了黄色格")
    assert run(office).problems == ()
    assert not list(office.reports.rglob("*_原件*"))


def test_our_own_workbooks_have_nothing_of_somebodys_own(ran):
    _, books = publish.workbooks(ran[1].weeks[-1], folder="周报", with_returns=False, passwords=ran[0].passwords)
    for path, data in books.items():
        if path.endswith(".xlsx"):
            assert additions(data, data) == [], path


def test_a_list_that_vanishes_since_all_are_assigned_is_nobodys_own(ran):
    first, last = ran[1].weeks[0], ran[1].weeks[-1]
    _, old = publish.workbooks(first, folder="周报", with_returns=False, passwords=ran[0].passwords)
    assigned = replace(last, report=replace(last.report, leads=last.report.leads.assign(owner="陈静")))
    _, new = publish.workbooks(assigned, folder="周报", with_returns=False, passwords=ran[0].passwords)
    pairs = [(path, path.replace("2026-W45", "2026-W47")) for path in old if path.endswith("_周报.xlsx")]
    assert {one: additions(old[one], new[other]) for one, other in pairs} == {one: [] for one, _ in pairs}


def test_sheets_that_are_left_out_when_all_is_done_are_nobodys_own(ran):
    last = ran[1].weeks[-1]
    _, old = publish.workbooks(last, folder="周报", with_returns=False, passwords=ran[0].passwords)
    report = replace(
        last.report, lists=nothing(), conflicts=last.report.conflicts.iloc[:0], history=last.report.history.iloc[:0]
    )
    _, new = publish.workbooks(
        replace(last, report=report), folder="周报", with_returns=False, passwords=ran[0].passwords
    )
    sheets = {
        path: openpyxl.load_workbook(io.BytesIO(data)).sheetnames for path, data in old.items() if path.endswith("xlsx")
    }
    assert {"本周待办", "转介绍与答谢", "漏移交", "逾期未反馈", "撞单"} <= set().union(*sheets.values())
    assert {path: additions(old[path], new[path]) for path in sheets} == {path: [] for path in sheets}


@pytest.mark.parametrize(("above", "below"), [(5, 30), (30, 5)])
def test_an_explanation_of_the_number_is_no_list_with_columns_of_somebodys_own(above, below):
    """说明 explains 客户编号 in a line that stands lower the more sheets there are."""

    def book(row: int) -> bytes:
        file = openpyxl.Workbook()
        page = file.active
        page.title = "说明"
        page["A1"], page.cell(row, 1).value, page.cell(row, 2).value = "说明", "客户编号", "永远不变"
        out = io.BytesIO()
        file.save(out)
        return out.getvalue()

    assert additions(book(above), book(below)) == []


def test_a_later_edit_wins_over_the_file_that_was_kept(office):
    target = office.root / BOOK
    book = openpyxl.load_workbook(target)
    add_sheet(book)
    book.save(target)
    type_in(target, "第一次")
    run(office)
    type_in(target, "第二次")
    run(office)
    assert notes(target.read_bytes())["邱二"] == "第二次"
    assert Journal.open(office).runs[-1].missing == ()
