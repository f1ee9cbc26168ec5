"""The issue record (发布记录): what a week's workbooks said when they were written.

It is the baseline of the three-way comparison and of class hysteresis, and it keeps the fates of closed weeks.
One zip of Parquet tables per run, archived before any workbook is moved into place (contracts.md). Its id is the
hash of its content, so that writing the same again is the same issue.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

import pandas as pd

from .archive import Archive, Entry
from .files import sha256

CELL_COLUMNS = ["workbook", "sheet", "lead", "field", "value"]
FATE_COLUMNS = ["rid", "week", "fate", "lead", "code", "reason"]


@dataclass(frozen=True)
class Issue:
    """cells: CELL_COLUMNS, the yellow cells as written. fates: FATE_COLUMNS, every row decided in the week.
    leads: lead, brand, name, phone, final and system class … as shown.
    """

    cells: pd.DataFrame
    fates: pd.DataFrame
    leads: pd.DataFrame

    def pack(self) -> bytes:
        """The archived form; the same content gives the same bytes."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as pack:
            for name in ("cells", "fates", "leads"):
                table = io.BytesIO()
                getattr(self, name).to_parquet(table, index=False, compression="zstd")
                pack.writestr(zipfile.ZipInfo(f"{name}.parquet", (2026, 1, 1, 0, 0, 0)), table.getvalue())
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
    """Read an archived issue record."""
    with zipfile.ZipFile(io.BytesIO(packed)) as pack:
        tables = {
            name: pd.read_parquet(io.BytesIO(pack.read(f"{name}.parquet"))) for name in ("cells", "fates", "leads")
        }
    return Issue(**tables)
