"""Columns of a returned workbook that were sorted alone: every value then stands beside another customer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from .returned import ANSWER, WHITE

Cells = dict[tuple[str, str, str], str]  # (sheet, lead, field) → text
# So many cells of a column must have changed places before it is taken for a column sorted alone.
_YELLOW, _WHITE = 3, 2


def shuffled(
    changed: Mapping[tuple[str, str, str], str], before: Cells, cells: Cells, order: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """(sheet, field) of columns that were sorted alone: the old values are all there, but beside other customers.

    changed: the cells that differ from ``before``. order: (sheet, lead) of the lines as they stand on the sheets.
    A sorted column has equal values side by side and its blanks at the end; that tells it from people who really
    changed places.
    """
    columns: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    for place in changed:
        columns.setdefault((place[0], place[2]), []).append(place)
    for (sheet, column), places in columns.items():
        least = _WHITE if column in WHITE else _YELLOW
        was, now = (Counter(values[p] for p in places) for values in (before, changed))
        if column == ANSWER or len(places) < least or was != now:
            continue
        texts = [cells.get((s, lead, column), "") for s, lead in order if s == sheet]
        filled = sum(map(bool, texts))
        runs = [text for at, text in enumerate(texts) if at == 0 or text != texts[at - 1]]
        if len(runs) == len(set(runs)) and "" not in runs[:-1] and 2 * len(places) >= filled:
            yield sheet, column
