"""What staff wrote under 意向品牌 → brands of this office. A former name counts; nothing is guessed."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

from .settings import Settings

_SEPARATORS = re.compile(r"[、,,;;/\n|++]|和|及|\s{1,}")


def _key(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def resolve(texts: pd.Series, settings: Settings) -> pd.DataFrame:
    """Brand cells → columns brands (tuple of names, order of 设置) and unknown (pieces not understood, joined by 、)."""
    names = {_key(name): brand.name for brand in settings.brands for name in (*brand.former, brand.name)}
    order = [brand.name for brand in settings.brands]
    known: dict[str, tuple[tuple[str, ...], str]] = {}
    for text in texts.unique():
        whole = names.get(_key(text))
        pieces = [] if whole else [piece for piece in _SEPARATORS.split(text) if piece.strip()]
        found = {whole} if whole else {names[_key(p)] for p in pieces if _key(p) in names}
        unknown = [p.strip() for p in pieces if _key(p) not in names]
        known[text] = (tuple(sorted(found, key=order.index)), "、".join(unknown))
    return pd.DataFrame(
        {"brands": [known[t][0] for t in texts], "unknown": [known[t][1] for t in texts]}, index=texts.index
    ).astype({"brands": object, "unknown": "str"})
