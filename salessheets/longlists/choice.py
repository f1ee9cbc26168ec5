"""Which engine compares a list: memory while it fits, a database on disk for more, a cluster when one is named."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from shutil import which
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

MEMORY, DUCKDB, SPARK = "memory", "duckdb", "spark"
SUFFIXES = (".xlsx", ".csv", PARQUET)
_NEEDS = {DUCKDB: ("duckdb", "large"), SPARK: ("pyspark", "spark")}  # library, extra
MOST = 2_000_000  # rows that are compared in memory; a gigabyte or two
_SAMPLE = 1 << 20  # bytes


def chosen(paths: Sequence[Path], out: Path, asked: str | None, master: str | None = None) -> str:
    """The engine asked for, else the one that fits. Raises NotPossibleError for a result it cannot write."""
    engine = asked or (SPARK if master else _fitting(paths, out))
    suffix = out.suffix.lower()
    if engine == MEMORY and suffix == PARQUET:
        raise NotPossibleError("内存里比较的结果不写 .parquet,请把 --out 写成 .csv 或 .xlsx,或者加 --engine duckdb")
    if engine == DUCKDB and suffix not in (".csv", PARQUET):
        raise NotPossibleError("这么长的名单放不进Excel表,请把 --out 写成 .csv 或 .parquet")
    if engine == SPARK and suffix != PARQUET:
        raise NotPossibleError("集群的结果是一个文件夹,里面是 .parquet,请把 --out 写成 .parquet")
    if out.is_dir() and not (engine == SPARK and (out / "_SUCCESS").exists()):
        raise NotPossibleError(f"{out.name} 是一个文件夹,请给 --out 换个名字")  # only an earlier result is replaced
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


def process_of(engine: str, memory: str, master: str | None) -> Process:
    """The process on that engine. Raises NotPossibleError when its library is not installed."""
    library, extra = (DUCKDB, "large") if engine == DUCKDB else ("pyspark", "spark")
    library, extra = _NEEDS[engine]
    if find_spec(library) is None:
        raise NotPossibleError(f'还没有安装 {library},请运行 pip install "salessheets[{extra}]"')
    if engine == SPARK and not (which("java") or "JAVA_HOME" in os.environ):
        raise NotPossibleError("Spark 要用 Java,这台电脑上没有找到。Debian/Ubuntu:apt install default-jre-headless")
    if engine == SPARK:
        from .cluster import run as on_cluster

        return partial(on_cluster, master=master)
    from .process import run

    return partial(run, memory=memory)
