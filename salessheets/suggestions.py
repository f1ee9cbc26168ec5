"""What directors tried out in 评分标准, passed on to the sales department as suggestions (workflow.md).

Nothing is decided by it: the office's numbers stand in 设置.xlsx. A suggestion is listed until they say the same, it was
taken back, or it is older than FRESH days.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

from .rows import tuples
from .score import score
from .settings import Settings
from .trials import applied, standard

SUGGESTION_COLUMNS = ["brand", "who", "day", "key", "now", "wanted", "effect"]
FRESH = 28  # days
_CLOSED = ("放弃", "已成交")


def no_suggestions() -> pd.DataFrame:
    """Nobody tried anything out."""
    return pd.DataFrame(columns=SUGGESTION_COLUMNS, dtype="str")


def suggestions(
    trials: pd.DataFrame, leads: pd.DataFrame, settings: Settings, renamed: Mapping[str, str], as_of: date
) -> pd.DataFrame:
    """SUGGESTION_COLUMNS, each brand's in the order of the sheet.

    trials: roundtrip.TRIAL_COLUMNS in the order of the archive. leads: report.LEAD_COLUMNS, open ones.
    effect: the brand's classes if all its suggestions were taken: A类 3 → 5.
    """
    office = standard(settings)
    newest: dict[tuple[str, str], tuple[str, str, str]] = {}
    for trial in tuples(trials):
        newest[renamed.get(trial.workbook, trial.workbook), trial.key] = (trial.new, trial.who, trial.day)
    since = (as_of - timedelta(days=FRESH)).isoformat()
    known = {brand.name for brand in settings.brands}
    stands = {
        (brand, key): said
        for (brand, key), said in newest.items()
        if brand in known and key in office and said[0] != office[key] and said[2] >= since
    }
    wanted: dict[str, dict[str, str]] = {}
    for (brand, key), (new, _, _) in stands.items():
        wanted.setdefault(brand, {})[key] = new
    effects = {brand: _effect(leads[leads["brand"] == brand], applied(settings, w)) for brand, w in wanted.items()}
    place = {key: at for at, key in enumerate(office)}
    rows = [
        (brand, who, day, key, office[key], new, effects[brand])
        for (brand, key), (new, who, day) in sorted(stands.items(), key=lambda item: (item[0][0], place[item[0][1]]))
    ]
    return pd.DataFrame(rows, columns=SUGGESTION_COLUMNS, dtype="str")


def _effect(leads: pd.DataFrame, settings: Settings) -> str:
    """How many leads each class gains or loses."""
    keys = zip(leads["lead"], leads["brand"], strict=True)
    held = dict(zip(keys, leads["held"], strict=True))
    asked = leads[["lead", "brand", "province", "city", "county", "manual_class", "inferred"]].join(
        leads[[c.field for c in settings.criteria]]
    )
    then = score(asked.assign(open=~leads["status"].isin(_CLOSED)), settings, held)["final_class"]
    counts = [
        (letter, int((leads["final_class"] == letter).sum()), int((then == letter).sum()))
        for letter in ("A", "B", "C", "待评")
    ]
    moved = [f"{letter}{'类' if len(letter) == 1 else ''} {old} → {new}" for letter, old, new in counts if old != new]
    return "\uff0c".join(moved) or "级别不变"
