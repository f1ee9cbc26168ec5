"""The reading process may crash, hang or grow: the program goes on, one restart later."""

from __future__ import annotations

import os
import sys

import pytest

from salessheets.read import process
from salessheets.read.process import ProcessLostError, ReadingProcess
from salessheets.read.reader import Reader

# A worker that does what its request says, in place of the real one.
WORKER = """
import sys, time, os, json, struct
from salessheets.read.wire import receive, send
send(sys.stdout.buffer, {"ready": 1})
hog = []
while True:
    request, data = receive(sys.stdin.buffer)
    send(sys.stdout.buffer, {"stage": "calamine"})
    what = request["name"]
    if what in request.get("skip", ()) or "calamine" in request.get("skip", ()): what = "answer"
    if what == "crash": os._exit(3)
    if what == "hang":
        while True: pass
    if what == "sleep": time.sleep(60)
    if what == "grow":
        while True: hog.append(b"x" * (8 << 20))
    send(sys.stdout.buffer, {"refused": ["file-unknown", "second try" if request.get("skip") else what]}, data)
"""


@pytest.fixture
def worker(monkeypatch):
    monkeypatch.setattr(process, "COMMAND", (sys.executable, "-c", WORKER))
    monkeypatch.setattr(process, "SECONDS", 0.3)
    monkeypatch.setattr(process, "MEMORY_LIMIT", 200 << 20)
    one = ReadingProcess()
    yield one
    one.close()


def test_requests_are_answered_by_one_warm_process(worker):
    assert worker.ask({"name": "a"}, b"data") == ({"refused": ["file-unknown", "a"]}, b"data")
    first = worker.pid
    assert worker.ask({"name": "b"}, b"") == ({"refused": ["file-unknown", "b"]}, b"")
    assert worker.pid == first


@pytest.mark.parametrize(
    ("what", "reason"),
    [("crash", "读取时程序崩溃"), ("hang", "读取时间过长"), ("sleep", "读取时间过长"), ("grow", "读取时占用内存过大")],
)
def test_a_bad_file_costs_one_restart(worker, monkeypatch, what, reason):
    monkeypatch.setattr(process, "SECONDS", 30.0 if what == "grow" else 0.3)
    with pytest.raises(ProcessLostError) as lost:
        worker.ask({"name": what}, b"")
    assert (lost.value.reason, lost.value.stage) == (reason, "calamine")
    assert worker.ask({"name": "next"}, b"")[0]["refused"][1] == "next"
    assert worker.restarts == 1


def test_a_process_that_was_killed_between_two_files_is_started_again(worker):
    worker.ask({"name": "a"}, b"")
    os.kill(worker.pid, 9)
    for _ in range(2):  # the first may still meet the dying process
        try:
            assert worker.ask({"name": "b"}, b"")[0]["refused"][1] == "b"
        except ProcessLostError:
            continue


def test_a_process_that_does_not_start(monkeypatch):
    monkeypatch.setattr(process, "COMMAND", (sys.executable, "-c", "raise SystemExit"))
    with pytest.raises(ProcessLostError, match="没有启动"):
        ReadingProcess().ask({"name": "a"}, b"")


def test_the_reader_that_took_the_process_down_is_left_out_the_second_time(worker):
    reader = Reader()
    reader._process = worker
    result = reader.read(b"data", "crash")
    assert [(p.code, p.value) for p in result.problems] == [("file-unknown", "second try")]


def test_nothing_is_started_before_it_is_needed():
    with Reader() as reader:
        assert reader._process.pid == 0


def test_many_files_one_being_opened_while_the_other_is_sorted_out(worker):
    reader = Reader()
    reader._process = worker
    files = [(b"1", "a"), (b"2", "crash"), (b"3", "hang"), (b"4", "b"), (b"x" * 70_000, "c"), (b"6", "d")]
    reasons = [[p.value for p in result.problems] for result in reader.read_all(files)]
    assert reasons == [["a"], ["second try"], ["second try"], ["b"], ["c"], ["d"]]
    assert worker.restarts == 2


def test_a_file_that_was_begun_but_not_asked_for_is_forgotten(worker):
    reader = Reader()
    reader._process = worker
    results = reader.read_all([(b"1", "a"), (b"2", "crash"), (b"3", "b")])
    assert next(results).problems[0].value == "a"
    assert reader.read(b"9", "other").problems[0].value == "other"
    assert worker.ask({"name": "again"}, b"")[0]["refused"] == ["file-unknown", "again"]
