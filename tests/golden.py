"""Workbooks as readable text, one fact a line, for comparing them whole: cells, formats, validation, charts, paper.

``python tests/golden.py`` writes tests/golden/ again. Do that when you know why a workbook has changed, read the
difference (git diff tests/golden), and say the reason in the commit.
"""

from __future__ import annotations

import io
import re
import sys
import warnings
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from openpyxl import load_workbook

FOLDER = Path(__file__).resolve().parent / "golden"
COMMAND = "python tests/golden.py"
_FONT = "微软雅黑 10"


def described(data: bytes) -> str:
    """Everything about a workbook that a person may see."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl leaves out what is read from the parts below
        book, shown = load_workbook(io.BytesIO(data)), load_workbook(io.BytesIO(data), data_only=True)
    lines = [f"title {book.properties.title}", f"active {book.active.title}"]
    lines += [f"name {name} = {place.attr_text}" for name, place in sorted(book.defined_names.items())]
    for sheet in book:
        lines += ["", f"== {sheet.title}", *_sheet(sheet), *_cells(sheet, shown[sheet.title])]
    return "\n".join([*lines, "", *_parts(data)]) + "\n"


def _sheet(sheet) -> Iterator[str]:
    page = sheet.page_setup
    yield f"sheet {sheet.sheet_state} {page.orientation} fit {page.fitToWidth}×{page.fitToHeight} freeze {sheet.freeze_panes} protected {sheet.protection.sheet}"
    yield f"print {sheet.print_area or 'all'} repeat {sheet.print_title_rows or 'nothing'}"
    yield f"footer {sheet.oddFooter.left.text} | {sheet.oddFooter.right.text}"
    for one in sorted(sheet.column_dimensions.values(), key=lambda d: d.min):
        yield f"width {one.min}-{one.max} {one.width:.1f}"
    for row, one in sorted(sheet.row_dimensions.items()):
        if one.height:
            yield f"height {row} {one.height:g}"
    for table in sheet.tables.values():
        yield f"table {table.displayName} {table.ref} filter {table.autoFilter is not None}"
    for area in sorted(map(str, sheet.merged_cells.ranges)):
        yield f"merged {area}"
    for rule in sheet.data_validations.dataValidation:
        yield f"choice {rule.sqref} {rule.type} {rule.formula1} {rule.errorStyle}"
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            fill = rule.dxf.fill.bgColor.rgb if rule.dxf and rule.dxf.fill else ""
            yield f"rule {area.sqref} {rule.type} {rule.operator or ''} {' '.join(rule.formula)} {fill}"


def _cells(sheet, shown) -> Iterator[str]:
    for row in sheet.iter_rows():
        for cell in row:
            look = _look(cell)
            if cell.value is None and not look:
                continue
            text = _text(cell.value)
            if cell.data_type == "f":
                text += f" → {_text(shown[cell.coordinate].value)}"
            link = f" link {cell.hyperlink.location}" if cell.hyperlink else ""
            yield f"{cell.coordinate} {text}{link}  [{look}]"


def _text(value) -> str:
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return value.date().isoformat()
    text = getattr(value, "text", value)  # an array formula
    return str(text).replace("\n", "⏎")


def _look(cell) -> str:
    """What differs from a plain cell of the common font."""
    if not cell.has_style:
        return ""
    font, fill, place = cell.font, cell.fill, cell.alignment
    name = f"{font.name} {font.sz:g}"
    found = [
        name if name != _FONT else "",
        "bold" if font.b else "",
        f"ink {font.color.rgb[-6:]}" if font.color and isinstance(font.color.rgb, str) else "",
        f"on {fill.fgColor.rgb[-6:]}" if fill.fill_type else "",
        cell.number_format if cell.number_format != "General" else "",
        place.horizontal or "",
        "wrap" if place.wrap_text else "",
        "shrink" if place.shrink_to_fit else "",
        "box" if cell.border.left.style else "line" if cell.border.bottom.style or cell.border.top.style else "",
        "quoted" if cell.quotePrefix else "",
    ]
    return " ".join(filter(None, found))


def _parts(data: bytes) -> Iterator[str]:
    """Charts and lines, which openpyxl does not read back."""
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        names = sorted(
            pack.namelist(), key=lambda name: [int(n) if n.isdigit() else n for n in re.split(r"(\d+)", name)]
        )
        for name in names:
            xml = pack.read(name).decode("utf-8") if name.endswith(".xml") else ""
            if re.fullmatch(r"xl/charts/chart\d+\.xml", name):
                kind = re.search(r"<c:(\w+Chart)>", xml)
                yield f"== {name} {kind[1] if kind else ''}"
                yield from (f"text {text}" for text in re.findall(r"<(?:a:t|c:v)>([^<]*[^\d<.][^<]*)</", xml))
                yield from (f"range {place}" for place in re.findall(r"<c:f>(.*?)</c:f>", xml))
                yield from (f"fill {colour}" for colour in re.findall(r'<a:solidFill><a:srgbClr val="(\w+)"', xml))
            if name.startswith("xl/drawings/drawing"):
                yield from (f"alt text {text}" for text in re.findall(r' descr="([^"]*)"', xml))
            if name.startswith("xl/worksheets/sheet"):
                yield from (
                    f"line {place} from {area}"
                    for area, place in re.findall(r"<x14:sparkline><xm:f>(.*?)</xm:f><xm:sqref>(.*?)</", xml)
                )


def workbooks() -> dict[str, bytes]:
    """The workbooks of the small hand-made week (report_fixture) by the name of their file in tests/golden."""
    from report_fixture import KANG
    from written import week

    from salessheets.write.brand import write_brand
    from salessheets.write.returns import write_returns
    from salessheets.write.sales import write_sales

    made = week()
    return {
        "brand": write_brand(made, KANG, "id-0"),
        "sales": write_sales(made, "id-sales"),
        "returns": write_returns(made, "陈静"),
    }


def main() -> None:
    """Write the expected texts again."""
    FOLDER.mkdir(exist_ok=True)
    for name, data in workbooks().items():
        (FOLDER / f"{name}.txt").write_text(described(data), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    main()
