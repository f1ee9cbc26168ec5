"""Rows of archived files, each parsed once: Parquet in 缓存, keyed by the file's bytes and the reader's version."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from salessheets.archive import Archive, Entry
from salessheets.files import sha256, write_whole
from salessheets.problems import Problem

from . import READ_VERSION, Block, FileRows, Outcome, Reader

_READERS, _FEW = 2, 8  # reading processes; so few new files are not worth a second one


@dataclass(frozen=True)
class ArchivedFile:
    """One archived file and what was read from it."""

    entry: Entry
    content: FileRows

    def block(self, sheet: int, block: int) -> Block:
        """The table a row stands in."""
        return next(b for b in self.content.blocks if (b.sheet, b.block) == (sheet, block))


def read_archived(
    archive: Archive,
    entries: list[Entry],
    aliases: Mapping[str, str],
    progress: Callable[[Entry], None] = lambda _: None,
) -> list[ArchivedFile]:
    """Parse entries through the cache, in order. A missing copy is an unreadable file, not a crash.

    New files are read by two reading processes at a time: while one parses, the program recognises and keeps another.
    """
    key = sha256(json.dumps(dict(aliases), sort_keys=True).encode())[:8]
    folder = archive.office.cache / "读入"
    cached = [folder / f"{entry.sha256[:32]}-{READ_VERSION}-{key}.parquet" for entry in entries]
    contents = [_load(path) for path in cached]
    fresh: dict[Path, Entry] = {}  # the same bytes again are one file, known by its first name
    for path, entry, found in zip(cached, entries, contents, strict=True):
        if found is None:
            fresh.setdefault(path, entry)
    files = []
    with ExitStack() as readers, ThreadPoolExecutor(_READERS + 1) as pool:
        free: SimpleQueue[Reader] = SimpleQueue()
        for _ in range(_READERS if len(fresh) > _FEW else 1):
            free.put(readers.enter_context(Reader(aliases)))
        coming = {path: pool.submit(_parse, archive, entry, free, path) for path, entry in fresh.items()}
        try:
            for entry, path, found in zip(entries, cached, contents, strict=True):
                progress(entry)
                files.append(ArchivedFile(entry, _named(found or coming[path].result(), entry)))
        finally:
            pool.shutdown(cancel_futures=True)
    return files


def _parse(archive: Archive, entry: Entry, free: SimpleQueue[Reader], cached: Path) -> FileRows:
    """Read one file with a reader that is free, and keep the result."""
    try:
        data = archive.data(entry)
    except FileNotFoundError:
        problem = Problem(archive.damaged[entry.number], file=entry.inbox_path, value=f"{entry.number:05d}")
        return FileRows(Outcome.FAILED, (), pd.DataFrame(), (problem,), 0)
    reader = free.get()
    try:
        content = reader.read(data, entry.name)
    finally:
        free.put(reader)
    if not archive.dry:
        write_whole(cached, _pack(content))
    return content


def _named(content: FileRows, entry: Entry) -> FileRows:
    """The same content with the file's own path in its problems: copies share one parsed form."""
    problems = tuple(
        Problem(p.code, entry.inbox_path, p.sheet, p.row, p.cell, p.value, p.details) for p in content.problems
    )
    return FileRows(content.outcome, content.blocks, content.rows, problems, content.unread_rows)


def _pack(content: FileRows) -> bytes:
    meta = {
        "outcome": content.outcome.value,
        "unread": content.unread_rows,
        "blocks": [
            {**vars(b), "columns": dict(b.columns), "extras": dict(b.extras), "head": dict(b.head)}
            for b in content.blocks
        ],
        "problems": [{**asdict(p), "details": dict(p.details)} for p in content.problems],
    }
    table = pa.Table.from_pandas(content.rows, preserve_index=False)
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), b"salessheets": json.dumps(meta).encode()})
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def _load(path: Path) -> FileRows | None:
    """The cached form, None when there is none or it is damaged (the cache only saves time)."""
    if not path.exists():
        return None
    try:
        table = pq.read_table(io.BytesIO(path.read_bytes()))
        meta = json.loads(table.schema.metadata[b"salessheets"])
        return FileRows(
            Outcome(meta["outcome"]),
            tuple(Block(**b) for b in meta["blocks"]),
            table.to_pandas(),
            tuple(Problem(**p) for p in meta["problems"]),
            meta["unread"],
        )
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        return None
