"""How long `salessheets --version` and `--help` take over a bare click program: python benchmarks/startup.py [--write]

Each start is a process of its own; the programs take turns, so that a busy moment of the machine meets all of them.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import measure
import results

ROOT = Path(__file__).resolve().parents[1]
STARTS = 25
GOAL = 0.15  # seconds over the bare program
_BARE = """import click

@click.group(help="bare")
@click.version_option("1", prog_name="bare")
def main(): pass

@main.command()
@click.argument("folder")
def weekly(folder): pass

main()
"""


def seconds(command: list[str]) -> float:
    """Wall time of one start."""
    begin = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def main() -> None:
    """Measure, print, keep."""
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder, "bare.py")
        bare.write_text(_BARE, encoding="utf-8")
        ours = [sys.executable, "-X", "utf8", "-m", "salessheets"]
        commands = {
            "bare click `--version`": [sys.executable, "-X", "utf8", str(bare), "--version"],
            "salessheets `--version`": [*ours, "--version"],
            "bare click `--help`": [sys.executable, "-X", "utf8", str(bare), "--help"],
            "salessheets `--help`": [*ours, "--help"],
        }
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(STARTS):
            for name, command in commands.items():
                taken[name].append(seconds(command))
    median = {name: statistics.median(times) for name, times in taken.items()}
    lines = ["| program | median s | fastest s | over bare s |", "|---|---:|---:|---:|"]
    for name, times in taken.items():
        over = median[name] - median[f"bare click {name.split()[-1]}"]
        shown = "" if name.startswith("bare") else f"{over:+.3f}"
        lines.append(f"| {name} | {median[name]:.3f} | {min(times):.3f} | {shown} |")
    lines += ["", f"{STARTS} starts each, taking turns; goal: at most {GOAL} s over bare click.", "", measure.machine()]
    report = "\n".join(lines)
    print(report)
    if "--write" in sys.argv[1:]:
        results.keep("startup", "Start-up", report)


if __name__ == "__main__":
    main()
