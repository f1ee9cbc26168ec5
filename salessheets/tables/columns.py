"""What a column and a table are. Every table of the manual is declared with these, once.

The blank template, the reader, the checks, the workbook columns and docs/tables.md all derive from the
declaration; nothing else in the code knows a header.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """How a cell's value is to be understood (tables.md, "Every column has")."""

    TEXT = "text"
    PHONE = "phone"
    WECHAT = "wechat"
    QQ = "qq"
    DATE = "date"
    TIME = "time"
    INTEGER = "integer"
    NUMBER = "number"
    CHOICE = "choice"
    CHOICES = "several choices"


class By(StrEnum):
    """Who fills a column."""

    STAFF = "staff"  # the person who hands the sheet in
    SALES = "sales"  # the sales department, after the hand-over
    TOOL = "tool"  # the program; white cells
    DIRECTOR = "director"  # a brand's 市场总监; yellow cells


class Source(StrEnum):
    """A list that is not fixed in the declaration but comes from the office or the package."""

    NONE = ""
    BRANDS = "brands"
    STAFF = "staff"
    PROVINCES = "provinces"
    CITIES = "cities"
    COUNTIES = "counties"


NOT_IN_MANUAL = "手册未列"


@dataclass(frozen=True)
class Condition:
    """The column is required when ``field`` has one of ``values`` (or, negated, none of them)."""

    field: str
    values: tuple[str, ...]
    negated: bool = False

    def text(self, headers: dict[str, str]) -> str:
        """Say the condition in Chinese, for 填写说明."""
        verb = "不是" if self.negated else "是"
        return f"{headers[self.field]}{verb}「{'、'.join(self.values)}」时必填"


@dataclass(frozen=True)
class Column:
    """One column of one table."""

    field: str
    header: str
    kind: Kind = Kind.TEXT
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    required: bool = False
    when: Condition | None = None
    example: str = ""
    rule: str = ""
    clause: str = NOT_IN_MANUAL
    by: By = By.STAFF
    source: Source = Source.NONE

    def __post_init__(self) -> None:
        if self.kind in (Kind.CHOICE, Kind.CHOICES) and not (self.choices or self.source):
            raise ValueError(f"column {self.field}: a choice column needs choices or a source")

    @property
    def names(self) -> tuple[str, ...]:
        """The header and every accepted alias."""
        return (self.header, *self.aliases)


@dataclass(frozen=True)
class Table:
    """One table of the manual.

    ``date_field`` is the column that dates the business event (contracts.md, "dates").
    ``head`` are cells above the header row (移交日期 …), read into every row of the sheet.
    """

    key: str
    name: str
    columns: tuple[Column, ...]
    clause: str
    filled_by: str
    when: str
    goes_to: str
    other_names: tuple[str, ...] = ()
    head: tuple[Column, ...] = ()
    date_field: str = ""
    intake: bool = False
    known_by: str = ""  # the column without which a sheet is not this table; "": a customer's
    customers: bool = True  # its rows are about customers
    version: str = "1"
    examples: tuple[dict[str, str], ...] = field(default=(), hash=False)

    @property
    def headers(self) -> dict[str, str]:
        """Field → Chinese header, head cells included."""
        return {c.field: c.header for c in (*self.head, *self.columns)}

    def column(self, name: str) -> Column:
        """Find the column of this field name. Raises KeyError when the table has none."""
        for column in (*self.head, *self.columns):
            if column.field == name:
                return column
        raise KeyError(f"{self.key} has no column {name}")

    @property
    def fields(self) -> tuple[str, ...]:
        """Field names in the order of the form, head cells last."""
        return tuple(c.field for c in (*self.columns, *self.head))
