"""Bytes of a file that somebody handed in → rows of the manual's tables, or a named reason. Never an exception."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Self

from .filerows import FileRows, rows_of
from .headers import Names
from .process import ProcessLostError, ReadingProcess
from .workbook import ReadError, Sheet, Workbook

if TYPE_CHECKING:
    from .lists import ListRows

READ_VERSION = "3"
PASSWORD = "SALESSHEETS_PASSWORD"  # noqa: S105  the name of the variable, not a password
_SPILL_FROM = 1 << 16  # bytes of a file that may answer with a large table
_TRIES = 2  # readers that may take the process down before the file is given up


class Reader:
    """Reads files one after another through one warm reading process; a context manager.

    ``aliases`` is the office's own 列名对照: header as people write it → declared header.
    """

    def __init__(self, aliases: Mapping[str, str] = MappingProxyType({})) -> None:
        self._names = Names(aliases)
        self._process = ReadingProcess()
        self._ahead: tuple[bytes, str] | None = None
        self._last: tuple[bytes, str, Workbook] | None = None  # the caller asks for the workbook, then for its rows

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the reading process."""
        self._process.close()
        self._last = self._ahead = None

    def workbook(self, data: bytes, name: str) -> Workbook:
        """All sheets of a file as text at their physical places. Raises ReadError only."""
        if self._last and self._last[0] is data and self._last[1] == name:
            return self._last[2]
        book = self._ask(data, name)
        self._last = (data, name, book)
        return book

    def read(self, data: bytes, name: str) -> FileRows:
        """The rows of a file; whatever is wrong with it is in ``outcome`` and ``problems``."""
        try:
            return rows_of(self.workbook(data, name), name, self._names)
        except ReadError as error:
            return rows_of(error, name, self._names)

    def read_list(self, data: bytes, name: str) -> ListRows:
        """The rows of any list of customers, the manual's forms or not (``lists``)."""
        from .lists import list_of

        try:
            return list_of(self.workbook(data, name), name, self._names)
        except ReadError as error:
            return list_of(error, name, self._names)

    def read_all(self, files: Iterable[tuple[bytes, str]]) -> Iterator[FileRows]:
        """The rows of many files, (bytes, name) each, in order: one is being opened while the one before is sorted out.

        On two cores this takes two thirds of the time of ``read`` after ``read``.
        """
        waiting = iter(files)
        current = next(waiting, None)
        while current is not None:
            try:
                book: Workbook | ReadError = self.workbook(*current)
            except ReadError as error:
                book = error
            following = next(waiting, None)
            if following is not None:
                self._begin(*following)
            yield rows_of(book, current[1], self._names)
            current = following

    def _begin(self, data: bytes, name: str) -> None:
        """Let the reading process start on the file that comes next; a large one waits for its turn."""
        if len(data) < _SPILL_FROM and self._process.ahead(self._request(name, []), data):
            self._ahead = (data, name)

    def _ask(self, data: bytes, name: str) -> Workbook:
        """Ask until some reader survives the file: one that took the process down is left out the next time."""
        skip: list[str] = []
        begun, self._ahead = self._ahead, None
        while True:
            try:
                if begun and begun[0] is data and begun[1] == name:
                    begun = None
                    return _answered(*self._process.collect(len(data)))
                return self._once(data, name, skip)
            except ProcessLostError as lost:
                if not lost.stage or lost.stage in skip or len(skip) >= _TRIES:
                    raise ReadError("file-unreadable", lost.reason) from None
                skip.append(lost.stage)

    def _request(self, name: str, skip: list[str]) -> dict[str, Any]:
        return {"name": name, "password": os.environ.get(PASSWORD, ""), "skip": skip}

    def _once(self, data: bytes, name: str, skip: list[str]) -> Workbook:
        request = self._request(name, skip)
        if len(data) < _SPILL_FROM:
            return _answered(*self._process.ask(request, data, len(skip)))
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            spill = Path(folder) / "cells"
            header, body = self._process.ask({**request, "spill": str(spill)}, data, len(skip))
            if header.get("spilled"):
                self._process.close()  # it holds on to the memory it needed; the next file gets a fresh one
                body = spill.read_bytes()
        return _answered(header, body)


def _answered(header: Mapping[str, Any], body: bytes) -> Workbook:
    if "refused" in header:
        raise ReadError(*header["refused"])
    return unpack(header, body)


def unpack(header: Mapping[str, Any], body: bytes) -> Workbook:
    """The reading process's answer → Workbook; the cells are wrapped, not copied."""
    import pyarrow as pa

    buffer, at, result = pa.py_buffer(body), 0, []
    for index, sheet in enumerate(header["sheets"], 1):
        height, columns = sheet["height"], []
        text_at = at + 8 * (height + 1) * len(sheet["sizes"])
        for size in sheet["sizes"]:
            parts = [None, buffer.slice(at, 8 * (height + 1)), buffer.slice(text_at, size)]
            columns.append(pa.Array.from_buffers(pa.large_string(), height, parts))
            at += 8 * (height + 1)
            text_at += size
        at = text_at + -sum(sheet["sizes"]) % 8
        result.append(
            Sheet(
                index,
                sheet["name"],
                tuple(columns),
                height,
                sheet["top"],
                sheet["left"],
                sheet["hidden"],
                frozenset(sheet["hidden_rows"]),
                tuple(tuple(area) for area in sheet["merged"]),
                {(row, column): shown for row, column, shown in sheet["errors"]},
                frozenset((row, column) for row, column in sheet["unsaved"]),
                sheet["lost_rows"],
                {(row, column): shown for row, column, shown in sheet["cut"]},
            ),
        )
    return Workbook(
        tuple(result),
        header["kind"],
        header["engine"],
        header["properties"],
        header["names"],
        tuple(tuple(note) for note in header["notes"]),
    )
