"""What must always hold when reading: any table, written in any of the ways people write, comes back as its records."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass

import pytest
import xlsxwriter
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salessheets.read import Outcome, Reader
from salessheets.tables import INTAKE, TABLES, Kind

WORDS = (
    "康乐馆",
    "历下区",
    "问价格",
    "王建国",
    "A&B",
    "null",
    "007",
    "3.5",
    "两行\n内容",
    "含,逗号;分号",
    "“引号”",
    "x" * 40,
)
TITLES = (["客服部登记"], ["二〇二六年十一月", "", "内部资料"], [])
KINDS = ("xlsx", "xls", "csv", "csv-bom", "csv-gb18030", "tsv")


@dataclass(frozen=True)
class Case:
    """A table as somebody wrote it."""

    table: str
    fields: tuple[str, ...]
    records: tuple[tuple[str, ...], ...]
    titles: tuple[list[str], ...]
    left: int
    kind: str
    blanks: frozenset[int]
    numbers: bool  # digits written as numbers where the kind has them


@st.composite
def cases(draw):
    table = TABLES[draw(st.sampled_from(INTAKE))]
    must = [c.field for c in table.columns if c.required or c.field in ("name", "phone")]
    more = [c.field for c in table.columns if c.field not in must and c.field != "serial"]
    chosen = must + draw(st.lists(st.sampled_from(more), unique=True, max_size=6))
    fields = tuple(draw(st.permutations(chosen)))
    size = draw(st.integers(1, 5))
    records = tuple(tuple(draw(_value(table.column(f))) for f in fields) for _ in range(size))
    kind = draw(st.sampled_from(KINDS))
    titles = tuple(draw(st.lists(st.sampled_from(TITLES), max_size=3)))
    left = draw(st.integers(0, 3)) if kind in ("xlsx", "xls") else 0
    blanks = frozenset(draw(st.sets(st.integers(0, size - 1), max_size=2)))
    return Case(table.key, fields, records, titles, left, kind, blanks, draw(st.booleans()))


def _value(column):
    if column.kind is Kind.PHONE:
        return st.integers(13000000000, 19999999999).map(str)
    if column.kind is Kind.DATE:
        return st.dates().map(lambda d: d.isoformat())
    if column.kind is Kind.CHOICE and column.choices:
        return st.sampled_from(column.choices)
    return st.sampled_from(WORDS)


def grid(case):
    """Rows of cells, and the Excel row of every record."""
    headers = TABLES[case.table].headers
    rows = [*case.titles, [headers[f] for f in case.fields]]
    places = []
    for at, record in enumerate(case.records):
        rows += [[]] if at in case.blanks else []
        rows.append(list(record))
        places.append(len(rows))
    return [[""] * case.left + list(row) if row else [] for row in rows], places


def write(case):
    rows, places = grid(case)
    typed = [[int(c) if case.numbers and c.isdigit() and not c.startswith("0") else c for c in row] for row in rows]
    if case.kind == "xlsx":
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        page = book.add_worksheet()
        for r, row in enumerate(typed):
            for c, value in enumerate(row):
                if value != "":
                    page.write(r, c, value)
        book.close()
        return out.getvalue(), "表.xlsx", places
    if case.kind == "xls":
        book = xlwt.Workbook()
        page = book.add_sheet("表")
        for r, row in enumerate(typed):
            for c, value in enumerate(row):
                if value != "":
                    page.write(r, c, value)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue(), "表.xls", places
    text = io.StringIO()
    csv.writer(text, delimiter="\t" if case.kind == "tsv" else ",").writerows(rows)
    coding = {"csv-gb18030": "gb18030", "csv-bom": "utf-8-sig"}.get(case.kind, "utf-8")
    return text.getvalue().encode(coding), "表.csv", places


@pytest.fixture(scope="module")
def reader():
    with Reader() as one:
        yield one


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=cases())
def test_a_table_written_in_any_way_comes_back_as_its_records(reader, case):
    data, name, places = write(case)
    result = reader.read(data, name)
    assert result.outcome is Outcome.READ
    assert [b.table for b in result.blocks] == [case.table]
    assert result.rows["row"].tolist() == places
    assert result.rows["aside"].tolist() == [""] * len(places)
    wanted = [[value.replace("\r\n", "\n") for value in record] for record in case.records]
    got = [[text.replace("\r\n", "\n") for text in row] for row in result.rows[list(case.fields)].to_numpy().tolist()]
    assert got == wanted


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=cases(), extra=st.lists(st.sampled_from(("合计", "制表人:陈静", "备注:以上为估计", "x")), max_size=3))
def test_every_row_below_a_header_comes_out_exactly_once(reader, case, extra):
    data, name, places = write(case)
    if not name.endswith("csv"):
        return
    tail = "".join(f"{word}\n" for word in extra)
    coding = {"csv-gb18030": "gb18030"}.get(case.kind, "utf-8")
    result = reader.read(data + tail.encode(coding), name)
    assert len(result.rows) + result.unread_rows == len(places) + len(extra)
    assert result.rows["row"].is_unique


def test_damaged_files_neither_crash_nor_hang(reader):
    """Bytes flipped, parts cut out, ends cut off; 2,000 of them by ``benchmarks/corpus.py --fuzz 2000``."""
    from salessheets.read import FileRows

    chance = random.Random(20261124)
    case = Case("consult_log", ("consult_date", "contact_way", "name", "phone", "content"),
                (("2026-11-03", "咨询电话", "王建国", "13987650012", "问价格"),) * 5, (), 0, "xlsx", frozenset(), False)  # fmt: skip
    originals = [
        write(case),
        write(Case(**{**vars(case), "kind": "xls"})),
        write(Case(**{**vars(case), "kind": "csv"})),
    ]
    for _ in range(150):
        data, name, _places = chance.choice(originals)
        assert isinstance(reader.read(damaged(data, chance), name), FileRows)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """One of the ways a file is spoilt."""
    spoilt = bytearray(data)
    way = chance.randrange(4)
    if way == 0:
        for _ in range(chance.randint(1, 30)):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    elif way == 1:
        del spoilt[chance.randrange(len(spoilt)) :]
    elif way == 2:
        start = chance.randrange(len(spoilt))
        del spoilt[start : start + chance.randint(1, 400)]
    else:
        start = chance.randrange(len(spoilt))
        spoilt[start:start] = chance.randbytes(chance.randint(1, 200))
    return bytes(spoilt)
