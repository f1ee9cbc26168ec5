from __future__ import annotations

from datetime import date

from salessheets.archive import Archive, FileKind
from salessheets.collect import collect_inbox, files_below
from salessheets.files import append_line, drop_torn_line, write_whole
from salessheets.issue import Issue, issue_id, unpack
from salessheets.journal import Journal, Run
from salessheets.office import Office, Week

DAY = date(2026, 11, 20)


def make(tmp_path):
    office = Office(tmp_path)
    office.make()
    return office


def drop(office, path, data):
    target = office.inbox / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


def test_files_get_numbers_in_the_order_of_their_paths(tmp_path):
    office = make(tmp_path)
    drop(office, "王五/b.xlsx", b"2")
    drop(office, "李四/a.xlsx", b"1")
    drop(office, "c.csv", b"3")
    drop(office, "李四/~$a.xlsx", b"lock")
    drop(office, "李四/.hidden.xlsx", b"x")
    drop(office, "李四/_draft/a.xlsx", b"x")
    archive = Archive.open(office)
    found = [(e.number, e.inbox_path, e.person) for e in collect_inbox(office, archive, DAY)]
    assert found == [(1, "c.csv", ""), (2, "李四/a.xlsx", "李四"), (3, "王五/b.xlsx", "王五")]
    assert archive.data(archive.entry(2)) == b"1"


def test_a_second_look_finds_nothing_new(tmp_path):
    office = make(tmp_path)
    drop(office, "李四/a.xlsx", b"1")
    list(collect_inbox(office, Archive.open(office), DAY))
    assert list(collect_inbox(office, Archive.open(office), DAY)) == []


def test_the_same_bytes_under_another_name_are_noted_but_not_stored_twice(tmp_path):
    office = make(tmp_path)
    drop(office, "李四/周报.xlsx", b"1")
    drop(office, "李四/周报(1).xlsx", b"1")
    drop(office, "王五/周报.xlsx", b"1")
    archive = Archive.open(office)
    kinds = [(e.inbox_path, e.kind) for e in collect_inbox(office, archive, DAY)]
    assert kinds == [
        ("李四/周报(1).xlsx", FileKind.HAND_IN),
        ("李四/周报.xlsx", FileKind.COPY),
        ("王五/周报.xlsx", FileKind.HAND_IN),
    ]
    assert len(files_below(office.archive / "2026-W47")) == 2


def test_a_changed_file_gets_a_new_number_and_the_old_copy_stays(tmp_path):
    office = make(tmp_path)
    drop(office, "李四/a.xlsx", b"1")
    list(collect_inbox(office, Archive.open(office), DAY))
    drop(office, "李四/a.xlsx", b"2")
    archive = Archive.open(office)
    assert [e.number for e in collect_inbox(office, archive, DAY)] == [2]
    assert [archive.data(e) for e in archive.entries] == [b"1", b"2"]


def test_a_copy_without_its_line_is_written_again_under_the_same_number(tmp_path):
    """A crash between the copy and the manifest line."""
    office = make(tmp_path)
    drop(office, "李四/a.xlsx", b"1")
    list(collect_inbox(office, Archive.open(office), DAY))
    manifest = Archive.open(office).manifest
    whole = manifest.read_bytes()
    manifest.write_bytes(whole[:-7])  # the line is torn
    archive = Archive.open(office)
    assert archive.last == 0
    assert [e.number for e in collect_inbox(office, archive, DAY)] == [1]
    assert manifest.read_bytes() == whole


def test_a_dry_run_keeps_new_files_in_memory_only(tmp_path):
    office = make(tmp_path)
    drop(office, "李四/a.xlsx", b"1")
    archive = Archive.open(office, dry=True)
    (entry,) = collect_inbox(office, archive, DAY)
    assert archive.data(entry) == b"1"
    assert not archive.manifest.exists()


def test_whole_files_and_whole_lines(tmp_path):
    write_whole(tmp_path / "deep" / "a.txt", b"one")
    write_whole(tmp_path / "deep" / "a.txt", b"two")
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["a.txt"]
    assert (tmp_path / "deep" / "a.txt").read_bytes() == b"two"
    append_line(tmp_path / "log.csv", "一\n")
    append_line(tmp_path / "log.csv", "二\n")
    with (tmp_path / "log.csv").open("ab") as out:
        out.write("三".encode()[:2])
    drop_torn_line(tmp_path / "log.csv")
    assert (tmp_path / "log.csv").read_text(encoding="utf-8-sig") == "一\n二\n"


def test_the_journal_remembers_runs_and_closings(tmp_path):
    office = make(tmp_path)
    week = Week(2026, 45)
    run = Run(week, DAY, True, 1, 9, 1, 10, "ab", "m", "p", {"周报/a.xlsx": "ff"})
    Journal.open(office).add(run)
    again = Journal.open(office)
    assert again.runs == [run]
    assert again.closings == {week: run}
    assert again.before(week) == {}
    assert again.newest(week) == run
    assert again.published == {"ff"}


def test_an_issue_record_is_the_same_bytes_for_the_same_content():
    import pandas as pd

    def make_issue(value):
        return Issue(
            cells=pd.DataFrame({"workbook": ["甲"], "sheet": ["s"], "lead": ["1"], "field": ["f"], "value": [value]}),
            fates=pd.DataFrame({"rid": ["1"], "week": ["w"], "fate": ["新增客户"], "lead": ["1"], "reason": [""]}),
            leads=pd.DataFrame({"lead": ["1"], "brand": ["甲"]}),
        )

    one, same, other = make_issue("x").pack(), make_issue("x").pack(), make_issue("y").pack()
    assert one == same
    assert issue_id(one) != issue_id(other)
    assert unpack(one).cells.equals(make_issue("x").cells)
