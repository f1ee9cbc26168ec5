"""What staff wrote under 意向品牌 → brands of this office. A former name counts; nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

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


def resolve(texts: pd.Series, settings: Settings, day: date) -> pd.DataFrame:
    """Brand cells → columns brands (tuple of names in use on this day, order of 设置), unknown (pieces not understood,
    joined by 、) and retired (brands not in use, joined by 、).
    """
    names = {_key(name): brand.name for brand in settings.brands for name in (*brand.former, brand.name)}
    order = [brand.name for brand in settings.brands]
    in_use = {brand.name for brand in settings.brands if brand.in_use(day)}
    codes, cells = pd.factorize(texts)
    known: list[tuple[tuple[str, ...], str, str]] = []
    for text in cells:
        pieces = [piece for part in _SEPARATORS.split(text) if part.strip() for piece in _divided(part, names)]
        found = sorted({names[_key(p)] for p in pieces if _key(p) in names}, key=order.index)
        unknown = [p.strip() for p in pieces if _key(p) not in names]
        retired = [name for name in found if name not in in_use]
        known.append((tuple(name for name in found if name in in_use), "、".join(unknown), "、".join(retired)))
    table = pd.DataFrame(known, columns=["brands", "unknown", "retired"])
    table = table.astype({"brands": object, "unknown": "str", "retired": "str"})
    return table.take(codes).set_axis(texts.index)
