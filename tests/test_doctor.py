"""``doctor``: each harm is named; what can be put right without guessing is put right."""

from __future__ import annotations

import json

import faults
import pytest
from click.testing import CliRunner
from faults import copy_of, snapshot

from salessheets.archive import Archive
from salessheets.cli import main
from salessheets.doctor import examine
from salessheets.journal import Journal
from salessheets.office import Office


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Office:
    office = faults.make_office(tmp_path_factory.mktemp("doctor") / "办公室")
    faults.run(office)
    return office


@pytest.fixture
def office(prepared, tmp_path) -> Office:
    return copy_of(prepared, tmp_path / "办公室")


def codes(problems) -> list[str]:
    return [problem.code for problem in problems]


def path_of(office: Office, name: str):
    return office.root / next(e.path for e in Archive.open(office).entries if e.name == name)


def test_a_sound_office_is_well_and_stays_as_it_is(office):
    before = snapshot(office.root)
    found = examine(office)
    assert (found.mended, found.problems, found.checked) == ([], [], 9)
    assert snapshot(office.root) == before


def leftover(office):
    (office.reports / ".a.xlsx.77.tmp").write_bytes(b"half")


def torn(office):
    with (office.archive / "登记.csv").open("ab") as out:
        out.write(b"00010,ab")


def copy_gone(office):
    path_of(office, "第47周.csv").unlink()


def copy_changed(office):
    path_of(office, "第47周.csv").write_bytes(b"something else")


def settings_gone(office):
    path_of(office, "设置.xlsx").unlink()


def issue_gone(office):
    entry = Archive.open(office).entry(Journal.open(office).runs[-1].issue)
    (office.root / entry.path).unlink()


def copy_twice(office):
    (office.archive / "2026-W47" / "00010_陈静_第47周.csv").write_bytes(path_of(office, "第47周.csv").read_bytes())


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (leftover, "doctor-leftover"),
        (torn, "doctor-torn"),
        (copy_gone, "archive-restored"),
        (copy_changed, "archive-restored"),
        (settings_gone, "archive-restored"),
        (issue_gone, "archive-restored"),
        (copy_twice, "doctor-leftover"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_what_can_be_mended_is_as_it_was(office, harm, code):
    before = snapshot(office.root)
    harm(office)
    assert snapshot(office.root) != before
    found = examine(office)
    assert codes(found.mended) == [code]
    assert found.well
    assert snapshot(office.root) == before


def test_a_damaged_cache_is_thrown_away(office):
    victim = min(office.cache.rglob("*.parquet"))
    victim.write_bytes(b"PAR1 damaged")
    assert codes(examine(office).mended) == ["doctor-cache"]
    assert not victim.exists()


def lost_for_good(office):
    path_of(office, "第47周.csv").unlink()
    (office.inbox / "陈静" / "第47周.csv").unlink()


def changed_for_good(office):
    path_of(office, "第47周.csv").write_bytes(b"something else")
    (office.inbox / "陈静" / "第47周.csv").unlink()


def stranger(office):
    (office.archive / "2026-W47" / "00099_陈静_别的.csv").write_bytes(b"a,b")


def line_gone(office):
    lines = (office.archive / "登记.csv").read_bytes().splitlines(keepends=True)
    (office.archive / "登记.csv").write_bytes(b"".join(lines[:3] + lines[4:]))


@pytest.mark.parametrize(
    ("harm", "expected"),
    [
        (lost_for_good, {"archive-missing"}),
        (changed_for_good, {"archive-changed"}),
        (stranger, {"archive-extra"}),
        (line_gone, {"doctor-gap", "doctor-run", "archive-extra"}),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_what_cannot_be_mended_is_named_and_nothing_is_lost(office, harm, expected):
    harm(office)
    before = snapshot(office.root)
    found = examine(office)
    assert set(codes(found.problems)) == expected
    assert snapshot(office.root) == before


def test_reports_that_are_gone_or_open_are_told(office):
    run = Journal.open(office).runs[-1]
    first, second = [path for path in run.outputs if path.startswith("周报")][:2]
    (office.root / first).unlink()
    target = office.root / second
    target.with_name(f"~${target.name}").write_bytes(b"\x04" + "张三".encode("gb18030"))
    found = examine(office)
    assert [(p.code, p.value) for p in found.problems] == [("doctor-report-gone", first), ("doctor-open", second)]
    assert "张三" in found.problems[1].message
    assert found.well


def test_settings_that_are_wrong_are_told(office):
    office.settings.write_bytes(b"PK\x03\x04 torn")
    assert "file-unreadable" in codes(examine(office).problems)


def call(*arguments):
    return CliRunner().invoke(main, [str(a) for a in arguments])


def test_the_command_says_what_it_found(office):
    assert call("doctor", office.root).stderr == "检查了存档里的 9 个文件。\n没有发现问题。\n"
    leftover(office)
    lost_for_good(office)
    result = call("doctor", office.root, "--json")
    assert result.exit_code == 3
    document = json.loads(result.stdout)
    assert document["schema_version"] == 1
    assert [problem["code"] for problem in document["mended"]] == ["doctor-leftover"]
    assert [(p["code"], p["file"]) for p in document["problems"]] == [("archive-missing", "陈静/第47周.csv")]
    assert "已修好:上次没有做完时留下的文件" in result.stderr
