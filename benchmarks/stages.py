"""Where the time of one weekly run goes, stage by stage.

    python benchmarks/stages.py OFFICE

The functions that the run calls by name are wrapped from outside; a stage's time is its own, without the stages that
it calls. Nothing in the program knows of it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from types import ModuleType
from typing import Any

START = time.perf_counter()

from salessheets import consolidate, fates, ledger, office, portfolio, publish, week  # noqa: E402

IMPORTED = time.perf_counter()

STAGES: dict[str, tuple[tuple[ModuleType, str], ...]] = {
    "collect": ((week, "collect_settings"), (week, "collect_inbox"), (week, "collect_edited"), (week, "_nothing_new")),
    "read": ((consolidate, "read_archived"), (ledger, "stack"), (consolidate, "read_edits")),
    "clean": ((consolidate, "clean"),),
    "judge": ((fates, "judge"), (fates, "settle")),
    "match": ((consolidate, "match"),),
    "merge": ((consolidate, "lead_numbers"), (consolidate, "merge"), (consolidate, "join_working")),
    "score": ((portfolio, "build"), (portfolio, "answers")),
    "report": (
        *((ledger, name) for name in ("trace", "merges", "ledger", "brand_ledger", "invalid", "returns")),
        (consolidate, "issue_cells"),
        (portfolio, "counts"),
    ),
    "write": ((publish, "workbooks"), (publish, "write_whole")),
}


class Clock:
    """Own time per stage: while a stage runs, the one that called it stands still."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = dict.fromkeys([*STAGES, "rest"], 0.0)
        self.running = ["rest"]
        self.since = time.perf_counter()

    def switch(self) -> None:
        """Book the time up to now to the stage that is running."""
        now = time.perf_counter()
        self.spent[self.running[-1]] += now - self.since
        self.since = now

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function with its time booked to a stage; a generator is run to its end at once."""

        @wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            self.switch()
            self.running.append(stage)
            try:
                result = function(*args, **kwargs)
                return iter(list(result)) if isinstance(result, Iterator) else result
            finally:
                self.switch()
                self.running.pop()

        return wrapped


def main(folder: Path) -> None:
    place = office.Office(folder)
    clock = Clock()
    for stage, functions in STAGES.items():
        for module, name in functions:
            setattr(module, name, clock.timed(stage, getattr(module, name)))
    week.weekly(place, day=week.clock(place))
    clock.switch()
    clock.spent["import"] = IMPORTED - START
    total = sum(clock.spent.values())
    print("| stage | time | share |\n|---|---:|---:|")
    for stage, seconds in clock.spent.items():
        print(f"| {stage} | {seconds:.2f} s | {seconds / total:.0%} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
