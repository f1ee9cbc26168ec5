"""Taking a person out of a file: a copy that holds values only, with his rows empty and his numbers gone everywhere.

Rows and sheets keep their places, so that record numbers stay what they are (contracts.md, "forget"). What a values-only
copy leaves out (pictures, comments, properties, macros, styles) may have held him, too.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd
import xlsxwriter
from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.worksheet import Worksheet

from .issue import Issue
from .read import Sheet, Workbook

GONE = "已删除"
_MARKS = ("salessheets_issue", "salessheets_table", "salessheets_version")
_BETWEEN = r"[\s\-\u2010-\u2015\u3000.()（）]*"  # what people write between the digits of a phone
_WIDE = str.maketrans({str(digit): f"[{digit}{chr(0xFF10 + digit)}]" for digit in range(10)})
_CREATED = datetime(2026, 1, 1)  # noqa: DTZ001  the same file gives the same bytes
_SHEET_NAME = 31
_ERROR = "#N/A"


@dataclass(frozen=True)
class Person:
    """What is erased. numbers: phones, WeChat, QQ. names: his names, erased in rows that are his or show his number.
    leads: 客户编号 and 记录编号 that are his; a row of any list of ours that shows one is his. partly: numbers of leads
    that others belong to as well: there only his names and numbers go.
    """

    numbers: tuple[str, ...]
    names: tuple[str, ...]
    leads: frozenset[str]
    partly: frozenset[str] = frozenset()

    @property
    def pattern(self) -> re.Pattern[str]:
        """Matches his numbers however they are written."""
        return re.compile(
            "|".join(_written(n) for n in sorted(self.numbers, key=len, reverse=True)) or r"(?!)", re.IGNORECASE
        )

    def cleared(self, text: str) -> str:
        """The text without his numbers."""
        return self.pattern.sub(GONE, text)


def _written(number: str) -> str:
    if number.isdigit():
        return rf"(?<!\d){_BETWEEN.join(digit.translate(_WIDE) for digit in number)}(?!\d)|(?<=86){number}(?!\d)"
    if number.replace("-", "").isdigit():  # a landline: 0532-88880001
        return _written(number.replace("-", ""))
    return rf"(?<![A-Za-z0-9_-]){re.escape(number)}(?![A-Za-z0-9_-])"


def clear_row(texts: list[str], person: Person) -> list[str]:
    """One row that is not known to be his: empty when it shows a number of ours that is, else without his numbers,
    and without his names where those stood.
    """
    shown = {number for text in texts for number in text.split("/")}  # a pair of 待确认重复 shows two
    asked = any("/" in text and not person.partly.isdisjoint(text.split("/")) for text in texts)
    if not person.leads.isdisjoint(shown) or (asked and not set(person.names).isdisjoint(texts)):
        return [""] * len(texts)
    cleared = [person.cleared(text) for text in texts]
    if cleared != texts or not person.partly.isdisjoint(shown):
        cleared = ["" if text.strip() in person.names else text for text in cleared]
    return cleared


def clear_workbook(
    book: Workbook, person: Person, own: Collection[tuple[int, int]], *, always: bool = False
) -> bytes | None:
    """The values-only copy; None when no cell of the workbook is his (always: even then a copy).

    own: (sheet index, row) of his rows.
    """
    sheets = []
    changed = always or (
        bool(person.numbers) and any(person.cleared(sheet.name) != sheet.name for sheet in book.sheets)
    )
    for sheet in book.sheets:
        rows = {}
        for number, texts in sheet.rows():
            row = list(texts)
            cleared = [""] * len(row) if (sheet.index, number) in own else clear_row(row, person)
            changed = changed or cleared != row
            rows[number] = cleared
        sheets.append((sheet, rows))
    if not changed:
        return None
    return _csv(sheets[0][1], sheets[0][0].left) if book.kind == "csv" else _xlsx(book, sheets, person)


def _csv(rows: dict[int, list[str]], left: int) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for number in range(1, max(rows, default=0) + 1):
        texts = rows.get(number, [])
        writer.writerow([*[""] * left, *texts] if any(texts) else [])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _xlsx(book: Workbook, sheets: list[tuple[Sheet, dict[int, list[str]]]], person: Person) -> bytes:
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as made:
        made.set_properties({"created": _CREATED})
        for mark in _MARKS:
            value = book.properties.get(mark, "") or (book.issue if mark == _MARKS[0] else "")
            if value:
                made.set_custom_property(mark, value, "text")
        taken: set[str] = set()
        shown = False
        for sheet, rows in sheets:
            page = made.add_worksheet(_sheet_name(person.cleared(sheet.name), taken))
            _page(page, sheet, rows)
            if sheet.hidden:
                page.hide()
            elif not shown:
                page.activate()
                page.set_first_sheet()
                shown = True
        if not shown:
            made.add_worksheet()
            made.worksheets()[-1].activate()
    return out.getvalue()


def _sheet_name(name: str, taken: set[str]) -> str:
    base = re.sub(r"[\[\]:*?/\\]", "_", name).strip("'")[:_SHEET_NAME] or "表"
    found, count = base, 1
    while found.casefold() in taken:
        count += 1
        found = f"{base[: _SHEET_NAME - 4]}_{count}"
    taken.add(found.casefold())
    return found


def _page(page: Worksheet, sheet: Sheet, rows: dict[int, list[str]]) -> None:
    empty = {number for number, texts in rows.items() if not any(texts)}
    filled: dict[tuple[int, int], str] = {}
    for first, left, last, right in sheet.merged:
        covered = range(first, min(last, sheet.bottom) + 1)
        if empty.isdisjoint(covered) or first not in rows:
            try:
                page.merge_range(first - 1, left, last - 1, right, "")
            except (OverlappingRange, ValueError):
                continue
        elif first not in empty:  # the rest of a merged cell still says what it said
            filled |= {(row, left): rows[first][left - sheet.left] for row in covered if row not in empty}
    for number, texts in rows.items():
        for at, text in enumerate(texts, sheet.left):
            value = text or filled.get((number, at), "")
            if value and (number, at) in sheet.errors:
                page.write_formula(number - 1, at, "=NA()", None, _ERROR)
            elif value:
                page.write_string(number - 1, at, value[:32_767])
    for number in sheet.hidden_rows:
        page.set_row(number - 1, None, None, {"hidden": True})


def clear_issue(issue: Issue, person: Person) -> Issue:
    """An issue record without him: his leads, his rows, his numbers in what others' cells say."""

    def texts(frame: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
        done = {c: frame[c].map(lambda text: person.cleared(text) if isinstance(text, str) else text) for c in columns}
        return frame.assign(**{c: values.astype(frame[c].dtype) for c, values in done.items()})

    partly = issue.leads["lead"].isin(person.partly)
    leads = issue.leads.assign(
        name=issue.leads["name"].mask(partly & issue.leads["name"].isin(person.names), ""),
    )
    return replace(
        issue,
        cells=texts(issue.cells[~issue.cells["lead"].isin(person.leads)], ["value"]).reset_index(drop=True),
        fates=texts(issue.fates[~issue.fates["rid"].isin(person.leads)], ["reason"]).reset_index(drop=True),
        leads=texts(leads[~leads["lead"].isin(person.leads)], _text_columns(leads)).reset_index(drop=True),
        pairs=issue.pairs[~issue.pairs.map(lambda text: _his(text, person)).any(axis=1)].reset_index(drop=True),
        shared=issue.shared[~issue.shared["value"].map(lambda text: _his(text, person))].reset_index(drop=True),
    )


def _text_columns(leads: pd.DataFrame) -> list[str]:
    return [str(c) for c in leads if c not in ("lead", "brand") and isinstance(leads[c].dtype, pd.StringDtype)]


def _his(text: object, person: Person) -> bool:
    """Whether a cell of an issue record names him: a record number, a number, a name (also as name@city)."""
    said = str(text)
    return (
        not person.leads.isdisjoint(said.split(";"))
        or person.pattern.search(said) is not None
        or said.split("@", maxsplit=1)[0] in person.names
    )


def found_in(data: bytes, numbers: Iterable[str]) -> bool:
    """Whether any of the numbers stands in the bytes of a file, or of a part of it when it is a zip."""
    wanted = [form for number in numbers for form in (number.encode(), number.encode("utf-16-le"))]
    for part in (data, *_parts(data)):
        lower = part.lower()
        if any(form.lower() in lower for form in wanted):
            return True
    return False


def _parts(data: bytes) -> Iterable[bytes]:
    if not data.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield archive.read(name)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError):
        return
