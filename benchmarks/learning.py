"""What learning from a list is worth: the shipped weights beside those that ``learn`` makes of the list, kind by kind.

    python benchmarks/learning.py [--rows 10000,20000,100000] [--kinds usual,addresses,…] [--usual] [--write]

Lists of other kinds are invented leads with other habits; only seeds 1 to 3 are used. ``--usual`` counts the usual leads
anew and writes salessheets/data/learning.csv. ``--write`` keeps the table in benchmarks/RESULTS.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import leads_cells  # noqa: E402
import leads_rows  # noqa: E402
import leads_world  # noqa: E402
import numpy as np  # noqa: E402
import ours  # noqa: E402
import pandas as pd  # noqa: E402
from dice import Dice  # noqa: E402
from generate import RAW, TUNING, generate  # noqa: E402
from judge import score  # noqa: E402
from leads_facts import STREETS, Facts  # noqa: E402
from matching import markdown  # noqa: E402
from measure import machine  # noqa: E402
from results import keep  # noqa: E402

from salessheets.clean import records  # noqa: E402
from salessheets.match import learn  # noqa: E402
from salessheets.match.leads import match  # noqa: E402
from salessheets.match.leads_model import MODEL  # noqa: E402
from salessheets.settings import default  # noqa: E402

LENGTHS = (10_000, 30_000, 100_000)
TITLE = "Matching: learning from the list"


def _one_city(facts: Facts) -> np.ndarray:
    weight = (facts.places["short_city"] == "济南").to_numpy(dtype=float).cumsum()
    return weight / weight[-1]


def _moved(raw: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Every other address is another one: where the papers say, not where the shop is."""
    dice = Dice(seed + 1000)
    elsewhere = pd.Series(dice.pick(STREETS, len(raw))) + (dice.number(400, len(raw)) + 1).astype(str) + "号"
    return raw.assign(地址=np.where(dice.hit(0.5, len(raw)), elsewhere, raw["地址"]))


@dataclass(frozen=True)
class Kind:
    """A kind of list: (module, constant) → value of the generator, and what is done to the typed cells."""

    words: str
    habits: dict[tuple[ModuleType, str], Any] = field(default_factory=dict)
    cells: Callable[[pd.DataFrame, int], pd.DataFrame] = lambda raw, _: raw


KINDS = {
    "usual": Kind("as the model knows them"),
    "nameless": Kind(
        "addresses always given, half of the names missing",
        {(leads_cells, "STREET_GIVEN"): 1.0, (leads_rows, "NAME_BLANK"): 0.5, (leads_rows, "NAME_TOLD"): 0.2},
    ),
    "addresses": Kind("every other address another one", {(leads_cells, "STREET_GIVEN"): 1.0}, _moved),
    "heard": Kind("a third of the names misheard", {(leads_rows, "NAME_WRONG"): 0.35}),
    "city": Kind("all of one city", {(leads_world, "_crowds"): _one_city}),
}  # fmt: skip


@contextmanager
def _habits(kind: Kind) -> Any:
    before = {(module, name): getattr(module, name) for module, name in kind.habits}
    try:
        for (module, name), value in kind.habits.items():
            setattr(module, name, value)
        yield
    finally:
        for (module, name), value in before.items():
            setattr(module, name, value)


def made(kind: Kind, rows: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Clean records of a list, and its truth."""
    with _habits(kind):
        table = generate(rows, seed)
    raw = kind.cells(table[list(RAW)], seed)
    return records.clean(ours.rows(raw), ours.TODAY)[0].reset_index(drop=True), table[["truth", "ask"]]


def compared(kind: Kind, rows: int, seed: int) -> list[tuple[str, ...]]:
    """A line for the shipped and one for the learnt weights."""
    table, truth = made(kind, rows, seed)
    learnt = learn.learn(table, default())
    at = pd.Series(table.index, index=table["rid"].to_numpy())
    lines = []
    for name, model in (("shipped", MODEL), ("learnt", learnt.model)):
        found = match(table, default(), model=model)
        right = score(found.labels.to_numpy(), truth["truth"], truth["ask"])
        asked = found.edges[found.edges["outcome"] == "ask"]
        same = truth["truth"].to_numpy()[at[asked["left"]]] == truth["truth"].to_numpy()[at[asked["right"]]]
        told = "、".join(f"{what} {bits:+.1f}" for what, bits in learnt.changes[:4]) if name == "learnt" else ""
        lines.append(
            (
                kind.words, f"{rows:,}", str(seed), name, f"{right.precision:.4f}", f"{right.recall:.4f}",
                f"{right.f1:.4f}", f"{1000 * len(asked) / rows:.1f} ({same.mean():.0%} same)", told,
            )
        )  # fmt: skip
        print(*lines[-1], sep="  ", file=sys.stderr, flush=True)
    return lines


def write_usual() -> None:
    """Count the usual leads of the tuning seeds."""
    lists = {
        rows: [learn.counted(made(KINDS["usual"], rows, seed)[0], default()) for seed in TUNING] for rows in LENGTHS
    }
    path = HERE.parent / "salessheets" / "data" / "learning.csv"
    path.write_text(learn.table_of(lists), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", default="10000,20000,100000")
    parser.add_argument("--seeds", default=",".join(map(str, TUNING)))
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--usual", action="store_true")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    if args.usual:
        write_usual()
        return
    lines = [
        line
        for kind in args.kinds.split(",")
        for rows in args.rows.split(",")
        for seed in args.seeds.split(",")
        for line in compared(KINDS[kind], int(rows), int(seed))
    ]
    head = ("list", "records", "seed", "weights", "precision", "recall", "F1", "asked per 1,000 records", "learnt")
    report = f"{machine()}\n\n{markdown(head, lines, 4)}"
    print(report)
    if args.write:
        keep("learning", TITLE, report)


if __name__ == "__main__":
    main()
