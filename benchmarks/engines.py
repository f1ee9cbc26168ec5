"""Every engine behind one call: run it on a table in its own process and environment, get scored pairs or clusters."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import peers
from judge import Score, best_line, components, score
from matching_data import labelled, latin, table, truth_of
from measure import Measured, measure

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
# Merge lines that are tried on the tuning seed, in the units of each peer's weight.
LINES = {
    "splink": np.arange(-4, 30, 0.5),
    "recordlinkage": np.concatenate([np.arange(0.02, 1, 0.02), 1 - 10.0 ** -np.arange(3, 8)]),
    "leadmatch": np.concatenate([np.arange(0.6, 1, 0.02), [2.0]]),
}
OURS, PEERS = "ours", tuple(LINES)


@dataclass(frozen=True)
class Run:
    """labels or edges (left, right, weight[, outcome]) by row position; seconds inside the engine, as it prints them."""

    edges: pd.DataFrame
    labels: np.ndarray | None
    seconds: dict[str, float]
    measured: Measured


@dataclass(frozen=True)
class Bench:
    """One run of the benchmark: where the tables are, how many leads, which seeds. ``reuse``: take what peers found in an
    earlier run in the same folder (their times are those of that run); ours always runs."""

    folder: Path
    rows: int
    big: int
    seeds: tuple[int, ...]
    reuse: bool = False

    def run(
        self, engine: str, name: Path, kind: str, *, train: Path | None = None, options: tuple[str, ...] = ()
    ) -> Run:
        """One engine on ``NAME-kind.parquet``. train: the NAME of labelled leads, for engines that learn from labels."""
        out = name.with_name(f"{name.name}-{kind}-{engine}.parquet")
        log = out.with_suffix(".log")
        if self.reuse and engine != OURS and not options and out.exists() and log.exists():
            measured = Measured(0.0, 0.0, 0, 0, log.read_text(encoding="utf-8"))
        else:
            out.unlink(missing_ok=True)
            command = [*map(str, _command(engine, name, kind, out, train)), *options]
            measured = measure(command, cwd=ROOT, log=log)
        seconds = json.loads(measured.output.strip().splitlines()[-1])
        if engine == OURS:
            edges = pd.read_parquet(out.with_name(f"{out.stem}-edges.parquet"))
            return Run(edges, pd.read_parquet(out)["label"].to_numpy(), seconds, measured)
        return Run(pd.read_parquet(out), None, seconds, measured)


def _command(engine: str, name: Path, kind: str, out: Path, train: Path | None) -> list[str | Path]:
    if engine == OURS:
        return [sys.executable, HERE / "ours.py", kind, table(name, kind), out]
    if engine == "leadmatch":
        return [peers.python(engine), HERE / "peers" / "leadmatch_peer.py", latin(name, kind), out]
    command = [peers.python(engine), HERE / "peers" / f"{engine}_peer.py", kind, table(name, kind), out]
    if engine == "recordlinkage" and train is not None:
        command += ["--train", labelled(train, kind)]
    return command


def judged(found: Run, name: Path, line: float | None) -> Score:
    """The score of a run: our own clusters, or those of all pairs at or above the line."""
    known = pd.read_parquet(truth_of(name))
    labels = found.labels
    if labels is None:
        keep = found.edges[found.edges["weight"] >= line]
        labels = components(len(known), keep["left"].to_numpy(), keep["right"].to_numpy())
    return score(labels, known["truth"], known["ask"])


def line_of(found: Run, name: Path, engine: str) -> float:
    """The line with the best F1 on a table whose truth may be used for it."""
    known = pd.read_parquet(truth_of(name))
    return best_line(found.edges, known["truth"], known["ask"], LINES[engine])[0]


@dataclass(frozen=True)
class Asked:
    """Questions to a person: how many per 1,000 records, and the share that are one customer."""

    per_thousand: float
    same: float


def asked(found: Run, name: Path) -> Asked:
    truth = pd.read_parquet(truth_of(name))["truth"].to_numpy()
    open_ = found.edges[found.edges["outcome"] == "ask"]
    same = truth[open_["left"]] == truth[open_["right"]]
    return Asked(1000 * len(open_) / len(truth), float(same.mean()) if len(open_) else 0.0)
