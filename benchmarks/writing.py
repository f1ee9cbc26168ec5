"""The workbooks of 30 brands × 2,000 open leads against the same cells by others: python benchmarks/writing.py [--write]

Opponents write what our workbooks hold, read back from them before: bare xlsxwriter (values, formulas, each in one plain
format; one workbook after the other), and pandas.to_excel the values alone. All in one run, each in a process of its own.
``--brands N --leads N`` for a smaller one.
"""

from __future__ import annotations

import argparse
import pickle
import random
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "benchmarks")]

import measure  # noqa: E402
import results  # noqa: E402

GOAL, GOAL_MEMORY = 1.25, 150  # × bare xlsxwriter; MB over the data
_OURS = """
import pickle, sys
from salessheets.parallel import run_all
from salessheets.write.brand import write_brand
report = pickle.load(open(sys.argv[1], "rb"))
jobs = [(write_brand, (brand.name, "id")) for brand in report.settings.brands]
made = run_all(jobs, report, alone=sys.argv[3] == "alone") if sys.argv[3] != "data" else []
for at, data in enumerate(made):
    open(f"{sys.argv[2]}/{at:02d}.xlsx", "wb").write(data)
"""
_BARE = """
import pickle, sys, pathlib, xlsxwriter
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.cells")):
    sheets = pickle.load(open(path, "rb"))
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(f"{sys.argv[2]}/{path.stem}.xlsx", options) as book:
        plain = book.add_format({"border": 1})
        for name, cells in sheets:
            sheet = book.add_worksheet(name)
            for row, column, kind, value, formula in cells:
                if kind == "f":
                    sheet.write_formula(row, column, formula, plain, value)
                elif kind == "n":
                    sheet.write_number(row, column, value, plain)
                else:
                    sheet.write_string(row, column, value, plain)
"""
_PANDAS = """
import pickle, sys, pathlib, pandas as pd
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.cells")):
    with pd.ExcelWriter(f"{sys.argv[2]}/{path.stem}.xlsx", engine="xlsxwriter") as book:
        for name, cells in pickle.load(open(path, "rb")):
            lines = {}
            for row, column, kind, value, formula in cells:
                lines.setdefault(row, {})[column] = value
            frame = pd.DataFrame.from_dict(lines, orient="index")
            frame.to_excel(book, sheet_name=name, index=False, header=False)
"""


def report_of(brands: int, leads: int) -> object:
    """A week of ``brands`` brands with ``leads`` open leads each; invented, the same every time."""
    import dataclasses

    import pandas as pd
    import report_fixture

    from salessheets.settings import Brand

    made, dice = report_fixture.report(), random.Random(7)
    base = made.leads.to_dict("records")
    names = [f"品牌{at:02d}" for at in range(brands)]
    rows = []
    for brand in names:
        for at in range(leads):
            row = dict(base[dice.randrange(len(base))])
            number = f"{len(rows) + 10:05d}-1-5"
            rows.append({**row, "brand": brand, "lead": number, "phone": f"13{dice.randrange(10**9):09d}",
                         "city": dice.choice(["济南市", "潍坊市", "青岛市", "烟台市"]), "urgent": at % 50 == 0})  # fmt: skip
    settings = dataclasses.replace(made.settings, brands=tuple(Brand(name) for name in names))
    empty = {
        name: getattr(made, name).iloc[:0] for name in ("merges", "doubts", "conflicts", "history", "brand_ledger")
    }
    return dataclasses.replace(made, leads=pd.DataFrame(rows)[list(made.leads.columns)], settings=settings, **empty)


def cells_of(path: Path) -> list[tuple[str, list[tuple[int, int, str, object, str]]]]:
    """Every cell with a value of a workbook: row, column, s(tring) n(umber) f(ormula), value, formula."""
    import warnings

    from openpyxl import load_workbook

    warnings.simplefilter("ignore")
    written, shown = load_workbook(path, read_only=True), load_workbook(path, read_only=True, data_only=True)
    sheets = []
    for sheet in written:
        values = shown[sheet.title]
        found: list[tuple[int, int, str, object, str]] = []
        for line, other in zip(sheet.iter_rows(), values.iter_rows(), strict=True):
            for cell, value in zip(line, other, strict=True):
                if cell.value is None:
                    continue
                row, column, given = cell.row - 1, cell.column - 1, value.value
                if isinstance(cell.value, str) and cell.data_type == "f":
                    found.append((row, column, "f", "" if given is None else given, cell.value))
                elif isinstance(given, int | float) and not isinstance(given, bool):
                    found.append((row, column, "n", given, ""))
                else:
                    found.append((row, column, "s", str(given), ""))
        sheets.append((sheet.title, found))
    return sheets


def main() -> None:
    """Measure, print, keep."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--brands", type=int, default=30)
    asked.add_argument("--leads", type=int, default=2000)
    asked.add_argument("--write", action="store_true")
    wanted = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="writing") as folder:
        place = Path(folder)
        for name in ("ours", "alone", "bare", "pandas", "data"):
            (place / name).mkdir()
        data = place / "report.pickle"
        data.write_bytes(pickle.dumps(report_of(wanted.brands, wanted.leads)))

        def run(code: str, source: Path, name: str) -> measure.Measured:
            command = [sys.executable, "-X", "utf8", "-c", code, str(source), str(place / name), name]
            return measure.measure(command, cwd=ROOT, log=place / f"{name}.log")

        only_data = run(_OURS, data, "data")
        ours, alone = run(_OURS, data, "ours"), run(_OURS, data, "alone")
        # All brands' workbooks are alike: the cells of one, as often as there are brands.
        cells = cells_of(place / "ours" / "00.xlsx")
        for at in range(wanted.brands):
            (place / f"{at:02d}.cells").write_bytes(pickle.dumps(cells))
        bare, frames = run(_BARE, place, "bare"), run(_PANDAS, place, "pandas")
        same = all((place / "ours" / f.name).read_bytes() == f.read_bytes() for f in (place / "alone").iterdir())
    count = sum(len(found) for _, found in cells) * wanted.brands
    formulas = sum(cell[2] == "f" for _, found in cells for cell in found) * wanted.brands
    lines = [
        f"{wanted.brands} brands × {wanted.leads:,} open leads: {count:,} cells, {formulas:,} of them formulas",
        "",
        "| writer | s | processor s | × bare (processor) | peak MB | MB over the data |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    named = {
        "**salessheets**, both cores": ours,
        "salessheets, one process": alone,
        "bare xlsxwriter, the same cells": bare,
        "pandas.to_excel, values only": frames,
    }
    for name, one in named.items():
        mine = one in (ours, alone)
        used = one.processor - (only_data.processor if mine else 0)
        over = f"{(one.peak - only_data.peak) / 1e6:.0f}" if mine else ""
        seconds = one.seconds - (only_data.seconds if mine else 0)
        ratio = used / bare.processor
        lines.append(f"| {name} | {seconds:.1f} | {used:.1f} | {ratio:.2f} | {one.peak / 1e6:.0f} | {over} |")
    lines += [
        "",
        (
            f"Ours without loading the data ({only_data.seconds:.1f} s, {only_data.peak / 1e6:.0f} MB, imports included). "
            f"One process and two give the same bytes: {'yes' if same else 'NO'}. "
            f"Goal: at most {GOAL} × bare, {GOAL_MEMORY} MB over the data."
        ),
        "",
        measure.machine(),
    ]
    report = "\n".join(lines)
    print(report)
    if wanted.write:
        results.keep("writing", "Writing (benchmarks/writing.py)", report)


if __name__ == "__main__":
    main()
