"""The workbooks of the hand-made week (report_fixture), and what is inside their files."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

from report_fixture import SETTINGS, report

from salessheets.settings import Blocked, Staff
from salessheets.write.brand import write_brand
from salessheets.write.report import Report
from salessheets.write.returns import write_returns
from salessheets.write.sales import SALES, write_sales

_PHONES = {"刘洋": "18615270493", "赵强": "17753186249", "陈静": "13573149062"}
OFFICE = replace(
    SETTINGS,
    staff=tuple(replace(person, phone=_PHONES.get(person.name, "")) for person in (*SETTINGS.staff, Staff("欧阳建国"))),
    blocked=(Blocked("15904718263", "电话", "来电要求不再联系"),),
)


def week(**changes: object) -> Report:
    """The week of an office whose staff have telephones."""
    return report(settings=OFFICE, **changes)


def books(made: Report) -> dict[str, bytes]:
    """Every workbook of a week: each brand's, 销售部_周报, and each person's 退回更正."""
    found = {brand.name: write_brand(made, brand.name, f"id-{at}") for at, brand in enumerate(made.settings.brands)}
    found[SALES] = write_sales(made, "id-sales")
    return found | {f"退回更正_{person}": write_returns(made, person) for person in sorted(set(made.returns["person"]))}


def parts(data: bytes) -> dict[str, str]:
    """Every part of a workbook as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
