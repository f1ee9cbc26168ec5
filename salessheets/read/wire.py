"""Frames between the program and its reading process: a JSON header, then raw bytes.

The cells travel as Arrow's own string layout (int64 offsets, UTF-8 bytes), so that the other side wraps them without
copying. Nothing is pickled: the reading process digests hostile files and must not be able to run code here.
"""

from __future__ import annotations

import json
import struct
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, BinaryIO

_LENGTHS = struct.Struct("<QQ")
_ONE_WRITE = 1 << 20  # bytes


def send(pipe: BinaryIO, header: Mapping[str, Any], *parts: bytes) -> None:
    """Write one frame and flush it."""
    text = json.dumps(header, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    size = sum(map(len, parts))
    head = _LENGTHS.pack(len(text), size) + text
    if size < _ONE_WRITE:  # many small writes would each wake the other side
        pipe.write(b"".join((head, *parts)))
    else:
        pipe.write(head)
        pipe.writelines(parts)
    pipe.flush()


def receive(pipe: BinaryIO) -> tuple[dict[str, Any], bytes]:
    """Read one frame. Raises EOFError when the other side is gone."""
    lengths = _exactly(pipe, _LENGTHS.size)
    text, body = _LENGTHS.unpack(lengths)
    header: dict[str, Any] = json.loads(_exactly(pipe, text))
    return header, _exactly(pipe, body)


def _exactly(pipe: BinaryIO, size: int) -> bytes:
    data = pipe.read(size)
    if len(data) != size:
        raise EOFError
    return data


@dataclass
class Cells:
    """The cells of one sheet, packed column by column while the rows stream past."""

    height: int = 0
    filled: int = 0  # cells that are not empty
    cut: list[tuple[int, int, str]] = field(default_factory=list)  # (row, column, text) of numbers that lost digits
    texts: list[list[bytes]] = field(default_factory=list)  # per column: chunks of joined UTF-8
    ends: list[array[int]] = field(default_factory=list)  # per column: where each cell ends

    def add(self, columns: Sequence[Sequence[str]], height: int) -> None:
        """Append ``height`` rows, given as columns of text (missing columns on the right are empty)."""
        while len(self.ends) < len(columns):
            self.texts.append([])
            self.ends.append(array("q", bytes(8 * self.height)))
        for at, ends in enumerate(self.ends):
            start = ends[-1] if ends else 0
            if at >= len(columns):
                ends.extend([start] * height)
                continue
            data = "\0".join(columns[at]).encode("utf-8", "replace")
            cells = data.split(b"\0")  # much quicker than encoding cell by cell
            if len(cells) != height:
                cells = [cell.encode("utf-8", "replace") for cell in columns[at]]
            data = b"".join(cells)
            self.filled += sum(map(bool, cells))
            steps = accumulate(map(len, cells), initial=start)
            next(steps)
            ends.extend(steps)
            self.texts[at].append(data)
        self.height += height

    def trim(self) -> None:
        """Drop empty rows at the bottom and empty columns on the right."""
        while self.ends and not (self.ends[-1] and self.ends[-1][-1]):
            self.ends.pop()
            self.texts.pop()
        self.height = max((_last_filled(ends) for ends in self.ends), default=0)

    def parts(self) -> Iterable[bytes]:
        """The body: all offsets first (so that they stay aligned), then each column's text, padded to 8 bytes."""
        zero = bytes(8)
        for ends in self.ends:
            yield zero
            yield memoryview(ends)[: self.height].tobytes()
        size = 0
        for chunks in self.texts:
            yield from chunks
            size += sum(map(len, chunks))
        yield bytes(-size % 8)

    def shape(self) -> dict[str, Any]:
        """What the other side needs to unpack the body."""
        return {"height": self.height, "sizes": [ends[-1] if ends else 0 for ends in self.ends]}


def _last_filled(ends: array[int]) -> int:
    """How many rows remain when the empty ones at the end are cut off."""
    low, high, total = 0, len(ends), ends[-1] if ends else 0
    while low < high:  # the first row at which everything has been said
        middle = (low + high) // 2
        if ends[middle] >= total:
            high = middle
        else:
            low = middle + 1
    return low + 1 if total else 0
