"""The same process on a Spark cluster: the files lie on storage that all workers share, and so does the result.

Of several files each is read for itself. The header is found by the first rows, on the machine that submits; a row's number
counts the rows of the file without blank lines.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as sql
from pyspark.sql.pandas.types import from_arrow_schema

from salessheets.match import batches
from salessheets.match.columns import array
from salessheets.match.leads_model import MODEL
from salessheets.match.model import Model
from salessheets.match.onspark import Spark, consecutive, session
from salessheets.match.relational import businesses, matched
from salessheets.problems import Problem
from salessheets.read.cells import texts
from salessheets.read.filerows import Outcome
from salessheets.read.frames import block_of, frame
from salessheets.read.headers import Names
from salessheets.read.lists import going_on, headers_of, tables_of
from salessheets.read.rows import Found
from salessheets.read.stretches import PARQUET, by_row, filled_cells
from salessheets.read.workbook import Sheet
from salessheets.settings import Settings

from .answer import answered, counts
from .found import Done, File, Ingested, Part
from .output import ORDERED, Layout
from .taken import FACTS, ROWS, numbered, taken
from .told import declared, timed

_FILE = 40  # bits of a row's number within its file
_HEAD = 500  # rows in which the header is looked for, and which tell what columns hold
# One line of what the workers make of a row: the row, the record where it is a customer, the facts.
_MADE = pa.schema([*ROWS, *((f"r_{f.name}", f.type) for f in (*batches.RECORDS, *list(FACTS)[1:]))])


@dataclass(frozen=True)
class _Below:
    """What every worker is told of a file: its table, how it was found, its place among the files, how rows are called."""

    found: Found
    form: bool
    aliases: dict[str, str]
    day: date
    number: int
    file: str
    place: str


def run(
    paths: Sequence[Path],
    out: Path,
    settings: Settings,
    day: date,
    progress: Callable[[str], None],
    *,
    master: str | None,
    model: Model = MODEL,
) -> Done:
    """Compare all rows of the files and write the answer as a folder of Parquet files."""
    shown = timed(progress)
    shown("启动Spark")
    engine = Spark(session(master), "" if (master or "").startswith("local") else f"{out}.工作")
    read = Ingested()
    made: DataFrame | None = None
    for number, path in enumerate(sorted(dict.fromkeys(paths), key=lambda path: path.name), 1):
        shown(f"读 {path.name}")
        one = _read(engine, read, path, number, settings, day, several=len(paths) > 1)
        made = one if made is None else made.union(one) if one is not None else made
    _kept(engine, made)
    shown(f"{engine.count('rows'):,} 行读完")
    matched(engine, declared(settings, model, businesses(engine)), shown)
    shown("写理由")
    answered(engine)
    shown(f"写 {out.name}")
    _write(engine, read, out)
    return Done(read, counts(engine))


def _read(
    engine: Spark, read: Ingested, path: Path, number: int, settings: Settings, day: date, *, several: bool
) -> DataFrame | None:
    """The rows of one file with what is made of them (_MADE); None when it has no header we know."""
    read.files.append(File(path.name))
    parquet = path.suffix.lower() == PARQUET
    spark = engine.spark.read
    # Cells may hold line breaks, so a CSV file is read by one worker, and its rows are dealt out afterwards.
    rows = spark.parquet(str(path)) if parquet else spark.csv(str(path), header=False, multiLine=True, escape='"')
    head = [tuple(rows.columns)] if parquet else []
    head += [tuple(row) for row in rows.limit(_HEAD).collect()]
    sheet = Sheet(1, "", tuple(_column(c) for c in zip_longest(*head, fillvalue="")), len(head))
    names = Names(settings.aliases)
    tables, form = tables_of(sheet, names)
    if not tables:
        read.files[-1].outcome = Outcome.UNKNOWN
        read.files[-1].problems.append(Problem("list-unknown", path.name))
        return None
    found = tables[0]
    width = range(len(rows.columns))
    read.parts.append(Part(path.name, "", headers_of(sheet, found, list(width))))
    placed = rows.withColumn("place_", sql.monotonically_increasing_id())
    numbered_rows = placed.withColumn("row_", consecutive(placed, "place_") + (2 if parquet else 1)).drop("place_")
    below = numbered_rows.where(sql.col("row_") > found.header.row)
    if not parquet:
        below = below.repartition(4 * engine.spark.sparkContext.defaultParallelism)
    size = below.count()
    bare = Found(found.header, found.head)
    told = _Below(bare, form, dict(settings.aliases), day, number, path.name, path.name if several else "")
    shared = engine.spark.sparkContext.broadcast(told)
    read.rows += size
    read.files[-1].rows = size
    return below.mapInArrow(lambda found_: _each(found_, shared.value), from_arrow_schema(_MADE))


def _column(values: Iterable[object]) -> pa.Array:
    return pa.array(texts(list(values)), pa.large_string())


def _each(found: Iterable[pa.RecordBatch], told: _Below) -> Iterator[pa.RecordBatch]:
    for batch in found:
        if batch.num_rows:
            yield from _made(batch, told).to_batches()


def _made(batch: pa.RecordBatch, told: _Below) -> pa.Table:
    """One batch of a file, cleaned."""
    at = batch.column("row_").to_numpy()
    columns = [_column(column.to_pylist()) for column in batch.columns[:-1]]
    sheet = Sheet(1, "", tuple(columns), batch.num_rows, 1)
    found = going_on(sheet, Names(told.aliases), told.found, form=told.form)
    rows = frame([(block_of(sheet, 1, one), sheet, one) for one in found], extra=False)
    taken_rows = rows["row"].to_numpy() - 1
    rows["row"] = at[taken_rows]
    cells = by_row([column.take(pa.array(taken_rows)) for column in columns])
    ids = (told.number << _FILE) + rows["row"].to_numpy()
    data = numbered(rows.assign(number=told.number, file=told.file), filled_cells(cells), ids)
    records, facts, _ = pickle.loads(taken(told.day, data))  # noqa: S301  made in the same breath
    records, facts = batches.unpacked(records), batches.unpacked(facts)
    customers = (rows["aside"] == "").to_numpy(dtype=bool)  # records come in the order of rows, whatever order that is
    where = pa.array(np.ma.masked_array(np.cumsum(customers) - 1, ~customers))
    place = told.place + "第" + rows["row"].astype("str") + "行"
    made = {
        "id": pa.array(ids),
        "part": pa.array(np.full(len(rows), told.number - 1)),
        "row_": pa.array(rows["row"].to_numpy()),
        "aside": array(rows["aside"]).cast(pa.string()),
        "place": array(place).cast(pa.string()),
        "cells": cells,
    }
    for table in (records, facts.drop_columns("id")):
        made |= {f"r_{name}": table[name].combine_chunks().take(where) for name in table.column_names}
    return pa.table(made, schema=_MADE)


def _kept(engine: Spark, made: DataFrame | None) -> None:
    """``rows``, ``records`` and ``facts`` as the other engines have them."""
    if made is None:
        made = engine.spark.createDataFrame([], from_arrow_schema(_MADE))
    engine.settled("made", made)
    records = ", ".join(f"r_{name} AS {name}" for name in batches.RECORDS.names)
    facts = ", ".join(f"r_{name} AS {name}" for name in FACTS.names[1:])
    for name, columns, where in (
        ("rows", ", ".join(ROWS.names), ""),
        ("records", records, "WHERE aside = ''"),
        ("facts", f"id, {facts}", "WHERE aside = ''"),
    ):
        engine.frame(f"SELECT {columns} FROM made {where}").createOrReplaceTempView(name)


def _write(engine: Spark, read: Ingested, out: Path) -> None:
    layout = Layout(read.parts)
    ordered = engine.frame(ORDERED)
    named = _of_part([sql.lit(part.file) for part in read.parts])
    front = [sql.col(name) for name in ("number", "size", "advice", "weight", "reason", "ask")]
    front += [named, sql.lit(""), sql.col("row_")]
    cells = []
    for at in range(len(layout.names)):
        of_part = [
            next((sql.get("cells", sql.lit(column)) for column, place in places if place == at), sql.lit(""))
            for places in layout.places
        ]
        cells.append(sql.coalesce(_of_part(of_part), sql.lit("")))
    columns = [column.alias(name) for column, name in zip([*front, *cells], layout.header, strict=True)]
    ordered.select(columns).write.mode("overwrite").parquet(str(out))


def _of_part(values: Sequence[Column]) -> Column:
    """The value that belongs to the part of a row."""
    found = sql.lit("")
    for number, value in enumerate(values):
        found = sql.when(sql.col("part") == number, value).otherwise(found)
    return found
