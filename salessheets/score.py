"""A/B/C within the region (manual chapter 2, 2–3; scoring.md). Every point of a score is kept with its reason.

An unknown answer counts ``unknown_share`` of its maximum. An inferred answer (推断) scores and narrows the interval, but
it is no confirmed fact: completeness and with it both gates (A, 待评) count confirmed answers alone. The share that
counts inferred answers too stands beside it. Leads without a region, closed leads and small regions are classed by
score alone: "somewhere" is no region to be the best of.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from .settings import Criterion, Rules, Settings

# Without these an A would be a guess (scoring.md, "Gates").
GATE_FIELDS = ("scale", "need", "likelihood")
REGION_COLUMNS = {"省": ("province",), "市": ("province", "city"), "县/区": ("province", "city", "county")}
UNRATED, UNKNOWN = "待评", "未知"
_EXACT = 9  # decimals at which binary floats are taken as the decimal they stand for


def half_up(values: pd.Series | np.ndarray) -> np.ndarray:
    """Rounded half up to 0.1, as Excel's ROUND does."""
    return np.floor(np.round(np.asarray(values, dtype=float) * 10 + 0.5, _EXACT)) / 10


def score(leads: pd.DataFrame, settings: Settings, held: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    """Points and class of each lead of each brand.

    leads: lead, brand, province, city, county, open (counts in its region's pool), manual_class, inferred (frozenset of
    fields) and one column of answers per criterion field ("" = unknown; so is an answer that 评分标准 does not list).
    held: class in the last closed week.
    Returns, same index: score, score_low, score_high (points, 0.1), completeness (0..1, confirmed answers),
    completeness_inferred (0..1, with inferred answers), rank (0 = not ranked), pool (leads ranked in the region),
    line_a (the score that makes an A there), system_class, advice, reasons (criterion, answer, points, inferred), held
    (class before), reach (class before gates), final_class. The points of the reasons add up to the score before it is
    rounded.
    """
    index, leads = leads.index, leads.reset_index(drop=True)
    rules, criteria = settings.rules, settings.criteria
    points = np.column_stack([leads[c.field].map(dict(c.points)).to_numpy(dtype=float) for c in criteria])
    known = ~np.isnan(points)
    inferred = _inferred(leads["inferred"], criteria) & known
    firm = known & ~inferred
    maxima = np.array([c.maximum for c in criteria])
    counted = np.where(known, points, maxima * rules.unknown_share)
    result = pd.DataFrame(
        {
            "score": half_up(counted.sum(axis=1)),
            "score_low": half_up(np.where(known, points, 0).sum(axis=1)),
            "score_high": half_up(np.where(known, points, maxima).sum(axis=1)),
            "completeness": _share(firm, maxima),
            "completeness_inferred": _share(known, maxima),
        }
    )
    rated = result["completeness"] >= rules.unrated_completeness
    ranked = _rank(leads, result["score"], rated & leads["open"].astype(bool), rules)
    result[["rank", "pool"]] = ranked[["rank", "pool"]]
    result["line_a"] = _line_a(ranked, rules)
    keys = zip(leads["lead"].tolist(), leads["brand"].tolist(), strict=True)
    before = pd.Series([held.get(key, "") for key in keys], index=leads.index, dtype="str")
    wished = _by_lines(result["score"], ranked, before, rules)
    gate = _gate(result["completeness"], firm, criteria, rules)
    result["system_class"] = wished.where(gate | (wished != "A"), "B").where(rated, UNRATED)
    result["advice"] = _advices(rated & (wished == "A") & ~gate, firm, criteria, rules)
    result["reasons"] = _reasons(leads, criteria, counted, known, inferred)
    manual = leads["manual_class"]
    result["held"], result["reach"] = before, wished
    result["final_class"] = result["system_class"].where(~manual.isin(("A", "B", "C")), manual)
    return result.set_axis(index)


def _inferred(sets: pd.Series, criteria: tuple[Criterion, ...]) -> np.ndarray:
    """leads × criteria: answered by inference. A handful of sets serves all leads."""
    number = {fields: at for at, fields in enumerate(dict.fromkeys(sets))}
    table = np.array([[c.field in fields for c in criteria] for fields in number], dtype=bool)
    return table.reshape(-1, len(criteria))[[number[fields] for fields in sets]]


def _share(answered: np.ndarray, maxima: np.ndarray) -> np.ndarray:
    """Points of the answered criteria in all points. A 评分标准 of nothing but zeros knows nothing."""
    share: np.ndarray = np.round((answered * maxima).sum(axis=1) / (maxima.sum() or 1.0), _EXACT)
    return share


def _rank(leads: pd.DataFrame, scores: pd.Series, counts: pd.Series, rules: Rules) -> pd.DataFrame:
    """rank, pool, and the scores of the last lead inside each quota (NaN in small regions and outside the pool)."""
    columns = REGION_COLUMNS[rules.region_level]
    placed = counts & (leads[columns[-1]] != "")
    pool = leads.loc[placed, ["brand", *columns]].assign(score=scores)
    result = pd.DataFrame({"rank": 0, "pool": 0, "line_a": np.nan, "line_b": np.nan}, index=leads.index)
    if not placed.any():
        return result
    region = pool.groupby(["brand", *columns], sort=False).ngroup()
    grouped = pool["score"].groupby(region, sort=False)
    size = grouped.transform("size")
    result.loc[placed, "rank"] = grouped.rank(method="min", ascending=False).astype("int64")
    result.loc[placed, "pool"] = size
    position = grouped.rank(method="first", ascending=False)
    for line, share in (("line_a", rules.share_a), ("line_b", rules.share_b)):
        quota = np.ceil((size * share).round(_EXACT))
        last_inside = pool["score"].where(position == quota)
        result.loc[placed, line] = last_inside.groupby(region, sort=False).transform("max")
    result.loc[result["pool"] < rules.small_region, ["line_a", "line_b"]] = np.nan
    return result


def _by_lines(scores: pd.Series, ranked: pd.DataFrame, before: pd.Series, rules: Rules) -> pd.Series:
    """The class before gates. A class held last week is lost only ``hysteresis`` points below its line.

    The line: the score of the last lead inside the quota, at least the floor, at most the score that needs no rank
    (who holds an A of 80.5 does not lose it at 79.5 because others have 90). Who held A held B as well.
    Leads of the same score share a line, so ties share the better class.
    """
    line_a = _line_a(ranked, rules)
    line_b = ranked["line_b"].clip(lower=rules.floor_b).fillna(rules.b_alone).clip(upper=rules.b_alone)
    # In binary 64.1 - 61.1 is a little less than 3.
    keeps_a = (before == "A") & ((line_a - scores).round(_EXACT) < rules.hysteresis)
    keeps_b = before.isin(("A", "B")) & ((line_b - scores).round(_EXACT) < rules.hysteresis)
    result = pd.Series("C", index=scores.index, dtype="str")
    return result.mask((scores >= line_b) | keeps_b, "B").mask((scores >= line_a) | keeps_a, "A")


def _line_a(ranked: pd.DataFrame, rules: Rules) -> pd.Series:
    """The score that makes an A in each lead's region, before gates."""
    return ranked["line_a"].clip(lower=rules.floor_a).fillna(rules.a_alone).clip(upper=rules.a_alone)


def _gate(completeness: pd.Series, firm: np.ndarray, criteria: tuple[Criterion, ...], rules: Rules) -> pd.Series:
    """Enough is known, and what must be known is."""
    musts = [at for at, c in enumerate(criteria) if c.field in GATE_FIELDS]
    known = pd.Series(firm[:, musts].all(axis=1), index=completeness.index)
    return known & (completeness >= rules.gate_completeness)


def _advices(waits: pd.Series, firm: np.ndarray, criteria: tuple[Criterion, ...], rules: Rules) -> pd.Series:
    """The advice to each lead that only the gate keeps from A; "" to the others."""
    rows = [tuple(row) if wait else None for row, wait in zip(firm.tolist(), waits, strict=True)]
    texts = {row: _advice(row, criteria, rules) if row else "" for row in dict.fromkeys(rows)}
    return pd.Series([texts[row] for row in rows], index=waits.index, dtype="str")


def _advice(firm: tuple[bool, ...], criteria: tuple[Criterion, ...], rules: Rules) -> str:
    """The fewest answers, largest first, that would open the gate."""
    total = sum(c.maximum for c in criteria)
    missing = [c for c, known in zip(criteria, firm, strict=True) if not known]
    needed = [c for c in missing if c.field in GATE_FIELDS]
    have = sum(c.maximum for c, known in zip(criteria, firm, strict=True) if known) + sum(c.maximum for c in needed)
    for criterion in sorted((c for c in missing if c not in needed), key=lambda c: -c.maximum):
        if round(have / total, _EXACT) >= rules.gate_completeness:
            break
        needed.append(criterion)
        have += criterion.maximum
    largest_first = sorted(needed, key=lambda c: -c.maximum)
    return f"补{'、'.join(c.name for c in largest_first)}可升A"


def _reasons(
    leads: pd.DataFrame,
    criteria: tuple[Criterion, ...],
    counted: np.ndarray,
    known: np.ndarray,
    inferred: np.ndarray,
) -> pd.Series:
    """Per lead a tuple of (criterion, answer, points, inferred); equal entries are one object."""
    columns = []
    for at, criterion in enumerate(criteria):
        answers = leads[criterion.field].where(known[:, at], UNKNOWN)
        rounded = np.round(counted[:, at], _EXACT)
        parts = list(zip(answers.tolist(), rounded.tolist(), inferred[:, at].tolist(), strict=True))
        made = {part: (criterion.name, *part) for part in dict.fromkeys(parts)}
        columns.append([made[part] for part in parts])
    return pd.Series(list(zip(*columns, strict=True)), index=leads.index, dtype=object)
