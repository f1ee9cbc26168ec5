"""Growth: one list at 10,000, 100,000, a million rows and more through every engine of ``dedupe``.

    python benchmarks/scale.py [--rows 10000,100000,1000000] [--engines memory,duckdb,spark] [--memory 2GB] [--splink]
                               [--exact 50000000] [--folder F] [--write]

Every line is the whole command, ``salessheets dedupe LIST.csv --engine E``: reading cells as typed, cleaning, matching and
writing. Seconds are wall time; processor seconds hardly change when the machine is busy. Peak is the largest sum of resident
memory over all its processes. The exponent says how a figure grows with the rows: 1 is linear. Lists up to a million rows come
from generate.py with one seed; longer ones are made of such millions, each of another seed. After the first list all engines
are compared: the same clusters. ``--splink``: Splink on the clean columns of the same leads (training and matching, no
cleaning), up to a million. ``--exact``: that many rows with three exact keys each (exact_keys.py).
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT)]

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import peers  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402
from generate import RAW, generate  # noqa: E402
from leads_rows import CLEAN  # noqa: E402
from matching import markdown  # noqa: E402
from measure import Measured, machine, measure  # noqa: E402
from results import keep  # noqa: E402

MILLION = 1_000_000
GIB = 2**30


def made(folder: Path, rows: int) -> Path:
    """The list as a CSV of cells as typed, and its clean columns beside it for Splink."""
    path = folder / f"list-{rows}.csv"
    if not path.exists():
        for seed, first in enumerate(range(0, rows, MILLION), 1):
            leads = generate(min(MILLION, rows - first), seed)
            leads[list(RAW)].to_csv(path, index=False, mode="a" if first else "w", header=not first)
            if rows <= MILLION:
                leads[list(CLEAN)].to_parquet(path.with_suffix(".clean.parquet"), index=False)
    return path


def run(engine: str, path: Path, memory: str) -> Measured:
    out = result_of(path, engine)
    options = ["--engine", engine, "--out", out]
    options += ["--memory", memory] if engine == "duckdb" else ["--master", "local[2]"] if engine == "spark" else []
    command = [sys.executable, "-X", "utf8", "-m", "salessheets", "dedupe", path, *options]
    shutil.rmtree(out, ignore_errors=True)
    return measure([str(part) for part in command], cwd=ROOT, log=path.with_suffix(f".{engine}.log"))


def result_of(path: Path, engine: str) -> Path:
    return path.with_name(f"{path.stem}-{engine}.{'parquet' if engine == 'spark' else 'csv'}")


def groups(path: Path, engine: str) -> list[int]:
    """The first row of the group of every row, in order of rows."""
    result = result_of(path, engine)
    columns = ["组号", "行"]
    found = (
        pq.read_table(result, columns=columns).to_pandas()
        if engine == "spark"
        else pd.read_csv(result, usecols=columns)
    )
    found = found.sort_values("行")
    return found.groupby("组号")["行"].transform("min").to_numpy().tolist()


def splink(path: Path) -> Measured:
    clean = path.with_suffix(".clean.parquet")
    script = HERE / "peers" / "splink_peer.py"
    command = [peers.python("splink"), script, "clean", clean, path.with_suffix(".splink.parquet"), "--line", "8"]
    return measure([str(part) for part in command], cwd=ROOT, log=path.with_suffix(".splink.log"))


def exponent(figures: dict[int, float]) -> str:
    """The slope of log(figure) over log(rows)."""
    if len(figures) < 2:
        return ""
    slope = np.polyfit([math.log(n) for n in figures], [math.log(max(v, 1e-9)) for v in figures.values()], 1)[0]
    return f"{slope:.2f}"


def growth(found: dict[str, dict[int, Measured]]) -> str:
    lines = []
    for engine, measured in found.items():
        for rows, m in measured.items():
            told = engine != "spark"  # the JVM is no child that anybody waits for
            used, rate = (f"{m.processor:.1f}", f"{rows / m.processor:,.0f}") if told else ("", "")
            lines.append((engine, f"{rows:,}", f"{m.seconds:.1f}", used, f"{m.peak / GIB:.2f}", rate))
        by = {
            name: exponent({n: getattr(m, name) for n, m in measured.items()})
            for name in ("seconds", "processor", "peak")
        }
        lines.append((engine, "exponent", by["seconds"], by["processor"] if engine != "spark" else "", by["peak"], ""))
    return markdown(["engine", "rows", "seconds", "processor s", "peak GiB", "rows per processor s"], lines)


def exact(rows: int, folder: Path) -> str:
    place = folder / "exact"
    place.mkdir()
    command = [sys.executable, str(HERE / "exact_keys.py"), str(rows), str(place)]
    m = measure(command, cwd=ROOT, log=folder / "exact.log")
    told = json.loads(m.output.strip().splitlines()[-1])
    shutil.rmtree(place)
    line = (f"{rows:,}", f"{told['total']:.1f}", f"{m.processor:.1f}", f"{m.peak / GIB:.2f}", f"{told['clusters']:,}")
    head = ["rows, exact keys", "seconds without making the rows", "processor s, all", "peak GiB", "clusters"]
    return markdown(head, [line], 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", default="10000,100000,1000000")
    parser.add_argument("--engines", default="memory,duckdb,spark")
    parser.add_argument("--memory", default="2GB")
    parser.add_argument("--splink", action="store_true")
    parser.add_argument("--exact", type=int, default=0)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    folder = args.folder or Path(tempfile.mkdtemp(prefix="scale-"))
    folder.mkdir(parents=True, exist_ok=True)
    report = [machine()]
    found: dict[str, dict[int, Measured]] = {}
    engines = args.engines.split(",") if args.engines else []
    for rows in map(int, args.rows.split(",")) if args.rows else ():
        path = made(folder, rows)
        for engine in engines:
            found.setdefault(engine, {})[rows] = run(engine, path, args.memory)
            print(engine, rows, found[engine][rows].processor, flush=True)
        if args.splink and rows <= MILLION:
            found.setdefault("Splink, clean columns", {})[rows] = splink(path)
        same = [engine for engine in engines[1:] if groups(path, engine) == groups(path, engines[0])]
        report.append(f"{rows:,} rows: clusters equal to {engines[0]}: {', '.join(same) or 'none'}")
    report += [growth(found)] if found else []
    report += [exact(args.exact, folder)] if args.exact else []
    text = "\n\n".join(report)
    print(text)
    if args.write:
        keep("scale", "Growth: dedupe in memory, on disk, on Spark", text)


if __name__ == "__main__":
    main()
