"""The answer to ``dedupe``: every row of the lists with its group in front, the doubtful pairs, and how to read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from salessheets.csvtext import csv_bytes
from salessheets.problems import Problem

from .book import FIRST, Book, Col, fitted
from .look import TILE
from .template_text import prose

GROUP, SIZE, ADVICE, WEIGHT, REASON, ASK = "组号", "组内行数", "保留建议", "证据分", "理由", "待确认组"
FILE, SHEET, ROW = "文件", "工作表", "行"
FRONT = (GROUP, SIZE, ADVICE, WEIGHT, REASON, ASK, FILE, SHEET, ROW)
DOUBTFUL = (
    "证据分", "理由", "情况", "组号", "对方组号", "姓名", "对方姓名", "电话", "对方电话", "单位", "对方单位",
    "位置", "对方位置",
)  # fmt: skip
SUFFIXES = (".xlsx", ".csv")
MOST_ROWS = 1_048_576 - FIRST  # of a sheet
_RESULT, _ASKED, _PROBLEMS, _NOTES = "结果", "待确认", "问题", "说明"
_KINDS = {GROUP: "number", SIZE: "count", ADVICE: "mark", WEIGHT: "points", ROW: "number", "对方组号": "number"}
_MOST = {REASON: 44.0, "情况": 16.0, FILE: 24.0, "位置": 24.0, "对方位置": 24.0}
_LEAST = {ADVICE: 9.0, REASON: 30.0}
_WIDTHS = (16.0, 92.0)
_HOW = {
    GROUP: "同一个号码的行是同一个客户。有重复的组排在前面,一组一种底色;没有重复的行排在后面。",
    ADVICE: "「主」是这一组里填得最完整的一行,建议留它;「并入」是建议并进主行的。程序没有删任何一行。",
    WEIGHT: "两行是同一客户的证据有多强。达到 {merge} 分算同一客户;{ask} 到 {merge} 分请人确认,在「待确认」里。",
    REASON: "分数从哪里来。例如:同手机 +11.2,同姓名 +5.0 = 16.2。减号是不利的证据,例如城市不同。",
    ASK: "可能是同一客户的其他组的组号。请到「待确认」里看两边的资料。",
    "原来的列": "都照原样放在后面,内容没有改。和上面同名的列加了「(原)」。",
    "怎么用": "按「保留建议」筛选「主」和空白,就是去掉重复后的名单。先看完「待确认」再删行。",
}


def text_of(table: pd.DataFrame) -> list[list[str]]:
    """Every cell as text, numbers as people write them: 16.2, and nothing for what is not known."""
    columns = [[_plain(value) for value in table[name]] for name in table.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def _plain(value: object) -> str:
    if isinstance(value, float):
        return "" if value != value else f"{value:.1f}"  # noqa: PLR0124 - NaN is unequal to itself
    return str(value)


def write_csv(table: pd.DataFrame) -> bytes:
    """The table as a CSV; a group number of rows that are no customers is blank."""
    return csv_bytes([list(table.columns), *text_of(_blank(table))])


def _blank(table: pd.DataFrame) -> pd.DataFrame:
    """Rows that are no customers have neither group nor size."""
    none = table[GROUP] == 0
    return table.assign(**{name: table[name].astype("object").mask(none, "") for name in (GROUP, SIZE)})


def write_book(
    table: pd.DataFrame,
    doubtful: pd.DataFrame,
    problems: Sequence[Problem],
    counts: Mapping[str, int],
    lines: tuple[float, float],
    day: date,
    learnt: Sequence[str] = (),
) -> bytes:
    """结果, 待确认, 问题 and 说明 as one workbook. lines: ask and merge line. learnt: what the list taught, in sentences.

    The same answer gives the same bytes.
    """
    book = Book(title="名单去重", day=day, footer="名单去重")
    title = f"名单去重\uff1a{counts['rows']} 行 → {counts['customers']} 个客户"
    advice = (
        f"{counts['groups']} 组有重复,{counts['joined']} 行可以并入,{counts['doubtful']} 对要人确认。"
        "筛选「保留建议」为「主」和空白,就是去掉重复后的名单。"
    )
    sheet = book.sheet(_RESULT)
    book.table(sheet, title, advice, _columns(_blank(table)), freeze=3, back=False)
    _bands(book, sheet, table)
    if len(doubtful):
        text = f"可能是同一客户,要人看一眼,共 {len(doubtful)} 对。是同一客户的,请在「结果」里按组号合并。"
        book.table(book.sheet(_ASKED), "待确认", text, _columns(doubtful), freeze=1, back=False)
    if problems:
        _problems(book, problems)
    _notes(book, lines, learnt)
    return book.done()


def _columns(table: pd.DataFrame) -> list[Col]:
    return [
        Col(
            name,
            ["" if isinstance(v, float) and v != v else v for v in table[name]],  # noqa: PLR0124 - NaN
            _KINDS.get(name, "text"),
            least=_LEAST.get(name, 0.0),
            most=_MOST.get(name, 30.0),
        )
        for name in table.columns
    ]


def _bands(book: Book, sheet: Worksheet, table: pd.DataFrame) -> None:
    """Every second group that has several rows lies on a light ground; a rule, so that it holds after sorting too."""
    shade = book.file.add_format({"bg_color": TILE})
    rule = {
        "type": "formula",
        "criteria": f'=AND($B{FIRST + 1}>1,$B{FIRST + 1}<>"",ISODD($A{FIRST + 1}))',
        "format": shade,
    }
    sheet.conditional_format(FIRST, 0, FIRST + max(len(table), 1) - 1, len(table.columns) - 1, rule)


def _problems(book: Book, problems: Sequence[Problem]) -> None:
    where = [p.cell or (f"第{p.row}行" if p.row else "") for p in problems]
    columns = [
        Col("文件", [p.file for p in problems], most=30),
        Col("工作表", [p.sheet for p in problems], most=24),
        Col("位置", where, most=12),
        Col("内容", [p.value for p in problems], most=30),
        Col("问题", [p.message for p in problems], most=50),
        Col("怎么办", [p.todo for p in problems], most=50),
    ]
    text = "这些行都照常比较了;内容看不懂的格没有参加比较。改正后可以再运行一次。"
    book.table(book.sheet(_PROBLEMS, quiet=True), "问题", text, columns, freeze=3, back=False)


def _notes(book: Book, lines: tuple[float, float], learnt: Sequence[str]) -> None:
    sheet = book.sheet(_NOTES, quiet=True)
    book.heading(sheet, "说明", "这个文件由程序写成。原来的名单没有改动。", _WIDTHS, back=False)
    for at, width in enumerate(_WIDTHS):
        sheet.set_column(at, at, width)
    bold, wrapped = book.formats.make(bold=True, valign="top"), book.formats.make(valign="top", text_wrap=True)
    how = _HOW | ({"从名单学到的": "\n".join(f"{sentence}。" for sentence in learnt)} if learnt else {})
    for row, (label, text) in enumerate(how.items(), start=3):
        told = prose(text.format(ask=f"{lines[0]:g}", merge=f"{lines[1]:g}"))
        book.text(sheet, row, 0, label, bold)
        book.text(sheet, row, 1, told, wrapped)
        sheet.set_row(row, fitted(told, _WIDTHS[1]) + 4)
