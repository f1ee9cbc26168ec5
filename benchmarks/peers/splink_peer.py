"""Splink (DuckDB) on one table.

    python splink_peer.py clean|raw|febrl|historical TABLE.parquet EDGES.parquet [--model FILE] [--line WEIGHT]

u from random pairs, m by EM inside single blocks. With ``--model`` the trained model is kept in the file, or taken from it
when it is there. With ``--line`` Splink clusters as well, and the time of it counts. Writes every scored pair above
``FLOOR``: left, right (row positions), weight. Prints seconds as JSON.
"""

from __future__ import annotations

import argparse
import json
import logging
import time
from pathlib import Path

import pandas as pd
from splink import DuckDBAPI, Linker
from splink_models import MODELS, NAMES

SEED = 7  # of Splink's own sampling
FLOOR = -5  # match weight of the weakest pair kept for choosing the line
U_PAIRS = 1e7


def prepare(path: Path, kind: str) -> pd.DataFrame:
    frame = pd.read_parquet(path)
    if kind == "clean":
        phones = [[m for m in pair if m] or None for pair in zip(frame["mobile"], frame["mobile2"], strict=True)]
        frame = frame.drop(columns="mobile2").assign(phones=phones)
    if kind == "raw":
        frame = frame[list(NAMES)].rename(columns=NAMES)
    frame = frame.astype(object)
    return frame.where(frame.notna() & (frame != ""), None).assign(unique_id=range(len(frame)))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=sorted(MODELS))
    parser.add_argument("table", type=Path)
    parser.add_argument("edges", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--line", type=float)
    args = parser.parse_args()
    logging.getLogger("splink").setLevel(logging.ERROR)
    frame = prepare(args.table, args.kind)
    settings, sessions = MODELS[args.kind]()
    settings.probability_two_random_records_match = 1.5 / len(frame)
    settings.retain_matching_columns = False
    known = args.model and args.model.exists()
    start = time.perf_counter()
    api = DuckDBAPI()
    linker = Linker(api.register(frame), str(args.model) if known else settings, log_level=None)
    if not known:
        linker.training.estimate_u_using_random_sampling(max_pairs=U_PAIRS, seed=SEED)
        for rule in sessions:
            linker.training.estimate_parameters_using_expectation_maximisation(rule, fix_u_probabilities=True)
        if args.model:
            linker.misc.save_model_to_json(str(args.model), overwrite=True)
    trained, used = time.perf_counter(), time.process_time()
    scored = linker.inference.predict(threshold_match_weight=FLOOR if args.line is None else args.line)
    if args.line is not None:
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(scored, threshold_match_weight=args.line)
        clusters.as_pandas_dataframe()
    done, all_used = time.perf_counter(), time.process_time()
    pairs = scored.as_pandas_dataframe()
    edges = pairs[["unique_id_l", "unique_id_r", "match_weight"]].set_axis(["left", "right", "weight"], axis=1)
    edges.to_parquet(args.edges, index=False)
    print(json.dumps({"train": trained - start, "match": done - trained, "match cpu": all_used - used}))


if __name__ == "__main__":
    main()
