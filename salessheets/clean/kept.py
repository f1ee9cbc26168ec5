"""Cleaned records of long files, kept in 缓存 beside the rows they were cleaned from (contracts.md, "cache").

A record depends on its own row and on the file's number, person and day alone, so each file is kept for itself. Files of a few
rows are cleaned together each time: that is faster than opening them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from salessheets.archive import Archive, Entry
from salessheets.files import sha256, write_whole
from salessheets.read.archived import ArchivedFile

from . import CLEAN_VERSION
from .records import RECORD_COLUMNS, clean
from .text import objects

FOLDER = "清洗"
_LONG = 2_000  # rows
_LISTS = ("mobiles", "landlines", "hotlines", "bad_numbers")
_BY, _FLAGS = "\x1f", b"salessheets flags"


def cleaned(
    archive: Archive, files: list[ArchivedFile], rows: pd.DataFrame, today: date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``records.clean`` of these rows, from 缓存 where it is there. rows: in the order of file numbers, index unique."""
    entries = {file.entry.number: file.entry for file in files}
    parts = []
    for numbers, start, end in _stretches(rows["number"].to_numpy()):
        mine = rows.iloc[start:end]
        long = end - start >= _LONG and len(numbers) == 1
        parts.append(_long(archive, entries[numbers[0]], mine, today) if long else clean(mine, today))
    if len(parts) < 2:
        return parts[0] if parts else clean(rows, today)
    flags = [one for _, one in parts if len(one)] or [parts[0][1]]
    return pd.concat([one for one, _ in parts], ignore_index=True), pd.concat(flags, ignore_index=True)


def _stretches(numbers: np.ndarray) -> Iterator[tuple[list[int], int, int]]:
    """Rows that are cleaned in one go, as file numbers and positions: a long file, or the short ones between two long ones."""
    starts = np.flatnonzero(np.diff(numbers, prepend=-1))
    ends = np.append(starts, len(numbers))[1:]
    begun: list[tuple[int, int, int]] = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if end - start >= _LONG:
            if begun:
                yield [n for n, _, _ in begun], begun[0][1], begun[-1][2]
                begun = []
            yield [int(numbers[start])], start, end
        else:
            begun.append((int(numbers[start]), start, end))
    if begun:
        yield [n for n, _, _ in begun], begun[0][1], begun[-1][2]


def _long(archive: Archive, entry: Entry, rows: pd.DataFrame, today: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Records and flags of one file. Other bytes, another number, person or day, or another cleaner are another file."""
    said = (entry.sha256, entry.number, entry.person, entry.source, entry.archived_at, len(rows), _version())
    path = archive.office.cache / FOLDER / f"{sha256(repr(said).encode())[:32]}.parquet"
    found = _load(path)
    if found is None:
        found = clean(rows, today)
        if not archive.dry:
            write_whole(path, _pack(*found))
    return found


@cache
def _version() -> str:
    """What cleaning depends on besides the row: the cleaners, the declared columns and the data, by content."""
    root = Path(__file__).parents[1]
    sources = sorted(
        path for folder in ("clean", "tables", "data") for path in (root / folder).iterdir() if path.is_file()
    )
    return CLEAN_VERSION + sha256(b"".join(path.read_bytes() for path in sources))[:16]


def _pack(records: pd.DataFrame, flags: pd.DataFrame) -> bytes:
    plain = records.assign(**{name: [_BY.join(values) for values in records[name]] for name in _LISTS})
    table = pa.Table.from_pandas(plain, preserve_index=False)
    kept = {**(table.schema.metadata or {}), _FLAGS: _parquet(pa.Table.from_pandas(flags, preserve_index=False))}
    return _parquet(table.replace_schema_metadata(kept))


def _parquet(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def _load(path: Path) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """The kept form; None when there is none or it is damaged (the cache only saves time)."""
    try:
        table = pq.read_table(io.BytesIO(path.read_bytes()))
        flags = pq.read_table(io.BytesIO(table.schema.metadata[_FLAGS])).to_pandas()
        records = table.to_pandas()
        lists = {name: _tuples(table[name]) for name in _LISTS}
        return records.assign(**lists)[list(RECORD_COLUMNS)], flags
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        return None


def _tuples(joined: pa.ChunkedArray) -> np.ndarray:
    """Joined values → a tuple for each row; equal rows share theirs."""
    encoded = joined.combine_chunks().dictionary_encode()
    values = [tuple(text.split(_BY)) if text else () for text in encoded.dictionary.to_pylist()]
    return objects(values)[encoded.indices.to_numpy()] if values else objects([])
