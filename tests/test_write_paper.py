"""What a person sees on paper and on the screen: every cell whole, nothing cut off, no ###."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

import pytest
import render
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from report_fixture import EMPTY, KANG, YI
from written import OFFICE, books, week

from salessheets.write.look import display_width
from salessheets.write.sales import SALES
from salessheets.write.settings_book import write_settings

BOOKS = {**books(week()), "设置": write_settings(OFFICE)}
PRINTED_APART = re.compile(r'<definedName name="_xlnm\.Print_Area".*?</definedName>')
LINE = 12.5  # points: a line of the 10-point font

every_book = pytest.mark.parametrize("name", BOOKS)


def whole(data: bytes) -> bytes:
    """The same workbook with every column on paper, also those that are for the screen only."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/workbook.xml":
                text = PRINTED_APART.sub("", text.decode("utf-8")).encode("utf-8")
            new.writestr(name, text)
    return out.getvalue()


def shown(cell) -> str:
    """A cell as its number format shows it."""
    value, form = cell.value, cell.number_format
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, int | float):
        if form.endswith("–"):
            return f"{value:,.0f}" if value else "–"
        patterns = {"0.0": f"{value:.1f}", "0%": f"{value:.0%}", "#,##0": f"{value:,.0f}"}
        return patterns.get(form, f"{value:g}")
    return str(value)


@every_book
def test_every_cell_is_on_paper_whole(name):
    text = render.pdf_text(whole(BOOKS[name]))
    cells = [
        cell
        for sheet in load_workbook(io.BytesIO(BOOKS[name]), data_only=True)
        if sheet.sheet_state == "visible"
        for row in sheet.iter_rows()
        for cell in row
        if cell.value not in (None, "")
    ]
    assert [
        f"{cell.parent.title}!{cell.coordinate} {shown(cell)}" for cell in cells if render.bare(shown(cell)) not in text
    ] == []
    assert "###" not in text


@every_book
def test_no_text_is_wider_or_higher_than_its_cell(name):
    """By the counted width (wide characters two, others one), which is on the safe side of every Chinese font."""
    cut = []
    for sheet in load_workbook(io.BytesIO(BOOKS[name])):
        for row in sheet.iter_rows(min_row=4) if sheet.tables else ():
            height = sheet.row_dimensions[row[0].row].height or sheet.sheet_format.defaultRowHeight
            for cell in row:
                room = width_of(sheet, cell.column)
                text = shown(cell) if cell.value is not None and cell.data_type != "f" else ""
                lines = sum(-(-display_width(line) // room) for line in text.split("\n"))
                if lines > 1 and (not cell.alignment.wrap_text or lines * LINE > height):
                    cut.append(f"{sheet.title}!{cell.coordinate} {text}")
    assert cut == []


def width_of(sheet, column: int) -> float:
    """Column widths are stored by range: the first column of a range stands for all of it."""
    for letter, dimension in sheet.column_dimensions.items():
        if dimension.min <= column <= dimension.max:
            return float(dimension.width)
        del letter
    raise AssertionError(get_column_letter(column))


@pytest.mark.parametrize(("name", "sheet"), [(KANG, "有效客户名单"), (KANG, "客户分析"), (YI, "待分配")])
def test_details_never_make_a_row_high(name, sheet):
    """One line per customer, two where a 情况摘要 or 备注 needs it."""
    page = load_workbook(io.BytesIO(BOOKS[name]))[sheet]
    heights = [page.row_dimensions[row].height or 18 for row in range(4, page.max_row + 1)]
    assert max(heights) <= 4 * 15 + 4


def test_a_long_title_leaves_room_for_the_way_back():
    """The link stands in the first column that begins beyond the title's end."""
    for name in (KANG, SALES):
        for sheet in load_workbook(io.BytesIO(BOOKS[name])):
            link = next((c for c in sheet[1][1:] if c.hyperlink), None)
            if link is not None:
                before = sum(width_of(sheet, column) for column in range(1, link.column))
                assert before >= display_width(sheet["A1"].value) * 1.6, sheet.title


@pytest.mark.parametrize(
    ("name", "pages"), [("设置", 9), (KANG, 13), (YI, 11), (EMPTY, 2), (SALES, 10), ("退回更正_陈静", 2)]
)
def test_each_sheet_of_a_small_office_is_one_page(name, pages):
    text = render.pdf_text(BOOKS[name])
    assert re.findall(r"第(\d+)页/共(\d+)页", text)[-1] == (str(pages), str(pages))
