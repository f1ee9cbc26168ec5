"""The parts of many Chinese business names at once: where the places end and where the legal form begins.

The rules are those of ``business``; a row of the matrix is a name as code points, 0 behind its end.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from . import business, facts, han, places
from .lexicon import Ints, Lexicon

Mask = npt.NDArray[np.bool_]
_ROOT = ((),)


@cache
def normal() -> han.Codes:
    """Code point → code point as names are compared: simplified, without variants."""
    table = han.simplified().copy()
    for old, new in business.VARIANTS.items():
        table[old] = ord(str(new))
    return table


@cache
def _places() -> tuple[Lexicon, Mask]:
    """The names of places, and which of them are written out with their kind."""
    words = Lexicon(places.names())
    return words, np.array([places.is_full(w) for w in words.words])


@cache
def _legal() -> Lexicon:
    return Lexicon(business.legal_forms(), ends=True)


@cache
def _offices() -> Lexicon:
    return Lexicon(facts.words("office-form"), ends=True)


class _Steps:
    """Which places a name leaves when some are known above it, worked out once for each pair that occurs."""

    def __init__(self) -> None:
        self.states: dict[Any, int] = {_ROOT: 0}
        self.known: list[Any] = [_ROOT]
        self.step: dict[tuple[int, int], tuple[int, int]] = {}

    def take(self, states: Ints, names: Ints) -> tuple[Ints, Ints]:
        """The state after each name (-1: the name fits nowhere) and the level of its largest place."""
        words = _places()[0].words
        keys, spread = np.unique(states * len(words) + names, return_inverse=True)
        pairs = ((key // len(words), key % len(words)) for key in keys.tolist())
        found = [self._one(state, name, words) for state, name in pairs]
        both = np.array(found, dtype=np.int64).reshape(-1, 2)[spread]
        return both[:, 0], both[:, 1]

    def _one(self, state: int, name: int, words: tuple[str, ...]) -> tuple[int, int]:
        if (state, name) not in self.step:
            paths = business.narrowed(words[name], self.known[state])
            new = self.states.setdefault(paths, len(self.known)) if paths else -1
            if new == len(self.known):
                self.known.append(paths)
            self.step[state, name] = (new, min(map(len, paths), default=0))
        return self.step[state, name]


_steps = cache(_Steps)


def cores(codes: han.Codes, lengths: Ints) -> tuple[Ints, Ints, Mask]:
    """Where the core of each name begins and ends, and for which rows the quick way does not decide."""
    ends = lengths - _legal().longest(codes, lengths)
    starts, unsure = _without_place(codes, lengths, ends)
    return starts, _without_form(codes, starts, lengths, ends), unsure


def _without_place(codes: han.Codes, lengths: Ints, ends: Ints) -> tuple[Ints, Mask]:
    """Where each name begins behind its places; ``ends``: where the legal form begins."""
    lexicon, full = _places()
    starts = np.zeros(len(codes), dtype=np.int64)
    states = np.zeros_like(starts)
    rows = np.arange(len(codes))
    stops: npt.NDArray[np.uint64] | None = None
    unsure = np.zeros(len(codes), dtype=bool)
    while len(rows):
        open_rows = np.ones(len(rows), dtype=bool)
        moved: list[Ints] = []
        for size, hits, names in lexicon.found(codes[rows], starts[rows]):
            at = rows[hits]
            behind = starts[at] + size
            free = open_rows[hits] & (lengths[at] - behind >= 2)
            hits, names, at, behind = hits[free], names[free], at[free], behind[free]  # noqa: PLW2901
            new, level = _steps().take(states[at], names)
            fits = new >= 0
            hits, names, at, behind, new, level = (v[fits] for v in (hits, names, at, behind, new, level))  # noqa: PLW2901
            if not len(hits):
                continue
            stops = _stops(codes, ends) if stops is None else stops
            unsure[at] |= ends[at] < behind
            named = _names_someone(codes, at, behind, stops, full[names], level)
            open_rows[hits] = False
            at, behind = at[named], behind[named]
            starts[at], states[at] = behind, new[named]
            unsure[at] |= _before_town(codes, at, behind, lengths)
            moved.append(at)
        rows = np.concatenate(moved) if moved else rows[:0]
    return starts, unsure


def _names_someone(
    codes: han.Codes, rows: Ints, at: Ints, stops: npt.NDArray[np.uint64], full: Mask, level: Ints
) -> Mask:
    """Whether what is left behind a place still names someone (``business.names_someone``)."""
    stem = _stem(stops[rows], at)
    first = codes[rows, at]
    short = np.where(level < 3, 1, 2)
    plain = (stem >= short) & ~(_set(business.AFTER_NAME)[first] & (stem < 2)) & ~_set(business.AFTER_KIND)[first]
    return np.where(full, stem >= 1, plain)


def _before_town(codes: han.Codes, rows: Ints, at: Ints, lengths: Ints) -> Mask:
    """Whether a town's name may stand at that place (``business`` takes it off)."""
    town = _set("镇乡")
    padded = np.pad(codes[rows], ((0, 0), (0, 4)))
    each = np.arange(len(rows))
    found: Mask = (town[padded[each, at + 3]] | town[padded[each, at + 2]]) & (lengths[rows] - at >= 5)
    return found


def _without_form(codes: han.Codes, starts: Ints, lengths: Ints, ends: Ints) -> Ints:
    """Where each name ends before its legal form, and once before a word like 经营部, while something is left."""
    rows = np.flatnonzero(ends < lengths)
    rows = rows[ends[rows] - starts[rows] >= 2]
    shorter, ends = ends, lengths.copy()
    while len(rows):
        ends[rows] = shorter[rows]
        form = _legal().longest(codes[rows], ends[rows])
        again = (form > 0) & (ends[rows] - form - starts[rows] >= 2)
        rows, shorter = rows[again], ends.copy()
        shorter[rows] -= form[again]
    office = _offices().longest(codes, ends)
    rows = np.flatnonzero((office > 0) & (ends - office - starts >= 2))
    before = ends[rows] - office[rows]
    some = _stem(_stops(codes[rows], before), starts[rows]) > 0
    ends[rows[some]] = before[some]
    return ends


@cache
def _trades() -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int16], Mask]:
    """A trie of the words of trade: code point → letter, node and letter → node, and where a word ends."""
    words = facts.words("trade")
    letters = {c: i for i, c in enumerate(sorted(set("".join(words))), start=1)}
    letter = np.zeros(1 << 16, dtype=np.int16)
    for character, number in letters.items():
        letter[ord(character)] = number
    nodes: dict[str, int] = {"": 1}
    for word in words:
        for size in range(1, len(word) + 1):
            nodes.setdefault(word[:size], len(nodes) + 1)
    step = np.zeros((len(nodes) + 1, len(letters) + 1), dtype=np.int16)
    last = np.zeros(len(nodes) + 1, dtype=bool)
    for text, node in nodes.items():
        if text:
            step[nodes[text[:-1]], letters[text[-1]]] = node
        last[node] = text in set(words)
    return letter, step, last


def _stops(codes: han.Codes, ends: Ints) -> npt.NDArray[np.uint64]:
    """The places from which words of trade lead to the end of each name, as bits (``business.stem``)."""
    letter, step, last = _trades()
    letters = np.pad(letter[codes], ((0, 0), (0, 4)))
    stops = np.uint64(1) << ends.astype(np.uint64)
    near = np.ones(len(codes), dtype=np.uint8)  # bit j: a word may end j + 1 characters further on
    rows = np.flatnonzero(ends > 0)
    back = 1
    while len(rows):
        at = ends[rows] - back
        node = np.ones(len(rows), dtype=np.int16)
        hit = np.zeros(len(rows), dtype=bool)
        for size in range(4):
            node = step[node, letters[rows, at + size]]
            hit |= last[node] & ((near[rows] >> np.uint8(size)) & np.uint8(1)).astype(bool)
        near[rows] = ((near[rows] << np.uint8(1)) | hit) & np.uint8(15)
        stops[rows] |= hit.astype(np.uint64) << at.astype(np.uint64)
        back += 1
        rows = rows[(near[rows] > 0) & (ends[rows] >= back)]
    return stops


def _stem(stops: npt.NDArray[np.uint64], at: Ints) -> Ints:
    """How many characters from that place on stand before the words of trade."""
    ahead = stops >> np.minimum(at, 63).astype(np.uint64)
    lowest = ahead & (~ahead + np.uint64(1))
    return np.where(ahead == 0, 0, np.log2(np.maximum(lowest, 1).astype(np.float64))).astype(np.int64)


@cache
def _set(characters: str) -> Mask:
    return han.members(characters)
