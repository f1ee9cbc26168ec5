"""Which table a header row belongs to, and which column is what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from salessheets.tables import TABLES, By, Kind, Table

from .headers import SHARED, Meaning, Names

Texts = Sequence[str]

_EXACT, _ALIAS, _OWN = 1.0, 0.8, 1.5  # worth of a column; a column that only few tables have tells more
_MISSING = 0.25  # taken off for each demanded column that is not there
_NO_NUMBER = 2.0  # the program's own list is nothing without 客户编号
_BETTER = 0.5  # what a second header row must add to be believed
_NAMED = ("name", "company")
_REACHED = ("phone", "wechat", "qq")


@dataclass
class Fit:
    """One table laid over one header row. Columns are 0-based from the left edge of the sheet's cells."""

    table: Table
    columns: dict[str, int] = field(default_factory=dict)
    joined: dict[str, list[int]] = field(default_factory=dict)  # further columns of the same phone field
    extras: dict[str, int] = field(default_factory=dict)
    doubles: list[tuple[int, str]] = field(default_factory=list)  # a column said twice: (column, header)
    guessed: list[tuple[int, str, str]] = field(default_factory=list)  # (column, header found, declared header)
    proposed: Mapping[str, str] = field(default_factory=dict)  # header found → declared header, for 列名对照
    exact: int = 0
    score: float = 0.0
    filled: int = 0  # header cells

    @property
    def missing(self) -> list[str]:
        """Headers that are demanded of the person who fills the form and are not there."""
        return [c.header for c in self.table.columns if c.required and c.by is By.STAFF and c.field not in self.columns]

    @property
    def own(self) -> int:
        """How many columns found are this table's own, beyond the shared blocks."""
        return sum(1 for name in self.columns if name not in SHARED)

    def accepted(self, hinted: bool) -> bool:
        """Whether this is the table, beyond reasonable doubt. ``hinted``: its name stands on it."""
        found = len(self.columns)
        strange = found * 2 < self.filled and self.exact < 6 and not (hinted and found >= 5)
        if strange or found < (3 if hinted else 4):
            return False
        if self.own < (1 if hinted else 2):
            return False
        if self.table.known_by:
            return self.table.known_by in self.columns
        if self.table.intake:
            return any(n in self.columns for n in _NAMED) and any(n in self.columns for n in _REACHED)
        return "lead" in self.columns or "name" in self.columns


@dataclass(frozen=True)
class Header:
    """A header found: its last row, the row it begins in, and the table it fits."""

    first_row: int
    row: int
    fit: Fit


def fit(cells: Mapping[int, tuple[str, ...]], names: Names, bonus: Mapping[str, float]) -> Fit | None:
    """The table that fits best. ``cells``: column → spellings of its header, the best first."""
    meanings = {at: names.meanings(*spellings) for at, spellings in cells.items()}
    keys = {key for found in meanings.values() for key in found}
    fits = [_lay(TABLES[key], cells, meanings) for key in TABLES if key in keys]
    for one in fits:
        one.score += bonus.get(one.table.key, 0.0)
    return max(fits, key=lambda one: one.score, default=None)


def lay(table: Table, texts: Texts, names: Names) -> Fit:
    """One table over one row, whatever the others say."""
    cells = {at: (text,) for at, text in enumerate(texts) if text}
    return _lay(table, cells, {at: names.meanings(*spellings) for at, spellings in cells.items()})


def _lay(table: Table, cells: Mapping[int, tuple[str, ...]], meanings: Mapping[int, Mapping[str, Meaning]]) -> Fit:
    result = Fit(table, filled=len(cells))
    hits = [(at, found[table.key]) for at, found in meanings.items() if table.key in found]
    for at, meaning in sorted(hits, key=lambda hit: not hit[1].exact):
        name = meaning.field
        if name not in result.columns:
            result.columns[name] = at
            result.exact += meaning.exact
            result.score += (_EXACT if meaning.exact else _ALIAS) * (1.0 if name in SHARED else _OWN)
        elif table.column(name).kind is Kind.PHONE and cells[at][-1] != cells[result.columns[name]][-1]:
            result.joined.setdefault(name, []).append(at)
        elif cells[at][-1] == cells[result.columns[name]][-1]:
            result.doubles.append((at, cells[at][-1]))
    result.columns = dict(sorted(result.columns.items(), key=lambda item: item[1]))
    used = set(result.columns.values()).union(*result.joined.values())
    for at, spellings in cells.items():
        if at not in used:
            header, again = spellings[-1], 2
            if header in result.extras:
                header = spellings[0]  # with the group above it
            while header in result.extras:
                header, again = f"{spellings[0]}.{again}", again + 1
            result.extras[header] = at
    result.score -= _MISSING * len(result.missing)
    if table.key == "valid_leads" and "lead" not in result.columns:
        result.score -= _NO_NUMBER
    return result


def header_at(upper: Texts, lower: Texts | None, names: Names, bonus: Mapping[str, float]) -> tuple[Fit, int] | None:
    """The best reading of a row as a header, alone or with the row below it: (fit, rows used)."""
    single = fit({at: (text,) for at, text in enumerate(upper) if text}, names, bonus)
    double = _two_rows(upper, lower, names, bonus) if lower else None
    if lower and double and (single is None or double.score > single.score + _BETTER):
        alone = fit({at: (text,) for at, text in enumerate(lower) if text}, names, bonus)
        if alone is None or double.score > alone.score + _BETTER:  # else the upper row is a title or head cells
            return double, 2
    return (single, 1) if single else None


def _two_rows(upper: Texts, lower: Texts, names: Names, bonus: Mapping[str, float]) -> Fit | None:
    """A header in two rows: 转介绍人 above 姓名 and 电话. The upper text counts until the next one to its right."""
    cells: dict[int, tuple[str, ...]] = {}
    group, known, below = "", 0, 0
    for at, (high, low) in enumerate(zip(upper, lower, strict=True)):
        group = high or group
        if low:
            cells[at] = (group + low, low) if group else (low,)
            below += 1
            known += bool(names.meanings(*cells[at]))
        elif high:
            cells[at] = (high,)
    if known < 2 or known * 5 < below * 3:
        return None
    return fit(cells, names, bonus)
