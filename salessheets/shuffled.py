"""Columns of a returned sheet that were sorted without the rest of it: their texts stand beside other customers.

What was written and what came back is all the evidence there is. A text that stood once in a column and now stands beside
somebody else has moved; a column in which at least two have, and that now has the order of a sorted one, was sorted
alone. So was every column that moved the same way with it, and one whose texts stayed in their rows while the numbers
and names beside it were sorted. Who sorts what he has only just typed leaves no trace and is believed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .returned import ANSWER, WHITE

Cells = dict[tuple[str, str, str], str]  # (sheet, lead, field) → text
Texts = Mapping[str, str]  # key of a row → what a column shows there

_LEAST, _LEAST_WHITE = 3, 2  # so many cells of a column must differ
_UNIQUE = 2
_MANY = 4  # nobody carries so many texts to other customers at once by hand, whatever the column looks like


@dataclass(frozen=True)
class Page:
    """One sheet. order, order_before: its keys from top to bottom, as it came back and as it was written.

    now, before: field → texts of the keys that are on both.
    """

    order: Sequence[str]
    order_before: Sequence[str]
    now: Mapping[str, Texts]
    before: Mapping[str, Texts]

    def changed(self, field: str) -> list[str]:
        """Keys beside which the column shows something else than before, from top to bottom."""
        now, before = self.now[field], self.before[field]
        return [key for key in self.order if now.get(key, "") != before.get(key, "")]


def shuffled(
    changed: Collection[tuple[str, str, str]],
    before: Cells,
    cells: Cells,
    order: Iterable[tuple[str, str]],
    order_before: Mapping[str, Sequence[str]],
    twice: Collection[tuple[str, str]] = (),
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(sheet, field, texts) of columns that were sorted alone; texts: what was new in them and must not get lost.

    changed: the cells that differ from ``before``. order: (sheet, lead) of the lines as they stand on the sheets.
    order_before: sheet → its leads as they stood when it was written. twice: lines of which there are two: where their
    texts stand, nobody can say.
    """
    on_sheet: dict[str, list[str]] = {}
    for sheet, lead in (line for line in order if line not in twice):
        on_sheet.setdefault(sheet, []).append(lead)
    for sheet, keys in on_sheet.items():
        fields = sorted({field for s, _, field in changed if s == sheet and field != ANSWER})
        now, was = ({f: {k: texts.get((sheet, k, f), "") for k in keys} for f in fields} for texts in (cells, before))
        for field, texts in sorted_alone(Page(keys, order_before.get(sheet, keys), now, was)).items():
            yield sheet, field, texts


def sorted_alone(page: Page) -> dict[str, tuple[str, ...]]:
    """Fields of one sheet that were sorted alone → the texts in them that are new."""
    changed = {field: keys for field in page.now if (keys := page.changed(field))}
    found = [f for f, keys in changed.items() if _sorted(page, f, keys, _LEAST_WHITE if f in WHITE else _LEAST)]
    with_them = [
        field
        for field, keys in changed.items()
        if field not in found
        and found
        and (_moved_once(page, field, keys) or any(_follows(page, f, field) for f in found))
    ]
    return {
        field: tuple(sorted(_counted(page.now[field], keys) - _counted(page.before[field], page.order)))
        for field, keys in changed.items()
        if field in (*found, *with_them)
    }


def _sorted(page: Page, field: str, changed: Sequence[str], least: int) -> bool:
    before, now = page.before[field], page.now[field]
    lost, gained = _counted(before, changed), _counted(now, changed)
    moved = lost & gained
    once = _moved_once(page, field, changed)
    if (_stayed(page, field) and moved.total() >= _UNIQUE) or len(once) >= _MANY:
        return True
    if not _looks_sorted([now.get(key, "") for key in page.order]):
        return False
    if len(changed) < least:  # the only text of a column goes to the top of it
        return lost == gained and _counted(now, page.order).total() == 1 and bool(now.get(page.order[0], ""))
    pure = lost == gained and 2 * len(changed) >= _counted(now, page.order).total()
    return pure or len(once) >= _UNIQUE


def _moved_once(page: Page, field: str, changed: Sequence[str]) -> list[str]:
    """Texts that stood once in the column, and stand once in it now, beside somebody else."""
    before, now = page.before[field], page.now[field]
    moved = _counted(before, changed) & _counted(now, changed)
    counts = (_counted(before, page.order), _counted(now, page.order))
    return [text for text in moved if all(count[text] == 1 for count in counts)]


def _counted(texts: Texts, keys: Sequence[str]) -> Counter[str]:
    return Counter(text for key in keys if (text := texts.get(key, "")))


def _looks_sorted(texts: Sequence[str]) -> bool:
    """Equal ones side by side and blanks at the end; which order a program sorts texts in, nobody knows."""
    runs = [text for at, text in enumerate(texts) if at == 0 or text != texts[at - 1]]
    return len(runs) == len(set(runs)) and "" not in runs[:-1]


def _stayed(page: Page, field: str) -> bool:
    """The keys were sorted, and the column was not: row by row it says what it said, but for what was typed."""
    if page.order == page.order_before or sorted(page.order) != sorted(page.order_before):
        return False
    before, now = page.before[field], page.now[field]
    rows = [(before.get(was, ""), now.get(key, "")) for was, key in zip(page.order_before, page.order, strict=True)]
    typed = sum(was != text for was, text in rows)
    return 2 * typed < sum(bool(was) for was, _ in rows)


def _follows(page: Page, leader: str, field: str) -> bool:
    """Where the leader's texts went, this column's went, too."""
    came_from = _came_from(page, leader)
    before, now = page.before[field], page.now[field]
    telling = [(key, was) for key, was in came_from.items() if before.get(key, "") != before.get(was, "")]
    followed = sum(now.get(key, "") == before.get(was, "") for key, was in telling)
    return bool(telling) and 2 * followed > len(telling)


def _came_from(page: Page, leader: str) -> dict[str, str]:
    """Key → the key beside which the leader's text of this row stood before. Sorting keeps the order of the blanks."""
    before, now = page.before[leader], page.now[leader]
    counts = _counted(before, page.order)
    place = {text: key for key in page.order if counts[text := before.get(key, "")] == 1 and text}
    found = {key: place[text] for key in page.order if (text := now.get(key, "")) in place}
    blank_before = [key for key in page.order if not before.get(key, "")]
    blank_now = [key for key in page.order if not now.get(key, "")]
    if len(blank_before) == len(blank_now):
        found |= dict(zip(blank_now, blank_before, strict=True))
    return found
