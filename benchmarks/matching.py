"""Which records are the same customer: our engine beside the peers, in one run.

    python benchmarks/matching.py [--only leads,public,big,pairs,ablation] [--rows 100000] [--big 1000000] [--seeds 101,102,103] [--write]

leads     invented leads (generate.py), clean columns and cells as typed: pairwise precision, recall, F1, what is asked
public    FEBRL 1 to 3 and historical_50k
big       1M leads: matching alone ours and Splink, clean + match ours; 100k clean + match; 5,000 rows against 1M known
pairs     pairs-dev.tsv, labelled by hand: label × outcome; the pairs that differ are printed, never kept in a file
ablation  F1 on typed cells without each cleaning step

Every engine runs in its own process and environment (peers.py), at its own best settings (peers/): Splink trained by EM
on the table itself, recordlinkage's logistic regression on the labelled tuning seed. The peers' merge line is the best one
of tuning seed 1; on the public sets the best one of the very set, which favours them. Ours is the shipped one everywhere.
``--write`` keeps the tables in benchmarks/RESULTS.md. Needs ../shared.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from statistics import mean

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import matching_data as data  # noqa: E402
import peers  # noqa: E402
from engines import OURS, PEERS, Bench, Run, asked, judged, line_of  # noqa: E402
from generate import REPORTING, TUNING  # noqa: E402
from judge import Score  # noqa: E402
from matching_pairs import pairs_report  # noqa: E402
from measure import machine  # noqa: E402
from ours import WITHOUT  # noqa: E402
from results import keep  # noqa: E402

KINDS = {"clean": "clean columns", "raw": "cells as typed"}
MIB = 2**20
NEW = 5_000
SLOW = ("leadmatch",)  # minutes for 100,000 leads: one reporting seed says enough


def markdown(head: Iterable[str], lines: Iterable[Iterable[str]], left: int = 2) -> str:
    """A table; the first ``left`` columns are text."""
    head = list(head)
    rule = ["---" if n < left else "---:" for n in range(len(head))]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, rule, *map(list, lines)))


def figures(score: Score) -> tuple[str, str, str]:
    return f"{score.precision:.4f}", f"{score.recall:.4f}", f"{score.f1:.4f}"


def average(scores: list[Score]) -> Score:
    return Score(mean(s.precision for s in scores), mean(s.recall for s in scores))


def named(engine: str) -> str:
    return "**salessheets**" if engine == OURS else peers.version(engine)


def leads_report(bench: Bench) -> str:
    """Table (a): lines from the tuning seed, figures from the reporting seeds."""
    folder, rows, run = bench.folder, bench.rows, bench.run
    tuning = data.leads(folder, rows, TUNING[0])
    lines = []
    for kind, words in KINDS.items():
        for engine in (OURS, *PEERS):
            line = None if engine == OURS else line_of(run(engine, tuning, kind, train=tuning), tuning, engine)
            scores, questions, seconds = [], [], []
            seeds = bench.seeds[:1] if engine in SLOW else bench.seeds
            for seed in seeds:
                name = data.leads(folder, rows, seed)
                found = run(engine, name, kind, train=tuning)
                scores.append(judged(found, name, line))
                seconds.append(found.seconds["match"] + found.seconds.get("clean", 0.0))
                if engine == OURS:
                    questions.append(asked(found, name))
            spread = max(s.f1 for s in scores) - min(s.f1 for s in scores)
            ask = (
                f"{mean(q.per_thousand for q in questions):.1f} ({mean(q.same for q in questions):.0%} same)"
                if questions
                else "–"
            )
            lines.append(
                (
                    words,
                    named(engine),
                    *figures(average(scores)),
                    f"{spread:.4f}",
                    ask,
                    "own" if line is None else f"{line:.2f}",
                    f"{mean(seconds):.1f} s",
                )
            )
            print(*lines[-1], sep="  ", file=sys.stderr)
    head = (
        "input",
        "engine",
        "precision",
        "recall",
        "F1",
        "spread of F1",
        "asked per 1,000 records",
        "merge line",
        "time",
    )
    return (
        f"{rows:,} leads, mean of seeds {', '.join(map(str, bench.seeds))} ({', '.join(SLOW)}: {bench.seeds[0]} only); lines from seed {TUNING[0]}.\n\n"
        + markdown(head, lines)
    )


def public_report(bench: Bench) -> str:
    """Tables (b) and (c)."""
    lines = []
    for label, name in data.public(bench.folder).items():
        kind = data.kind_of(label)
        for engine in (OURS, *PEERS):
            try:
                found = bench.run(engine, name, kind)
            except RuntimeError as problem:
                print(f"{label}: {engine} has no model or failed: {str(problem).splitlines()[-1]}", file=sys.stderr)
                lines.append((label, named(engine), "–", "–", "–", "–", "–"))
                continue
            line = None if engine == OURS else line_of(found, name, engine)
            seconds = found.seconds["train"] + found.seconds["match"]
            lines.append(
                (
                    label,
                    named(engine),
                    *figures(judged(found, name, line)),
                    "own" if line is None else f"{line:.2f}",
                    f"{seconds:.1f} s",
                )
            )
            print(*lines[-1], sep="  ", file=sys.stderr)
    return markdown(("data", "engine", "precision", "recall", "F1", "merge line", "time"), lines)


def big_report(bench: Bench) -> str:
    """Table (d). Splink's model is trained on the tuning seed beforehand, as ours is shipped trained."""
    folder, rows, big, run = bench.folder, bench.rows, bench.big, bench.run
    tuning, name, small = (
        data.leads(folder, rows, TUNING[0]),
        data.leads(folder, big, REPORTING[0]),
        data.leads(folder, rows, REPORTING[0]),
    )
    model = folder / "splink-model.json"
    model.unlink(missing_ok=True)
    line = line_of(run("splink", tuning, "clean", options=("--model", str(model))), tuning, "splink")
    lines = []

    def add(what: str, engine: str, found: Run, f1: str) -> None:
        wall, cpu = (
            sum(found.seconds.get(f"{step}{unit}", 0.0) for step in ("clean", "match")) for unit in ("", " cpu")
        )
        peak = f"{found.measured.peak / MIB:,.0f} MiB"
        lines.append((what, named(engine), f"{wall:.1f} s", f"{cpu:.1f} s", peak, f1))
        print(*lines[-1], sep="  ", file=sys.stderr)

    found = run(OURS, name, "clean")
    add(f"{big:,} leads, match only", OURS, found, f"{judged(found, name, None).f1:.4f}")
    found = run("splink", name, "clean", options=("--model", str(model), "--line", str(line)))
    add(
        f"{big:,} leads, match only (trained before)",
        "splink",
        found,
        f"{judged(found, name, line).f1:.4f}",
    )
    found = run(OURS, name, "raw")
    add(
        f"{big:,} leads, clean + match",
        OURS,
        found,
        f"{judged(found, name, None).f1:.4f}",
    )
    found = run(OURS, small, "raw")
    add(
        f"{rows:,} leads, clean + match",
        OURS,
        found,
        f"{judged(found, small, None).f1:.4f}",
    )
    found = run(OURS, name, "clean", options=("--new", str(NEW)))
    add(f"{NEW:,} rows against {big - NEW:,} known", OURS, found, "–")
    return markdown(("task", "engine", "time", "processor", "peak memory of the process", "F1"), lines)


def ablation_report(bench: Bench) -> str:
    """Table (f)."""
    rows, seed, run = bench.rows, bench.seeds[0], bench.run
    name = data.leads(bench.folder, rows, seed)
    whole = judged(run(OURS, name, "raw"), name, None)
    lines = [("everything", *figures(whole), "")]
    for step in WITHOUT:
        score = judged(run(OURS, name, "raw", options=("--without", step)), name, None)
        lines.append((f"without {step}", *figures(score), f"{100 * (score.f1 - whole.f1):+.2f}"))
        print(*lines[-1], sep="  ", file=sys.stderr)
    return f"{rows:,} leads as typed, seed {seed}.\n\n" + markdown(
        ("cleaning", "precision", "recall", "F1", "points"), lines, 1
    )


TITLES = {
    "leads": "Matching: invented Chinese leads",
    "public": "Matching: FEBRL and historical_50k",
    "big": "Matching: time and memory",
    "pairs": "Matching: pairs labelled by hand",
    "ablation": "Matching: what each cleaning step is worth",
}
REPORTS = {
    "leads": leads_report,
    "public": public_report,
    "big": big_report,
    "pairs": pairs_report,
    "ablation": ablation_report,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--only", default=",".join(TITLES))
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--big", type=int, default=1_000_000)
    parser.add_argument("--seeds", default=",".join(map(str, REPORTING)))
    parser.add_argument("--folder", type=Path, help="keep the tables here for the next run")
    parser.add_argument("--reuse", action="store_true", help="take what peers found in an earlier run in --folder")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    seeds = tuple(int(s) for s in args.seeds.split(","))
    if not data.DATA.exists():
        parser.exit(1, "../shared/data is missing\n")
    with tempfile.TemporaryDirectory() as scratch:
        folder = args.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        bench = Bench(folder, args.rows, args.big, seeds, args.reuse)
        for part in args.only.split(","):
            report = f"{machine()}\n\n{REPORTS[part](bench)}"
            print(f"## {TITLES[part]}\n\n{report}\n", flush=True)
            if args.write:
                keep(f"matching-{part}", TITLES[part], report)


if __name__ == "__main__":
    main()
