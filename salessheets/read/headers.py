"""Which declared column a header text means: the header itself, its aliases, and the office's own 列名对照."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from salessheets.tables import TABLES, Table

LONGEST = 40  # characters; a longer text is no header
SHARED = frozenset((
    "serial", "name", "title", "phone", "wechat", "qq", "company", "province", "city", "county", "township", "address",
    "brand", "product", "note", "lead",
))  # fmt: skip

_DEMAND = re.compile(r"[(\[【][^)\]】]*(?:必填|选填|必须|可不填)[^)\]】]*[)\]】]|(?:条件)?必填|选填")
_BRACKETS = re.compile(r"[(\[【][^)\]】]*[)\]】]")
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Meaning:
    """A field, and whether the text was its very header (not only an alias)."""

    field: str
    exact: bool


@lru_cache(maxsize=20_000)
def forms(text: str) -> tuple[str, ...]:
    """Normal forms of a header, the most literal first: 「联系电话1(必填)」 → ("联系电话1", "联系电话")."""
    if not text or len(text) > LONGEST:
        return ()
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = _DEMAND.sub("", plain)
    candidates = (plain, _BRACKETS.sub("", plain), plain.strip().split("\n")[0], plain.rstrip("0123456789"))
    return tuple(dict.fromkeys(form for form in (_SIGNS.sub("", c) for c in candidates) if form))


class Names:
    """Every accepted header of every table. ``aliases``: the office's own header → a declared header."""

    def __init__(self, aliases: Mapping[str, str]) -> None:
        self._meanings: dict[str, dict[str, Meaning]] = {}
        self.raw: set[str] = set()  # spelled as declared, to notice a further header row quickly
        for table in TABLES.values():
            for column in table.columns:
                self._add(table, column.header, Meaning(column.field, exact=True))
        for table in TABLES.values():
            for column in table.columns:
                for alias in column.aliases:
                    self._add(table, alias, Meaning(column.field, exact=False))
        for table in TABLES.values():
            for column in table.head:  # some people give 移交日期 a column of its own instead of a cell above the table
                self._add(table, column.header, Meaning(column.field, exact=False))
        for own, declared in aliases.items():
            for form in forms(declared)[:1]:
                for key, meaning in tuple(self._meanings.get(form, {}).items()):
                    self._add(TABLES[key], own, Meaning(meaning.field, exact=False))

    def _add(self, table: Table, text: str, meaning: Meaning) -> None:
        self.raw.add(text)
        for form in forms(text)[:1]:
            self._meanings.setdefault(form, {}).setdefault(table.key, meaning)

    def meanings(self, *texts: str) -> Mapping[str, Meaning]:
        """Table key → meaning of the first text (in its first form) that any table knows; {} when none does."""
        for text in texts:
            for form in forms(text):
                found = self._meanings.get(form)
                if found:
                    return found
        return {}


def mentioned(text: str) -> str:
    """Key of the table whose name stands in this title, sheet or file name, "" when none does. The longest wins."""
    plain = _SIGNS.sub("", unicodedata.normalize("NFKC", text))
    best = ("", "")
    for table in TABLES.values():
        for name in (table.name, *table.other_names):
            if len(name) > len(best[0]) and _SIGNS.sub("", name) in plain:
                best = (name, table.key)
    return best[1]
