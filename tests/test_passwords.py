"""A password per brand: the workbook is locked with it, what is typed into it comes back, and it is stored nowhere."""

from __future__ import annotations

import io
from dataclasses import replace

import faults
import msoffcrypto
import openpyxl
import pytest
from click.testing import CliRunner
from faults import copy_of

from salessheets import forget, seek, week
from salessheets.cli import main
from salessheets.journal import Journal
from salessheets.office import Office, Week
from salessheets.passwords import VARIABLE, Passwords, is_locked

SECRET, SALES_SECRET = "Kang-7f$秘", "Sales-9"
BOOK = "周报/2026-W47/2026-W47_康泰_周报.xlsx"
OPEN = "周报/2026-W47/2026-W47_益生_周报.xlsx"
SALES = "周报/2026-W47/2026-W47_销售部_周报.xlsx"
KEYS = Passwords({"康泰": (SECRET,), "销售部": (SALES_SECRET,)})


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Office:
    office = faults.make_office(tmp_path_factory.mktemp("locked") / "办公室")
    locked = replace(office, passwords=KEYS)
    faults.run(locked)
    return locked


@pytest.fixture
def office(prepared, tmp_path) -> Office:
    return replace(copy_of(prepared, tmp_path / "办公室"), passwords=KEYS)


def opened(data: bytes, password: str) -> bytes:
    out = io.BytesIO()
    file = msoffcrypto.OfficeFile(io.BytesIO(data))
    file.load_key(password=password, verify_password=True)
    file.decrypt(out)
    return out.getvalue()


def type_in(path, password: str, value: str, target=None) -> None:
    """What a director does in Excel: open with the password, type, save with the password."""
    book = openpyxl.load_workbook(io.BytesIO(opened(path.read_bytes(), password)))
    page = book["有效客户名单"]
    at = {cell.value: cell.column for cell in page[3]}
    row = next(r for r in range(4, page.max_row + 1) if page.cell(r, at["客户姓名"]).value == "邱四")
    page.cell(row, at["备注"]).value = value
    out = io.BytesIO()
    book.save(out)
    (target or path).write_bytes(Passwords({"x": (password,)}).seal(out.getvalue(), "x"))


def note(outcome) -> str:
    leads = outcome.weeks[-1].report.leads
    return leads.loc[(leads["name"] == "邱四") & (leads["brand"] == "康泰"), "note"].iloc[0]


def run(office: Office):
    return week.weekly(office, day=faults.DAY)


def test_only_the_brands_with_a_password_are_locked(office):
    locked = {path: is_locked((office.root / path).read_bytes()) for path in (BOOK, OPEN, SALES)}
    assert locked == {BOOK: True, OPEN: False, SALES: True}
    inside = openpyxl.load_workbook(io.BytesIO(opened((office.root / BOOK).read_bytes(), SECRET)))
    assert "有效客户名单" in inside.sheetnames
    with pytest.raises(Exception, match=r"(?i)password|key"):
        opened((office.root / BOOK).read_bytes(), "wrong")


def test_what_a_director_types_into_a_locked_workbook_comes_back(office):
    type_in(office.root / BOOK, SECRET, "打过电话")
    assert note(run(office)) == "打过电话"
    assert is_locked((office.root / BOOK).read_bytes())


def test_so_does_a_copy_sent_back_through_the_inbox(office):
    type_in(office.root / BOOK, SECRET, "微信发回", office.inbox / "陈静" / "发回.xlsx")
    assert note(run(office)) == "微信发回"
    assert not run(office).fresh


def test_nothing_new_is_nothing_new(office):
    before = faults.snapshot(office.root)
    assert not run(office).fresh
    assert faults.snapshot(office.root) == before


def test_the_password_stands_nowhere_in_the_folder(office):
    for path in (p for p in office.root.rglob("*") if p.is_file()):
        data = path.read_bytes()
        assert not any(s.encode(code) in data for s in (SECRET, SALES_SECRET) for code in ("utf-8", "utf-16-le")), path
    assert SECRET not in repr(office)
    assert SECRET not in repr(office.passwords)


def test_without_the_password_nothing_is_written_open(office):
    bare = replace(office, passwords=Passwords())
    before = faults.snapshot(office.root)
    (office.inbox / "陈静" / "新.csv").write_text("咨询日期,咨询渠道,客户姓名,联系电话\n", "utf-8")
    for attempt in (
        lambda: run(bare),
        lambda: week.replay(bare, Week(2026, 47)),
        lambda: seek.find(bare, numbers=("13677770004",)),
    ):
        with pytest.raises(week.NotPossibleError, match=r"康泰.*有密码"):
            attempt()
    (office.inbox / "陈静" / "新.csv").unlink()
    assert {k: v for k, v in faults.snapshot(office.root).items() if k.startswith("周报")} == {
        k: v for k, v in before.items() if k.startswith("周报")
    }


def test_a_password_can_be_changed_and_taken_away(office):
    type_in(office.root / BOOK, SECRET, "用旧密码保存")
    changed = replace(office, passwords=Passwords({"康泰": ("neu", SECRET), "销售部": ("",)}))
    assert note(run(changed)) == "用旧密码保存"
    opened((office.root / BOOK).read_bytes(), "neu")
    assert not is_locked((office.root / SALES).read_bytes())
    assert Journal.open(office).runs[-1].locked == ("康泰",)


def test_a_past_week_is_written_again_locked(office):
    week.replay(office, Week(2026, 47))
    again = (office.root / BOOK.replace("周报", "复原", 1)).read_bytes()
    assert opened(again, SECRET) == opened((office.root / BOOK).read_bytes(), SECRET)


def test_a_workbook_saved_with_a_password_nobody_told_us_is_not_overwritten(office):
    type_in(office.root / BOOK, SECRET, "另设了密码")
    data = opened((office.root / BOOK).read_bytes(), SECRET)
    foreign = Passwords({"x": ("anders",)}).seal(data, "x")
    (office.root / BOOK).write_bytes(foreign)
    outcome = run(office)
    assert (office.root / BOOK).read_bytes() == foreign
    assert [(p.code, p.value) for p in outcome.problems] == [("workbook-locked", BOOK.rsplit("/", 1)[-1])]
    told = replace(office, passwords=Passwords({**KEYS.of, "康泰": (SECRET, "anders")}))
    assert note(run(told)) == "另设了密码"
    assert opened((office.root / BOOK).read_bytes(), SECRET)


def test_the_list_of_leads_given_up_is_locked_too(office):
    book = openpyxl.load_workbook(io.BytesIO(opened((office.root / BOOK).read_bytes(), SECRET)))
    page = book["有效客户名单"]
    at = {cell.value: cell.column for cell in page[3]}
    page.cell(4, at["跟进状态"]).value = "放弃"
    out = io.BytesIO()
    book.save(out)
    (office.root / BOOK).write_bytes(KEYS.seal(out.getvalue(), "康泰"))
    run(office)
    pool = office.root / BOOK.replace("周报.xlsx", "名录池.xlsx")
    assert is_locked(pool.read_bytes())
    assert not pool.with_suffix(".csv").exists()
    rows = list(openpyxl.load_workbook(io.BytesIO(opened(pool.read_bytes(), SECRET))).active.values)
    assert len([row for row in rows if row[0] and str(row[0])[:5].isdigit()]) == 1


def test_a_person_is_erased_from_locked_workbooks_too(office):
    type_in(office.root / BOOK, SECRET, "电话 13677770004 没人接")
    forget.start(office, seek.find(office, numbers=("13677770004",)))
    erased = forget.resume(office)
    assert erased.problems == ()
    data = (office.root / BOOK).read_bytes()
    assert is_locked(data)
    page = openpyxl.load_workbook(io.BytesIO(opened(data, SECRET)))["有效客户名单"]
    cells = {str(cell.value) for row in page.iter_rows() for cell in row}
    assert "邱一" in cells
    assert not {text for text in cells if "13677770004" in text or text == "邱四"}


def test_passwords_come_from_the_environment(monkeypatch):
    monkeypatch.setenv(VARIABLE, "康泰=neu=1; 销售部=x;康泰=alt;无;=y")
    keys = Passwords.from_environment()
    assert dict(keys.of) == {"康泰": ("neu=1", "alt"), "销售部": ("x",)}
    assert keys.writing("康泰") == "neu=1"
    assert keys.also("康泰", "ganz neu").writing("康泰") == "ganz neu"
    assert Passwords().writing("康泰") == ""


def test_passwords_come_from_the_keyboard(prepared, tmp_path):
    office = copy_of(prepared, tmp_path / "办公室")
    arguments = ["weekly", str(office.root), "--as-of", str(faults.DAY), "--password", "康泰", "--password", "销售部"]
    result = CliRunner().invoke(main, arguments, input=f"{SECRET}\n{SECRET}\n{SALES_SECRET}\n{SALES_SECRET}\n")
    assert result.exit_code == 3, result.stderr
    assert SECRET not in result.output + result.stderr
    assert "没有新内容" in result.stderr


def test_what_is_no_workbook_or_has_another_password_stays_as_it_is():
    assert KEYS.unlock(b"PK\x03\x04") == b"PK\x03\x04"
    foreign = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"broken"
    assert KEYS.unlock(foreign) == foreign
