"""Rows of a list as they are read → what the database keeps of them: records to compare, and facts for the answer."""

from __future__ import annotations

import pickle
from collections import Counter
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from salessheets.clean.records import clean
from salessheets.dedupe import as_rows, fullness, says_who
from salessheets.match import batches
from salessheets.match.batches import packed, unpacked
from salessheets.match.columns import Ints

ROWS = pa.schema(
    [
        ("id", pa.int64()),
        ("part", pa.int64()),
        ("row_", pa.int64()),
        ("aside", pa.string()),
        ("place", pa.string()),
        ("cells", pa.list_(pa.string())),
    ]
)
FACTS = pa.schema([("id", pa.int64()), ("fullness", pa.int64()), ("known", pa.bool_())])


def taken(day: date, data: bytes) -> bytes:
    """Clean a batch: rows as ``read`` hands them on, with ``id`` and ``filled`` (cells that say anything).

    Returns RECORDS and FACTS of the customers among them, and how often each problem was met, as bytes.
    """
    rows = unpacked(data).to_pandas()
    customers = rows[rows["aside"] == ""].reset_index(drop=True)
    ids = customers["id"].to_numpy(dtype=np.int64)
    records, flags = clean(as_rows(customers.drop(columns=["id", "filled"]), day), day)
    facts = {
        "id": pa.array(ids),
        "fullness": pa.array(fullness(records, customers["filled"]).to_numpy(dtype=np.int64)),
        "known": pa.array(says_who(records).to_numpy(dtype=bool)),
    }
    problems = Counter(zip(flags["field"].tolist(), flags["code"].tolist(), strict=True))
    made = batches.records(records, ids) if len(records) else batches.RECORDS.empty_table()
    return pickle.dumps((packed(made), packed(pa.table(facts, schema=FACTS)), dict(problems)))


def numbered(rows: pd.DataFrame, filled: Ints, ids: Ints) -> bytes:
    """Rows with their positions in the list, ready for ``taken``."""
    return packed(pa.Table.from_pandas(rows.assign(id=ids, filled=filled), preserve_index=False))
