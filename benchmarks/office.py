"""An office whose archive holds a million records, most of them bought lists: what its weeks cost.

    python benchmarks/office.py [--records 10000 100000 1000000] [--folder F] [--write]

Each size is an office of its own, made once and kept in ``--folder``; each run is a process of its own. The lists come in
2026-W45, the office's first week; in 2026-W46 that week is closed. Measured are: everything new (first run), the week with
5,000 new rows, a rerun without news, and the run that closes a week.
"""

from __future__ import annotations

import argparse
import math
import shutil
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT)]

import office_maker  # noqa: E402
from measure import Measured, machine, measure  # noqa: E402
from office_lists import leads, write_list  # noqa: E402
from office_maker import Maker, tables_in_turn, write_sheet  # noqa: E402
from results import keep  # noqa: E402

from salessheets.tables import TABLES  # noqa: E402

PER_LIST = 50_000
BRANDS, SHEETS, ROWS = 10, 20, 150  # ordinary sheets beside the lists
NEW_LIST, NEW_SHEETS = 3_500, 10  # what is new in a week: 5,000 rows
FIRST_WEEK, BOUGHT, NEXT = "2026-W45", date(2026, 11, 2), date(2026, 11, 9)
WEEKLY_CODES = (0, 3)  # 3: done, some rows were set aside for correction
RUNS = (
    # name, as of, hand in what is new before it
    ("first run: everything is new", "2026-11-06", False),
    ("the week is closed, the next one begins", "2026-11-10", False),
    ("5,000 new rows", "2026-11-11", True),
    ("rerun without news", "2026-11-11", False),
)


def make(folder: Path, records: int) -> None:
    """Write an office of this many records to ``folder``, and what comes later to ``folder``-news."""
    maker = Maker(BRANDS, FIRST_WEEK)
    folder.mkdir(parents=True)
    (folder / "设置.xlsx").write_bytes(maker.settings())
    news = folder.with_name(f"{folder.name}-news")
    entries = leads(records - SHEETS * ROWS + NEW_LIST)
    old, new = entries.iloc[:-NEW_LIST], entries.iloc[-NEW_LIST:]
    for number, start in enumerate(range(0, len(old), PER_LIST)):
        part = old.iloc[start : start + PER_LIST]
        _buy(maker, folder / "收件箱", number, part, BOUGHT)
    _buy(maker, news, 99, new, NEXT)
    for number, table in zip(range(SHEETS + NEW_SHEETS), tables_in_turn(), strict=False):
        person = maker.staff[number % len(maker.staff)]
        office_maker.DAYS[:] = [(BOUGHT if number < SHEETS else NEXT) + timedelta(days=n) for n in range(2)]
        filled = [maker.row(table, person) for _ in range(ROWS)]
        below = folder / "收件箱" if number < SHEETS else news
        write_sheet(below / person / f"{TABLES[table].name}{number + 1:04d}号.xlsx", table, filled)


def _buy(maker: Maker, below: Path, number: int, entries: object, day: date) -> None:
    clerk = maker.staff[number % len(maker.staff)]
    brand = maker.brands[number // 3 * 2 % BRANDS] if number % 3 else ""
    dealer = f"名录商{number % 7 + 1}第{number + 1}份"
    write_list(below / clerk / f"{dealer}.xlsx", entries, dealer=dealer, day=day, clerk=clerk, brand=brand)


def run(office: Path, log: Path) -> list[tuple[str, Measured]]:
    """Every run of one office, in the order of RUNS; ``office`` is worked on."""
    lines = []
    for name, day, fresh in RUNS:
        if fresh:
            shutil.copytree(office.with_name(f"{office.name}-news"), office / "收件箱", dirs_exist_ok=True)
        command = [sys.executable, "-X", "utf8", "-m", "salessheets", "weekly", str(office), "--as-of", day]
        lines.append((name, measure(command, cwd=ROOT, log=log, codes=WEEKLY_CODES)))
        print(office.name, name, f"{lines[-1][1].seconds:.1f} s", file=sys.stderr)
    return lines


def table(lines: list[tuple[str, Measured]]) -> str:
    """One size: seconds and MiB of each run."""
    text = ["| run | wall time | processor time | peak memory |", "|---|---:|---:|---:|"]
    text += [f"| {n} | {m.seconds:.1f} s | {m.processor:.1f} s | {m.peak / 2**20:,.0f} MiB |" for n, m in lines]
    return "\n".join(text)


def growth(sizes: list[int], figures: list[float]) -> float:
    """The exponent of the power law through the first and the last size: 1 is linear."""
    return math.log(figures[-1] / figures[0]) / math.log(sizes[-1] / sizes[0])


def main() -> None:
    parser = argparse.ArgumentParser(description="A million records in one office.")
    parser.add_argument("--records", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--folder", type=Path, help="where the offices are kept; else a temporary folder")
    parser.add_argument("--write", action="store_true", help="keep the tables in benchmarks/RESULTS.md")
    asked = parser.parse_args()
    where = machine()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        below = asked.folder or Path(temporary)
        measured = []
        for records in asked.records:
            made = below / f"made-{records}"
            if not made.exists():
                print(f"making {records:,} records …", file=sys.stderr)
                make(made, records)
            office = below / f"office-{records}"
            shutil.rmtree(office, ignore_errors=True)
            shutil.copytree(made, office)
            shutil.copytree(
                made.with_name(f"{made.name}-news"), office.with_name(f"{office.name}-news"), dirs_exist_ok=True
            )
            measured.append(run(office, below / "log.txt"))
    parts = [where, *(f"{n:,} records:\n\n{table(lines)}" for n, lines in zip(asked.records, measured, strict=True))]
    if len(asked.records) > 1:
        parts.append(
            f"Exponent of growth from {asked.records[0]:,} to {asked.records[-1]:,} records (1 is linear):\n\n{grown(asked.records, measured)}"
        )
    report = "\n\n".join(parts)
    print(report)
    if asked.write:
        keep("office-growth", "A million records in one office", report)


def grown(sizes: list[int], measured: list[list[tuple[str, Measured]]]) -> str:
    """The exponents of each run: processor time, which other load hardly changes, and memory."""
    text = ["| run | processor time | peak memory |", "|---|---:|---:|"]
    for at, (name, _) in enumerate(measured[0]):
        of_run = [lines[at][1] for lines in measured]
        time, memory = (growth(sizes, [getattr(m, field) for m in of_run]) for field in ("processor", "peak"))
        text.append(f"| {name} | {time:.2f} | {memory:.2f} |")
    return "\n".join(text)


if __name__ == "__main__":
    main()
