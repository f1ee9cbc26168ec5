"""The invented dirty leads that the matching is tuned on and judged by. Frozen: VERSION 1 stays as it is.

    python benchmarks/generate.py --rows 100000 --seed 1 --out leads.parquet

Seeds 1 to 3 are for tuning, seeds 101 to 103 for reporting; nothing is tuned on a reporting seed. What counts as one
customer (``truth``): the business that would become a dealer, with its contact persons; a person without a business is
one; branches in other counties with other owners are two. Two shops of one owner in one city are a question for a person:
rows with the same ``ask`` (not -1) and other ``truth`` count neither for nor against a matching (judge.py).

leads_world.py says which hard negatives there are and how many, leads_rows.py how customers come back, leads_cells.py
how staff type; each share stands at the top of its module. They were chosen so that Splink 5.0.0 (DuckDB, trained and with
the best threshold, peers/splink_leads.py) finds .978 of F1 on the clean columns and .844 on the cells as typed at
100,000 leads of seed 1. A matching that joins every true pair which shares anything at all reaches a recall of .990.
Other numbers come only with another VERSION: figures of different versions must not be compared.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
import pandas as pd
from dice import Dice
from leads_cells import RAW, type_in
from leads_facts import facts
from leads_rows import CLEAN, leads, repeated, sizes
from leads_world import customers

VERSION = 1
TUNING, REPORTING = (1, 2, 3), (101, 102, 103)


def generate(rows: int, seed: int) -> pd.DataFrame:
    """Leads in mixed order: RAW columns (text, "" is a blank cell), truth, ask, trait and strange (the hard negative the
    customer or the cell takes part in) and the CLEAN columns: what perfect cleaning makes of the RAW ones."""
    dice = Dice(seed)
    known = facts()
    count = sizes(dice, rows)
    written = leads(dice, known, customers(dice, known, len(count)), count)
    written = pd.concat([type_in(dice, known, written), written], axis=1)
    repeated(written, [*RAW, *CLEAN, "strange"])
    columns = [*RAW, "truth", "ask", "trait", "strange", *CLEAN]
    result = written.take(dice.order(rows))[columns].reset_index(drop=True)
    named = dice.order(len(count))  # numbers that say nothing about the order of making
    result["truth"] = named[result["truth"].to_numpy()]
    text = [c for c in columns if c not in {"truth", "ask"}]
    return result.astype({**dict.fromkeys(text, "str"), "truth": np.int64, "ask": np.int64})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=TUNING[0])
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    generate(args.rows, args.seed).to_parquet(args.out, index=False)


if __name__ == "__main__":
    main()
