"""The weekly run end to end, beside a plain pandas script on the same folder.

    python benchmarks/weekly.py [--sheets 200] [--rows 150] [--brands 10] [--first-week 2026-W46] [--write]

Makes an invented office, then measures in separate processes: the first run, a rerun without news, a run with five
new sheets, and the plain script with its default reader and with its fastest. Ratios are against the plain script
with its default reader. The sheets hold two weeks of dates; with ``--first-week 2026-W46`` the first run closes that
week and writes two sets of workbooks. ``--write`` keeps the table in benchmarks/RESULTS.md.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT)]

from measure import Measured, machine, measure  # noqa: E402
from office_maker import make_office  # noqa: E402
from results import keep  # noqa: E402

NEWS = 5
WEEKLY_CODES = (0, 3)  # 3: done, some rows were set aside for correction
Line = tuple[str, Measured]


def run(folder: Path, sheets: int, rows: int, brands: int, first_week: str | None) -> tuple[list[Line], str]:
    """Every measurement of one office, in the order of the table, and the time each stage of a first run took."""
    office, stages = folder / "office", folder / "office-stages"
    print(f"making {sheets} sheets × {rows} rows, {brands} brands …", file=sys.stderr)
    late = make_office(office, sheets=sheets, rows=rows, brands=brands, news=NEWS, first_week=first_week)
    shutil.copytree(office, stages)
    weekly = [sys.executable, "-m", "salessheets", "weekly", str(office)]
    log = folder / "log.txt"

    def plain(engine: str) -> Measured:
        command = [sys.executable, str(HERE / "plain_pandas.py"), str(office), str(folder / engine), engine]
        return measure(command, cwd=ROOT, log=log)

    lines = [
        ("plain pandas script", plain("openpyxl")),
        ("plain pandas script, calamine", plain("calamine")),
        ("salessheets, first run", measure(weekly, cwd=ROOT, log=log, codes=WEEKLY_CODES)),
        ("salessheets, rerun without news", measure(weekly, cwd=ROOT, log=log, codes=WEEKLY_CODES)),
    ]
    news = office.with_name(f"{office.name}-news")
    for below in late:
        (office / "收件箱" / below).parent.mkdir(exist_ok=True)
        shutil.copyfile(news / below, office / "收件箱" / below)
    lines.append((f"salessheets, {NEWS} new sheets", measure(weekly, cwd=ROOT, log=log, codes=WEEKLY_CODES)))
    by_stage = measure([sys.executable, str(HERE / "stages.py"), str(stages)], cwd=ROOT, log=log)
    return lines, by_stage.output


def table(lines: Iterable[Line]) -> str:
    """A Markdown table: seconds, the ratio to the first line, MiB."""
    lines = list(lines)
    peer = lines[0][1]
    text = [
        "| run | wall time | against the plain script | processor time | peak memory |",
        "|---|---:|---:|---:|---:|",
    ]
    text += [
        f"| {name} | {m.seconds:.2f} s | {m.seconds / peer.seconds:.2f}× | {m.processor:.2f} s | {m.peak / 2**20:.0f} MiB |"
        for name, m in lines
    ]
    return "\n".join(text)


def main() -> None:
    parser = argparse.ArgumentParser(description="The weekly run beside a plain pandas script.")
    parser.add_argument("--sheets", type=int, default=200)
    parser.add_argument("--rows", type=int, default=150)
    parser.add_argument("--brands", type=int, default=10)
    parser.add_argument("--first-week", metavar="WEEK", help="起始周 of the office, for example 2026-W46")
    parser.add_argument("--write", action="store_true", help="keep the table in benchmarks/RESULTS.md")
    asked = parser.parse_args()
    where = machine()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        lines, stages = run(Path(folder), asked.sheets, asked.rows, asked.brands, asked.first_week)
    title = f"{asked.sheets} sheets × {asked.rows} rows, {asked.brands} brands"
    title += f", from {asked.first_week} on" if asked.first_week else ""
    report = f"{title}; {where}\n\n{table(lines)}\n\nFirst run by stage:\n\n{stages.strip()}"
    print(report)
    if asked.write:
        keep(
            f"weekly-{asked.sheets}x{asked.rows}{'-two-weeks' if asked.first_week else ''}",
            f"The weekly run, {title}",
            report,
        )


if __name__ == "__main__":
    main()
