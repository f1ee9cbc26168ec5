"""Writing files so that a reader, or a crash, never meets half of one."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def sha256(data: bytes) -> str:
    """Hex digest of the bytes."""
    return hashlib.sha256(data).hexdigest()


def write_whole(path: Path, data: bytes) -> None:
    """Write all or nothing: a temporary file in the same folder, flushed to disk, then ``os.replace``.

    Raises PermissionError when the target is held open by another program (Excel on Windows).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def append_line(path: Path, line: str) -> None:
    """Append one line and flush it to disk. A first line gets a BOM, so that Excel reads the Chinese."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    with path.open("ab") as out:
        out.write((b"\xef\xbb\xbf" if new else b"") + line.encode("utf-8"))
        out.flush()
        os.fsync(out.fileno())


def drop_torn_line(path: Path) -> None:
    """Cut an append-only file back to its last whole line (a crash may have torn the newest one)."""
    if not path.exists():
        return
    data = path.read_bytes()
    end = data.rfind(b"\n") + 1
    if not end:
        path.unlink()  # not even the header line was whole
    elif end != len(data):
        with path.open("r+b") as out:
            out.truncate(end)
