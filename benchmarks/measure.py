"""Wall time and peak memory of a command with all its children, and what machine it ran on."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

_EVERY = 0.05  # seconds between two looks at the memory
_PACKAGES = ("pandas", "pyarrow", "python-calamine", "openpyxl", "xlsxwriter")


@dataclass(frozen=True)
class Measured:
    """seconds: wall time. processor: seconds of all its processes together, which other load on the machine hardly
    changes (0 on Windows). peak: bytes, the largest sum of resident memory over the process tree."""

    seconds: float
    processor: float
    peak: int
    code: int
    output: str


def measure(command: Sequence[str], *, cwd: Path, log: Path, codes: Sequence[int] = (0,)) -> Measured:
    """Run a command to its end. Raises RuntimeError with its output when its exit code is not among ``codes``."""
    environment = {**os.environ, "PYTHONPATH": str(cwd), "PYTHONUTF8": "1"}
    before = os.times()
    start = time.perf_counter()
    with log.open("w", encoding="utf-8") as out:
        process = psutil.Popen(command, cwd=cwd, stdout=out, stderr=subprocess.STDOUT, env=environment)
        peak = 0
        while process.poll() is None:
            peak = max(peak, _resident(process))
            try:
                process.wait(_EVERY)
            except psutil.TimeoutExpired:
                continue
    seconds = time.perf_counter() - start
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    output = log.read_text(encoding="utf-8")
    if process.returncode not in codes:
        raise RuntimeError(f"{command} ended with {process.returncode}\n{output}")
    return Measured(seconds, used, peak, int(process.returncode), output)


def _resident(process: psutil.Process) -> int:
    """Resident bytes of a process and its children; pages they share count once for each."""
    total = 0
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.Error:
        return 0
    for member in family:
        try:
            total += member.memory_info().rss
        except psutil.Error:  # it ended between the two calls
            continue
    return total


def machine() -> str:
    """Date, cores, memory, Python and the packages that do the work: the line below every table of figures."""
    memory = psutil.virtual_memory().total / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    load = psutil.getloadavg()[0]
    today = datetime.now(UTC).date().isoformat()
    return (
        f"{today}, load before {load:.1f}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB, "
        f"Python {platform.python_version()}, {packages}"
    )
