"""The issue record (发布记录): what a week's workbooks said when they were written.

It is the baseline of the three-way comparison and of class hysteresis, and it keeps the fates of closed weeks.
One zip of Parquet tables per run, archived before any workbook is moved into place (contracts.md). Its id is the
hash of its content, so that writing the same again is the same issue.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field, fields

import pandas as pd

from .archive import Archive, Entry
from .files import sha256

CELL_COLUMNS = ["workbook", "sheet", "lead", "field", "value"]
FATE_COLUMNS = ["rid", "week", "fate", "lead", "code", "reason"]
PAIR_COLUMNS = ["workbook", "sheet", "key", "left", "right", "name", "phone"]
SHARED_COLUMNS = ["kind", "value", "why"]
FIGURE_COLUMNS = ["brand", "figure", "value"]
_BY = ";"


def no_pairs() -> pd.DataFrame:
    """Pairs of a week in which nobody was asked anything."""
    return pd.DataFrame(columns=PAIR_COLUMNS, dtype="str")


def nothing_shared() -> pd.DataFrame:
    """What a record of an older program says of shared values."""
    return pd.DataFrame(columns=SHARED_COLUMNS, dtype="str")


def no_figures() -> pd.DataFrame:
    """What a record of an older program says of the figures on 概览."""
    return pd.DataFrame(columns=FIGURE_COLUMNS).astype({"brand": "str", "figure": "str", "value": "int64"})


@dataclass(frozen=True)
class Issue:
    """cells: CELL_COLUMNS, the yellow cells as written. fates: FATE_COLUMNS, every row decided in the week.
    leads: lead, brand and the white cells as shown, class and score.
    pairs: PAIR_COLUMNS, the lines on which people answer 是 or 不是: both sets of record numbers (``rids``), and who is
    shown on the line. shared: SHARED_COLUMNS, the values that identify nobody, frozen until the next week is closed.
    figures: FIGURE_COLUMNS, what 概览 of each brand counted (brand "" = 销售部_周报): numbers of leads, nobody's data.
    """

    cells: pd.DataFrame
    fates: pd.DataFrame
    leads: pd.DataFrame
    pairs: pd.DataFrame = field(default_factory=no_pairs)
    shared: pd.DataFrame = field(default_factory=nothing_shared)
    figures: pd.DataFrame = field(default_factory=no_figures)

    def pack(self) -> bytes:
        """The archived form; the same content gives the same bytes."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as pack:
            for table in fields(self):
                packed = io.BytesIO()
                getattr(self, table.name).to_parquet(packed, index=False, compression="zstd")
                pack.writestr(zipfile.ZipInfo(f"{table.name}.parquet", (2026, 1, 1, 0, 0, 0)), packed.getvalue())
        return out.getvalue()


def issue_id(packed: bytes) -> str:
    """The id that the workbooks of this issue carry."""
    return id_of_digest(sha256(packed))


def id_of_digest(digest: str) -> str:
    """The same from the checksum the record was first archived with."""
    return digest[:16]


def read_issue(archive: Archive, entry: Entry) -> Issue | None:
    """An archived issue record; None when its copy is lost (the archive says so in ``damaged``)."""
    try:
        return unpack(archive.data(entry))
    except FileNotFoundError:
        return None


def unpack(packed: bytes) -> Issue:
    """Read an archived issue record; one of an older program may have fewer tables and columns."""
    with zipfile.ZipFile(io.BytesIO(packed)) as pack:
        held = {name.removesuffix(".parquet") for name in pack.namelist()}
        tables = {
            table.name: pd.read_parquet(io.BytesIO(pack.read(f"{table.name}.parquet")))
            for table in fields(Issue)
            if table.name in held
        }
    return Issue(**tables)


def joined_rids(rids: frozenset[str]) -> str:
    """A set of record numbers as one text."""
    return _BY.join(sorted(rids))


def rids(text: str) -> frozenset[str]:
    """The set of record numbers that ``joined_rids`` wrote."""
    return frozenset(filter(None, text.split(_BY)))
