"""The answer of every row and the row as it stood → one CSV or Parquet file, written as it comes from the database."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from salessheets.csvtext import csv_bytes, csv_lines
from salessheets.office import NotPossibleError
from salessheets.write.deduped import FRONT, GROUP, ROW, SIZE, WEIGHT

from .found import Part

if TYPE_CHECKING:
    from salessheets.match.outofcore import Duck

_BATCH = 50_000
ORDERED = (
    "SELECT a.number, a.size, a.advice, a.weight, a.reason, a.ask, r.part, r.row_, r.cells "
    "FROM answer AS a JOIN rows AS r ON r.id = a.id "
    "ORDER BY a.number NULLS LAST, CASE WHEN a.advice = '并入' THEN 1 ELSE 0 END, a.id"
)
_NUMBERS = {GROUP: pa.int64(), SIZE: pa.int64(), ROW: pa.int64(), WEIGHT: pa.float64()}


class Layout:
    """Where each column of each part goes: columns of one header are one column, whatever its case."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self.names: list[str] = []
        spelled: dict[str, int] = {}
        self.places: list[list[tuple[int, int]]] = []  # per part: (column of the part, column of the answer)
        for part in parts:
            self.places.append([])
            for column, header in part.headers.items():
                at = spelled.setdefault(header.casefold(), len(spelled))
                if at == len(self.names):
                    self.names.append(header)
                self.places[-1].append((column, at))

    @property
    def header(self) -> list[str]:
        """All columns of the answer."""
        return [*FRONT, *(f"{name}(原)" if name in FRONT else name for name in self.names)]

    def rows(self, batch: pa.Table) -> Iterator[list[object]]:
        """The lines of a batch of the ordered answer; None for what is not known."""
        columns = [batch[name].to_pylist() for name in batch.column_names]
        for number, size, advice, weight, reason, ask, part, row, cells in zip(*columns, strict=True):
            line: list[object] = [number, size, advice, weight, reason, ask, self.parts[part].file]
            line += [self.parts[part].sheet, row, *[""] * len(self.names)]
            for column, at in self.places[part]:
                if column < len(cells):
                    line[len(FRONT) + at] = cells[column]
            yield line


def write(engine: Duck, parts: Sequence[Part], out: Path, progress: Callable[[str], None]) -> None:
    """Write all or nothing. Raises NotPossibleError when the file is held open by another program."""
    layout = Layout(parts)
    try:
        with _whole(out) as temporary:
            written = 0
            sink = (_Csv if out.suffix.lower() == ".csv" else _Parquet)(temporary, layout.header)
            for batch in engine.batches(ORDERED, _BATCH):
                sink.add(layout.rows(batch))
                written += batch.num_rows
                progress(f"写 {out.name} {written:,} 行")
            sink.close()
    except PermissionError:
        raise NotPossibleError(f"{out.name} 写不进去,可能正被打开,请关闭后再运行") from None


@contextmanager
def _whole(out: Path) -> Iterator[Path]:
    """A file that takes the place of ``out`` when all went well (``files.write_whole`` for what no memory holds)."""
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        temporary.replace(out)
    finally:
        temporary.unlink(missing_ok=True)


class _Csv:
    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.file = path.open("wb")
        self.file.write(csv_bytes([header]))

    def add(self, rows: Iterator[list[object]]) -> None:
        self.file.write(csv_lines(map(_plain, rows)))

    def close(self) -> None:
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()


def _plain(line: list[object]) -> list[object]:
    weight = line[3]
    line[3] = "" if weight is None else f"{weight:.1f}"
    line[:2] = ("" if value is None else value for value in line[:2])
    return line


class _Parquet:
    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.schema = pa.schema([(name, _NUMBERS.get(name, pa.string())) for name in header])
        self.file = pq.ParquetWriter(path, self.schema)

    def add(self, rows: Iterator[list[object]]) -> None:
        columns = list(zip(*rows, strict=True))
        arrays = [pa.array(values, field.type) for values, field in zip(columns, self.schema, strict=True)]
        self.file.write_table(pa.Table.from_arrays(arrays, schema=self.schema))

    def close(self) -> None:
        self.file.close()
