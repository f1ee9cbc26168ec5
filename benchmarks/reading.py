"""Reading side by side with the usual ways: 200 staff files, and one table of 100,000 rows and 20 columns.

    python benchmarks/reading.py [--files 200] [--rows 100000] [--write]

Every contestant reads the same files in a process of its own, in the same run, three times; the best time counts, so
that other load on the machine disturbs less. Peak memory is the largest sum over its process and the worker.
Ours does more than the others: guard, side scan, header search, records. Imports are not timed, the start of our
worker is.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tempfile
from pathlib import Path

import xlsxwriter
from measure import machine, measure
from results import keep

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
GOALS = {"files": (1.2, None), "big": (5.0, 300)}  # seconds, MB
ROUNDS = 3

# Each reads every file below a folder and prints seconds and rows.
HEAD = "import sys, time, json, glob\nfiles = sorted(glob.glob(sys.argv[1] + '/*.xlsx'))\nrows = 0\n"
TAIL = "print(json.dumps([time.perf_counter() - start, rows]))\n"
CONTESTANTS = {
    "salessheets (to records, guarded)": (
        "import pandas, pyarrow\nfrom salessheets.read import Reader\nstart = time.perf_counter()\n"
        "with Reader() as reader:\n"
        "    for result in reader.read_all((open(name, 'rb').read(), name) for name in files): rows += len(result.rows)\n"
    ),
    "python-calamine, bare": (
        "import python_calamine, io\nstart = time.perf_counter()\n"
        "for name in files:\n"
        "    book = python_calamine.load_workbook(io.BytesIO(open(name, 'rb').read()))\n"
        "    for index in range(len(book.sheet_names)):\n"
        "        for row in book.get_sheet_by_index(index).iter_rows(): rows += 1\n"
    ),
    "pandas, calamine": (
        "import pandas\nstart = time.perf_counter()\n"
        "for name in files:\n"
        "    for frame in pandas.read_excel(name, engine='calamine', sheet_name=None, header=None, dtype=str).values(): rows += len(frame)\n"
    ),
    "pandas, openpyxl": (
        "import pandas\nstart = time.perf_counter()\n"
        "for name in files:\n"
        "    for frame in pandas.read_excel(name, engine='openpyxl', sheet_name=None, header=None, dtype=str).values(): rows += len(frame)\n"
    ),
}


def table(key: str, rows: int, seed: int) -> bytes:
    """A filled form of this table as staff hand it in: title, head row, dates as dates, phones as numbers."""
    from salessheets.tables import TABLES

    columns = TABLES[key].columns[:20]
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet(TABLES[key].name)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    page.write(0, 0, TABLES[key].name)
    page.write_row(2, 0, [column.header for column in columns])
    for row in range(rows):
        for at, column in enumerate(columns):
            if column.kind == "date":
                page.write_number(3 + row, at, 46_300 + row % 30, day)
            elif column.field == "phone":
                page.write_number(3 + row, at, 13_800_000_000 + seed * 1000 + row)
            elif column.choices or column.field in ("province", "city", "county"):
                page.write_string(3 + row, at, column.example or "是")
            else:
                page.write_string(3 + row, at, f"{column.example}{row}")
    book.add_worksheet("填写说明").write(0, 0, "每天下班前交")
    book.close()
    return out.getvalue()


def compete(folder: Path, work: Path) -> dict[str, tuple[float, float, int, int]]:
    """Contestant → best seconds, processor seconds of that round, peak bytes, rows."""
    result = {}
    for name, code in CONTESTANTS.items():
        best = (float("inf"), 0.0, 0, 0)
        for _ in range(ROUNDS):
            done = measure([sys.executable, "-c", HEAD + code + TAIL, str(folder)], cwd=ROOT, log=work / "log")
            seconds, rows = json.loads(done.output.splitlines()[-1])
            best = min(best, (seconds, done.processor, done.peak, rows))
            if seconds > 15:  # once is enough to see that it is slow
                break
        result[name] = best
        print(name, best, file=sys.stderr)
    return result


def lines(title: str, figures: dict[str, tuple[float, float, int, int]], goal: tuple[float, int | None]) -> list[str]:
    """One table: every contestant with its ratio to ours."""
    ours = next(iter(figures.values()))[0]
    limit = f", ≤ {goal[1]} MB" if goal[1] else ""
    out = [
        f"{title} (goal ≤ {goal[0]:g} s{limit})",
        "",
        "| reader | s | × ours | processor s | peak MB | rows |",
        "|---|---|---|---|---|---|",
    ]
    for name, (seconds, processor, peak, rows) in figures.items():
        out.append(f"| {name} | {seconds:.2f} | {seconds / ours:.1f} | {processor:.2f} | {peak >> 20} | {rows} |")
    return [*out, ""]


def main() -> None:
    """Run and print; --write keeps the section in RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        many, big = work / "many", work / "big"
        many.mkdir()
        big.mkdir()
        for number in range(options.files):
            key = ("consult_log", "handover", "visit_log")[number % 3]
            (many / f"{number:03d}.xlsx").write_bytes(table(key, 150, number))
        (big / "directory.xlsx").write_bytes(table("directory", options.rows, 0))
        report = [
            *lines(f"{options.files} staff files of 150 rows", compete(many, work), GOALS["files"]),
            *lines(f"One table of {options.rows:,} rows × 20", compete(big, work), GOALS["big"]),
            machine(),
        ]
    text = "\n".join(report)
    print(text)
    if options.write:
        keep("reading", "Reading (benchmarks/reading.py)", text)


if __name__ == "__main__":
    main()
