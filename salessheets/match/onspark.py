"""Apache Spark runs the relations of matching on a cluster: DataFrames all through, no jar beyond Spark's own.

The workers need this package (``--py-files`` or installed) and pyarrow; the model comes to them by broadcast.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sql
from pyspark.sql.pandas.types import from_arrow_schema

from .batches import Declared
from .relational import Step

BATCH = 100_000  # rows that our own functions get at a time
_PLACES = 33  # bits of the place within a partition in monotonically_increasing_id


def session(master: str | None) -> SparkSession:
    """The session of ``spark-submit``, or one of our own on ``master``."""
    maker = SparkSession.builder.appName("salessheets dedupe")
    if master:
        maker = maker.master(master)
        if master.startswith("local"):  # a small machine, and nobody else's business
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
            local = {"driver.host": "127.0.0.1", "driver.bindAddress": "127.0.0.1", "ui.enabled": "false"}
            for name, value in {**local, "sql.shuffle.partitions": "2"}.items():
                maker = maker.config(f"spark.{name}", value)
    made = maker.getOrCreate()
    made.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(BATCH))
    made.sparkContext.setLogLevel("ERROR")
    return made


class Spark:
    """Tables are DataFrames under a name. ``folder``: storage all workers share, for what must not be worked out twice."""

    explode = "explode"

    def __init__(self, spark: SparkSession, folder: str = "") -> None:
        self.spark, self.safe = spark, bool(folder)
        self._kept: dict[str, DataFrame] = {}
        if folder:
            spark.sparkContext.setCheckpointDir(folder)

    def listing(self, column: str) -> str:
        """See ``relational.Engine``."""
        return f"array_join(transform(array_sort(array_agg({column})), x -> CAST(x AS STRING)), ';')"

    def frame(self, query: str) -> DataFrame:
        """The rows of a query."""
        return self.spark.sql(query)

    def named(self, name: str, rows: DataFrame) -> None:
        """Keep rows under a name, worked out once, when they are first asked for."""
        self.drop(name)
        self._kept[name] = rows.persist(StorageLevel.DISK_ONLY)
        self._kept[name].createOrReplaceTempView(name)

    def settled(self, name: str, rows: DataFrame) -> None:
        """Keep rows worked out now: later plans begin here, and with a folder a lost worker loses nothing."""
        done = rows.checkpoint() if self.safe else rows.localCheckpoint()
        done.createOrReplaceTempView(name)

    def keep(self, name: str, rows: pa.Table) -> None:
        """A table with these rows."""
        self.settled(name, self.spark.createDataFrame(rows, from_arrow_schema(rows.schema)))

    def table(self, name: str, query: str) -> None:
        """See ``relational.Engine``."""
        self.named(name, self.frame(query))

    def mapped(self, name: str, query: str, step: Step, declared: Declared, schema: pa.Schema) -> None:
        """See ``relational.Engine``."""
        told = self.spark.sparkContext.broadcast(declared)
        made = self.frame(query).mapInArrow(_each(lambda rows: step(rows, told.value)), from_arrow_schema(schema))
        self.settled(name, made)

    def by_component(self, name: str, query: str, step: Step, declared: Declared, schema: pa.Schema) -> None:
        """See ``relational.Engine``."""
        told = self.spark.sparkContext.broadcast(declared)
        rows = self.frame(query)
        parts = rows.count() // BATCH + 1  # a component is too small to be a group of its own
        groups = rows.groupBy(sql.pmod(sql.hash("comp"), sql.lit(parts)))
        self.settled(name, groups.applyInArrow(lambda whole: step(whole, told.value), from_arrow_schema(schema)))

    def components(self, name: str, edges: str) -> None:
        """See ``relational.Engine``. The smallest id of all neighbours, then that one's own, until nothing changes."""
        self.table("ends", f"SELECT a, b FROM ({edges}) AS t UNION ALL SELECT b AS a, a AS b FROM ({edges}) AS u")
        self.settled(name, self.frame("SELECT DISTINCT a AS id, a AS comp FROM ends"))
        while True:
            self.table(
                "lowest",
                f"SELECT id, min(comp) AS comp FROM (SELECT e.a AS id, m.comp FROM ends AS e JOIN {name} AS m "
                f"ON m.id = e.b UNION ALL SELECT id, comp FROM {name}) AS t GROUP BY id",
            )
            moved = self.value(
                f"SELECT count(*) FROM lowest AS l JOIN {name} AS m ON m.id = l.id WHERE m.comp <> l.comp"
            )
            if not moved:
                break
            self.settled(name, self.frame("SELECT x.id, y.comp FROM lowest AS x JOIN lowest AS y ON y.id = x.comp"))
        self.drop("ends", "lowest")

    def numbered(self, name: str, column: str, query: str, order: str) -> None:
        """See ``relational.Engine``."""
        place = f"{column}_place"
        rows = self.frame(f"SELECT * FROM ({query}) AS t ORDER BY {order}")
        self.settled(name, rows.withColumn(place, sql.monotonically_increasing_id()))
        done = self.frame(f"SELECT * FROM {name}")
        self.settled(name, done.withColumn(column, consecutive(done, place) + 1).drop(place))

    def count(self, name: str) -> int:
        """See ``relational.Engine``."""
        return self.value(f"SELECT count(*) FROM {name}")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a query that has few."""
        return [tuple(row) for row in self.frame(query).collect()]

    def value(self, query: str) -> int:
        """See ``relational.Engine``."""
        ((found,),) = self.rows(query)
        return int(found)

    def drop(self, *names: str) -> None:
        """See ``relational.Engine``."""
        for name in names:
            if name in self._kept:
                self._kept.pop(name).unpersist()
            self.spark.catalog.dropTempView(name)


def consecutive(rows: DataFrame, place: str) -> Any:
    """An expression: monotonically increasing ids (column ``place``) without the gaps between partitions, from 0."""
    part = sql.shiftright(place, _PLACES)
    sizes = sorted((r["part"], r["count"]) for r in rows.groupBy(part.alias("part")).count().collect())
    before, result = 0, sql.lit(0).cast("bigint")
    for number, size in sizes:
        result = sql.when(part == number, sql.lit(before).cast("bigint")).otherwise(result)
        before += size
    return result + sql.col(place).bitwiseAND((1 << _PLACES) - 1)


def _each(step: Callable[[pa.Table], pa.Table]) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """A function of one batch as Spark wants it."""

    def all_of(found: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in found:
            if batch.num_rows:
                yield from step(pa.Table.from_batches([batch])).to_batches()

    return all_of
