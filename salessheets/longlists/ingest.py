"""Files → the tables ``rows``, ``records`` and ``facts`` of a database, a stretch at a time."""

from __future__ import annotations

import hashlib
import pickle
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from salessheets.match import batches
from salessheets.match.batches import unpacked
from salessheets.match.columns import array
from salessheets.match.outofcore import Duck
from salessheets.parallel import each
from salessheets.problems import Problem
from salessheets.read import Reader
from salessheets.read.book import RefusalError
from salessheets.read.filerows import Outcome
from salessheets.read.headers import Names
from salessheets.read.stretches import SUFFIXES, LoneQuoteError, LongList, by_row, filled_cells

from .found import File, Ingested, Part
from .taken import FACTS, ROWS, numbered, taken

Piece = tuple[int, pd.DataFrame, pa.ListArray]  # part, rows (ListRows.rows), their cells


def ingest(
    engine: Duck, paths: Sequence[Path], aliases: Mapping[str, str], day: date, progress: Callable[[str], None]
) -> Ingested:
    """Read every file once, in order of name and content; those that cannot be read are named, the others go on."""
    paths = _ordered(paths)
    found = Ingested()
    engine.create("rows", ROWS)
    engine.create("records", batches.RECORDS)
    engine.create("facts", FACTS)
    with Reader(aliases) as reader:
        for number, path in enumerate(paths, 1):
            found.files.append(File(path.name))
            for quoted in (True, False):
                before = found.rows, len(found.parts), Counter(found.flags)
                source = (
                    _long(path, Names(aliases), found, quoted=quoted)
                    if path.suffix.lower() in SUFFIXES
                    else _short(path, reader, found)
                )
                try:
                    kept = _kept(engine, found, source, number, path.name if len(paths) > 1 else "")
                    _cleaned(engine, found, kept, day, progress)
                except LoneQuoteError:
                    _forgotten(engine, found, *before)
                else:
                    break
    return found


def _ordered(paths: Sequence[Path]) -> list[Path]:
    """By name, files of one name by content, each content once: the order in which they were named changes nothing."""
    names = Counter(path.name for path in dict.fromkeys(paths))
    keyed: dict[tuple[str, str], Path] = {}
    for path in paths:
        content = ""
        if names[path.name] > 1:
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
        keyed[path.name, content] = path
    return [keyed[key] for key in sorted(keyed)]


def _cleaned(
    engine: Duck, found: Ingested, kept: Iterator[tuple[bytes]], day: date, progress: Callable[[str], None]
) -> None:
    file = found.files[-1]
    try:
        for data in each(taken, kept, day):
            records, facts, flags = pickle.loads(data)  # noqa: S301  from our own helper
            engine.append("records", unpacked(records))
            engine.append("facts", unpacked(facts))
            found.flags.update(flags)
            progress(f"读 {file.name} {found.rows:,} 行")
    except RefusalError as refusal:
        file.outcome = Outcome.UNKNOWN if refusal.code == "list-unknown" else Outcome.FAILED
        file.problems.append(Problem(refusal.code, file.name, value=refusal.value))
    except (FileNotFoundError, PermissionError):
        file.outcome = Outcome.FAILED
        file.problems.append(Problem("file-busy", file.name, value=file.name))


def _kept(engine: Duck, found: Ingested, source: Iterator[Piece], number: int, prefix: str) -> Iterator[tuple[bytes]]:
    """The rows of a file, kept as they stand, then handed on to be cleaned. prefix: of the place of a row."""
    file = found.files[-1]
    for part, rows, cells in source:
        sheet = found.parts[part].sheet
        place = prefix + (f"「{sheet}」" if sheet else "") + "第"
        ids = np.arange(found.rows, found.rows + len(rows))
        kept = {
            "id": pa.array(ids),
            "part": pa.array(np.full(len(rows), part)),
            "row_": pa.array(rows["row"].to_numpy()),
            "aside": array(rows["aside"]).cast(pa.string()),
            "place": array(place + rows["row"].astype("str") + "行").cast(pa.string()),
            "cells": cells,
        }
        engine.append("rows", pa.table(kept, schema=ROWS))
        yield (numbered(rows.assign(number=number, file=file.name), filled_cells(cells), ids),)
        found.rows += len(rows)
        file.rows += len(rows)


def _forgotten(engine: Duck, found: Ingested, rows: int, parts: int, flags: Counter[tuple[str, str]]) -> None:
    """Take back what was kept of a file."""
    for name in ("rows", "records", "facts"):
        engine.delete_from(name, rows)
    found.rows, found.files[-1].rows, found.flags = rows, 0, flags
    del found.parts[parts:]


def _long(path: Path, names: Names, found: Ingested, *, quoted: bool) -> Iterator[Piece]:
    """A CSV or Parquet file, a stretch at a time."""
    long = LongList(path, names, quoted=quoted)
    first = len(found.parts)
    for stretch in long.stretches():
        while len(found.parts) - first < len(long.tables):
            found.parts.append(Part(path.name, "", {}))
        yield first + stretch.table, stretch.rows, stretch.cells
    for part, table in zip(found.parts[first:], long.tables, strict=True):
        part.headers = table.headers


def _short(path: Path, reader: Reader, found: Ingested) -> Iterator[Piece]:
    """Any other file, read as a whole in its guarded process."""
    content = reader.read_list(path.read_bytes(), path.name)
    found.files[-1].outcome = content.outcome
    found.files[-1].problems += content.problems
    headers = dict(enumerate(content.original.columns))
    several = len({block.sheet for block in content.blocks}) > 1
    for block in content.blocks:
        found.parts.append(Part(path.name, block.sheet_name if several else "", headers))
        mine = (content.rows["sheet"] == block.sheet) & (content.rows["block"] == block.block)
        original = content.original[mine]
        cells = by_row([array(original[name]) for name in original.columns])
        yield len(found.parts) - 1, content.rows[mine].reset_index(drop=True), cells
