"""Text in the CSV files we write: nothing that Excel would run when somebody opens one (OWASP, "CSV Injection").

Excel strips quotation marks and takes a cell for a formula when it starts with = + - or @, Chinese editions also with
their full-width forms, after blanks as well; tabs and line ends at the start move to the next cell.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable

_START = ("=", "+", "-", "@")
_BREAK = ("\t", "\r", "\n")
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


def runs(text: str) -> bool:
    """Whether Excel might run the text."""
    shown = unicodedata.normalize("NFKC", text.translate(dict.fromkeys(map(ord, _INVISIBLE)))).lstrip()
    return text.startswith(_BREAK) or shown.startswith(_START)


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where Excel might run it."""
    return f"'{text}" if runs(text.lstrip("'")) else text


def original(text: str) -> str:
    """What ``harmless`` was given."""
    return text[1:] if text.startswith("'") and runs(text.lstrip("'")) else text


def csv_bytes(rows: Iterable[Iterable[object]]) -> bytes:
    """A CSV file for people: UTF-8 with BOM, CRLF, every cell harmless."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([harmless(str(cell)) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")
