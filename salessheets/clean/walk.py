"""The places that many addresses begin with, read at once.

Most addresses begin with full names (山东省济南市历下区…) or with no place at all (康源路12号): those are followed name by
name for the whole column. ``locate.address`` reads the rest one by one; both ways give the same answer.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from . import han, locate, places
from .lexicon import Ints, Lexicon

Mask = npt.NDArray[np.bool_]
Places = frozenset[places.Path]

_WIDTH = 40  # characters: room for the longest chain of names and a township behind it
_CHUNK = 1 << 16
# RE2: begins with a Chinese character that is no country's, and has no label, nor a second line.
_SIMPLE = r"^[一-丬丮-龥][^:：\n\r\x{0b}\x{0c}\x{85}\x{2028}\x{2029}]*$"
_HAN_FIRST, _HAN_LAST = 0x4E00, 0x9FA5


@cache
def _names() -> tuple[Lexicon, Mask, Mask]:
    """The names of places; which are written out with their kind; which of those may be a like part of any city."""
    words = Lexicon(places.names())
    full = np.array([places.is_full(w) for w in words.words])
    return words, full, np.array([w in locate.GENERIC for w in words.words])


class States:
    """Sets of places that are still possible, numbered as they occur."""

    def __init__(self) -> None:
        self.known: list[Places] = []
        self._number: dict[Places, int] = {}
        self._step: dict[int, int] = {}

    def number(self, state: Places) -> int:
        """The number of a set of places."""
        number = self._number.setdefault(state, len(self.known))
        if number == len(self.known):
            self.known.append(state)
        return number

    def after(self, states: Ints, names: Ints) -> Ints:
        """The state when a name has been read in a state; -1 where it fits none of the places."""
        words = _names()[0].words
        keys, spread = np.unique(states * len(words) + names, return_inverse=True)
        for key in keys.tolist():
            if key not in self._step:
                state, name = divmod(key, len(words))
                left = locate.narrowed(self.known[state], places.lookup(words[name]))
                self._step[key] = self.number(left) if left else -1
        return np.array([self._step[key] for key in keys.tolist()], dtype=np.int64)[spread]


def addresses(values: pa.Array, states: Ints, table: States) -> tuple[Ints, list[str]]:
    """Read each address where these places are possible → the state it leaves, and the township after the names."""
    after = states.copy()
    towns = [""] * len(values)
    simple = np.flatnonzero(pc.match_substring_regex(values, _SIMPLE).to_numpy(zero_copy_only=False))
    odd = np.ones(len(values), dtype=bool)
    odd[pc.equal(values, "").to_numpy(zero_copy_only=False)] = False
    for start in range(0, len(simple), _CHUNK):
        rows = simple[start : start + _CHUNK]
        after[rows], odd[rows] = _follow(values.take(pa.array(rows)), states[rows], table)
    rows = np.flatnonzero(odd)
    for row, text in zip(rows.tolist(), values.take(pa.array(rows)).to_pylist(), strict=True):
        left, towns[row] = locate.address(text, table.known[states[row]])
        after[row] = table.number(left)
    return after, towns


def _follow(values: pa.Array, states: Ints, table: States) -> tuple[Ints, Mask]:
    """Follow full names from the beginning → the states, and the rows that need a closer look."""
    lexicon, full, generic = _names()
    codes = han.simplified()[han.spread(values, _WIDTH)]
    root = table.number(frozenset(((),)))
    states, at = states.copy(), np.zeros(len(codes), dtype=np.int64)
    odd = np.zeros(len(codes), dtype=bool)
    rows = np.arange(len(codes))
    while len(rows):
        waiting = np.ones(len(rows), dtype=bool)
        moved: list[Ints] = []
        for size, hits, names in lexicon.found(codes[rows], at[rows]):
            free = waiting[hits]
            hits, names = hits[free], names[free]  # noqa: PLW2901
            if not len(hits):
                continue
            here = rows[hits]
            new = table.after(states[here], names)
            is_full = full[names]
            odd[here] |= (new >= 0) & (~is_full | _set("路街道")[codes[here, at[here] + size]])
            first = (at[here] == 0) & (states[here] == root)
            good = (new >= 0) & is_full & ~(first & generic[names])
            waiting[hits[good | odd[here]]] = False
            here, new = here[good & ~odd[here]], new[good & ~odd[here]]
            states[here] = new
            at[here] += size
            moved.append(here)
        rows = np.concatenate(moved) if moved else rows[:0]
        rows = rows[at[rows] < _WIDTH - lexicon.width - 1]
    return states, odd | _unsure_end(codes, at)


def _unsure_end(codes: han.Codes, at: Ints) -> Mask:
    """Whether something behind the last name may be a township, or a sign or stray character between two names."""
    each = np.arange(len(codes))
    behind = np.pad(codes, ((0, 0), (0, 12)))[each[:, None], at[:, None] + np.arange(10)]
    town = _set("镇乡")[behind[:, 1:]].any(axis=1)
    for first, second in ("苏木", "街道"):
        town |= ((behind[:, :-1] == ord(first)) & (behind[:, 1:] == ord(second))).any(axis=1)
    letter = (behind[:, 0] >= _HAN_FIRST) & (behind[:, 0] <= _HAN_LAST) & ~_set("市是")[behind[:, 0]]
    digit = (behind[:, 0] >= ord("0")) & (behind[:, 0] <= ord("9"))
    split = (
        (codes[each, np.maximum(at - 1, 0)] == ord("市")) & _set("中南北")[behind[:, 0]] & (behind[:, 1] == ord("区"))
    )
    unsure: Mask = town | (split & (at > 0)) | ~(letter | digit | (behind[:, 0] == 0)) | (at >= _WIDTH - 16)
    return unsure


@cache
def _set(characters: str) -> Mask:
    return han.members(characters)
