"""The pairs labelled by hand (../shared/leads/pairs-dev.tsv): label × outcome. Their text is printed, never written."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from engines import OURS, Bench, Run
from generate import RAW
from leads_facts import DATA
from matching_data import table, truth_of

PAIRS = DATA.parent / "leads" / "pairs-dev.tsv"
OUTCOMES = ("merge", "ask", "apart")
RIGHT = {"same": "merge", "review": "ask", "different": "apart"}


def read_pairs(path: Path = PAIRS) -> pd.DataFrame:
    """One row per pair; ``\\n`` in a cell is a line break."""
    pairs = pd.read_csv(path, sep="\t", dtype="str", keep_default_na=False, quoting=3)
    return pairs.replace(r"\\n", "\n", regex=True)


def outcomes(found: Run, count: int) -> list[str]:
    """Rows 2n and 2n+1 are pair n: in one cluster, asked about, or neither."""
    assert found.labels is not None
    open_ = found.edges[found.edges["outcome"] == "ask"]
    asked = {(min(a, b), max(a, b)) for a, b in zip(open_["left"], open_["right"], strict=True)}
    return [
        "merge" if found.labels[2 * n] == found.labels[2 * n + 1] else "ask" if (2 * n, 2 * n + 1) in asked else "apart"
        for n in range(count)
    ]


def pairs_report(bench: Bench, path: Path = PAIRS) -> str:
    """All records in one run, as in an office. Prints each pair whose outcome is not the one of its label."""
    pairs = read_pairs(path)
    name = bench.folder / "pairs"
    sides = [pairs[[f"{side}_{c}" for c in RAW]].set_axis(list(RAW), axis=1) for side in "ab"]
    both = pd.concat(sides, keys=(0, 1), names=("side",)).swaplevel().sort_index(kind="stable")
    both.reset_index(drop=True).to_parquet(table(name, "raw"), index=False)
    pd.DataFrame({"truth": range(len(both)), "ask": -1}).to_parquet(truth_of(name), index=False)
    found = bench.run(OURS, name, "raw")
    pairs["outcome"] = outcomes(found, len(pairs))
    pairs["by note"] = pairs["reason"].str.contains("备注")
    for pair in (
        pairs[pairs["outcome"] != pairs["label"].map(RIGHT)].sort_values(["label", "outcome"]).to_dict("records")
    ):
        print(f"{pair['pair_id']} {pair['label']} -> {pair['outcome']}: {pair['theme']}, {pair['reason']}")
        for side in "ab":
            print("    " + " | ".join(pair[f"{side}_{c}"].replace("\n", "⏎") for c in RAW))
    return report(pairs)


def report(pairs: pd.DataFrame) -> str:
    """Counts only."""
    lines = [
        "| label | merged | asked | apart | of these by 备注: merged | asked | apart |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for label in RIGHT:
        mine = pairs[pairs["label"] == label]
        counts = [
            str(int((rows["outcome"] == outcome).sum()))
            for rows in (mine, mine[mine["by note"]])
            for outcome in OUTCOMES
        ]
        lines.append(f"| {label} | {' | '.join(counts)} |")
    right = int((pairs["outcome"] == pairs["label"].map(RIGHT)).sum())
    merged = pairs[pairs["outcome"] == "merge"]
    wrong = int((merged["label"] == "different").sum())
    return "\n".join(
        [*lines, "", f"{right} of {len(pairs)} as labelled; {wrong} of {len(merged)} merged pairs are two customers."]
    )
