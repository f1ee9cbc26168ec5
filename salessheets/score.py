"""A/B/C within the region (manual chapter 2, 2–3; scoring.md). Every point of a score is kept with its reason.

An unknown answer counts ``unknown_share`` of its maximum. An inferred answer (推断) scores, but it is no confirmed
fact: completeness and the gates count confirmed answers alone. Leads without a region are classed by score alone,
like those of a small region: "somewhere" is no region to be the best of.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from .settings import Criterion, Rules, Settings

# Without these an A would be a guess (scoring.md, "Gates").
_GATE_FIELDS = ("scale", "need", "likelihood")
_REGION_COLUMN = {"省": ("province",), "市": ("province", "city"), "县/区": ("province", "city", "county")}
UNRATED = "待评"
_EXACT = 9  # decimals at which binary floats are taken as the decimal they stand for


def half_up(values: pd.Series | np.ndarray) -> np.ndarray:
    """Rounded half up to 0.1, as Excel's ROUND does."""
    return np.floor(np.round(np.asarray(values, dtype=float) * 10 + 0.5, _EXACT)) / 10


def score(leads: pd.DataFrame, settings: Settings, held: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    """Points and class of each lead of each brand.

    leads: lead, brand, province, city, county, open (counts in its region's pool), manual_class, inferred (frozenset of
    fields) and one column of answers per criterion field ("" = unknown). held: class in the last closed week.
    Returns, same index: score, score_low, score_high (points, 0.1), completeness (0..1), rank (0 = not ranked), pool
    (leads ranked in the region), system_class, advice, reasons (criterion, answer, points, inferred), final_class.
    """
    rules, criteria = settings.rules, settings.criteria
    points = np.column_stack([leads[c.field].map(dict(c.points)).to_numpy(dtype=float) for c in criteria])
    known = ~np.isnan(points)
    guessed = [np.array([c.field in fields for fields in leads["inferred"]], dtype=bool) for c in criteria]
    inferred = np.column_stack(guessed) & known
    maxima = np.array([c.maximum for c in criteria])
    counted = np.where(known, points, maxima * rules.unknown_share)
    low = np.where(known, points, 0).sum(axis=1)
    high = np.where(known, points, maxima).sum(axis=1)
    firm = known & ~inferred
    total = maxima.sum() or 1.0
    result = pd.DataFrame(
        {
            "score": half_up(counted.sum(axis=1)),
            "score_low": half_up(low),
            "score_high": half_up(high),
            "completeness": np.round((firm * maxima).sum(axis=1) / total, _EXACT),
        },
        index=leads.index,
    )
    rated = result["completeness"] >= rules.unrated_completeness
    ranked = _rank(leads, result["score"], rated & leads["open"].astype(bool), rules)
    result = result.join(ranked[["rank", "pool"]])
    keys = list(zip(leads["lead"], leads["brand"], strict=True))
    before = pd.Series([held.get(key, "") for key in keys], index=leads.index, dtype="str")
    wished = _by_lines(result["score"], ranked, before, rules)
    gate = _gate(result["completeness"], firm, criteria, rules)
    result["system_class"] = wished.where(gate | (wished != "A"), "B").where(rated, UNRATED)
    waits = rated & (wished == "A") & ~gate
    result["advice"] = ""
    for index in result.index[waits]:
        position = leads.index.get_loc(index)
        result.loc[index, "advice"] = _advice(firm[position], criteria, rules)
    result["reasons"] = _reasons(leads, criteria, counted, known, inferred)
    manual = leads["manual_class"]
    result["final_class"] = result["system_class"].where(~manual.isin(("A", "B", "C")), manual)
    return result


def _rank(leads: pd.DataFrame, scores: pd.Series, counts: pd.Series, rules: Rules) -> pd.DataFrame:
    """rank, pool, and the scores of the last lead inside each quota (NaN in small regions and outside the pool)."""
    columns = _REGION_COLUMN[rules.region_level]
    placed = counts & (leads[columns[-1]] != "")
    pool = leads.loc[placed, ["brand", *columns]].assign(score=scores)
    grouped = pool.groupby(["brand", *columns], sort=False)["score"]
    result = pd.DataFrame({"rank": 0, "pool": 0, "line_a": np.nan, "line_b": np.nan}, index=leads.index)
    if not placed.any():
        return result
    result.loc[placed, "rank"] = grouped.rank(method="min", ascending=False).astype("int64")
    size = grouped.transform("size")
    result.loc[placed, "pool"] = size
    position = grouped.rank(method="first", ascending=False)
    for line, share in (("line_a", rules.share_a), ("line_b", rules.share_b)):
        quota = np.ceil((size * share).round(_EXACT))
        last_inside = pool["score"].where(position == quota)
        result.loc[placed, line] = last_inside.groupby([pool[c] for c in ("brand", *columns)], sort=False).transform(
            "max"
        )
    result.loc[result["pool"] < rules.small_region, ["line_a", "line_b"]] = np.nan
    return result


def _by_lines(scores: pd.Series, ranked: pd.DataFrame, before: pd.Series, rules: Rules) -> pd.Series:
    """The class before gates. A class held last week is lost only ``hysteresis`` points below its line.

    The line: the score of the last lead inside the quota, at least the floor, at most the score that needs no rank.
    Leads of the same score share it, so ties share the better class.
    """
    line_a = ranked["line_a"].clip(lower=rules.floor_a).fillna(rules.a_alone).clip(upper=rules.a_alone)
    line_b = ranked["line_b"].clip(lower=rules.floor_b).fillna(rules.b_alone).clip(upper=rules.b_alone)
    keeps_a = (before == "A") & (line_a - scores < rules.hysteresis)
    keeps_b = before.isin(("A", "B")) & (line_b - scores < rules.hysteresis)
    result = pd.Series("C", index=scores.index, dtype="str")
    return result.mask((scores >= line_b) | keeps_b, "B").mask((scores >= line_a) | keeps_a, "A")


def _gate(completeness: pd.Series, firm: np.ndarray, criteria: tuple[Criterion, ...], rules: Rules) -> pd.Series:
    """Enough is known, and what must be known is."""
    musts = [at for at, c in enumerate(criteria) if c.field in _GATE_FIELDS]
    known = pd.Series(firm[:, musts].all(axis=1), index=completeness.index)
    return known & (completeness >= rules.gate_completeness)


def _advice(firm: np.ndarray, criteria: tuple[Criterion, ...], rules: Rules) -> str:
    """The fewest answers, largest first, that would open the gate."""
    total = sum(c.maximum for c in criteria)
    missing = [c for at, c in enumerate(criteria) if not firm[at]]
    needed = [c for c in missing if c.field in _GATE_FIELDS]
    have = sum(c.maximum for at, c in enumerate(criteria) if firm[at]) + sum(c.maximum for c in needed)
    for criterion in sorted((c for c in missing if c not in needed), key=lambda c: -c.maximum):
        if round(have / total, _EXACT) >= rules.gate_completeness:
            break
        needed.append(criterion)
        have += criterion.maximum
    return f"补{'、'.join(c.name for c in needed)}可升A"


def _reasons(
    leads: pd.DataFrame,
    criteria: tuple[Criterion, ...],
    counted: np.ndarray,
    known: np.ndarray,
    inferred: np.ndarray,
) -> pd.Series:
    answers = [leads[c.field].to_numpy() for c in criteria]
    rounded = np.round(counted, _EXACT)
    rows = [
        tuple(
            (c.name, answers[at][row] if known[row, at] else "未知", float(rounded[row, at]), bool(inferred[row, at]))
            for at, c in enumerate(criteria)
        )
        for row in range(len(leads))
    ]
    return pd.Series(rows, index=leads.index, dtype=object)
