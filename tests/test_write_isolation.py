"""A brand's workbook holds its own leads and nothing else, in whatever part of the file one looks."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from report_fixture import KANG, YI
from written import OFFICE, parts, week

from salessheets.write.brand import write_brand

TELLING = ["lead", "name", "phone", "wechat", "qq", "company", "address", "summary", "note", "result", "next_date"]


def texts(frame, columns) -> set[str]:
    """The values that would tell something; one letter or digit does not."""
    found = {str(v) for c in columns if c in frame for v in frame[c] if len(str(v)) > 1}
    return {text for text in found if not re.fullmatch(r"\d{4}-\d\d-\d\d", text)}  # a bare day is nobody's


def foreign(made, brand: str) -> set[str]:
    """Everything that belongs to other brands, to no brand, to nobody, or to staff."""
    mine = made.leads["brand"] == brand
    merged = made.merges[[brand not in brands for brands in made.merges["brands"]]]
    secret = texts(made.leads[~mine], TELLING) | texts(made.unbranded, TELLING) | texts(made.closed, TELLING)
    secret |= texts(merged, ["lead", "rid", "name", "phone", "company"])
    secret |= texts(made.invalid, ["rid", "name", "phone", "company"]) | texts(made.returns, ["rid"])
    named = ("name", "phone", "company", "wechat")
    secret |= {fields[field] for fields in made.returns["fields"] for field in named if fields.get(field)}
    secret |= {person.phone for person in made.settings.staff if person.phone}
    secret |= {blocked.value for blocked in made.settings.blocked}
    for other in made.settings.brands:
        secret |= {other.name, *other.former} if other.name != brand else set()
    shared = made.merges[[brand in brands for brands in made.merges["brands"]]]
    own = texts(made.leads[mine], made.leads.columns) | texts(shared, shared.columns) | {brand}
    return {value for value in secret if not any(value in one for one in own)}


def leaks(data: bytes, secrets: set[str]) -> Iterator[tuple[str, str]]:
    for part, xml in parts(data).items():
        for secret in secrets:
            if secret in xml:
                yield part, secret


@pytest.mark.parametrize("brand", [KANG, YI])
def test_a_brands_workbook_says_nothing_of_others(brand):
    made = week()
    secrets = foreign(made, brand)
    assert len(secrets) > 30
    assert list(leaks(write_brand(made, brand, "id"), secrets)) == []


def test_another_brand_of_the_same_customer_is_only_a_yes():
    from openpyxl import load_workbook

    page = load_workbook(io.BytesIO(write_brand(week(), YI, "id")))["有效客户名单"]
    header = {cell.value: cell.column for cell in page[3]}
    rows = [[page.cell(row, header[h]).value for h in ("客户姓名", "另有品牌")] for row in range(4, page.max_row + 1)]
    assert rows == [["李秀英", "是"], ["吴天宝", None], ["郑秀兰", None]]


def test_the_sample_office_leaks_nothing(ran):
    _, outcome = ran
    made = outcome.weeks[-1].report
    for brand in made.settings.brands:
        found = leaks(write_brand(made, brand.name, "id"), foreign(made, brand.name))
        assert list(found) == [], brand.name


def test_the_workbooks_of_another_office_hold_no_staff_phones():
    for brand in (KANG, YI):
        text = "".join(parts(write_brand(week(), brand, "id")).values())
        assert [p.phone for p in OFFICE.staff if p.phone and p.phone in text] == []
