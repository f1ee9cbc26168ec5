"""A CSV or Parquet file of any length, a stretch of rows at a time; what ``lists`` makes of one that fits into memory.

The header is looked for in the first stretch with all means; below it the table goes on through all others. The file is
our own reader's work alone (module csv, Arrow), so it needs no guarded process.
"""

from __future__ import annotations

import codecs
import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .book import RefusalError
from .cells import texts
from .csvfile import BOMS, MAX_COLUMNS, MOST_LINES, delimiter
from .frames import block_of, frame
from .headers import Names
from .lists import going_on, headers_of, tables_of
from .rows import Found
from .workbook import ReadError, Sheet, Workbook

if TYPE_CHECKING:
    import pandas as pd

ROWS = 50_000  # of a stretch
PARQUET = ".parquet"
SUFFIXES = (".csv", ".txt", ".tsv", PARQUET)
_HEAD = 1 << 16  # characters that tell the delimiter
_CHUNK = 1 << 24  # bytes


@dataclass
class Table:
    """One table of the file: where its columns stand, and which of them say anything in any row."""

    found: Found
    head: Sheet
    filled: set[int] = field(default_factory=set)

    @property
    def headers(self) -> dict[int, str]:
        """Column → its header, complete when all stretches were read."""
        width = max(self.filled, default=-1) + 1
        blank = [pa.nulls(self.head.height, pa.large_string()).fill_null("")] * max(width - self.head.width, 0)
        whole = Sheet(1, "", (*self.head.columns, *blank), self.head.height, self.head.top)
        return headers_of(whole, self.found, sorted(self.filled))


@dataclass(frozen=True)
class Stretch:
    """Some rows of one table. rows: as ListRows.rows; cells: the same rows, every cell as it stands, by column."""

    table: int  # number into LongList.tables
    rows: pd.DataFrame
    cells: pa.ListArray


class LoneQuoteError(Exception):
    """A quotation mark that is never closed swallows the lines after it: read the file again without ``quoted``."""


class LongList:
    """One file; ``stretches`` goes through it once. Raises RefusalError when it is no text, or has no header we know."""

    def __init__(self, path: Path, names: Names, rows: int = 0, *, quoted: bool = True) -> None:
        self.path, self.names, self.size, self.quoted = path, names, rows or ROWS, quoted
        self.tables: list[Table] = []

    def stretches(self) -> Iterator[Stretch]:
        """All rows below a header, in order. Raises LoneQuoteError too."""
        form = False
        for sheet in self.sheets():
            found: list[Found]
            going = bool(self.tables)
            if going:
                found = going_on(sheet, self.names, self.tables[-1].found, form=form)
            else:
                found, form = tables_of(sheet, self.names)
            for one in found[1:] if going else found:
                self.tables.append(Table(one, _head(sheet, one)))
            first = len(self.tables) - len(found)
            for number, one in enumerate(found, first):
                if one.rows:
                    yield self._stretch(number, sheet, one)
        if not self.tables:
            raise RefusalError("list-unknown")

    def _stretch(self, number: int, sheet: Sheet, found: Found) -> Stretch:
        taken = pa.array([row - sheet.top for row in found.rows], pa.int64())
        columns = [column.take(taken) for column in sheet.columns]
        self.tables[number].filled |= {
            at for at, column in enumerate(columns) if pc.any(pc.not_equal(column, "")).as_py()
        }
        rows = frame([(block_of(sheet, number + 1, found), sheet, found)], extra=False)
        return Stretch(number, rows, by_row(columns))

    def sheets(self) -> Iterator[Sheet]:
        """The file as sheets of ``size`` rows, each at its place."""
        rows = _parquet(self.path) if self.path.suffix.lower() == PARQUET else _csv(self.path, quoted=self.quoted)
        top, width = 1, 0
        while chunk := list(islice(rows, self.size)):
            width = max(width, *map(len, chunk))  # a column of the header may be blank in a whole stretch
            if width > MAX_COLUMNS:
                raise RefusalError("file-too-big", f"一行有{width}列")
            chunk[0] = [*chunk[0], *[""] * (width - len(chunk[0]))]
            columns = [texts(column) for column in zip_longest(*chunk, fillvalue="")]
            if self.quoted and any(
                text.count("\n") > MOST_LINES for column in columns for text in column if "\n" in text
            ):
                raise LoneQuoteError
            yield Sheet(1, "", tuple(pa.array(c, pa.large_string()) for c in columns), len(chunk), top)
            top += len(chunk)


def whole(path: Path) -> Workbook | ReadError:
    """A Parquet file that fits into memory, as the workbook that ``lists`` knows."""
    try:
        return Workbook(tuple(LongList(path, Names({}), sys.maxsize).sheets()), "parquet", "arrow")
    except RefusalError as refusal:
        return ReadError(refusal.code, refusal.value)


def by_row(columns: Sequence[pa.Array]) -> pa.ListArray:
    """Columns of text → one list of cells per row."""
    height, width = len(columns[0]) if columns else 0, len(columns)
    flat = pa.chunked_array(columns, pa.large_string()).combine_chunks()
    order = np.arange(width * height).reshape(width, height).T.ravel()
    return pa.ListArray.from_arrays(
        pa.array(np.arange(height + 1) * width, pa.int32()), flat.take(pa.array(order)).cast(pa.string())
    )


def filled_cells(cells: pa.ListArray) -> npt.NDArray[np.int64]:
    """How many cells of each row say anything."""
    said = pc.not_equal(cells.flatten(), "").to_numpy(zero_copy_only=False).astype(np.int64)
    found: npt.NDArray[np.int64] = np.diff(np.r_[0, said.cumsum()][cells.offsets.to_numpy()])
    return found


def _head(sheet: Sheet, found: Found) -> Sheet:
    """Nothing but the header of a table."""
    first, size = found.header.first_row, found.header.row - found.header.first_row + 1
    return Sheet(1, "", tuple(column.slice(first - sheet.top, size) for column in sheet.columns), size, first)


def _csv(path: Path, *, quoted: bool) -> Iterator[Sequence[object]]:
    """The records, blank lines included. The encoding is told by the whole file, as for a short one."""
    csv.field_size_limit(1 << 20)
    with path.open(encoding=_encoding(path), errors="replace", newline="") as file:
        head = file.read(_HEAD).replace("\0", "")
        quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
        file.seek(0)
        lines = (line.replace("\0", "") for line in file)
        try:
            yield from csv.reader(lines, delimiter=delimiter(head), quoting=quoting)
        except csv.Error:
            raise LoneQuoteError from None


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    for bom, encoding in BOMS:
        if start.startswith(bom):
            return encoding
    for encoding in ("utf-8", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        with path.open("rb") as file:
            try:
                while chunk := file.read(_CHUNK):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                continue
        return encoding
    raise RefusalError("file-unreadable", "不是表格,或者文字编码认不出来")


def _parquet(path: Path) -> Iterator[Sequence[object]]:
    """The names of the columns, then the rows."""
    try:
        with pq.ParquetFile(path) as file:
            yield tuple(file.schema_arrow.names)
            for batch in file.iter_batches(ROWS):
                yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
    except (pa.ArrowInvalid, OSError):
        raise RefusalError("file-unreadable", "文件内容已损坏") from None
