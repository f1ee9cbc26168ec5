"""Province, city, county and township of a row in full official names (matching.md, "region"; workflow.md, R11)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from . import locate, places, walk
from .text import TEXT, distinct, is_nothing, simplify, table, texts, tidy
from .text import column as as_column

COLUMNS = ("province", "city", "county", "township", "level", "problem", "value")
_INPUT = ("province", "city", "county")
Row = tuple[str, str, str, str, str, str, str]


def clean(frame: pd.DataFrame) -> pd.DataFrame:
    """Read the columns province, city, county, township, address (missing ones count as empty).

    Returns, with the same index: province, city, county, township (full names of 2024; "" unknown) · level (省级,
    地级市, 市级, 县级, 乡镇, 待定; "" when nothing is known) · problem (region-contradiction, region-ambiguous,
    region-unknown or "") · value (the text the problem is about).

    In 香港, 澳门 and 台湾 the county is kept as typed. The city of a 直辖市 is the 直辖市 itself, and a unit directly
    under its province is its own city. The address is read only where the columns leave something open, and never
    against them.
    """
    arrays = {
        name: texts(frame[name]) if name in frame else pa.array([""] * len(frame), pa.large_string())
        for name in (*_INPUT, "township", "address")
    }
    located, where = _by_columns([arrays[name] for name in _INPUT])
    states = walk.States()
    known = np.array([states.number(found.places) for found in located], dtype=np.int64)[where]
    address, at = distinct(_needed(arrays["address"], located, where))
    pair, (at_of, state_of) = _pairs(at, known)
    after, read = walk.addresses(address.take(pa.array(at_of)), state_of, states)
    typed, row_typed = distinct(arrays["township"])
    column = [_named(value) for value in typed.to_pylist()]
    told = [found.township for found in located]
    towns, codes = _first_said([(column, row_typed), (told, where), (read, pair)])
    return _placed(located, where, states.known, after[pair], towns, codes, frame.index)


Codes = npt.NDArray[np.int64]


def _pairs(left: Codes, right: Codes) -> tuple[Codes, tuple[Codes, Codes]]:
    """For each row the number of its pair, and the distinct pairs."""
    size = int(right.max(initial=0)) + 1
    codes, unique = pd.factorize(left * size + right)
    return codes, (unique // size, unique % size)


def _first_said(sources: list[tuple[list[str], Codes]]) -> tuple[list[str], Codes]:
    """The distinct texts of several sources, and for each row the first that is not blank."""
    numbers: dict[str, int] = {"": 0}
    chosen = np.zeros(len(sources[0][1]), dtype=np.int64)
    for texts_said, codes in sources:
        numbered = np.array([numbers.setdefault(t, len(numbers)) for t in texts_said] or [0], dtype=np.int64)
        chosen = np.where(chosen > 0, chosen, numbered[codes])
    return list(numbers), chosen


# Towns stand for each other where only their kind counts.
_KINDS = ("", "某镇", "某街道")


def _placed(
    located: list[locate.Located], where: Codes, known: list[walk.Places], after: Codes,
    towns: list[str], town: Codes, index: pd.Index,
) -> pd.DataFrame:  # fmt: skip
    """Put together what columns, address and township say, each distinct combination once.

    Where the county is known, a township that does not repeat its name only counts by its kind.
    """
    kind = np.array([1 if t.endswith(("乡", "镇", "苏木")) else 2 if t else 0 for t in towns], dtype=np.int64)
    open_state = np.array([len(locate.common(state)) < 3 for state in known], dtype=bool)
    special = (town > 0) & (open_state[after] | np.array([_repeats(t) for t in towns], dtype=bool)[town])
    said, what = _pairs(where, after)
    codes, (of, stands) = _pairs(said, np.where(special, town + len(_KINDS), kind[town]))
    spoken = [*_KINDS, *towns]
    rows = [
        _row(located[w], known[s], spoken[t])
        for w, s, t in zip(what[0][of].tolist(), what[1][of].tolist(), stands.tolist(), strict=True)
    ]
    columns: dict[str, Any] = {name: pa.array([r[i] for r in rows], TEXT) for i, name in enumerate(COLUMNS)}
    township = pa.concat_arrays([pa.array(towns, TEXT), columns.pop("township")])
    frame = table(columns, codes, index)
    frame.insert(3, "township", as_column(township.take(pa.array(np.where(special, codes + len(towns), town)))))
    return frame


def _repeats(town: str) -> bool:
    """Whether a township is written with the name of a place above it: 浚县善堂镇."""
    return any(c.path[-1] == name for name, meant in places.beginnings(town) for c in meant)


def _by_columns(arrays: list[pa.Array]) -> tuple[list[locate.Located], Codes]:
    """What the three columns say → the distinct answers, and for each row which of them.

    One column after the other: each distinct pair of what is known and a cell that follows is read once.
    """
    known: dict[locate.Said, int] = {locate.Said(): 0}
    state = shown = np.zeros(len(arrays[0]), dtype=np.int64)
    lines = [""]  # the cells read so far, in one text; only a contradiction shows them
    for level, array in enumerate(arrays, start=1):
        typed, codes = distinct(array)
        cells = [locate.normal(cell) for cell in typed.to_pylist()]
        pair, (of, at) = _pairs(state, codes)
        said = list(known)
        after = [locate.told(said[s], cells[c], level) for s, c in zip(of.tolist(), at.tolist(), strict=True)]
        state = np.array([known.setdefault(s, len(known)) for s in after], dtype=np.int64)[pair]
        line, (of, at) = _pairs(shown, codes)
        lines = [f"{lines[s]} {cells[c]}".strip() for s, c in zip(of.tolist(), at.tolist(), strict=True)]
        shown = line
    said = list(known)
    broken = np.array([s.broken for s in said], dtype=bool)
    codes, (of, at) = _pairs(state, np.where(broken[state], shown + 1, 0))
    lines = ["", *lines]
    numbers: dict[locate.Located, int] = {}
    answers = (locate.located(said[s], lines[at_line]) for s, at_line in zip(of.tolist(), at.tolist(), strict=True))
    numbered = np.array([numbers.setdefault(a, len(numbers)) for a in answers], dtype=np.int64)
    return list(numbers), numbered[codes]


def _needed(address: pa.Array, located: list[locate.Located], where: Any) -> pa.Array:
    """Blank the addresses that cannot add anything: the county is known and no town is named, or never shall."""
    complete = np.array([len(found.path) == 3 for found in located], dtype=bool)[where] if located else where == 0
    broken = np.array([found.problem == "region-contradiction" for found in located], dtype=bool)
    towns = pc.match_substring_regex(address, "[镇乡鎮鄉]|苏木|蘇木|街道")
    kept = pc.or_(pa.array(~complete), towns)
    if broken.any():
        kept = pc.and_(kept, pa.array(~broken[where]))
    return pc.if_else(kept, address, pa.scalar("", pa.large_string()))


def _named(township: str) -> str:
    text = simplify(tidy("".join(tidy(township).split()))).removesuffix("办事处")
    return "" if is_nothing(text) else text


def _below(town: str, path: tuple[str, ...]) -> str:
    """Take the names of the places above off a township: 浚县善堂镇 → 善堂镇."""
    above = next((name for name in path if town.startswith(name) and town != name), "")
    rest = town.removeprefix(above).strip(" -·,/")
    if not above or is_nothing(rest):
        return town
    return _below(rest, path)


def _row(found: locate.Located, left: frozenset[places.Path], town: str) -> Row:
    """``left``: the places still possible when the address has been read."""
    path, problem, value = found.path, found.problem, found.value
    better = locate.common(places.by_town(left, town) if town else left)
    if len(better) > len(path):
        path, problem, value = better, "", ""
    town = _below(town, path)
    province, city, county = (*path, "", "", "")[:3]
    return province, city, county or found.district, town, places.level(path, town), problem, value
