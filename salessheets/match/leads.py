"""Which records are the same customer: the engine with the lead model, in three outcomes (matching.md, "Decision")."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from salessheets.settings import Settings

from . import engine, lead_table
from .cluster import Decided, grouped
from .decisions import Constraints, Decision, constraints
from .leads_model import MODEL
from .model import Model
from .shared import Shared, with_own_phones
from .shared import find_shared as shared_values

# Outcomes of a pair: joined by itself; to be asked; strong enough, but its cluster contradicts; answered 不是.
MERGE, ASK, REFUSED, APART = "merge", "ask", "refused", "apart"
ANSWERED = 99.0  # the weight shown for what a person joined


@dataclass(frozen=True)
class Matches:
    """labels: position of the first record of each record's cluster, index of the records.

    edges: left, right (rids), weight (bits), reason, outcome (MERGE, ASK, REFUSED, APART), joined (bool), strongest
    first; only pairs at or above the ask line. shared: kind, value, why. kept: the same and what only weakens evidence,
    for the issue record. contradictions: (older, newer) answers.
    """

    labels: pd.Series
    edges: pd.DataFrame
    shared: pd.DataFrame
    kept: pd.DataFrame
    contradictions: tuple[tuple[Decision, Decision], ...] = ()


def match(
    records: pd.DataFrame,
    settings: Settings,
    decisions: Sequence[Decision] = (),
    shared: Shared | None = None,
    model: Model = MODEL,
) -> Matches:
    """Cluster records (RECORD_COLUMNS); the result does not depend on their order.

    decisions: what people answered, about live rids (``decisions.in_force``). shared: the list of an office's model; found
    in the records themselves when it is not given. model: the shipped one, or one learnt from a list (``learn``).
    """
    order = records.sort_values(["number", "sheet", "row"], kind="stable")
    read = lead_table.basics(order)
    shared = _shared(read, settings) if shared is None else with_own_phones(shared, _own_phones(settings))
    lines = (settings.rules.ask_line, settings.rules.merge_line)
    encoded = engine.encoded(lead_table.build(order, shared, read), read.size, model)
    found = engine.candidates(encoded, model)
    weighed = engine.compare(encoded, model, found, lines=lines)
    rids = order["rid"].astype("str").array
    wanted = constraints(decisions, np.asarray(rids, dtype=object)) if decisions else Constraints()
    decided = _decided(wanted, rids)
    positions = grouped(encoded, model, found, weighed, lines, decided).labels
    labels = pd.Series(order.index.to_numpy()[positions], index=order.index)
    edges = _edges(weighed, positions, rids, lines, decided)
    if wanted.must_link:
        edges = pd.concat([_answered(wanted), edges], ignore_index=True)
    return Matches(labels.reindex(records.index), edges, shared.listed, shared.to_keep(), wanted.contradictions)


def find_shared(records: pd.DataFrame, settings: Settings) -> Shared:
    """The values that identify nobody: placeholders, staff phones, switchboards, chains (matching.md, "Keys")."""
    return _shared(lead_table.basics(records), settings)


def _shared(read: lead_table.Basics, settings: Settings) -> Shared:
    return shared_values(read, lead_table.IDENTIFIERS, _own_phones(settings))


def _own_phones(settings: Settings) -> list[str]:
    return [person.phone for person in settings.staff if person.phone]


def _decided(wanted: Constraints, rids: Iterable[str]) -> Decided:
    named = {rid for a, b, _ in wanted.must_link for rid in (a, b)} | {
        rid for pair in wanted.cannot_link for rid in pair
    }
    if not named:
        return Decided()
    at = {rid: n for n, rid in enumerate(rids) if rid in named}

    def pair(a: str, b: str) -> tuple[int, int]:
        return (at[a], at[b]) if at[a] < at[b] else (at[b], at[a])

    return Decided(
        frozenset(pair(a, b) for a, b, _ in wanted.must_link),
        frozenset(pair(a, b) for a, b in wanted.cannot_link if a in at and b in at),
    )


def _answered(wanted: Constraints) -> pd.DataFrame:
    left, right, words = zip(*wanted.must_link, strict=True)
    return pd.DataFrame(
        {"left": left, "right": right, "weight": ANSWERED, "reason": words, "outcome": MERGE, "joined": True}
    )


def _edges(
    weighed: engine.Weighed, positions: np.ndarray, rids: Any, lines: tuple[float, float], decided: Decided
) -> pd.DataFrame:
    together = positions[weighed.left] == positions[weighed.right]
    strong = weighed.strong(lines[1])
    # A doubtful pair whose records are one customer by other evidence needs no answer.
    shown = engine.strongest_first(weighed, np.flatnonzero((weighed.weight >= lines[0]) & (strong | ~together)))
    left, right = weighed.left[shown], weighed.right[shown]
    together, above = together[shown], strong[shown]
    outcome = np.where(above & together, 0, np.where(above, 1, 2))
    if decided.apart:
        pairs = zip(left.tolist(), right.tolist(), strict=True)
        outcome[[n for n, pair in enumerate(pairs) if pair in decided.apart]] = 3
    outcomes = pd.Series([MERGE, REFUSED, ASK, APART], dtype="str")
    return pd.DataFrame(
        {
            "left": rids.take(left),
            "right": rids.take(right),
            "weight": np.round(weighed.weight[shown], 1),
            "reason": engine.told(weighed, shown),
            "outcome": outcomes.array.take(outcome),
            "joined": above & together,
        },
        copy=False,
    )
