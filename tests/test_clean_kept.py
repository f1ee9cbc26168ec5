"""Cleaned records of long files are kept in 缓存; they are the same as when they are cleaned again."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from small import TODAY, rows

from salessheets.archive import Archive, Entry, FileKind
from salessheets.clean import kept
from salessheets.clean.records import clean
from salessheets.office import Office
from salessheets.read import FileRows, Outcome
from salessheets.read.archived import ArchivedFile

TABLE = """
number | table       | row | name   | phone                    | wechat | qq    | province | date       | channel  | note
2      | consult_log | 5   | 王总   | 13900000001/0531-8123456 | 同手机 |       | 山东     | 2026-11-09 |          | 高血压
3      | directory   | 5   | 王建国 | 139 0000 0002            |        | 12345 | 山东省   | 2026-11-09 | 购买名录 |
3      | directory   | 6   | 李秀英 | 1390000000               |        |       | 广东     | 11月9日    | 买的     |
3      | directory   | 7   |        | 400-810-8888             | wx_abc |       |          |            |          |
4      | visit_log   | 5   | 赵刚   | 13900000004              |        |       | 山东     |            |          |
5      | visit_log   | 5   | 孙伟   | 同上                     |        |       | 山东     | 昨天       |          |
6      | directory   | 5   | 周敏   | 13900000006转801         |        |       | 山东     | 2026-13-40 | 购买名录 |
6      | directory   | 6   | 吴强   | 0531-8123457             |        |       | 山东     | 2026-11-09 | 购买名录 |
"""


@pytest.fixture
def archive(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "_LONG", 2)
    return Archive(Office(tmp_path))


def _files(table: pd.DataFrame, day: date = TODAY) -> list[ArchivedFile]:
    nothing = FileRows(Outcome.READ, (), pd.DataFrame(), (), 0)
    return [
        ArchivedFile(
            Entry(int(n), f"{n:064d}", f"存档/{n}", "陈静", FileKind.HAND_IN, day, f"收件箱/陈静/{n}.xlsx"), nothing
        )
        for n in sorted(set(table["number"]))
    ]


def _kept(archive: Archive) -> list[str]:
    return sorted(path.name for path in (archive.office.cache / kept.FOLDER).glob("*"))


def test_kept_records_and_flags_are_what_cleaning_says(archive):
    table = rows(TABLE)
    wanted = clean(table, TODAY)
    for _ in ("cleaned and kept", "from 缓存"):
        records, flags = kept.cleaned(archive, _files(table), table, TODAY)
        pd.testing.assert_frame_equal(records, wanted[0])
        pd.testing.assert_frame_equal(flags, wanted[1])
    assert len(_kept(archive)) == 2, "one for each long file"


def test_no_rows_are_no_records(archive):
    table = rows(TABLE)[:0]
    records, flags = kept.cleaned(archive, [], table, TODAY)
    assert (len(records), len(flags)) == (0, 0)
    assert list(records.columns) == list(clean(table, TODAY)[0].columns)


def test_a_damaged_one_is_cleaned_again(archive):
    table = rows(TABLE)
    kept.cleaned(archive, _files(table), table, TODAY)
    for path in (archive.office.cache / kept.FOLDER).glob("*"):
        path.write_bytes(b"PAR1")
    records, _ = kept.cleaned(archive, _files(table), table, TODAY)
    pd.testing.assert_frame_equal(records, clean(table, TODAY)[0])


def test_another_day_of_archiving_is_another_file(archive):
    table = rows(TABLE)
    kept.cleaned(archive, _files(table), table, TODAY)
    kept.cleaned(archive, _files(table, date(2026, 11, 21)), table, TODAY)
    assert len(_kept(archive)) == 4


def test_a_dry_run_keeps_nothing(archive):
    archive.dry = True
    kept.cleaned(archive, _files(rows(TABLE)), rows(TABLE), TODAY)
    assert _kept(archive) == []
