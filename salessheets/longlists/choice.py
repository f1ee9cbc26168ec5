"""Which engine compares a list: memory while it fits, a database on disk for more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from salessheets.office import NotPossibleError
from salessheets.read.stretches import PARQUET
from salessheets.read.stretches import SUFFIXES as LONG

if TYPE_CHECKING:
    from datetime import date

    from salessheets.settings import Settings

    from .found import Done

    # files, result, settings, today, progress → what was read and found
    Process = Callable[[Sequence[Path], Path, Settings, date, Callable[[str], None]], Done]

MEMORY, DUCKDB = "memory", "duckdb"
SUFFIXES = (".xlsx", ".csv", PARQUET)
_EXTRA = {DUCKDB: "large"}
MOST = 2_000_000  # rows that are compared in memory; a gigabyte or two
_SAMPLE = 1 << 20  # bytes


def chosen(paths: Sequence[Path], out: Path, asked: str | None) -> str:
    """The engine asked for, else the one that fits. Raises NotPossibleError for a result it cannot write."""
    engine = asked or _fitting(paths, out)
    suffix = out.suffix.lower()
    if engine == MEMORY and suffix == PARQUET:
        raise NotPossibleError("内存里比较的结果不写 .parquet,请把 --out 写成 .csv 或 .xlsx,或者加 --engine duckdb")
    if engine == DUCKDB and suffix not in (".csv", PARQUET):
        raise NotPossibleError("这么长的名单放不进Excel表,请把 --out 写成 .csv 或 .parquet")
    return engine


def _fitting(paths: Sequence[Path], out: Path) -> str:
    return DUCKDB if out.suffix.lower() == PARQUET or sum(map(rows_in, paths)) > MOST else MEMORY


def rows_in(path: Path) -> int:
    """About how many rows a CSV or Parquet file has; others are never that long."""
    suffix = path.suffix.lower()
    if suffix not in LONG or not path.is_file():
        return 0
    if suffix == PARQUET:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return int(pq.read_metadata(path).num_rows)
        except pa.ArrowInvalid:
            return 0
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    lines = sample.count(b"\n")
    return path.stat().st_size * lines // max(len(sample), 1)


def process_of(engine: str, memory: str) -> Process:
    """The process on that engine. Raises NotPossibleError when its library is not installed."""
    library, extra = (DUCKDB, "large") if engine == DUCKDB else ("pyspark", "spark")
    if find_spec(library) is None:
        raise NotPossibleError(f'还没有安装 {library},请运行 pip install "salessheets[{extra}]"')
    from .process import run

    return partial(run, memory=memory)
