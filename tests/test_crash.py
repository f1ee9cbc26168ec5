"""A run that stops at any moment, then one that does not: the office is as if nothing had happened, byte for byte.

The faults are laid at every single write, rename, deletion and fsync (faults.py). What is costly and a pure function
of the archive (consolidating, making workbooks) is done once and remembered; twenty runs are killed for real.
benchmarks/kills.py does 200, and nothing is remembered there.
"""

from __future__ import annotations

import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import faults
import pytest
from click.testing import CliRunner
from faults import Full, KilledAmid, KilledBefore, PowerCut, copy_of, snapshot, with_disk

from salessheets import consolidate, files, placing, publish, week
from salessheets.archive import Archive
from salessheets.cli import main
from salessheets.files import Disk
from salessheets.journal import Journal
from salessheets.office import Office

ROOT = Path(__file__).resolve().parent.parent
KILLS, SEED = 20, 20261124


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Office:
    """The office before the run that is disturbed."""
    return faults.make_office(tmp_path_factory.mktemp("kills") / "办公室")


@pytest.fixture(scope="module")
def whole(prepared, tmp_path_factory) -> tuple[dict[str, str], int]:
    """What an undisturbed run leaves, and how many operations it takes."""
    office = copy_of(prepared, tmp_path_factory.mktemp("whole") / "办公室")
    disk = KilledBefore()
    assert with_disk(disk, lambda: faults.run(office))
    return snapshot(office.root), disk.count


@pytest.fixture
def remembered(monkeypatch):
    """Consolidating and making workbooks, once per archive and plan: they do not touch what must be safe."""
    done, key_of, books = {}, {}, {}

    def consolidated(archive, plan, progress=lambda _: None):
        known = tuple((e.number, e.sha256, e.source) for e in archive.entries)
        key = (plan.week, plan.as_of, plan.finished, plan.last, plan.settings, plan.first_week, known)
        if key not in done:
            done[key] = consolidate.consolidate(archive, plan, progress)
            key_of[id(done[key])] = key
        return done[key]

    def workbooks(made, **options):
        key = (key_of[id(made)], options["folder"], options["with_returns"])
        if key not in books:
            books[key] = real(made, **options)
        return books[key]

    def additions(old, new):
        if (old, new) not in added:
            added[old, new] = looked(old, new)
        return added[old, new]

    real, looked, added = publish.workbooks, placing.additions, {}
    monkeypatch.setattr(placing, "additions", additions)
    monkeypatch.setattr(week, "consolidate", consolidated)
    monkeypatch.setattr(publish, "workbooks", workbooks)


@pytest.mark.parametrize("kind", [KilledBefore, KilledAmid, Full, PowerCut], ids=lambda kind: kind.__name__)
def test_whatever_stops_a_run_the_next_one_completes_it(prepared, whole, remembered, tmp_path, kind):
    wanted, _ = whole
    at, different, finished = 0, {}, False
    while not finished:
        at += 1
        office = copy_of(prepared, tmp_path / f"{at}")
        disk = kind(at)
        finished = with_disk(disk, lambda office=office: faults.run(office)) and disk.count < at
        faults.run(office)
        left = snapshot(office.root)
        different |= {(at, path): 1 for path in wanted.keys() | left.keys() if wanted.get(path) != left.get(path)}
    assert at > 50
    assert different == {}


def test_a_run_that_is_killed_again_and_again_still_comes_to_its_end(prepared, whole, remembered, tmp_path):
    office = copy_of(prepared, tmp_path / "办公室")
    chance = random.Random(SEED)
    while not with_disk(KilledAmid(chance.randint(1, 40)), lambda: faults.run(office)):
        pass
    faults.run(office)
    assert snapshot(office.root) == whole[0]


def test_the_faults_do_harm(prepared, whole, remembered, tmp_path):
    """The tests above are worth something: after a fault, and before the next run, files are half done."""
    halves = set()
    for at in (1, 5, 40, 60, 70):
        office = copy_of(prepared, tmp_path / f"{at}")
        assert not with_disk(KilledAmid(at), lambda office=office: faults.run(office))
        halves |= {path.rsplit(".", 1)[-1] for path in snapshot(office.root)}
        assert snapshot(office.root) != whole[0]
    assert "tmp" in halves


def test_real_kills(prepared, whole, remembered, tmp_path):
    """kill -9 at seeded operations of a run in a process of its own, then a normal run."""
    wanted, count = whole
    points = random.Random(SEED).sample(range(1, count + 1), KILLS)

    def killed(at: int) -> tuple[Office, int]:
        office = copy_of(prepared, tmp_path / f"{at}")
        command = [sys.executable, "-X", "utf8", str(ROOT / "tests" / "faults.py"), str(office.root), str(at)]
        done = subprocess.run(command, env=environment(), capture_output=True, check=False, timeout=120)
        return office, done.returncode

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(killed, points))
    assert {code for _, code in results} == {-9}
    for office, _ in results:
        faults.run(office)
        assert snapshot(office.root) == wanted


@cache
def environment() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


# --- two at once, and what a stopped run leaves of the lock ---------------------------------------------------------


def call(*arguments):
    return CliRunner().invoke(main, [str(a) for a in arguments])


def weekly_process(office: Office) -> subprocess.Popen:
    command = [
        sys.executable,
        "-X",
        "utf8",
        "-m",
        "salessheets",
        "weekly",
        str(office.root),
        "--as-of",
        str(faults.DAY),
    ]
    return subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT)


def test_two_runs_at_once_are_one_after_the_other(prepared, whole, tmp_path):
    office = copy_of(prepared, tmp_path / "办公室")
    runs = [weekly_process(office), weekly_process(office)]
    said = [run.communicate(timeout=120)[1].decode() for run in runs]
    for run, text in zip(runs, said, strict=True):
        assert run.returncode == 3 or (run.returncode == 1 and "正在运行" in text), text
        assert "Traceback" not in text
    faults.run(office)
    assert snapshot(office.root) == whole[0]


@pytest.mark.parametrize("command", [("weekly",), ("weekly", "--replay", "2026-W46"), ("templates",)])
def test_who_comes_second_is_told_politely_and_changes_nothing(prepared, tmp_path, monkeypatch, command):
    import threading

    office = copy_of(prepared, tmp_path / "办公室")
    before = snapshot(office.root)
    monkeypatch.setattr("salessheets.office.PATIENCE", 0.1)
    told = []
    with office.lock("张三 的周报"):
        other = threading.Thread(target=lambda: told.append(call(command[0], office.root, *command[1:])))
        other.start()
        other.join()
    assert told[0].exit_code == 1
    assert told[0].stderr == "另一个人正在运行:张三 的周报。请等它结束后再试。\n"
    assert snapshot(office.root) == before


def test_the_lock_of_a_killed_run_stops_nobody(prepared, whole, tmp_path):
    office = copy_of(prepared, tmp_path / "办公室")
    holder = (
        "import sys, time; from pathlib import Path; from salessheets.office import Office\n"
        "with Office(Path(sys.argv[1])).lock('死掉的运行'):\n print('held', flush=True); time.sleep(600)"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", holder, str(office.root)], env=environment(), stdout=subprocess.PIPE, cwd=ROOT
    )
    assert child.stdout.readline() == b"held\n"
    child.kill()
    child.communicate()
    assert (office.archive / ".谁在运行").exists()
    result = call("weekly", office.root, "--as-of", faults.DAY)
    assert result.exit_code == 3, result.stderr
    assert snapshot(office.root) == whole[0]


# --- disks that refuse ----------------------------------------------------------------------------------------------


class Refusing(Disk):
    """Every write is refused."""

    def __init__(self, error: OSError) -> None:
        self.error = error

    def write(self, out, data):
        raise self.error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device"), "磁盘满了"),
        (PermissionError(13, "Permission denied", "存档/登记.csv"), "不能写入"),
        (OSError(30, "Read-only file system"), "不能写入"),
        (OSError(5, "Input/output error"), "读写磁盘时出错"),
    ],
)
@pytest.mark.parametrize("command", [("weekly",), ("weekly", "--replay", "2026-W46"), ("templates",)])
def test_a_disk_that_refuses_is_told_in_one_sentence(prepared, tmp_path, monkeypatch, error, said, command):
    office = copy_of(prepared, tmp_path / "办公室")
    before = snapshot(office.root)
    monkeypatch.setattr(files, "disk", Refusing(error))
    result = call(command[0], office.root, *command[1:])
    assert result.exit_code == 1
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert "Error" not in result.stderr
    assert snapshot(office.root) == before


def test_a_folder_without_room_for_the_lock_is_told_in_one_sentence(prepared, tmp_path, monkeypatch):
    office = copy_of(prepared, tmp_path / "办公室")

    def refuse(*_args, **_options):
        raise PermissionError(13, "Permission denied", str(office.archive / ".锁"))

    monkeypatch.setattr("salessheets.office.FileLock.acquire", refuse)
    result = call("weekly", office.root)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "这个文件夹不能写入:存档" in result.stderr


def test_a_program_error_is_logged_without_what_it_was_about(prepared, tmp_path, monkeypatch):
    office = copy_of(prepared, tmp_path / "办公室")

    secrets = ["邱" + "二", "1367777" + "0002"]  # not as they would stand in a quoted line of this file

    def fail(*_args, **_options):
        raise ValueError(" ".join(secrets))

    monkeypatch.setattr(week, "weekly", fail)
    result = call("weekly", office.root)
    (log,) = office.logs.glob("出错_*.txt")
    told = result.stderr + log.read_text(encoding="utf-8")
    assert "ValueError" in told
    assert [secret for secret in secrets if secret in told] == []


# --- the pieces -----------------------------------------------------------------------------------------------------


def test_what_is_about_to_be_written_is_said_once(prepared, whole, tmp_path):
    """The line 准备 stands before every line of a finished run, and only once, however often the run was stopped."""
    office = copy_of(prepared, tmp_path / "办公室")
    faults.run(office)
    states = [line.split(",")[4] for line in (office.archive / "运行记录.csv").read_text("utf-8-sig").splitlines()[1:]]
    assert states == ["准备", "未完", "准备", "已结", "准备", "未完"]
    journal = Journal.open(office)
    journal.prepare(journal.runs[-1])
    journal.prepare(journal.runs[-1])
    again = Journal.open(office)
    assert [len(again.runs), len(again.prepared)] == [3, 4]
    assert again.newest(journal.runs[-1].week) == journal.runs[-1]
    assert again.closings.keys() == journal.closings.keys()


def test_a_file_that_may_not_be_replaced_any_more_is_left_alone(tmp_path):
    target = tmp_path / "a.xlsx"
    target.write_bytes(b"typed meanwhile")
    assert not files.write_whole(target, b"ours", lambda: target.read_bytes() == b"as it was")
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"]
    assert target.read_bytes() == b"typed meanwhile"


def test_left_over_temporary_files_are_known_by_their_names(tmp_path):
    for name in (".a.xlsx.123.tmp", "b.tmp", ".c.tmp", ".d.xlsx.12x.tmp"):
        (tmp_path / name).touch()
    assert [p.name for p in files.leftovers(tmp_path, tmp_path / "没有")] == [".a.xlsx.123.tmp"]


def test_numbers_stay_what_they_were(prepared, whole, tmp_path):
    """No lost number, none doubled."""
    office = copy_of(prepared, tmp_path / "办公室")
    with_disk(KilledAmid(40), lambda: faults.run(office))
    faults.run(office)
    numbers = [entry.number for entry in Archive.open(office).entries]
    assert numbers == list(range(1, len(numbers) + 1))
