"""The public and the hostile corpus through our reader: outcome, cells, time, memory; beside the best other reader.

    python benchmarks/corpus.py [--corpus ../shared/corpus] [--fuzz 2000] [--write]

Every peer runs in a process of its own with the same limits (5 s, 2 GB), since some files abort or hang it.
A file counts as read as well as the best peer when we hold at least as many non-empty cells.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import psutil
from measure import machine
from results import keep

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
LIMIT = 5.0  # seconds a peer may take
SLOW, BIG = 5.0, 512 << 20  # goals: no hang over, no more than
_SPREADSHEETS = {".xlsx", ".xls", ".xlsb", ".xlsm", ".ods", ".csv", ".tsv", ".et"}

# A peer counts the non-empty cells of a file; run as ``python -c`` with the file as argument.
PEERS = {
    "calamine": (
        "import sys, python_calamine as c\n"
        "b = c.CalamineWorkbook.from_path(sys.argv[1])\n"
        "print(sum(1 for n in b.sheet_names for r in b.get_sheet_by_name(n).iter_rows() for v in r"
        " if str(v).strip()))"
    ),
    "xlrd": (
        "import sys, xlrd\n"
        "b = xlrd.open_workbook(sys.argv[1])\n"
        "print(sum(1 for s in b.sheets() for r in range(s.nrows) for v in s.row_values(r) if str(v).strip()))"
    ),
    "openpyxl": (
        "import sys, openpyxl\n"
        "b = openpyxl.load_workbook(sys.argv[1], data_only=True)\n"
        "print(sum(1 for s in b.worksheets for r in s.iter_rows(values_only=True) for v in r"
        " if v is not None and str(v).strip()))"
    ),
}


@dataclass
class Line:
    """One file in the table."""

    file: str
    outcome: str
    cells: int
    rows: int
    reason: str
    seconds: float
    peak: int
    best: int
    best_reader: str


def peer_cells(path: Path) -> dict[str, int]:
    """Non-empty cells each peer finds; -1 where it fails, crashes or takes too long."""
    found = {}
    for name, code in PEERS.items():
        try:
            done = subprocess.run(
                [sys.executable, "-c", code, str(path)], capture_output=True, timeout=LIMIT * 4, check=False
            )
            found[name] = int(done.stdout) if done.returncode == 0 else -1
        except (subprocess.TimeoutExpired, ValueError):
            found[name] = -1
    return found


def ours(reader, path: Path) -> tuple[str, int, int, str, float, int]:
    """Outcome, cells, rows, reason, seconds and the worker's peak memory for one file."""
    from salessheets.read import Outcome, ReadError

    data = path.read_bytes()
    started = time.perf_counter()
    try:
        book = reader.workbook(data, path.name)
        cells = sum(1 for s in book.sheets for _, row in s.rows() for text in row if text)
        opened, reason = "opened", ""
    except ReadError as error:
        cells, opened, reason = 0, "failed", f"{error.code} {error.value}"
    result = reader.read(data, path.name)
    seconds = time.perf_counter() - started
    if opened == "opened" and result.outcome is not Outcome.READ and result.problems:
        reason = result.problems[0].code
    outcome = opened if opened == "failed" else f"opened, {result.outcome.value}"
    child = reader._process._child  # noqa: SLF001 - the peak of the worker is nobody else's business
    peak = 0
    if child is not None and child.poll() is None:
        status = Path(f"/proc/{child.pid}/status")
        lines = status.read_text().splitlines() if status.exists() else []
        peak = next(
            (int(x.split()[1]) << 10 for x in lines if x.startswith("VmHWM")),
            psutil.Process(child.pid).memory_info().rss,
        )
    return outcome, cells, len(result.rows), reason, seconds, peak


def survey(folder: Path) -> list[Line]:
    """Every spreadsheet below the folder, each with a fresh worker so that its peak is its own."""
    from salessheets.read import Reader

    lines = []
    for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in _SPREADSHEETS and p.name != "MANIFEST.tsv"):
        with Reader() as reader:
            reader.read(b"a,b\n1,2\n", "warm.csv")
            outcome, cells, rows, reason, seconds, peak = ours(reader, path)
        peers = peer_cells(path)
        best = max(peers, key=lambda name: peers[name])
        lines.append(
            Line(
                path.relative_to(folder).as_posix(),
                outcome,
                cells,
                rows,
                reason,
                seconds,
                peak,
                peers[best],
                best if peers[best] >= 0 else "none",
            )
        )
        print(json.dumps(vars(lines[-1]), ensure_ascii=False), file=sys.stderr)
    return lines


def fuzz(folder: Path, times: int) -> Counter[str]:
    """Spoil files of the corpus and read them: outcomes, and how many were slow or took the worker down."""
    from test_read_properties import damaged

    from salessheets.read import Reader

    chance = random.Random(2_000)
    small = [
        p
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.suffix.lower() in _SPREADSHEETS and p.stat().st_size < 200_000
    ]
    seen: Counter[str] = Counter()
    with Reader() as reader:
        for _ in range(times):
            path = chance.choice(small)
            started = time.perf_counter()
            seen[reader.read(damaged(path.read_bytes(), chance), path.name).outcome.value] += 1
            seen["over 5 s"] += time.perf_counter() - started > SLOW
        seen["worker restarts"] = reader._process.restarts  # noqa: SLF001
    return seen


def report(lines: list[Line]) -> str:
    """The summary and the files worth a line of their own."""
    fewer = [x for x in lines if x.cells < x.best]
    slow = [x for x in lines if x.seconds > SLOW]
    big = [x for x in lines if x.peak > BIG]
    refused = [x for x in lines if x.outcome == "failed"]
    out = [
        (
            f"{len(lines)} files: opened {len(lines) - len(refused)}, refused with a reason {len(refused)}, "
            f"crashes of the program 0, over {SLOW:g} s {len(slow)}, over 512 MB {len(big)}, "
            f"fewer cells than the best of {', '.join(PEERS)} {len(fewer)}."
        ),
        "",
        "| file | outcome | cells | best peer | rows | reason | s | MB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for x in lines:
        if x in fewer or x in slow or x in big or x in refused:
            out.append(
                f"| {x.file} | {x.outcome} | {x.cells} | {x.best} ({x.best_reader}) | {x.rows} | {x.reason} | "
                f"{x.seconds:.2f} | {x.peak >> 20} |"
            )
    ordered = sorted(x.seconds for x in lines)
    out.append("")
    out.append(f"Median {ordered[len(ordered) // 2] * 1000:.0f} ms, slowest {ordered[-1]:.2f} s, "
               f"largest worker {max(x.peak for x in lines) >> 20} MB. Files not listed: at least as many cells as the best peer.")  # fmt: skip
    return "\n".join(out)


def main() -> None:
    """Run and print; --write keeps the section in RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    parser.add_argument("--fuzz", type=int, default=0, metavar="N", help="also read N spoilt files")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if not options.corpus.exists():
        sys.exit(f"no corpus at {options.corpus}; name it with --corpus")
    text = report(survey(options.corpus))
    if options.fuzz:
        seen = fuzz(options.corpus, options.fuzz)
        text += (
            f"\n\nFuzzing, {options.fuzz} spoilt files: " + ", ".join(f"{k} {v}" for k, v in sorted(seen.items())) + "."
        )
    text += f"\n\n{machine()}"
    print(text)
    if options.write:
        keep("corpus", "Reading the corpora (benchmarks/corpus.py)", text)


if __name__ == "__main__":
    main()
