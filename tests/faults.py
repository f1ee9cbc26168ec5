"""A small office and a disk that goes wrong at the n-th operation: for the kill tests and benchmarks/kills.py.

The office has one week behind it and everything a run can meet before it: new sheets, a sheet that comes again, a
workbook that a director filled in, a correction, a workbook that somebody deleted.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl

from salessheets import files
from salessheets import settings as office_settings
from salessheets.files import Disk
from salessheets.office import Office
from salessheets.settings import Brand, Staff
from salessheets.week import weekly
from salessheets.write.settings_book import write_settings

FIRST_DAY, DAY = date(2026, 11, 13), date(2026, 11, 20)
_HEADER = "咨询日期,咨询渠道,客户姓名,联系电话,微信号,意向品牌,所在省,所在市\n"
_WEEK_46 = _HEADER + (
    "2026-11-10,咨询电话,邱一,13677770001,,康泰,山东省,青岛市\n"
    "2026-11-11,咨询电话,邱二,13677770002,qiu_er_88,益生,山东省,青岛市\n"
    "2026-11-11,咨询电话,邱三,136,,康泰,山东省,青岛市\n"
)
_WEEK_47 = _HEADER + (
    "2026-11-17,咨询电话,邱四,13677770004,,康泰、益生,山东省,青岛市\n"
    "2026-11-18,咨询电话,邱一,13677770001,qiu_yi_001,康泰,,\n"
    "2026-11-18,咨询电话,邱五,137,,益生,山东省,青岛市\n"
)


def make_office(root: Path) -> Office:
    """The office after its first week, with what people did since."""
    office = Office(root)
    office.make()
    settings = replace(
        office_settings.default(),
        brands=(Brand("康泰", "总监甲"), Brand("益生", "总监乙")),
        staff=(Staff("陈静"), Staff("赵强")),
    )
    office.settings.write_bytes(write_settings(settings))
    _drop(office, "陈静/第46周.csv", _WEEK_46)
    weekly(office, day=FIRST_DAY)
    _drop(office, "陈静/第47周.csv", _WEEK_47)
    _drop(office, "赵强/第46周(1).csv", _WEEK_46)
    _edit(office.reports / "2026-W46" / "2026-W46_康泰_周报.xlsx", "有效客户名单", "备注", "下周再打")
    _edit(office.returns / "陈静" / "退回更正_陈静.xlsx", 0, "联系电话", "13677770003")
    return office


def _drop(office: Office, path: str, text: str) -> None:
    target = office.inbox / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def _edit(path: Path, sheet: str | int, header: str, value: str) -> None:
    book = openpyxl.load_workbook(path)
    page = book.worksheets[sheet] if isinstance(sheet, int) else book[sheet]
    column = next(cell.column for cell in page[3] if cell.value == header)
    page.cell(4, column).value = value
    book.save(path)


def run(office: Office) -> None:
    """The run that is disturbed, and the one after it."""
    weekly(office, day=DAY)


def copy_of(office: Office, root: Path) -> Office:
    """The office again, to be run once more."""
    return Office(Path(shutil.copytree(office.root, root)))


def snapshot(root: Path) -> dict[str, str]:
    """Every file but cache, log and lock: path → checksum. Left-over temporary files count."""
    found = {}
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        below = path.relative_to(root).as_posix()
        if not below.startswith(("日志/", "缓存/", "存档/.锁", "存档/.谁在运行")):
            found[below] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


class Stopped(BaseException):
    """The process is dead, as far as the disk can tell."""


class FaultyDisk(Disk):
    """Counts operations; at the n-th something happens, and from then on, when the process is dead, nothing more."""

    def __init__(self, at: int = 0) -> None:
        self.at, self.count, self.dead = at, 0, False
        self._lock = threading.RLock()

    def fault(self, act: Callable[[], None], half: Callable[[], None]) -> None:
        """What happens at the n-th operation. act would do it, half does a part of it."""
        raise NotImplementedError

    def _do(self, act: Callable[[], None], half: Callable[[], None] = lambda: None) -> None:
        with self._lock:
            if self.dead:
                raise Stopped
            self.count += 1
            if self.count == self.at:
                self.fault(act, half)
            else:
                act()

    def write(self, out, data):
        def half():
            super(FaultyDisk, self).write(out, data[: len(data) // 2])

        self._do(lambda: super(FaultyDisk, self).write(out, data), half)

    def sync(self, out):
        self._do(lambda: super(FaultyDisk, self).sync(out))

    def replace(self, source, target):
        self._do(lambda: super(FaultyDisk, self).replace(source, target))

    def unlink(self, path):
        self._do(lambda: super(FaultyDisk, self).unlink(path))

    def truncate(self, out, size):
        self._do(lambda: super(FaultyDisk, self).truncate(out, size))

    def sync_folder(self, folder):
        self._do(lambda: super(FaultyDisk, self).sync_folder(folder))


class KilledBefore(FaultyDisk):
    """Killed before the operation."""

    def fault(self, act, half):
        self.dead = True
        raise Stopped


class KilledAmid(FaultyDisk):
    """Killed when half of a write was done, or right after any other operation."""

    def fault(self, act, half):
        half()
        self.dead = True
        raise Stopped


class Full(FaultyDisk):
    """The disk is full from here on: half of the write, then the system's refusal. Deleting still works."""

    def fault(self, act, half):
        half()
        self.at = self.count + 1
        raise OSError(28, "No space left on device")

    def unlink(self, path):
        Disk.unlink(self, path)

    def sync_folder(self, folder):
        Disk.sync_folder(self, folder)


class PowerCut(FaultyDisk):
    """What was not synced is lost when the power goes: content written, names given or taken away."""

    def __init__(self, at: int = 0) -> None:
        super().__init__(at)
        self.unsafe: dict[Path, int] = {}  # file → size that is safe
        self.names: list[tuple[Path, Callable[[], None]]] = []  # folder, how to undo

    def fault(self, act, half):
        half()
        self.dead = True
        for _, undo in reversed(self.names):
            undo()
        for path, size in self.unsafe.items():
            if path.exists():
                os.truncate(path, size)
        raise Stopped

    def write(self, out, data):
        path = Path(out.name)
        with self._lock:
            self.unsafe.setdefault(path, path.stat().st_size)
        super().write(out, data)

    def sync(self, out):
        super().sync(out)
        with self._lock:
            self.unsafe.pop(Path(out.name), None)

    def replace(self, source, target):
        old = target.read_bytes() if target.exists() else None
        new = source.read_bytes()

        def undo():
            if source.parent.exists():
                source.write_bytes(new)
            target.unlink(missing_ok=True) if old is None else target.write_bytes(old)

        with self._lock:
            if source in self.unsafe:
                self.unsafe[target] = self.unsafe.pop(source)
        super().replace(source, target)
        with self._lock:
            self.names.append((target.parent, undo))

    def unlink(self, path):
        old = path.read_bytes() if path.exists() else None
        super().unlink(path)
        if old is not None:
            with self._lock:
                self.names.append((path.parent, lambda: path.write_bytes(old)))

    def sync_folder(self, folder):
        super().sync_folder(folder)
        with self._lock:
            self.names = [(at, undo) for at, undo in self.names if at != folder]


class RealKill(FaultyDisk):
    """kill -9 of this very process, half of a write being done."""

    def fault(self, act, half):
        half()
        os.kill(os.getpid(), signal.SIGKILL)


def with_disk(disk: FaultyDisk, work: Callable[[], object]) -> bool:
    """Do some work on this disk. True when it came to an end in spite of everything."""
    whole, files.disk = files.disk, disk
    try:
        work()
    except (Stopped, OSError):
        return False
    finally:
        files.disk = whole
    return True


def main() -> None:
    """``python tests/faults.py OFFICE N``: a run that kills itself at the N-th operation."""
    office = Office(Path(sys.argv[1]))
    files.disk = RealKill(int(sys.argv[2]))
    run(office)


if __name__ == "__main__":
    main()
