"""The reading process: ``python -m salessheets.read.worker``. Bytes of a file in, its cells as text out.

It answers one request after another on its standard input and output (module ``wire``). Only this process ever
parses a file that somebody handed in; it may die of it.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from .book import Book, RefusalError
from .engines import Reading
from .wire import receive, send

SPILL_BYTES = 1 << 20  # a larger answer goes through a file instead of the pipe
MEMORY = 512 << 20  # bytes of data; more fails at once, where the platform has such a limit


def answer(request: dict[str, Any], data: bytes, stage: Callable[[str], None]) -> tuple[dict[str, Any], list[bytes]]:
    """Work out the reply: the description of the workbook (or the refusal), and the packed cells of its sheets."""
    skip = frozenset(request.get("skip", ()))
    try:
        book = Reading(data, request["name"], request.get("password", ""), skip, stage).book()
    except RefusalError as refusal:
        return {"refused": [refusal.code, refusal.value]}, []
    except MemoryError:
        return {"refused": ["file-too-big", "读取时占用内存过大"]}, []
    except Exception:  # noqa: BLE001  whatever a reader raises on a broken file, the file is what is wrong
        return {"refused": ["file-unreadable", "文件内容已损坏"]}, []
    parts = [part for sheet in book.sheets for part in sheet.cells.parts()]
    return describe(book), parts


def describe(book: Book) -> dict[str, Any]:
    """The header that goes with the cells."""
    return {
        "kind": book.kind,
        "engine": book.engine,
        "properties": book.facts.properties,
        "names": book.facts.names,
        "notes": book.notes,
        "sheets": [
            {
                "name": sheet.name,
                "top": sheet.top,
                "left": sheet.left,
                "hidden": sheet.hidden,
                "hidden_rows": sheet.facts.hidden_rows,
                "merged": sheet.facts.merged,
                "errors": [(*place, shown) for place, shown in sheet.facts.errors.items()],
                "unsaved": sheet.facts.unsaved,
                "lost_rows": sheet.facts.lost_rows,
                "cut": [(row + sheet.top, column + sheet.left, text) for row, column, text in sheet.cells.cut],
                **sheet.cells.shape(),
            }
            for sheet in book.sheets
        ],
    }


def main() -> None:
    """Serve until the program closes the pipe."""
    requests: BinaryIO = sys.stdin.buffer
    replies: BinaryIO = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whatever a library prints must not get between the frames
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(replies.fileno(), os.O_BINARY)
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such limit; the program watches
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    send(replies, {"ready": os.getpid()})
    while True:
        try:
            request, data = receive(requests)
        except EOFError:
            return
        header, parts = answer(request, data, lambda name: send(replies, {"stage": name}))
        if sum(map(len, parts)) > SPILL_BYTES and request.get("spill"):
            with Path(request["spill"]).open("wb") as spill:
                spill.writelines(parts)
            header["spilled"] = True
            parts = []
        send(replies, header, *parts)


if __name__ == "__main__":
    main()
