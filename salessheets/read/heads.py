"""Head cells: 移交日期, 移交人 … above the header, in the same cell after a colon or in the next filled cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from salessheets.tables import Column, Table

from .cells import OUTER
from .headers import forms

Labels = Mapping[str, Column]


def head_cells(table: Table, above: Sequence[Sequence[str]]) -> dict[str, str]:
    """Field → raw text of the table's head cells; the row nearest to the header wins."""
    head: dict[str, str] = {}
    labels, cut = _labels(table)
    for row in reversed(above) if labels else ():
        waiting: Column | None = None
        for text in filter(None, row):
            first, pieces = _labelled(text, labels, cut)
            if waiting is not None and first:
                head.setdefault(waiting.field, first)
            for column, value in pieces:
                if value:
                    head.setdefault(column.field, value)
            waiting = pieces[-1][0] if pieces and not pieces[-1][1] else None
    return head


@lru_cache(maxsize=32)
def _labels(table: Table) -> tuple[Labels, re.Pattern[str]]:
    """Normal form → head column, and the pattern that cuts a text before each label followed by a colon."""
    labels = {form: column for column in reversed(table.head) for name in column.names for form in forms(name)[:1]}
    names = sorted((name for column in table.head for name in column.names), key=len, reverse=True)
    return labels, re.compile(rf"(?<!\w)(?=(?:{'|'.join(map(re.escape, names))})\s*:)")


def _labelled(text: str, labels: Labels, cut: re.Pattern[str]) -> tuple[str, list[tuple[Column, str]]]:
    """What stands before the first label, and the labels with their values ("" when the next cell has it)."""
    whole = next((labels[form] for form in forms(text) if form in labels), None)
    if whole:
        return "", [(whole, "")]
    first = ""
    pieces: list[tuple[Column, str]] = []
    for piece in cut.split(text.replace("\uff1a", ":")):  # the full-width colon
        name, colon, value = piece.partition(":")
        column = next((labels[form] for form in forms(name) if form in labels), None) if colon else None
        if column is not None:
            pieces.append((column, value.strip(OUTER)))
        elif not pieces and not piece.rstrip(OUTER).endswith(":"):  # another form's label is nobody's value
            first = piece.strip(OUTER)
    return first, pieces
