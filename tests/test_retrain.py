"""retrain: what would change is listed before it changes; a version counts from the next run on, never backwards."""

from __future__ import annotations

import contextlib
import copy
import csv
import unicodedata
from datetime import date

import faults
import openpyxl
import pytest
from click.testing import CliRunner
from desk import Desk, type_in
from faults import snapshot

from salessheets import files, office, retrain, week
from salessheets.archive import Archive, FileKind
from salessheets.cli import main
from salessheets.doctor import examine
from salessheets.journal import Journal
from salessheets.match import learn
from salessheets.office import Week

W46, W47 = date(2026, 11, 13), date(2026, 11, 20)
# One name with two phones in one county: asked about, until same names in a city are worth 3 bits more.
ROWS = """name | phone | consult_date | brand | province | city | county
王建国 | 13958671234 | 2026-11-09 | 康源 | 山东省 | 济南市 | 历下区
王建国 | 13700001111 | 2026-11-10 | 康源 | 山东省 | 济南市 | 历下区
赵秀英 | 13955556666 | 2026-11-09 | 康源 | 山东省 | 青岛市 | 市南区
赵秀英 | 13744443333 | 2026-11-10 | 康源 | 山东省 | 青岛市 | 市南区
孙强 | 13912123434 | 2026-11-10 | 康源 | 山东省 | 烟台市 | 芝罘区"""
WANG, WANG2, ZHAO, ZHAO2, SUN = (f"00002-1-{row}" for row in range(2, 7))
BEFORE, AFTER = [WANG, WANG2, ZHAO, ZHAO2, SUN], [WANG, ZHAO, ZHAO2, SUN]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """Two pairs that are asked about; somebody has answered 不是 on one of them."""
    desk = Desk(tmp_path_factory.mktemp("retrain") / "办公室")
    desk.hand_in("陈静/咨询.csv", ROWS)
    desk.run(W46)
    assert sorted(desk.leads()) == BEFORE
    type_in(desk.book("2026-W46"), "待确认重复", f"{ZHAO}/{ZHAO2}", column="编号", 是否同一客户="不是")
    desk.run(W46)
    return desk


@pytest.fixture
def desk(prepared, tmp_path):
    mine = copy.copy(prepared)
    mine.office = faults.copy_of(prepared.office, tmp_path / "办公室")
    return mine


@pytest.fixture
def taught(monkeypatch):
    """It is still that day; the archive is long enough and teaches this."""
    monkeypatch.setattr(office, "today", lambda: W46)
    monkeypatch.setattr(learn, "enough", lambda _: True)
    monkeypatch.setattr(learn, "counted", lambda *_: {})
    monkeypatch.setattr(learn, "differences", lambda *_: {"姓名和城市": 3.0})


def call(desk, *options):
    found = CliRunner().invoke(main, ["retrain", str(desk.office.root), *options])
    assert found.exit_code == 0, found.output
    return half_width(found.stderr)


def half_width(text):
    """Commas, colons and brackets as on a Latin keyboard."""
    return unicodedata.normalize("NFKC", text)


def test_a_small_office_has_nothing_to_learn_and_hears_why(desk):
    before = snapshot(desk.office.root)
    assert call(desk, "--apply").splitlines() == [
        "存档里能比较的记录只有 5 条,少于 10,000 条,看不出本单位的特点,不用学习。什么都没有改。"
    ]
    assert snapshot(desk.office.root) == before


def test_without_apply_the_changed_customers_are_listed_and_nothing_changes(desk, taught, tmp_path):
    before = snapshot(desk.office.root)
    said = call(desk, "--out", str(tmp_path / "变化.csv"))
    assert "同城市同姓名的两行,在这份名单里同一客户比平常多:证据加 3.0 分" in said
    assert "会变的客户:合并 1 处" in said
    assert f"合并:{WANG} 王建国 + {WANG2} 王建国 → {WANG};同姓名 +8.0,同县区 +1.5 = 9.5" in said
    assert "待确认重复:2 对,会变成 1 对" in said
    assert "现在什么都没有改" in said
    assert ZHAO not in said
    assert snapshot(desk.office.root) == before
    rows = list(csv.DictReader((tmp_path / "变化.csv").read_text("utf-8-sig").splitlines()))
    assert [(r["变化"], r["现在的客户编号"], r["以后的客户编号"]) for r in rows] == [("合并", f"{WANG}、{WANG2}", WANG)]


def test_applied_exactly_these_change_and_a_no_stays_a_no(desk, taught):
    call(desk, "--apply", "--who", "销售部李")
    assert sorted(desk.leads()) == BEFORE  # until the next run
    desk.run(W46)
    assert sorted(desk.leads()) == AFTER
    assert "按本单位的分数 leads-2+00006(2026-11-13 由销售部李学习) 判断" in ledger_of(desk, "2026-W46")


def ledger_of(desk, label):
    page = openpyxl.load_workbook(desk.book(label, "销售部_周报"))["对账"]
    return half_width(" ".join(str(cell.value) for row in page.iter_rows(max_row=3) for cell in row if cell.value))


def test_the_archive_keeps_the_version_with_day_and_person_and_the_journal_names_it(desk, taught):
    call(desk, "--apply", "--who", "销售部李")
    entry = Archive.open(desk.office).entries[-1]
    assert (entry.kind, entry.person, entry.archived_at) == (FileKind.MODEL, "销售部李", W46)
    desk.run(W47)
    journal = Journal.open(desk.office)
    assert [run.model for run in journal.runs][-1] == f"leads-2+{entry.number:05d}"
    assert {run.model for run in journal.runs if run.last < entry.number} == {"leads-2"}


def test_an_earlier_week_is_replayed_with_the_weights_it_had(desk, taught):
    desk.run(W47)  # closes W46 with the shipped weights
    closed = books(desk)
    call(desk, "--apply")
    desk.run(W47)
    assert sorted(desk.leads()) == AFTER
    week.replay(desk.office, Week.parse("2026-W46"))
    assert books(desk, "复原") == closed == books(desk)


def books(desk, folder="周报"):
    return {path.name: path.read_bytes() for path in sorted((desk.office.root / folder / "2026-W46").glob("*.xlsx"))}


def test_the_same_again_is_nothing_new_and_shipped_leads_back(desk, taught):
    call(desk, "--apply")
    assert "和现在用的分数(leads-2+00006)一样" in call(desk, "--apply")
    desk.run(W46)
    assert sorted(desk.leads()) == AFTER
    assert f"拆开:{WANG} 王建国 → {WANG}、{WANG2}" in call(desk, "--shipped", "--apply")
    desk.run(W46)
    assert sorted(desk.leads()) == BEFORE


def test_killed_at_any_moment_the_version_counts_wholly_or_not_at_all(desk, taught, tmp_path, monkeypatch):
    found = retrain.propose(desk.office, W46, "李")
    for at in range(1, 12):
        place = faults.copy_of(desk.office, tmp_path / f"办公室{at}")
        disk = faults.KilledAmid(at)
        with monkeypatch.context() as patched, contextlib.suppress(faults.Stopped):
            patched.setattr(files, "disk", disk)
            retrain.apply(place, found, W46, "李")
        assert examine(place).problems == []
        assert examine(place).mended == []
        if not versions(place):
            retrain.apply(place, found, W46, "李")
        assert versions(place) == [6]
        if not disk.dead:
            return
    raise AssertionError("the disk was never asked that often")


def versions(place):
    return [entry.number for entry in Archive.open(place).of_kind(FileKind.MODEL)]


def test_a_version_whose_copy_is_lost_is_named(desk, taught):
    call(desk, "--apply")
    entry = Archive.open(desk.office).entries[-1]
    (desk.office.root / entry.path).unlink()
    assert [(p.code, p.value) for p in examine(desk.office).problems] == [("archive-missing", "00006")]
