"""What staff wrote under 意向品牌 → brands of this office. A former name counts; nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import pandas as pd

from .settings import Settings

# Sure separators; words like 和 may be part of a brand's name and only divide what is otherwise unknown.
_SEPARATORS = re.compile(r"[、,\uff0c;\uff1b/\n|+\uff0b]")  # full-width forms by code: editors fold them
_WORDS = re.compile(r"[和及与]|\s+")


def _key(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def _divided(part: str, names: Mapping[str, str]) -> list[str]:
    """The part itself when it is a brand; else its pieces at 和, 及 or a blank when every piece is one."""
    pieces = [piece for piece in _WORDS.split(part) if piece.strip()]
    divides = _key(part) not in names and pieces and all(_key(piece) in names for piece in pieces)
    return pieces if divides else [part]


def resolve(texts: pd.Series, settings: Settings) -> pd.DataFrame:
    """Brand cells → columns brands (tuple of names, order of 设置) and unknown (pieces not understood, joined by 、)."""
    names = {_key(name): brand.name for brand in settings.brands for name in (*brand.former, brand.name)}
    order = [brand.name for brand in settings.brands]
    known: dict[str, tuple[tuple[str, ...], str]] = {}
    for text in texts.unique():
        pieces = [piece for part in _SEPARATORS.split(text) if part.strip() for piece in _divided(part, names)]
        found = {names[_key(p)] for p in pieces if _key(p) in names}
        unknown = [p.strip() for p in pieces if _key(p) not in names]
        known[text] = (tuple(sorted(found, key=order.index)), "、".join(unknown))
    return pd.DataFrame(
        {"brands": [known[t][0] for t in texts], "unknown": [known[t][1] for t in texts]}, index=texts.index
    ).astype({"brands": object, "unknown": "str"})
