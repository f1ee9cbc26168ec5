"""Text in the CSV files we write: nothing that Excel would run when somebody opens one (OWASP, "CSV Injection").

Excel strips quotation marks and takes a cell for a formula when it starts with = + - or @, Chinese editions also with
their full-width forms, after blanks as well; tabs and line ends at the start move to the next cell.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_START = ("=", "+", "-", "@")
_BREAK = ("\t", "\r", "\n")
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


def runs(text: str) -> bool:
    """Whether Excel might run the text."""
    shown = unicodedata.normalize("NFKC", text.translate(dict.fromkeys(map(ord, _INVISIBLE)))).lstrip()
    return text.startswith(_BREAK) or shown.startswith(_START)


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where Excel might run it."""
    if not text or text[0].isalnum():  # most cells; no letter or digit of Unicode becomes a sign or a blank in NFKC
        return text
    return f"'{text}" if runs(text.lstrip("'")) else text


def original(text: str) -> str:
    """What ``harmless`` was given."""
    return text[1:] if text.startswith("'") and runs(text.lstrip("'")) else text


def csv_bytes(rows: Iterable[Iterable[object]]) -> bytes:
    """A CSV file for people: UTF-8 with BOM, CRLF, every cell harmless."""
    return b"\xef\xbb\xbf" + csv_lines(rows)


def csv_lines(rows: Iterable[Iterable[object]]) -> bytes:
    """Further lines of such a file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([harmless(str(cell)) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8")


def csv_columns(columns: Mapping[str, pd.Series]) -> bytes:
    """The bytes of ``csv_bytes`` from whole columns of text, header → values: a million rows take a second."""
    import pyarrow as pa
    import pyarrow.compute as pc

    quote, comma, end, nothing = (pa.scalar(text, pa.large_string()) for text in ('"', ",", "\r\n", ""))
    cells = []
    for header, values in columns.items():
        column = pa.chunked_array([pa.array([header], pa.large_string()), pa.array(values, pa.large_string())])
        column = column.combine_chunks()
        # What begins with a letter, a digit or a Chinese character does not run.
        odd = pc.indices_nonzero(pc.invert(pc.match_substring_regex(column, r"^([0-9A-Za-z\p{Han}]|$)")))
        safe = pa.array([harmless(text) for text in column.take(odd).to_pylist()], pa.large_string())
        shown = pc.replace_with_mask(column, _at(odd, len(column)), safe)
        quoted = pc.binary_join_element_wise(quote, pc.replace_substring(shown, '"', '""'), quote, nothing)
        cells.append(pc.if_else(pc.match_substring_regex(shown, r'[,"\r\n]'), quoted, shown))
    lines = pc.binary_join_element_wise(*cells, comma)
    return b"\xef\xbb\xbf" + _utf8(pc.binary_join_element_wise(lines, nothing, end))


def _at(positions: pa.Array, length: int) -> pa.BooleanArray:
    """True at these positions."""
    import numpy as np
    import pyarrow as pa

    marks = np.zeros(length, dtype=bool)
    marks[positions.to_numpy()] = True
    return pa.array(marks)


def _utf8(texts: pa.LargeStringArray) -> bytes:
    """All texts one after the other, as they lie in memory."""
    _, offsets, data = texts.buffers()
    ends = memoryview(offsets).cast("q")
    return bytes(data[ends[texts.offset] : ends[texts.offset + len(texts)]])
