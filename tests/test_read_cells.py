"""Cell values become text once; the packed form survives the way between the processes."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salessheets.read.cells import CHUNK, pack, text, texts
from salessheets.read.reader import unpack
from salessheets.read.wire import receive, send

DAY = dt.datetime(2026, 11, 3)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (13800138000.0, "13800138000"),
        (2.50, "2.5"),
        (-3.0, "-3"),
        (0.1 + 0.2, "0.30000000000000004"),
        (float("nan"), ""),
        (3.70102199001011e17, "370102199001011000"),
        (True, "是"),
        (False, "否"),
        (7, "7"),
        (None, ""),
        (DAY, "2026-11-03"),
        (DAY.replace(hour=9, minute=30), "2026-11-03 09:30"),
        (DAY.replace(hour=9, minute=29, second=59, microsecond=999_990), "2026-11-03 09:30"),
        (DAY.replace(hour=9, minute=30, second=5), "2026-11-03 09:30:05"),
        (dt.date(2026, 11, 3), "2026-11-03"),
        (dt.time(9, 5), "09:05"),
        (dt.time(9, 5, 7), "09:05:07"),
        (dt.time(8, 59, 59, 999_999), "09:00"),
        (dt.timedelta(hours=26, minutes=15), "26:15"),
        (dt.timedelta(seconds=-61), "-00:01:01"),
        ("\u3000\u00a0 王 建国\u200b\n", "王 建国"),
        ("NA", "NA"),
        ("007", "007"),
    ],
)
def test_a_value_as_text(value, shown):
    assert text(value) == shown
    assert texts([value]) == [shown]
    assert texts([value, "x"]) == [shown, "x"]


def through_the_pipe(cells):
    pipe = io.BytesIO()
    sheet = {"name": "表", "top": 1, "left": 0, "hidden": False, "hidden_rows": [], "merged": [], "errors": []}
    sheet |= {"unsaved": [], "lost_rows": 0, "cut": [], **cells.shape()}
    header = {"kind": "xlsx", "engine": "", "properties": {}, "names": {}, "notes": [], "sheets": [sheet, sheet]}
    parts = list(cells.parts())
    send(pipe, header, *parts, *parts)
    pipe.seek(0)
    return unpack(*receive(pipe)).sheets


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8"), max_size=5), max_size=4), max_size=6))
def test_packed_cells_come_out_as_they_went_in(rows):
    for sheet in through_the_pipe(pack(rows, {})):
        wanted = {(r, c): text(v) for r, row in enumerate(rows, 1) for c, v in enumerate(row) if text(v)}
        got = {(r, c): v for r, row in sheet.rows() for c, v in enumerate(row) if v}
        assert got == wanted
        assert all(sheet.cell(r, c) == v for (r, c), v in wanted.items())


def test_empty_rows_below_and_empty_columns_beside_are_dropped():
    sheet = through_the_pipe(pack([["a", ""], ["", ""], ["", "b", ""], ["", "", ""]], {}))[0]
    assert (sheet.height, sheet.width, sheet.bottom) == (3, 2, 3)
    assert sheet.cell(9, 9) == ""


def test_more_rows_than_one_chunk():
    sheet = through_the_pipe(pack(([n, "x" if n == CHUNK else ""] for n in range(CHUNK + 10)), {}))[0]
    assert sheet.height == CHUNK + 10
    assert sheet.cell(CHUNK + 1, 1) == "x"
    assert [row for row, _ in sheet.rows(CHUNK - 1, CHUNK + 2)] == [CHUNK - 1, CHUNK, CHUNK + 1, CHUNK + 2]


def test_texts_that_a_reader_leaves_out_are_put_in_even_outside_its_rows():
    sheet = through_the_pipe(pack([["a"]], {0: {0: "#N/A"}, 2: {3: "00007"}}))[0]
    assert [row for _, row in sheet.rows()] == [("#N/A", "", ""), ("", "", ""), ("", "", ""), ("", "", "00007")]


def test_a_pipe_that_ends_in_the_middle():
    pipe = io.BytesIO()
    send(pipe, {"a": 1}, b"body")
    with pytest.raises(EOFError):
        receive(io.BytesIO(pipe.getvalue()[:-1]))
