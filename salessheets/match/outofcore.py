"""DuckDB runs the relations of matching on one machine, within a memory limit, spilling to a folder on disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import numpy as np
import pyarrow as pa

from salessheets.parallel import each

from .batches import Declared, packed, unpacked
from .cluster import components
from .relational import Step

BATCH = 100_000  # rows that our own functions get at a time
_TYPES = {
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.string(): "VARCHAR",
    pa.list_(pa.string()): "VARCHAR[]",
}
_MET = "STRUCT(block INTEGER, key_ BIGINT, odd BOOLEAN)[]"


def _stepped(shared: tuple[Step, Declared], data: bytes) -> bytes:
    step, declared = shared
    return packed(step(unpacked(data), declared))


class Duck:
    """Tables in a database file of ``folder``; a context manager. ``memory``: what DuckDB may use, for example 4GB."""

    explode = "unnest"

    def __init__(self, folder: Path, memory: str) -> None:
        self._base = duckdb.connect(str(folder / "lists.duckdb"))
        self._base.execute("SET memory_limit = ?", [memory])
        self._base.execute("SET temp_directory = ?", [str(folder / "spilled")])
        self._base.execute("SET preserve_insertion_order = false")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    def listing(self, column: str) -> str:
        """See ``relational.Engine``."""
        return f"array_to_string(array_sort(array_agg({column})), ';')"

    def table(self, name: str, query: str) -> None:
        """See ``relational.Engine``."""
        self._base.execute(f"CREATE OR REPLACE TABLE {name} AS {query}")

    def mapped(self, name: str, query: str, step: Step, declared: Declared, schema: pa.Schema) -> None:
        """See ``relational.Engine``."""
        self.create(name, schema)
        items = ((packed(batch),) for batch in self.batches(query))
        for data in each(_stepped, items, (step, declared)):
            self.append(name, unpacked(data))

    def by_component(self, name: str, query: str, step: Step, declared: Declared, schema: pa.Schema) -> None:
        """See ``relational.Engine``."""
        self.create(name, schema)
        parts = self.value(f"SELECT count(*) FROM ({query}) AS t") // BATCH + 1
        for part in range(parts):
            whole = self._base.sql(f"{query} WHERE p.comp % {parts} = {part}").to_arrow_table()
            if whole.num_rows:
                self.append(name, step(whole, declared))

    def components(self, name: str, edges: str) -> None:
        """See ``relational.Engine``. Integers: in memory 16 bytes an edge and some 20 a row of the list."""
        found = self._base.sql(edges).to_arrow_table()
        left, right = (found[side].to_numpy() for side in ("a", "b"))
        del found
        labels = components(int(max(left.max(initial=-1), right.max(initial=-1))) + 1, left, right)
        met = np.zeros(len(labels), dtype=bool)
        met[left] = met[right] = True
        ids = np.flatnonzero(met)
        self.keep(name, pa.table({"id": ids, "comp": labels[ids]}))

    def numbered(self, name: str, column: str, query: str, order: str) -> None:
        """See ``relational.Engine``."""
        self.table(name, f"SELECT *, row_number() OVER (ORDER BY {order}) AS {column} FROM ({query}) AS t")

    def count(self, name: str) -> int:
        """See ``relational.Engine``."""
        return self.value(f"SELECT count(*) FROM {name}")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a query that has few."""
        return self._base.execute(query).fetchall()

    def value(self, query: str) -> int:
        """See ``relational.Engine``."""
        ((found,),) = self.rows(query)
        return int(found)

    def drop(self, *names: str) -> None:
        """See ``relational.Engine``."""
        for name in names:
            self._base.execute(f"DROP TABLE IF EXISTS {name}")

    def create(self, name: str, schema: pa.Schema) -> None:
        """An empty table."""
        columns = ", ".join(f"{field.name} {_TYPES.get(field.type, _MET)}" for field in schema)
        self._base.execute(f"CREATE OR REPLACE TABLE {name} ({columns})")

    def keep(self, name: str, rows: pa.Table) -> None:
        """A table with these rows."""
        self.create(name, rows.schema)
        self.append(name, rows)

    def append(self, name: str, rows: pa.Table) -> None:
        """Add rows to a table of the same columns."""
        cursor = self._base.cursor()
        cursor.register("rows_of_batch", rows)
        cursor.execute(f"INSERT INTO {name} SELECT * FROM rows_of_batch")
        cursor.close()

    def delete_from(self, name: str, first: int) -> None:
        """Take back the rows whose id is not below ``first``."""
        self._base.execute(f"DELETE FROM {name} WHERE id >= {first}")

    def batches(self, query: str, rows: int = BATCH) -> Iterator[pa.Table]:
        """The rows of a query, some at a time; the table that is appended to meanwhile must be another one."""
        cursor: Any = self._base.cursor()
        for batch in cursor.sql(query).to_arrow_reader(rows):
            if batch.num_rows:
                yield pa.Table.from_batches([batch])
        cursor.close()
