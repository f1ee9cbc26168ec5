"""Writing files so that a reader, or a crash, never meets half of one."""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")


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


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV for Excel: UTF-8 with BOM; text that Excel would take for a formula gets the prefix ' (OWASP)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([f"'{text}" if text.startswith(_FORMULA_START) else text for text in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


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
