"""The tools that made the files: xlsxwriter, openpyxl, LibreOffice, xlwt, csv. The same bytes every time."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import tempfile
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import xlsxwriter
import xlwt
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from .grid import Grid, same_neighbours
from .model import Cell, File, Formula, Sheet

STAMP = datetime(2026, 11, 20, 9, 0, 0)  # noqa: DTZ001 - file properties carry no zone
DATE, TIME = "yyyy-mm-dd", "hh:mm"
Sheets = list[tuple[Sheet, Grid]]


def width(values: list[Cell]) -> float:
    """A column width that shows the usual content: Chinese characters count twice."""
    longest = max(
        (sum(2 if ord(ch) > 255 else 1 for ch in str(v).split("\n")[0]) for v in values if v is not None), default=8
    )
    return min(max(longest + 2, 8), 30)


def fixed(data: bytes) -> bytes:
    """The same workbook with fixed times, in the zip as in the properties."""
    out = io.BytesIO()
    stamp = f"{STAMP:%Y-%m-%dT%H:%M:%SZ}".encode()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, part)
            info = zipfile.ZipInfo(name, (2026, 11, 20, 9, 0, 0))
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            new.writestr(info, part)
    return out.getvalue()


def by_xlsxwriter(file: File, sheets: Sheets) -> bytes:
    """A workbook as Excel would have saved it."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "date_1904": file.epoch_1904, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": STAMP, "author": file.person or "展会"})
    bold = book.add_format({"bold": True, "align": "center", "text_wrap": True})
    day, clock, whole = (
        book.add_format({"num_format": DATE}),
        book.add_format({"num_format": TIME}),
        book.add_format({"num_format": "0"}),
    )
    for sheet, rows in sheets:
        page = book.add_worksheet(sheet.name)
        last = max((len(r) for r in rows), default=1) - 1
        for r, row in enumerate(rows):
            for col, cell in enumerate(row):
                if isinstance(cell, datetime | date):
                    page.write_datetime(r, col, cell, day)
                elif isinstance(cell, time):
                    page.write_datetime(r, col, cell, clock)
                elif isinstance(cell, Formula):
                    page.write_formula(r, col, cell.text, None, cell.value)
                elif isinstance(cell, str):
                    page.write_string(r, col, cell, bold if r + 1 in sheet.header_rows else None)
                elif cell is not None:
                    page.write_number(r, col, cell, whole if float(cell).is_integer() else None)
        for r in sheet.merged_titles:
            page.merge_range(r - 1, 0, r - 1, last, "", bold)
            page.write_string(r - 1, 0, str(rows[r - 1][0]), bold)
        for row, line in sheet.placed():
            if sheet.lines.index(line) in sheet.hide:
                page.set_row(row - 1, None, None, {"hidden": True})
        for col in range(last + 1):
            page.set_column(col, col, width([row[col] for row in rows[len(sheet.above) :] if col < len(row)]))
        if sheet.hidden:
            page.hide()
        elif book.worksheets()[0].hidden:
            page.activate()
            page.set_first_sheet()
    book.close()
    return fixed(out.getvalue())


def by_openpyxl(file: File, sheets: Sheets) -> bytes:
    """A workbook written by another program, with merged cells down a column where the sheet has them."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.epoch = CALENDAR_MAC_1904 if file.epoch_1904 else CALENDAR_WINDOWS_1900
    book.properties.creator, book.properties.created = file.person, STAMP
    for sheet, rows in sheets:
        page = book.create_sheet(sheet.name)
        for r, row in enumerate(rows, start=1):
            for col, value in enumerate(row, start=1):
                if value is None:
                    continue
                cell = page.cell(r, col, value.text if isinstance(value, Formula) else value)
                if isinstance(value, date):
                    cell.number_format = DATE
                elif isinstance(value, int):
                    cell.number_format = "0"
        last = max((len(row) for row in rows), default=1)
        for r in sheet.merged_titles:
            page.merge_cells(start_row=r, end_row=r, start_column=1, end_column=last)
        for column, first, end in same_neighbours(sheet):
            page.merge_cells(start_row=first, end_row=end, start_column=column + 1, end_column=column + 1)
        for col in range(last):
            letter = openpyxl.utils.get_column_letter(col + 1)
            page.column_dimensions[letter].width = width(
                [row[col] for row in rows[len(sheet.above) :] if col < len(row)]
            )
    out = io.BytesIO()
    book.save(out)
    return fixed(out.getvalue())


def by_libreoffice(data: bytes, target: Path) -> bytes:
    """Open and save with LibreOffice. Without it, the file that is already there stays."""
    program = shutil.which("soffice")
    if program is None:
        if target.exists():
            return target.read_bytes()
        raise SystemExit(f"LibreOffice is needed to make {target.name}")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in" / "sheet.xlsx"
        source.parent.mkdir()
        source.write_bytes(data)
        subprocess.run(
            [program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML",
             "--outdir", folder, str(source)],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
        return fixed((Path(folder) / "sheet.xlsx").read_bytes())


def by_xlwt(sheets: Sheets) -> bytes:
    """An old .xls workbook."""
    book = xlwt.Workbook(encoding="utf-8")
    day, whole = xlwt.easyxf(num_format_str=DATE), xlwt.easyxf(num_format_str="0")
    for sheet, rows in sheets:
        page = book.add_sheet(sheet.name)
        for r, row in enumerate(rows):
            for col, cell in enumerate(row):
                if r + 1 in sheet.merged_titles and col == 0:
                    page.write_merge(r, r, 0, len(sheet.columns) - 1, cell)
                elif isinstance(cell, date):
                    page.write(r, col, (cell - date(1899, 12, 30)).days, day)
                elif isinstance(cell, int):
                    page.write(r, col, cell, whole)
                elif cell is not None:
                    page.write(r, col, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_csv(rows: Grid, encoding: str) -> bytes:
    """One sheet as comma-separated text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        if not row:
            out.write("\r\n")  # a blank line, not a line of commas
        else:
            writer.writerow(["" if cell is None else cell for cell in row])
    return out.getvalue().encode(encoding)


def make(file: File, sheets: Sheets, target: Path) -> bytes:
    """The bytes of one file."""
    match file.tool:
        case "xlsxwriter":
            return by_xlsxwriter(file, sheets)
        case "openpyxl":
            return by_openpyxl(file, sheets)
        case "libreoffice":
            return by_libreoffice(
                by_openpyxl(file, sheets) if any(s.merge_down for s, _ in sheets) else by_xlsxwriter(file, sheets),
                target,
            )
        case "xls":
            return by_xlwt(sheets)
        case "csv-gbk":
            return by_csv(sheets[0][1], "gb18030")
        case "csv-utf8":
            return by_csv(sheets[0][1], "utf-8-sig")
    raise ValueError(file.tool)
