"""对账: every row handed in ends in exactly one place, per file and in total (product.md, "Nothing is lost")."""

from __future__ import annotations

import pandas as pd

from .book import Book, Col
from .report import FATES

LEDGER = "对账"
_EQUATION = f"交来行数 + 上周留待 = {' + '.join(FATES)}。– 表示没有。"
_WEIGHTS = "是不是同一客户,按本单位的分数 {} 判断。"


def write_ledger(book: Book, ledger: pd.DataFrame, weights: str = "") -> None:
    """One line per file, the total last, and whether both sides are equal. weights: of the office itself, if it has any."""
    sums = ["rows", "opening", *FATES]
    total = {
        "number": "",
        "person": "合计",
        "file": f"{len(ledger)} 个文件",
        **ledger[[*sums, "unread"]].sum().to_dict(),
    }
    frame = pd.concat([ledger.astype(object), pd.DataFrame([total], dtype=object)], ignore_index=True)
    balanced = frame["rows"] + frame["opening"] == frame[list(FATES)].sum(axis=1)
    columns = [
        Col("文件号", [f"{n:05d}" if n != "" else "" for n in frame["number"]], most=10),
        Col("交表人", list(frame["person"]), most=12),
        Col("文件", list(frame["file"]), most=50),
        Col("交来行数", list(frame["rows"]), "tally"),
        Col("上周留待", list(frame["opening"]), "tally"),
        *(Col(fate, list(frame[fate]), "tally") for fate in FATES),
        Col("相等", ["✓" if equal else "✗" for equal in balanced], "mark"),
        Col("没读入的行", list(frame["unread"]), "tally"),
    ]
    told = _EQUATION + (_WEIGHTS.format(weights) if weights else "")
    book.table(book.sheet(LEDGER, quiet=True), "对账", told, columns, freeze=3, total=True)


def write_brand_ledger(book: Book, ledger: pd.DataFrame) -> None:
    """The same for the rows that name this brand: nothing of other brands' rows."""
    title, advice = "对账(本品牌的行)", "本周写明意向是本品牌的行,每一行去了哪里。没写品牌的行在 销售部_周报。"
    total = {"person": "合计", "file": f"{len(ledger)} 个文件", **ledger[["rows", *FATES]].sum().to_dict()}
    frame = pd.concat([ledger.astype(object), pd.DataFrame([total], dtype=object)], ignore_index=True)
    balanced = frame["rows"] == frame[list(FATES)].sum(axis=1)
    columns = [
        Col("交表人", list(frame["person"]), most=12),
        Col("文件", list(frame["file"]), most=50),
        Col("交来行数", list(frame["rows"]), "tally"),
        *(Col(fate, list(frame[fate]), "tally") for fate in FATES),
        Col("相等", ["✓" if equal else "✗" for equal in balanced], "mark"),
    ]
    book.table(book.sheet(LEDGER, quiet=True), title, advice, columns, freeze=2, total=True)
