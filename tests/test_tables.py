"""The declarations of the manual's twelve tables, and the document made from them."""

from __future__ import annotations

import importlib.util
import re
import unicodedata
from collections import Counter
from datetime import date, time
from pathlib import Path

import pytest

from salessheets.tables import INTAKE, TABLES, By, Column, Condition, Kind, Source, Table
from salessheets.tables.columns import NOT_IN_MANUAL

ROOT = Path(__file__).resolve().parents[1]
MANUAL = ROOT.parent / "shared" / "manual" / "sales-manual.zh.txt"

tables = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)


def normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "").lower()


def test_the_twelve_tables_in_the_order_of_the_manual():
    assert [table.name for table in TABLES.values()] == [
        "客户咨询记录本", "客户信息移交表", "客户名录表", "转介绍客户名录表", "陌生拜访登记本", "有效客户名单表",
        "客户分析表", "客户策略制定表", "客户洽谈信息记录表", "公司洽谈资料清单", "售后服务回访记录表", "转介绍答谢记录表",
    ]  # fmt: skip
    assert INTAKE == ("consult_log", "handover", "directory", "referral", "visit_log")


def test_no_two_tables_answer_to_one_name():
    names = Counter(normal(name) for table in TABLES.values() for name in (table.name, *table.other_names))
    assert [name for name, count in names.items() if count > 1] == []


@tables
def test_fields_and_all_spellings_of_headers_are_unique_within_a_table(table: Table):
    assert len({*table.fields}) == len(table.fields)
    spellings = Counter(normal(name) for column in table.columns for name in column.names)
    assert [name for name, count in spellings.items() if count > 1] == []


@tables
def test_every_column_is_declared_completely(table: Table):
    assert table.clause
    assert table.filled_by
    assert table.when
    assert table.goes_to
    for column in (*table.head, *table.columns):
        assert re.fullmatch(r"[a-z][a-z0-9_]*", column.field)
        assert column.clause == NOT_IN_MANUAL or re.match(r"第[一二三四五六七八]章", column.clause), column.field
        if column.when:
            other = table.column(column.when.field)
            assert set(column.when.values) <= set(other.choices), column.field
        if column.choices:
            assert len(set(column.choices)) == len(column.choices)
            assert not any("、" in choice for choice in column.choices)  # 、 joins several
    assert not table.date_field or table.column(table.date_field).kind is Kind.DATE


@tables
def test_only_the_program_and_the_referrer_columns_may_do_without_an_example(table: Table):
    without = {c.field for c in table.columns if not c.example and c.by is By.STAFF}
    assert without <= {"note", "township"}


@tables
def test_the_three_example_rows_obey_the_rules_that_they_illustrate(table: Table):
    assert len(table.examples) == 3
    for row in table.examples:
        assert set(row) <= {column.field for column in table.columns}
        for column in table.columns:
            value = row.get(column.field, "")
            assert value == value.strip()
            if value:
                assert allowed(column, value), (column.field, value)
            elif column.field in ("lead", "name", "company", "phone", "wechat", "qq"):
                continue  # one of several: next test
            elif column.required:
                raise AssertionError(column.field)
            elif column.when and column.by is By.STAFF:
                assert not holds(column.when, row), column.field
        names = {field for field in ("name", "company", "lead", "material", "referrer") if row.get(field)}
        contacts = {field for field in ("phone", "wechat", "qq", "lead", "material_id") if row.get(field)}
        assert names
        assert contacts


def holds(condition: Condition, row: dict[str, str]) -> bool:
    value = row.get(condition.field, "")
    return bool(value) and (value in condition.values) != condition.negated


def allowed(column: Column, value: str) -> bool:
    if column.choices:
        return set(value.split("、")) <= set(column.choices)
    match column.kind:
        case Kind.DATE:
            return date.fromisoformat(value).isoformat() == value
        case Kind.TIME:
            return time.fromisoformat(value).strftime("%H:%M") == value
        case Kind.INTEGER:
            return value.isdecimal()
        case Kind.NUMBER:
            return bool(re.fullmatch(r"\d+(\.\d+)?%?", value))
        case Kind.PHONE:
            return bool(re.fullmatch(r"1[3-9]\d{9}|0\d{2,3}-\d{7,8}", value))
    return True


@tables
def test_the_examples_are_made_for_the_columns_example_values(table: Table):
    for column in (*table.head, *table.columns):
        assert not column.example or allowed(column, column.example), column.field


def test_the_customer_block_is_asked_for_as_the_manual_wants_it():
    required = {key: {c.field for c in table.columns if c.required} for key, table in TABLES.items()}
    assert not {"province", "city"} & required["consult_log"]
    for key in ("handover", "directory", "referral", "visit_log"):
        assert {"province", "city"} <= required[key]
    assert {"channel", "brand"} <= required["handover"]
    assert {"referrer", "referrer_phone"} <= required["referral"]
    assert {"company", "phone", "address"} <= required["visit_log"]
    assert [c.header for c in TABLES["handover"].head] == ["移交日期", "移交人", "接收人"]


@tables
def test_places_come_as_province_city_county(table: Table):
    places = [c.source for c in table.columns if c.source in (Source.PROVINCES, Source.CITIES, Source.COUNTIES)]
    assert places in ([], [Source.PROVINCES, Source.CITIES, Source.COUNTIES])


def test_a_note_warns_against_health_remarks():
    notes = [c for t in TABLES.values() for c in t.columns if c.field == "note" and c.by is By.STAFF]
    assert len(notes) == 5
    assert all("病情" in note.rule for note in notes)


def test_a_choice_column_without_choices_is_refused():
    with pytest.raises(ValueError, match="needs choices"):
        Column("x", "某列", kind=Kind.CHOICE)


def test_a_condition_says_itself_in_chinese():
    table = TABLES["negotiation"]
    assert table.column("lost_reason").when is not None
    assert table.column("lost_reason").when.text(table.headers) == "洽谈状态是「失败」时必填"
    assert table.column("next_step").when.text(table.headers) == "洽谈状态不是「成交、失败」时必填"


def test_an_unknown_column_is_a_key_error():
    with pytest.raises(KeyError, match="nonsense"):
        TABLES["handover"].column("nonsense")


@pytest.mark.skipif(not MANUAL.exists(), reason="the manual is not part of the repository")
def test_names_that_the_manual_uses_are_known():
    text = MANUAL.read_text(encoding="utf-8")
    known = {name for table in TABLES.values() for name in (table.name, *table.other_names)}
    mentioned = {
        "客户咨询记录本", "客户信息移交表", "客户名单表", "客户名录表", "转介绍单表", "转介绍单", "转介绍客户名录表",
        "登记本", "有效客户名单表", "客户分析表", "客户洽谈信息记录表", "公司洽谈资料的种类清单",
    }  # fmt: skip
    assert all(name in text for name in mentioned)
    assert mentioned <= known


def script():
    spec = importlib.util.spec_from_file_location("write_templates", ROOT / "scripts" / "write_templates.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_document_is_current():
    written = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    assert written == script().document(), "run: python scripts/write_templates.py"


@tables
def test_the_document_has_a_small_picture_of_every_form(table: Table):
    picture = ROOT / "docs" / "images" / f"{table.key}.png"
    assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert picture.stat().st_size < 120_000
