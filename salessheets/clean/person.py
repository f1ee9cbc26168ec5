"""Names of a column of contact persons (matching.md, "person").

Most cells hold two or three Chinese characters that begin with a surname: those are read for the whole column by
comparing code points. Only the distinct rest goes through ``names.read``; both ways give the same answer.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from . import facts, han, names
from .text import NOTHING, TEXT, constant, distinct, joined, merged, one_by_one, table, texts

# RE2. A title reaches as far to the left as it can: 王副总经理 is no 王副; 刘红和店长 are two.
_SPACED = r"^([一-鿿]) +([一-鿿]) *([一-鿿]?)$"
_AROUND = rf"^[ 。.,;、]*(?:(?:{names.LABEL}) *[:.\x{{ff1a}}] *)?([一-鿿 ]+?)[ 。.,;、]*$"
_CALLED = f"^(?P<name>[一-鿿]{{2,3}})(?P<title>[{''.join(sorted(names.KIN))}])$"
_TITLE_BEFORE = rf"^(?P<title>{names.OFFICE})[:\x{{ff1a}}]? *(?P<name>[一-鿿]{{2,3}})$"
_TITLE_START = rf"^(?P<title>{names.OFFICE})"
_TITLED = (
    r"^(?P<name>[一-鿿][一-鿿]{1,2}?) ?"
    rf"(?:[(\x{{ff08}}](?P<aside>[一-鿿]{{1,8}})[)\x{{ff09}}]|(?P<title>(?:{names.OFFICE})+))$"
)
_MORE_TITLE = rf"^.?(?:{names.OFFICE})+$|^..和"
_BLANK = {"name": "", "surname": "", "given": "", "title": "", "full": False, "pinyin": ""}


def clean(series: pd.Series) -> pd.DataFrame:
    """Read a column of names.

    Returns, with the same index: name (as shown: simplified, without blanks, a full name without its title) ·
    surname · given · title (总, 经理, 老板娘 …) · full (surname and given name are known) · pinyin (the homophone
    key, ``wang jianguo``; "" unless full).
    """
    values, codes = distinct(texts(series))
    parts = []
    left = np.arange(len(values))
    for form in (_as_typed, _bare, _called, _titled, _title_first):
        names_typed, titles = form(values.take(pa.array(left)))
        plain = [_plain(names_typed, titles, length) for length in (2, 3)]
        parts += [(left[at], columns) for at, columns in plain]
        done = np.zeros(len(left), dtype=bool)
        done[np.concatenate([at for at, _ in plain])] = True
        left = left[~done]
    parts.append((left, one_by_one(values.take(pa.array(left)), _row, _BLANK)))
    return table(merged(parts), codes, series.index)


def _as_typed(values: pa.Array) -> tuple[pa.Array, pa.Array]:
    return values, constant("", len(values))


def _bare(values: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Names behind a label or with blanks between: 联系人:王建国, 王 建 国."""
    bare = pc.replace_substring_regex(values, _AROUND, r"\1")
    return pc.replace_substring_regex(bare, _SPACED, r"\1\2\3"), constant("", len(values))


def _title_first(values: pa.Array) -> tuple[pa.Array, pa.Array]:
    """店长王建国, 法人 王建国: the title reaches as far as it can."""
    parts = pc.extract_regex(values, _TITLE_BEFORE)
    title, name = (pc.fill_null(pc.struct_field(parts, i), "") for i in range(2))
    longest = pc.struct_field(pc.extract_regex(values, _TITLE_START), 0)
    sure = pc.and_not(pc.fill_null(pc.equal(title, longest), False), pc.match_substring_regex(name, "^和..$"))
    return pc.if_else(sure, name, ""), title


def _called(values: pa.Array) -> tuple[pa.Array, pa.Array]:
    """王雯姐, 刘雨谦总: a full name with a common surname (``names.is_called``)."""
    parts = pc.extract_regex(values, _CALLED)
    name, title = (pc.fill_null(pc.struct_field(parts, i), "") for i in range(2))
    first, second = (pc.utf8_slice_codeunits(name, i, i + 1) for i in range(2))
    common = pa.array([s for s in facts.surnames() if len(s) == 1 and names.is_common(s)], TEXT)
    sure = pc.and_(pc.is_in(first, value_set=common), pc.not_equal(first, second))
    sure = pc.and_not(sure, pc.match_substring_regex(values, rf"(?:{names.OFFICE})$"))
    return pc.if_else(sure, name, ""), title


def _titled(values: pa.Array) -> tuple[pa.Array, pa.Array]:
    """A name and a title, or a name and a remark in brackets: "" where it is something else."""
    parts = pc.extract_regex(values, _TITLED)
    name, aside, title = (pc.fill_null(pc.struct_field(parts, i), "") for i in range(3))
    kin = pc.and_(pc.equal(pc.binary_length(name), 6), pc.match_substring_regex(title, names.KINSHIP))
    unsure = pc.or_(kin, pc.match_substring_regex(values, _MORE_TITLE))
    remarks, codes = distinct(aside)
    known = pa.array([a if names.is_title(a) else "" for a in remarks.to_pylist()], TEXT).take(pa.array(codes))
    return pc.if_else(unsure, "", name), joined(known, title)


def _row(cell: str) -> tuple[str, str, str, str, bool, str]:
    p = names.read(cell)
    return p.name, p.surname, p.given, p.title, p.full, p.pinyin


def _plain(values: pa.Array, titles: pa.Array, length: int) -> tuple[npt.NDArray[np.int64], dict[str, Any]]:
    """Names of one surname character and one or two more that can be nothing else."""
    positions, typed = han.matrix(values, length)
    codes = han.simplified()[typed]
    surname, readings, ends, words = _tables()
    number = surname[codes[:, 0]]
    syllable, listed = han.syllables()
    good = (number >= 0) & (syllable[codes] > 0).all(axis=1) & ~ends[length][codes[:, -1]]
    good &= ~np.isin(han.pack(codes), words[length]) & ~np.isin(han.pack(codes[:, :2]), words["compound"])
    if length == 3:
        good &= ~np.isin(han.pack(codes[:, 1:]), words["title"])
    positions, codes, number = positions[good], codes[good], number[good]
    spelt = [listed.take(pa.array(syllable[codes[:, i]])) for i in range(1, length)]
    return positions, {
        "name": han.text(codes),
        "surname": han.text(codes[:, :1]),
        "given": han.text(codes[:, 1:]),
        "title": titles.take(pa.array(positions)),
        "full": np.ones(len(positions), dtype=bool),
        "pinyin": joined(readings.take(pa.array(number)), joined(*spelt), by=" "),
    }


@cache
def _tables() -> tuple[npt.NDArray[np.int32], pa.Array, dict[int, npt.NDArray[np.bool_]], dict[Any, Any]]:
    """Surname numbers by code point and their readings; what a plain name does not end with, is, or begins with."""
    single = [s for s in facts.surnames() if len(s) == 1 and s not in "老小大阿"]
    number = np.full(1 << 16, -1, dtype=np.int32)
    number[[ord(s) for s in single]] = np.arange(len(single))
    readings = pa.array([facts.surnames()[s][0] for s in single], pa.large_string())
    ends = {2: han.members({*names.VOCATIVES, *names.KIN, "某"}), 3: han.members({*names.KIN, "某"})}
    no_names = [*NOTHING, *names.NO_NAMES, *names.OFFICES]
    words: dict[Any, Any] = {n: han.packed(no_names, n) for n in (2, 3)}
    words["compound"] = han.packed(facts.surnames(), 2)
    words["title"] = han.packed({office[-2:] for office in (*names.OFFICES, "副总")}, 2)
    return number, readings, ends, words
