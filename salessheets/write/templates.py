"""The blank templates: one workbook per table of the manual, written from its declaration, never edited by hand."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

from salessheets.files import write_whole
from salessheets.settings import Settings
from salessheets.tables import TABLES, Table

from .template_form import write_form
from .template_guide import EXAMPLE, GUIDE, write_examples, write_guide
from .template_lists import SHEET as LISTS
from .template_lists import write_lists
from .template_look import Formats

SCHEMA = "_schema"
_CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 - fixed, so that the same declaration gives the same bytes


def write_template(table: Table, settings: Settings) -> bytes:
    """Write the blank workbook of one table, with this office's brands, staff and choices. Same input, same bytes.

    Recognised four times over (tables.md): custom property, defined name, hidden sheet, header row.
    """
    from xlsxwriter import Workbook

    target = io.BytesIO()
    book = Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": table.name, "comments": f"模板版本 {table.version}", "created": _CREATED})
    book.set_custom_property("salessheets_table", table.key, "text")
    book.set_custom_property("salessheets_version", table.version, "text")
    book.define_name("salessheets_table", f'="{table.key}"')
    formats = Formats(book)
    form, guide, example, lists, schema = (
        book.add_worksheet(name) for name in (table.name, GUIDE, EXAMPLE, LISTS, SCHEMA)
    )
    write_form(form, table, settings, formats)
    write_guide(guide, table, settings, formats)
    write_examples(example, table, formats)
    write_lists(book, lists, table, settings)
    schema.write_string("A1", table.key)
    schema.write_string("B1", table.version)
    lists.hide()
    schema.hide()
    book.close()
    return target.getvalue()


def write_all(settings: Settings, folder: Path) -> None:
    """Write all twelve to ``folder``, named by their Chinese names; each file whole or not at all."""
    for table in TABLES.values():
        write_whole(folder / f"{table.name}.xlsx", write_template(table, settings))
