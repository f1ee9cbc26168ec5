"""Writing files so that a reader, or a crash, never meets half of one.

Everything the program keeps goes through ``write_whole``, ``append_line``, ``drop_torn_line`` and ``remove``, and
they go through ``disk``: the one place where a test lets the n-th operation fail, stop or be lost with the power.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from .problems import Problem

_TEMPORARY = re.compile(r"\..+\.\d+\.tmp")


class Disk:
    """The operations that change a disk, each as small as the system makes it."""

    def write(self, out: BinaryIO, data: bytes) -> None:
        """Hand bytes to the system; they are not safe before ``sync``."""
        out.write(data)
        out.flush()

    def sync(self, out: BinaryIO) -> None:
        """Return when the file's content is on the disk."""
        os.fsync(out.fileno())

    def replace(self, source: Path, target: Path) -> None:
        """Give ``source`` the name of ``target``, whatever had it."""
        source.replace(target)

    def unlink(self, path: Path) -> None:
        """Delete; a file that is gone already is no error."""
        path.unlink(missing_ok=True)

    def truncate(self, out: BinaryIO, size: int) -> None:
        """Cut a file off."""
        out.truncate(size)

    def sync_folder(self, folder: Path) -> None:
        """Return when the names in a folder are on the disk. Windows has no such call and keeps names in its log."""
        if os.name == "nt":
            return
        with contextlib.suppress(OSError):  # some network drives refuse it
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


disk = Disk()


def sha256(data: bytes) -> str:
    """Hex digest of the bytes."""
    return hashlib.sha256(data).hexdigest()


def write_whole(path: Path, data: bytes, may_replace: Callable[[], bool] = lambda: True) -> bool:
    """Write all or nothing: a temporary file in the same folder, flushed to disk, then ``os.replace``.

    may_replace is asked at the last moment; False leaves everything as it was, and is returned.
    Raises PermissionError when the target is held open by another program (Excel on Windows).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as out:
            disk.write(out, data)
            disk.sync(out)
        if not may_replace():
            return False
        disk.replace(temporary, path)
    finally:
        if temporary.exists():
            disk.unlink(temporary)
    disk.sync_folder(path.parent)
    return True


def append_line(path: Path, line: str) -> None:
    """Append one line and flush it to disk. A first line gets a BOM, so that Excel reads the Chinese."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    with path.open("ab") as out:
        disk.write(out, (b"\xef\xbb\xbf" if new else b"") + line.encode("utf-8"))
        disk.sync(out)
    if new:
        disk.sync_folder(path.parent)


def drop_torn_line(path: Path) -> None:
    """Cut an append-only file back to its last whole line (a crash may have torn the newest one)."""
    if not path.exists():
        return
    data = path.read_bytes()
    end = data.rfind(b"\n") + 1
    if not end:
        remove(path)  # not even the header line was whole
    elif end != len(data):
        with path.open("r+b") as out:
            disk.truncate(out, end)
            disk.sync(out)


def remove(path: Path) -> None:
    """Delete a file; one that is gone already is no error. Raises PermissionError when another program holds it."""
    disk.unlink(path)
    if path.parent.exists():
        disk.sync_folder(path.parent)


def leftovers(*folders: Path) -> list[Path]:
    """Temporary files that a run which was killed left behind. Only who holds the office's lock may delete them."""
    found = (path for folder in folders if folder.exists() for path in folder.rglob(".*.tmp"))
    return sorted(path for path in found if _TEMPORARY.fullmatch(path.name))


def disk_problem(error: OSError, root: Path | None) -> Problem:
    """What the system said about the disk, for a person. The folder is named, nothing of what is in the file."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Problem("disk-full")
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        file = Path(str(error.filename or root or ""))
        below = file.relative_to(root) if root and file.is_relative_to(root) else file
        return Problem("not-writable", value=below.parts[0] if below.parts else file.name)
    return Problem("disk-error")
