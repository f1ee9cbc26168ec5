"""Bought lists of any length for the benchmarks: the invented leads (generate.py) on 客户名录表, one workbook per list.

Each list comes from one dealer on one day; two in three are bought for one brand. The cells are written as inline text,
as programs that export lists do: a list of 50,000 rows takes a second.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd
from generate import generate

from salessheets.tables import TABLES

SEED = 1
_CELLS = {
    "姓名": "name", "称呼": "title", "电话": "phone", "微信": "wechat", "QQ": "qq", "单位": "company", "省": "province",
    "市": "city", "县区": "county", "乡镇": "township", "地址": "address", "备注": "note",
}  # fmt: skip
_HEADER_ROW = 2
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    "</Types>"
)
_LINKS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/></Relationships>'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_BOOK = (
    f'<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="{_MAIN}" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="客户名录表" sheetId="1" r:id="rId1"/></sheets></workbook>'
)


def leads(rows: int) -> pd.DataFrame:
    """Cells of 客户名录表 by field, one row per entry of a list; the same every time."""
    made = generate(rows, SEED)
    return made[list(_CELLS)].rename(columns=_CELLS)


def write_list(path: Path, entries: pd.DataFrame, *, dealer: str, day: date, clerk: str, brand: str) -> None:
    """One bought list as a workbook. entries: from ``leads``."""
    columns = TABLES["directory"].columns
    same = {
        "channel": "购买名录", "source_detail": dealer, "obtained_date": day.isoformat(), "legal_basis": "供方承诺",
        "brand": brand, "clerk": clerk,
    }  # fmt: skip
    written = [c for c in columns if c.field in entries or c.field in same]
    cells = [list(entries[c.field]) if c.field in entries else [same[c.field]] * len(entries) for c in written]
    rows = [[dealer], [c.header for c in written], *map(list, zip(*cells, strict=True))]
    body = "".join(_row(number, row) for number, row in enumerate(rows, 1))
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as pack:
        for name, text in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _LINKS.format(kind="officeDocument", target="xl/workbook.xml")),
            ("xl/workbook.xml", _BOOK),
            ("xl/_rels/workbook.xml.rels", _LINKS.format(kind="worksheet", target="worksheets/sheet1.xml")),
            ("xl/worksheets/sheet1.xml", f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'),
        ):  # fmt: skip
            pack.writestr(zipfile.ZipInfo(name, (2026, 11, 20, 0, 0, 0)), text, zipfile.ZIP_DEFLATED, 1)


def _row(number: int, cells: Sequence[str]) -> str:
    shown = (
        f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
        for at, cell in enumerate(cells)
        if cell
    )
    return f'<row r="{number}">{"".join(shown)}</row>'
