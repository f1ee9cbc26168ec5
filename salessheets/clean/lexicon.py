"""Word lists against many texts at once: which words stand at the beginning, or at the end, of each row of a matrix.

A row is a text as code points (``han.spread``). Words are found by a hash of their characters and then compared, so
that a hit is never by chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from .han import Codes

Ints = npt.NDArray[np.int64]
_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no character's bits are lost


class Lexicon:
    """A list of words of two characters or more, numbered in the order given."""

    def __init__(self, words: Iterable[str], *, ends: bool = False) -> None:
        """``ends``: the words are to be found at the ends of texts."""
        self.words = tuple(dict.fromkeys(words))
        self._ends = ends
        by_size: dict[int, list[int]] = {}
        for number, word in enumerate(self.words):
            by_size.setdefault(len(word), []).append(number)
        self.width = max(by_size)
        self._sizes = {size: self._table(numbers, size) for size, numbers in sorted(by_size.items(), reverse=True)}
        self._first, self._second, self._pairs = _pairs(w[::-1] if ends else w for w in self.words)

    def _table(self, numbers: list[int], size: int) -> tuple[npt.NDArray[np.uint64], Ints, Codes]:
        codes = _matrix([self.words[n][::-1] if self._ends else self.words[n] for n in numbers], size)
        keys = _hashes(codes)[:, -1]
        order = np.argsort(keys)
        return keys[order], np.array(numbers)[order], codes[order]

    def found(self, codes: Codes, at: Ints) -> Iterator[tuple[int, Ints, Ints]]:
        """Yield size, rows and numbers of the words that begin (or end) at that position of each row, longest first."""
        edge = codes.shape[1] - 1
        one, two = (at - 1, at - 2) if self._ends else (at, at + 1)
        each = np.arange(len(codes))
        letters = self._first[codes[each, np.clip(one, 0, edge)]], self._second[codes[each, np.clip(two, 0, edge)]]
        sizes = self._pairs[letters]
        rows = np.flatnonzero(sizes)
        sizes, columns = sizes[rows], np.arange(self.width)
        where = at[rows, None] - 1 - columns if self._ends else at[rows, None] + columns
        window = codes[rows[:, None], np.clip(where, 0, edge)]
        window[(where < 0) | (where > edge)] = 0
        hashes = _hashes(window)
        for size, (keys, numbers, words) in self._sizes.items():
            some = np.flatnonzero(sizes & np.uint32(1 << size))
            spot = np.minimum(np.searchsorted(keys, hashes[some, size - 1]), len(keys) - 1)
            same = (words[spot] == window[some, :size]).all(axis=1)
            yield size, rows[some[same]], numbers[spot[same]]

    def longest(self, codes: Codes, at: Ints) -> Ints:
        """The length of the longest word that begins (or ends) at that position of each row, 0 for none."""
        lengths = np.zeros(len(codes), dtype=np.int64)
        for size, rows, _ in self.found(codes, at):
            lengths[rows] = np.maximum(lengths[rows], size)
        return lengths


def _matrix(words: list[str], size: int) -> Codes:
    return np.array([[ord(c) for c in word] for word in words], dtype=np.uint16).reshape(-1, size)


def _hashes(codes: Codes) -> npt.NDArray[np.uint64]:
    """For each row the hashes of its first one, two, three … characters."""
    out = np.empty(codes.shape, dtype=np.uint64)
    running = np.zeros(len(codes), dtype=np.uint64)
    for column in range(codes.shape[1]):
        running = running * _BASE + codes[:, column]
        out[:, column] = running
    return out


def _pairs(words: Iterable[str]) -> tuple[Codes, Codes, npt.NDArray[np.uint32]]:
    """First and second characters numbered, and for each pair of numbers the sizes of the words with it, as bits."""
    first, second = np.zeros(1 << 16, dtype=np.uint16), np.zeros(1 << 16, dtype=np.uint16)
    listed = list(words)
    for table, place in ((first, 0), (second, 1)):
        characters = sorted({w[place] for w in listed})
        table[[ord(c) for c in characters]] = np.arange(1, len(characters) + 1)
    pairs = np.zeros((int(first.max()) + 1, int(second.max()) + 1), dtype=np.uint32)
    for word in listed:
        pairs[first[ord(word[0])], second[ord(word[1])]] |= np.uint32(1 << len(word))
    return first, second, pairs
