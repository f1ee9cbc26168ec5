"""The blank templates: one workbook per table of the manual, written from its declaration, never edited by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from salessheets.files import write_whole
from salessheets.settings import Settings
from salessheets.tables import TABLES, Table

from .book import Book
from .template_form import write_form
from .template_guide import EXAMPLE, GUIDE, write_examples, write_guide
from .template_lists import SHEET as LISTS
from .template_lists import write_lists
from .template_look import FormLook

SCHEMA = "_schema"
_DAY = date(2026, 1, 1)  # stands for "created": the same declaration gives the same bytes


def write_template(table: Table, settings: Settings) -> bytes:
    """Write the blank workbook of one table, with this office's brands, staff and choices. Same input, same bytes.

    Recognised four times over (tables.md): custom property, defined name, hidden sheet, header row.
    """
    book = Book(title=table.name, day=_DAY, footer=table.name)
    book.file.set_custom_property("salessheets_table", table.key, "text")
    book.file.set_custom_property("salessheets_version", table.version, "text")
    book.file.define_name("salessheets_table", f'="{table.key}"')
    look = FormLook(book)
    form = book.sheet(table.name, typed=True)
    guide, example, lists, schema = (book.sheet(name) for name in (GUIDE, EXAMPLE, LISTS, SCHEMA))
    write_form(form, table, settings, look)
    write_guide(guide, table, settings, look)
    write_examples(example, table, look)
    write_lists(book.file, lists, table, settings)
    schema.write_string("A1", table.key)
    schema.write_string("B1", table.version)
    lists.hide()
    schema.hide()
    return book.done()


def write_all(settings: Settings, folder: Path) -> None:
    """Write all twelve to ``folder``, named by their Chinese names; each file whole or not at all."""
    for table in TABLES.values():
        write_whole(folder / f"{table.name}.xlsx", write_template(table, settings))
