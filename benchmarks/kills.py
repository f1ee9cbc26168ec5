"""Many real kills of a weekly run: kill -9 at seeded operations and at seeded moments, each followed by a normal run.

    python benchmarks/kills.py [--kills 200] [--seed 1]

Every second kill comes when half of the n-th write, rename, deletion or fsync is done (tests/faults.py), the others
after a seeded time, wherever the process is. After each the office must be what an undisturbed run leaves, byte for
byte. The office is that of tests/test_crash.py; the exit code is 1 when any kill left a trace.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import faults  # noqa: E402


def child(office: faults.Office, at: int) -> subprocess.Popen[bytes]:
    """A run that kills itself at operation ``at`` (0: it does not)."""
    command = [sys.executable, "-X", "utf8", str(ROOT / "tests" / "faults.py"), str(office.root), str(at)]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        prepared = faults.make_office(Path(folder) / "office")
        whole = faults.copy_of(prepared, Path(folder) / "whole")
        began = time.monotonic()
        child(whole, 0).wait()
        seconds = time.monotonic() - began
        wanted = faults.snapshot(whole.root)
        counter = faults.KilledBefore()
        faults.with_disk(counter, lambda: faults.run(faults.copy_of(prepared, Path(folder) / "counted")))
        print(f"an undisturbed run: {counter.count} operations, {seconds:.1f} s, {len(wanted)} files")
        number, killed, bad = 0, 0, 0
        while killed < options.kills:
            number += 1
            office = faults.copy_of(prepared, Path(folder) / "killed")
            if number % 2:
                at = chance.uniform(0.3, 1) * seconds
                began = time.monotonic()
                run, what = child(office, 0), f"after {at:.2f} s"
                try:
                    run.wait(at)
                    seconds = time.monotonic() - began  # it was done before: the machine is less busy now
                except subprocess.TimeoutExpired:
                    run.kill()
            else:
                at = chance.randint(1, counter.count)
                run, what = child(office, at), f"at operation {at}"
            killed += run.wait() == -9
            faults.run(office)
            left = faults.snapshot(office.root)
            if left != wanted:
                bad += 1
                print(
                    f"run {number}, {what}: {sorted(p for p in wanted.keys() | left.keys() if wanted.get(p) != left.get(p))}"
                )
            shutil.rmtree(office.root)
            if (number + 1) % 20 == 0:
                print(f"{number + 1} runs, {killed} killed, {bad} different", flush=True)
    print(
        f"{number} runs, {killed} killed, {number - bad} the same as undisturbed, {bad} different (seed {options.seed})"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
