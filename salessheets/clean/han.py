"""Chinese characters of a whole column at once: three bytes of UTF-8 each, so equal lengths make a matrix."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from . import facts

Codes = npt.NDArray[np.uint16]
FIRST, LAST = 0x4E00, 0x9FFF  # CJK unified ideographs: NFKC changes none of them
_CODES = 1 << 16


def matrix(array: pa.Array, length: int) -> tuple[npt.NDArray[np.int64], Codes]:
    """The positions of the values that are ``length`` Chinese characters and nothing else, and their code points."""
    sizes = pc.binary_length(array).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(sizes == 3 * length)
    chosen = pa.concat_arrays([array.take(pa.array(rows))])  # a buffer of its own, beginning at its first byte
    data = np.frombuffer(chosen.buffers()[2] or b"", dtype=np.uint8)[: 3 * length * len(rows)]
    b = data.reshape(-1, length, 3).astype(np.uint16)
    codes = ((b[:, :, 0] & 0x0F) << 12) | ((b[:, :, 1] & 0x3F) << 6) | (b[:, :, 2] & 0x3F)
    good = (((b[:, :, 0] & 0xF0) == 0xE0) & (codes >= FIRST) & (codes <= LAST)).all(axis=1)
    return rows[good], codes[good]


def text(codes: Codes) -> pa.Array:
    """The rows of a matrix as text again."""
    rows, length = codes.shape
    offsets = np.arange(rows + 1, dtype=np.int64) * (3 * length)
    return pa.LargeStringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(_utf8(codes.ravel())))


def _utf8(codes: Codes) -> bytes:
    b = np.empty((len(codes), 3), dtype=np.uint8)
    b[:, 0], b[:, 1], b[:, 2] = 0xE0 | (codes >> 12), 0x80 | ((codes >> 6) & 0x3F), 0x80 | (codes & 0x3F)
    return b.tobytes()


@cache
def simplified() -> Codes:
    """Code point → code point of the simplified character."""
    table = np.arange(_CODES, dtype=np.uint16)
    old, new = facts.traditional()
    table[[ord(c) for c in old]] = [ord(c) for c in new]
    return table


@cache
def syllables() -> tuple[Codes, pa.Array]:
    """Code point → position in the list of syllables, and that list (position 0: no reading known)."""
    listed = ["", *sorted(set(facts.readings().values()))]
    position = {syllable: i for i, syllable in enumerate(listed)}
    table = np.zeros(_CODES, dtype=np.uint16)
    for character, syllable in facts.readings().items():
        table[ord(character)] = position[syllable]
    return table, pa.array(listed, pa.large_string())


def members(characters: Iterable[str]) -> npt.NDArray[np.bool_]:
    """Code point → whether it is one of the characters."""
    table = np.zeros(_CODES, dtype=bool)
    table[[ord(c) for c in characters]] = True
    return table


def packed(words: Iterable[str], length: int) -> npt.NDArray[np.uint64]:
    """Words of that length as one number each, to compare with ``pack``."""
    return np.array([[ord(c) for c in w] for w in words if len(w) == length] or np.empty((0, length)), np.uint64) @ (
        np.uint64(1) << np.arange(length, dtype=np.uint64) * np.uint64(16)
    )


def pack(codes: npt.NDArray[Any]) -> npt.NDArray[np.uint64]:
    """Each row of up to four code points as one number."""
    shifts = np.uint64(1) << (np.arange(codes.shape[1], dtype=np.uint64) * np.uint64(16))
    return codes.astype(np.uint64) @ shifts


def spread(values: pa.Array, width: int) -> npt.NDArray[np.uint16]:
    """The first ``width`` characters of each value as code points, 0 behind its end; 0xFFFF for rare characters."""
    wide = np.array(values.to_pylist() or [""], dtype=f"U{width}")[: len(values)]
    points = wide.view(np.uint32).reshape(len(values), width)
    return np.minimum(points, np.uint32(0xFFFF)).astype(np.uint16)


def cut(codes: Codes, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> pa.Array:
    """The characters from start to end of each row as text; Chinese characters only."""
    columns = np.arange(codes.shape[1])
    flat = codes[(columns >= starts[:, None]) & (columns < ends[:, None])]
    offsets = np.zeros(len(codes) + 1, dtype=np.int64)
    np.cumsum(np.maximum(ends - starts, 0), out=offsets[1:])
    return pa.LargeStringArray.from_buffers(len(codes), pa.py_buffer(offsets * 3), pa.py_buffer(_utf8(flat)))
