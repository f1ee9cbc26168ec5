"""The weekly run end to end on the sample office, against what its identities say (samples/expected)."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import independent
import openpyxl
import pytest
from conftest import SAMPLES, copy_sample

from salessheets.archive import Archive
from salessheets.fates import FATES
from salessheets.journal import Journal
from salessheets.office import NotPossibleError, Office, Week
from salessheets.week import clock, replay, trace, weekly

ROWS = independent.read_csv(SAMPLES / "expected" / "rows.csv")
FILES = independent.read_csv(SAMPLES / "expected" / "files.csv")
LEADS = independent.read_csv(SAMPLES / "expected" / "leads.csv")
W45, W46, W47 = Week(2026, 45), Week(2026, 46), Week(2026, 47)
ROOT = SAMPLES.parent


def snapshot(root: Path, *folders: str) -> dict[str, str]:
    """Path → checksum of every file below these folders (all of the office without logs and lock by default)."""
    found = {}
    for path in sorted(root.rglob("*")):
        below = path.relative_to(root).as_posix()
        if path.is_file() and (not folders or below.startswith(folders)) and not below.startswith(("日志", "存档/.")):
            found[below] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def run(office: Office, **options):
    return weekly(office, day=clock(office), **options)


# --- what became of every row -------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def traced(ran):
    frame = trace(ran[0]).trace.astype({"row": str})
    return {(r.file, r.sheet, r.row): r for r in frame.itertuples(index=False)}


def test_every_row_has_the_fate_and_week_its_identity_demands(traced):
    told = {(r["file"], r["sheet"], r["row"]): (r["table"], r["fate"], r["decided"]) for r in ROWS}
    assert {key: (r.table, r.fate, r.week) for key, r in traced.items()} == told


def test_rows_of_one_customer_have_one_number_and_rows_of_two_have_two(traced):
    number_of = {x["who"]: x["number"] for x in LEADS}
    told = {
        (r["file"], r["sheet"], r["row"]): number_of[r["who"]]
        for r in ROWS
        if r["fate"] in ("新增客户", "并入已有客户", "更新") or (r["fate"] == "登记" and r["who"])
    }
    assert {key: traced[key].lead for key in told} == told


def test_the_leads_say_what_their_records_say(ran):
    report = trace(ran[0]).report
    valid = {x["number"]: x for x in LEADS if x["valid"] == "是"}
    import pandas as pd

    leads = pd.concat([report.leads, report.unbranded])
    brands = leads.groupby("lead")["brand"].agg(lambda b: "、".join(sorted(x for x in b if x)))
    shown = leads.drop_duplicates("lead").set_index("lead")
    assert set(shown.index) == set(valid)
    assert brands.to_dict() == {number: x["brands"] for number, x in valid.items()}
    for column, told in (("city", "city"), ("region_level", "region_level"), ("channel", "channel_by_date")):
        assert shown[column].to_dict() == {number: x[told] for number, x in valid.items()}, column
    assert shown["record_count"].astype(str).to_dict() == {number: x["records"] for number, x in valid.items()}
    for number, x in valid.items():
        if x["name"]:
            assert shown.at[number, "name"] == x["name"]
        mobiles = {x["main_mobile"], *x["other_mobiles"].split("、")} - {""}
        if mobiles and shown.at[number, "phone"].startswith("1"):
            assert shown.at[number, "phone"] in mobiles


def test_conservation_counted_by_an_independent_reader(ran):
    """交来行数 + 上周留待 = the fates, per file and in total, and the rows are those a stranger counts."""
    office, outcome = ran
    for done in outcome.weeks:
        ledger = done.report.ledger
        assert (ledger["rows"] + ledger["opening"] == ledger[list(FATES)].sum(axis=1)).all()
    counted = {
        f["file"]: independent.count(office.inbox / f["file"], independent.parse_headers(f["headers"]))
        for f in FILES
        if f["outcome"] == "read"
    }
    handed = outcome.weeks[0].report.ledger.set_index("file")["rows"].to_dict()
    assert {name: handed[name] for name in counted} == counted
    assert outcome.weeks[1].report.ledger["rows"].sum() == 0


def test_the_written_ledger_balances(ran):
    office, _ = ran
    for path in sorted(office.reports.rglob("*销售部_周报.xlsx")):
        sheet = openpyxl.load_workbook(path)["对账"]
        rows = [[c for c in row if c is not None] for row in sheet.iter_rows(min_row=4, values_only=True)]
        assert rows
        assert all("✓" in row and "✗" not in row for row in rows), path.name


def test_unreadable_and_unknown_files_are_listed_and_stop_nothing(ran):
    report = ran[1].weeks[-1].report
    told = {f["file"] for f in FILES if f["outcome"] in ("failed", "unknown")}
    assert told <= set(report.unclaimed["file"])
    assert {f["file"] for f in FILES if not f["person"]} <= set(report.unclaimed["file"])


# --- the same inputs give the same bytes --------------------------------------------------------------------------


def test_a_second_run_changes_no_byte(office):
    before = snapshot(office.root)
    outcome = run(office)
    assert not outcome.fresh
    assert snapshot(office.root) == before


def test_deleting_cache_and_reports_changes_no_byte(office):
    before = snapshot(office.root, "周报", "退回更正")
    shutil.rmtree(office.cache)
    shutil.rmtree(office.reports)
    shutil.rmtree(office.returns)
    run(office)
    assert snapshot(office.root, "周报", "退回更正") == before


def test_another_machine_gives_the_same_bytes(ran, tmp_path):
    """Another TZ, another PYTHONHASHSEED, and the files laid on disk in another order."""
    other = tmp_path / "另一台 电脑"
    files = sorted((p for p in (SAMPLES / "office").rglob("*") if p.is_file()), reverse=True)
    for path in files:
        target = other / path.relative_to(SAMPLES / "office")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    environment = {**os.environ, "TZ": "America/Los_Angeles", "PYTHONHASHSEED": "4711", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-X", "utf8", "-m", "salessheets", "--debug", "weekly", str(other)]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, cwd=tmp_path)
    assert done.returncode == 3, done.stderr.decode()
    folders = ("周报", "退回更正", "存档")
    assert snapshot(other, *folders) == snapshot(ran[0].root, *folders)


def test_a_past_week_is_written_again_byte_for_byte(office):
    written = replay(office, W45)
    again = snapshot(office.root, "复原/2026-W45")
    first = snapshot(office.root, "周报/2026-W45")
    assert {k.removeprefix("复原"): v for k, v in again.items()} == {
        k.removeprefix("周报"): v for k, v in first.items()
    }
    assert len(written) == len(again)


def test_a_dry_run_writes_nothing(tmp_path):
    office = Office(copy_sample(tmp_path / "试"))
    before = snapshot(office.root)
    outcome = run(office, dry=True)
    assert [str(w.report.week) for w in outcome.weeks] == ["2026-W45", "2026-W46", "2026-W47"]
    assert snapshot(office.root) == before


# --- weeks --------------------------------------------------------------------------------------------------------


def test_finished_weeks_are_closed_oldest_first_and_the_running_one_stays_open(ran):
    journal = Journal.open(ran[0])
    assert [(str(r.week), r.closed) for r in journal.runs] == [
        ("2026-W45", True), ("2026-W46", True), ("2026-W47", False),
    ]  # fmt: skip


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2026, 11, 24), date(2026, 12, 7)])
def test_run_on_monday_tuesday_or_after_a_holiday_no_week_is_skipped(office, day):
    weekly(office, day=day)
    closed = [str(w) for w in Journal.open(office).closings]
    wanted = ["2026-W45", "2026-W46", "2026-W47", "2026-W48", "2026-W49"]
    assert closed == [w for w in wanted if Week.parse(w) < Week.of(day)]


def test_a_closed_week_cannot_be_made_again_but_says_how(office):
    with pytest.raises(NotPossibleError, match="--replay 2026-W45"):
        run(office, week=W45)
    with pytest.raises(NotPossibleError, match="还没有开始"):
        run(office, week=Week(2027, 1))


def test_a_row_that_arrives_late_counts_in_the_first_open_week(office):
    late = office.inbox / "陈静" / "补交.csv"
    late.write_text("咨询日期,咨询渠道,客户姓名,联系电话\n2026-11-03,咨询电话,邱补交,13677770001\n", encoding="utf-8")
    outcome = run(office)
    row = next(r for r in outcome.weeks[-1].trace.itertuples() if r.file == "陈静/补交.csv")
    assert (row.week, row.fate) == ("2026-W47", "新增客户")


# --- hand-ins -----------------------------------------------------------------------------------------------------


def test_a_return_corrected_in_its_own_workbook_is_closed(office):
    path = office.returns / "陈静" / "退回更正_陈静.xlsx"
    book = openpyxl.load_workbook(path)
    fixed = None
    for sheet in book.worksheets:
        headers = {c.value: c.column for c in sheet[3]}
        for row in range(4, sheet.max_row + 1):
            todo = sheet.cell(row, headers["要改什么"]).value or ""
            if "联系" in todo and "联系电话" in headers:
                sheet.cell(row, headers["联系电话"]).value = "13677770009"
                fixed = sheet.cell(row, headers["记录编号"]).value
                break
        if fixed:
            break
    book.save(path)
    report = run(office).weeks[-1].report
    assert fixed not in set(report.returns["rid"])
    assert "13677770009" in {*report.leads["phone"], *report.unbranded["phone"]}


@pytest.mark.parametrize(("harm", "code"), [("gone", "archive-missing"), ("changed", "archive-changed")])
def test_an_archived_copy_that_is_gone_or_changed_is_named_and_the_run_goes_on(office, harm, code):
    archive = Archive.open(office)
    victim = next(e for e in archive.entries if e.inbox_path == "陈静/移交表 第47周.xlsx")
    (office.root / victim.path).unlink()
    if harm == "changed":
        (office.root / victim.path).write_bytes(b"something else")
    (office.inbox / victim.inbox_path).unlink()
    shutil.rmtree(office.cache)
    (office.inbox / "陈静" / "新.csv").write_text("咨询日期,咨询渠道,客户姓名,联系电话\n", encoding="utf-8")
    outcome = run(office)
    assert code in {p.code for p in outcome.weeks[-1].report.problems}
    assert [(p.code, p.value, p.file) for p in outcome.problems if p.code == code] == [
        (code, f"{victim.number:05d}", victim.inbox_path)
    ]
    assert Journal.open(office).runs[-1].missing == (victim.number,)
    assert not run(office).fresh  # the same is missing: nothing new


def test_a_copy_is_put_back_from_where_it_was_handed_in(office):
    victim = next(e for e in Archive.open(office).entries if e.inbox_path == "陈静/移交表 第47周.xlsx")
    before = snapshot(office.root)
    (office.root / victim.path).unlink()
    assert [p.code for p in run(office).problems] == ["archive-restored"]
    assert snapshot(office.root) == before


def test_a_copy_found_again_in_a_backup_is_used_by_the_next_run(office):
    """Its rows were missing from the report, and come back without anything else being new."""
    victim = next(e for e in Archive.open(office).entries if e.inbox_path == "陈静/移交表 第47周.xlsx")
    whole = {r.rid for r in trace(office).trace.itertuples()}
    backup = (office.root / victim.path).read_bytes()
    (office.root / victim.path).unlink()
    (office.inbox / victim.inbox_path).unlink()
    shutil.rmtree(office.cache)
    short = run(office)
    assert {r.rid for r in short.weeks[-1].trace.itertuples()} < whole
    (office.root / victim.path).write_bytes(backup)
    assert {r.rid for r in run(office).weeks[-1].trace.itertuples()} == whole


def test_an_issue_record_that_is_gone_stops_nothing(office):
    closing = Journal.open(office).closings[W45]
    (office.root / Archive.open(office).entry(closing.issue).path).unlink()
    (office.inbox / "陈静" / "新.csv").write_text("咨询日期,咨询渠道,客户姓名,联系电话\n", encoding="utf-8")
    outcome = run(office)
    assert [(p.code, p.value) for p in outcome.problems] == [("archive-missing", f"{closing.issue:05d}")]


def test_settings_that_cannot_be_opened_keep_the_day_they_had(office):
    """A broken 设置.xlsx loses neither brands nor 基准日期: the version before it stays in force."""
    pinned = clock(office)
    office.settings.write_bytes(b"PK\x03\x04 torn")
    assert clock(office) == pinned == date(2026, 11, 20)
    assert [b.name for b in run(office).weeks[-1].report.settings.brands]


def test_a_run_killed_between_workbooks_and_journal_line_is_not_taken_for_a_person(office):
    """Its own 退回更正 workbooks are no hand-ins."""
    (office.inbox / "陈静" / "新.csv").write_text(
        "咨询日期,咨询渠道,客户姓名,联系电话\n2026-11-18,咨询电话,邱某,123\n", encoding="utf-8"
    )
    journal = office.archive / "运行记录.csv"
    run(office)
    whole, files = journal.read_bytes(), len(Archive.open(office).entries)
    journal.write_bytes(whole[: whole.rstrip(b"\n").rfind(b"\n") + 1])  # the last line was never written
    assert Journal.open(office).newest(W47).last < Archive.open(office).last
    run(office)
    assert len(Archive.open(office).entries) == files
    assert journal.read_bytes() == whole
