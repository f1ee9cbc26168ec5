"""Rows of a frame as Python values, for code that reads like the rule it states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd


def tuples(frame: pd.DataFrame) -> Iterator[Any]:
    """Each row as a named tuple."""
    yield from frame.itertuples(index=False)


def dicts(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Each row as column → value."""
    return [{str(column): value for column, value in row.items()} for row in frame.to_dict("records")]
