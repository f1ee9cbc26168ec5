"""The files a person double-clicks: run_weekly, run_daily and check_sheets as .bat, .sh and .command.

Beside them ``salessheets``, for an administrator who types a command where nothing is installed.

They are made from data/launch/. An office folder gets them with ``app/``, where a launcher finds Python: either
``app/runtime`` (the zip that needs no installation) or ``app/python.txt``, the path of the Python that made the office.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from .files import write_whole

COMMANDS = {"run_weekly": "weekly", "run_daily": "daily", "check_sheets": "check", "salessheets": "command"}
SOURCES = Path(__file__).resolve().parent / "data" / "launch"
TEXTS = ("no_python.txt", "old_python.txt", "no_program.txt", "damaged.txt")
UNZIP = "请先解压:在压缩包上点右键,选「全部解压缩」,再到解压出来的文件夹里双击。"
_EXECUTABLE = 0o755


def batch_files() -> Iterator[tuple[str, bytes]]:
    """The Windows launchers, name and content: ASCII with CRLF, the same in an office folder and in a checkout."""
    template = (SOURCES / "launcher.bat").read_text(encoding="ascii")
    unzip = ",".join(str(ord(character)) for character in UNZIP)
    for name, command in COMMANDS.items():
        text = template.replace("@COMMAND@", command).replace("@UNZIP@", unzip)
        yield f"{name}.bat", text.replace("\n", "\r\n").encode("ascii")


def mac_files() -> Iterator[tuple[str, bytes]]:
    """The macOS launchers of the runs (files cannot be dropped on a .command)."""
    template = (SOURCES / "launcher.command").read_text(encoding="utf-8")
    for name in ("run_weekly", "run_daily"):
        yield f"{name}.command", template.replace("@NAME@", name).encode("utf-8")


def shell_files() -> Iterator[tuple[str, bytes]]:
    """An office folder's launchers for Linux and macOS."""
    template = (SOURCES / "launcher.sh").read_text(encoding="utf-8")
    for name, command in COMMANDS.items():
        yield f"{name}.sh", template.replace("@COMMAND@", command).encode("utf-8")


def texts() -> Iterator[tuple[str, bytes]]:
    """What a .bat types when no Python can: UTF-8 with a line end that old consoles understand."""
    for name in TEXTS:
        text = (SOURCES / name).read_text(encoding="utf-8")
        yield name, text.replace("\n", "\r\n").encode("utf-8")


def write_launchers(office: Path) -> list[str]:
    """Write the launchers of this system into an office folder, replacing older ones. Returns their names.

    An office whose app/ holds a program of its own (``app/runtime``) keeps it.
    """
    windows = os.name == "nt"
    files = dict(batch_files() if windows else [*shell_files(), *(mac_files() if sys.platform == "darwin" else ())])
    for name, data in files.items():
        write_whole(office / name, data)
        (office / name).chmod(_EXECUTABLE)
    for name, data in texts():
        write_whole(office / "app" / "texts" / name, data)
    if not (office / "app" / "runtime").exists():
        # cmd reads the line in the console's code page; a path outside it cannot be written down, .venv or py is next
        line = sys.executable.encode("oem" if windows else "utf-8", errors="replace")
        write_whole(office / "app" / "python.txt", line + (b"\r\n" if windows else b"\n"))
    return sorted(files)
