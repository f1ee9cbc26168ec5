"""A marked copy of a checked sheet: every cell where it was, the wrong ones coloured, a column saying what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from salessheets.problems import Problem, Severity
from salessheets.read import Sheet, Workbook

from .book import Book
from .look import MAX_WIDTH, column_width

TODO = "要改什么"
_COLOURS = {Severity.RETURN: "#F8B8B0", Severity.TODO: "#FFE699", Severity.NOTICE: "#DDEBF7"}
_SAMPLE = 200  # rows looked at for the column widths
_DAY = date(2026, 1, 1)  # stands for "created": the same check gives the same bytes


def write_marked(workbook: Workbook, problems: Sequence[Problem], headers: Mapping[str, int]) -> bytes:
    """An xlsx with the texts of the workbook. ``headers``: sheet name → Excel row of its (first) header.

    Red: the row would go back. Yellow: to be filled in. Blue: worth a look.
    """
    book = Book(title="检查结果", day=_DAY, footer="检查结果")
    for sheet in workbook.sheets:
        if sheet.height and not sheet.hidden:
            mine = [p for p in problems if p.sheet == sheet.name]
            _sheet(book, sheet, mine, headers.get(sheet.name, 0))
    if not book.file.worksheets():
        book.sheet("空")
    return book.done()


def _sheet(book: Book, sheet: Sheet, problems: Sequence[Problem], header: int) -> None:
    page = book.sheet(sheet.name or "表")
    worst: dict[tuple[int, int], Severity] = {}
    words: dict[int, list[str]] = {}
    for problem in problems:
        if not problem.row:
            continue
        words.setdefault(problem.row, []).append(f"{problem.message}。{problem.todo}")
        place = re.fullmatch(r"([A-Z]+)(\d+)", problem.cell)
        if place:
            key = (int(place[2]), _column(place[1]))
            worst[key] = min(worst.get(key, problem.severity), problem.severity, key=list(_COLOURS).index)
    note = sheet.left + sheet.width
    for number, texts in sheet.rows():
        for offset, text in enumerate(texts):
            column = sheet.left + offset
            severity = worst.get((number, column))
            if text or severity:
                look = {"bg_color": _COLOURS[severity]} if severity else {}
                book.text(
                    page, number - 1, column, text, book.formats.make(**look, num_format="@", bold=number == header)
                )
        if number in words:
            text = "\n".join(dict.fromkeys(words[number]))
            book.text(page, number - 1, note, text, book.formats.make(text_wrap=True, font_color="#C00000"))
    if header:
        book.text(page, header - 1, note, TODO, book.formats.make(bold=True, font_color="#C00000"))
        page.freeze_panes(header, 0)
    sample = [texts for _, texts in sheet.rows(0, sheet.top + _SAMPLE)]
    for offset in range(sheet.width):
        width = column_width("", [texts[offset] for texts in sample[max(0, header - sheet.top) :]], most=MAX_WIDTH // 2)
        page.set_column(sheet.left + offset, sheet.left + offset, width)
    page.set_column(note, note, 60)


def _column(name: str) -> int:
    """A → 0, AA → 26."""
    at = 0
    for letter in name:
        at = at * 26 + ord(letter) - 64
    return at - 1
