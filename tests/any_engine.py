"""One list through any engine: the clusters, and the edges with their words, in one form that can be compared."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salessheets.longlists.told import declared
from salessheets.match import batches
from salessheets.match.leads import match
from salessheets.match.relational import businesses, matched


def in_memory(records, settings, model):
    """Label (position) of every record; left, right, weight, reason, joined of every edge that somebody sees."""
    found = match(records, settings, model=model)
    at = pd.Series(np.arange(len(records)), index=records.index)
    of = pd.Series(np.arange(len(records)), index=records["rid"].to_numpy())
    edges = found.edges
    told = zip(of[edges["left"]], of[edges["right"]], edges["weight"], edges["reason"], edges["joined"], strict=True)
    return at[found.labels].tolist(), sorted(told)


def through(engine, records, settings, model, own_batches=1):
    """The same through an engine of relations, the records handed on in several batches."""
    cuts = np.array_split(np.arange(len(records)), own_batches)
    parts = [batches.records(records.iloc[cut], cut) for cut in cuts if len(cut)]
    engine.keep("records", batches.pa.concat_tables(parts))
    matched(engine, declared(settings, model, businesses(engine)), lambda _: None)
    labels = list(range(len(records)))
    for row in engine.rows("SELECT id, label FROM labels"):
        labels[row[0]] = row[1]
    told = []
    for a, b, weight, reason, strong in engine.rows("SELECT a, b, weight, reason, strong FROM edges"):
        together = labels[a] == labels[b]
        if strong or not together:
            told.append((a, b, weight, reason, strong and together))
    return labels, sorted(told)
