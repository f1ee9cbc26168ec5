"""The lines of our own workbooks as they come back: by sheet and key, wherever sorting or moved columns put them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .read import Sheet, Workbook
from .read.workbook import letters
from .tables import TABLES, By

LEADS, UNASSIGNED, UNBRANDED, MERGES, DOUBTS = "有效客户名单", "待分配", "未分品牌", "合并明细", "待确认重复"
ANALYSIS = "客户分析"
KEY_HEADER, RECORD_HEADER, PAIR_HEADER = "客户编号", "记录编号", "编号"
_KEY_OF_SHEET = {MERGES: RECORD_HEADER, DOUBTS: PAIR_HEADER}
_HEADER_DEPTH = 20
_NUMBER = re.compile(r"\d{5}-\d+-\d+")

# Prefixes of the names under which workbooks that are not a brand's are issued; each hand-out has a name of its own.
DAILY, FOLLOW = "销售部_日报_", "跟进表_"

ASSIGNED_BRAND, ANSWER = "assigned_brand", "answer"
ANSWER_HEADERS = {MERGES: "不是同一客户", DOUBTS: "是否同一客户"}
_VALID = TABLES["valid_leads"]
# 日报 lets the 销售部负责人 answer what 移交表 asks of him.
_HANDOVER = {c.header: c.field for c in TABLES["handover"].columns if c.by is By.SALES}
YELLOW_OF_HEADER = _HANDOVER | {c.header: c.field for c in _VALID.columns if c.by is By.DIRECTOR}
YELLOW_OF_HEADER = YELLOW_OF_HEADER | {"归属品牌": ASSIGNED_BRAND}
# White cells in which a correction is understood; all others are worked out from something else.
WHITE = ("name", "title", "phone", "wechat", "qq", "company", "province", "city", "county", "township", "address")
WHITE_OF_HEADER = {_VALID.column(field).header: field for field in WHITE}
HEADER_OF_FIELD = {f: h for h, f in (YELLOW_OF_HEADER | WHITE_OF_HEADER).items()} | {ANSWER: "回答"}


@dataclass(frozen=True)
class Line:
    """One line of a sheet that lists customers, records or pairs. key: its number as it stands there, "" when none.

    index: position of the sheet in its workbook, from 1. yellow, white: field → text. cells: field → address.
    unsaved: fields whose cell holds a formula that nobody calculated.
    """

    sheet: str
    index: int
    row: int
    key: str
    yellow: Mapping[str, str]
    white: Mapping[str, str]
    cells: Mapping[str, str]
    unsaved: frozenset[str]
    place: str = ""  # 待分配 and 未分品牌 show the region in one cell

    @property
    def numbered(self) -> bool:
        """The key looks like a number of ours."""
        return bool(self.key) and (self.sheet == DOUBTS or _NUMBER.fullmatch(self.key) is not None)

    @property
    def says(self) -> bool:
        """Somebody is named on it, or can be reached."""
        return any(self.white.values())


def lines(book: Workbook) -> Iterator[Line]:
    """Every line below the header of every sheet with a key column, in the order of the sheets."""
    for sheet in book.sheets:
        header = _header(sheet)
        if header is None:
            continue
        at, columns = header
        answer = ANSWER_HEADERS.get(sheet.name)
        yellow = YELLOW_OF_HEADER if answer is None else {answer: ANSWER}
        fields = {field: columns[h] for h, field in (yellow | WHITE_OF_HEADER).items() if h in columns}
        for number, row in sheet.rows(at + 1):
            texts = {field: text_of(row[column]) for field, column in fields.items()}
            unsaved = frozenset(f for f, c in fields.items() if (number, c + sheet.left) in sheet.unsaved)
            yield Line(
                sheet=sheet.name,
                index=sheet.index,
                row=number,
                key=text_of(row[columns[_key_header(sheet)]]).strip(),
                yellow={f: texts[f] for f in yellow.values() if f in texts},
                white={f: texts[f].strip() for f in WHITE if f in texts},
                cells={f: f"{letters(c + sheet.left)}{number}" for f, c in fields.items()},
                unsaved=unsaved,
                place=text_of(row[columns["地区"]]).strip() if "地区" in columns else "",
            )


def _key_header(sheet: Sheet) -> str:
    return _KEY_OF_SHEET.get(sheet.name, KEY_HEADER)


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """Excel row of the header and header → column within the sheet's cells; None when the sheet has no key column."""
    for number, row in sheet.rows(0, sheet.top + _HEADER_DEPTH):
        texts = [text.strip() for text in row]
        if _key_header(sheet) in texts:
            return number, {text: column for column, text in reversed(list(enumerate(texts))) if text}
    return None


def text_of(text: str) -> str:
    """A cell's text as it is compared: CRLF is LF, trailing blanks say nothing (contracts.md)."""
    return text.replace("\r\n", "\n").rstrip()
