"""A filled template is recognised after LibreOffice saved it in another format, and after every other journey."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from office_keyboard import make_profile
from read_making import columns, read, reader

from salessheets.read import Outcome
from salessheets.tables import TABLES

TEMPLATES = Path(__file__).resolve().parent.parent / "templates_xlsx"
FORMATS = {"xlsx": "xlsx", "xls": "xls", "ods": "ods", "csv": "csv:Text - txt - csv (StarCalc):44,34,76"}
KEYS = ("consult_log", "handover", "referral", "negotiation")


def filled(key: str) -> bytes:
    """The committed template with the declared examples typed in; dates as dates."""
    table = TABLES[key]
    book = openpyxl.load_workbook(TEMPLATES / f"{table.name}.xlsx")
    form = book.worksheets[0]
    header = next(row for row in range(1, 15) if form.cell(row, 1).value == table.columns[0].header)
    for below in range(1, 4):
        for at, column in enumerate(table.columns, 1):
            value = column.example
            if value:
                day = column.kind == "date" and dt.date.fromisoformat(value)
                form.cell(header + below, at).value = day or value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def records(result):
    return result.rows.drop(columns=["sheet", "extra"]).to_numpy().tolist()


@pytest.fixture(scope="module")
def resaved(tmp_path_factory):
    """Folder with every format of the filled templates, saved by LibreOffice."""
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice (soffice) is not installed")
    folder = tmp_path_factory.mktemp("resaved")
    profile = make_profile(folder / "profile")
    for key in KEYS:
        (folder / f"{key}.xlsx").write_bytes(filled(key))
    files = [str(folder / f"{key}.xlsx") for key in KEYS]
    for name, filter_ in FORMATS.items():
        command = ["soffice", profile, "--headless", "--convert-to", filter_, "--outdir", str(folder / name), *files]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("key", KEYS)
def test_saved_by_libreoffice_and_renamed(resaved, key, form):
    original = read(filled(key))
    data = (resaved / form / f"{key}.{form}").read_bytes()
    result = read(data, f"未命名 1.{form}")
    assert result.outcome is Outcome.READ
    assert [b.table for b in result.blocks] == [key]
    assert records(result) == records(original)
    assert len(result.rows) == 3
    assert result.unread_rows == 0
    if form != "csv":
        assert reader().workbook(data, f"未命名 1.{form}").table == key


def test_its_sheet_copied_into_another_workbook():
    form = openpyxl.load_workbook(io.BytesIO(filled("handover"))).worksheets[0]
    other = openpyxl.Workbook()
    other.active["A1"] = "会议纪要"
    page = other.create_sheet("表2")
    for row in form.iter_rows():
        for cell in row:
            page[cell.coordinate].value = cell.value
    out = io.BytesIO()
    other.save(out)
    result = read(out.getvalue(), "杂项.xlsx")
    assert [(b.sheet, b.table) for b in result.blocks] == [(2, "handover")]
    assert columns(result, "name", "phone") == [["王建国", "13912345678"]] * 3
    assert result.unread_rows == 1


def test_its_columns_moved_and_one_renamed():
    book = openpyxl.load_workbook(io.BytesIO(filled("handover")))
    form = book.worksheets[0]
    header = next(row for row in range(1, 15) if form.cell(row, 1).value == "序号")
    moved = [[cell.value for cell in row][::-1] for row in form.iter_rows(min_row=header, max_row=header + 3)]
    moved[0] = ["手机号码" if text == "联系电话" else text for text in moved[0]]
    other = openpyxl.Workbook()
    for row in moved:
        other.active.append(row)
    out = io.BytesIO()
    other.save(out)
    result = read(out.getvalue(), "a.xlsx")
    assert [b.table for b in result.blocks] == ["handover"]
    assert columns(result, "name", "phone", "obtained_date") == [["王建国", "13912345678", "2026-11-02"]] * 3
