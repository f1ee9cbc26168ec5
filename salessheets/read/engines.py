"""Which reader reads which kind of file, and which is asked next when it cannot.

python-calamine first: quick and tolerant. Then xlrd or openpyxl as second opinion. What readers leave out is put in
from the scan (modules ``scan``, ``legacy``, ``opendocument``). A stage that killed the process before is skipped.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from itertools import chain, islice, repeat
from typing import Any
from xml.etree import ElementTree as ET

from . import binary, guard, legacy, mend, opendocument, scan, second, strays
from .book import Book, BookSheet, Facts, Note, RefusalError, SheetFacts
from .cells import pack
from .csvfile import DDE, csv_rows
from .parts import BROKEN_ZIP
from .wire import Cells

Stage = Callable[[str], None]
_SMALL = 2 << 20  # bytes; the second reader takes its time
_DAMAGED = (
    KeyError,
    ValueError,
    IndexError,
    TypeError,
    OSError,
    NotImplementedError,
    struct.error,
    *BROKEN_ZIP,
    ET.ParseError,
)


class Reading:
    """One file on its way through the stages. ``stage`` announces each, so that a crash can be blamed on one."""

    def __init__(self, data: bytes, name: str, password: str, skip: frozenset[str], stage: Stage) -> None:
        self.data, self.name, self.password, self.skip, self.stage = data, name, password, skip, stage
        self.facts = Facts()
        self.notes: list[Note] = []
        self.inflated = len(data)

    def book(self) -> Book:
        """Read the workbook. Raises RefusalError with the reason when no reader manages it."""
        kind = guard.sniff(self.data, self.name)
        if kind == "locked":
            self._unlock()
            kind = "zip"
        if kind == "zip":
            kind = self._open_zip()
        if kind == "xls":
            self._open_xls()
        book = self._workbook(kind) if kind in ("xlsx", "xlsb", "ods", "xls") else self._text(kind)
        book.notes = [*self.notes, *book.notes]
        return book

    def _unlock(self) -> None:
        """Take the password off. Raises RefusalError when there is none to try, or it is wrong."""
        if not self.password or "unlock" in self.skip:
            raise RefusalError("file-password")
        self.stage("unlock")
        import msoffcrypto

        target = io.BytesIO()
        try:
            locked = msoffcrypto.OfficeFile(io.BytesIO(self.data))
            locked.load_key(password=self.password)
            locked.decrypt(target)
        except Exception:  # noqa: BLE001  it raises everything from ValueError to its own errors on a wrong password
            raise RefusalError("file-password") from None
        self.data = target.getvalue()

    def _open_zip(self) -> str:
        guard.check_directory(self.data)
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
                kind = guard.check_zip(archive)
                self.inflated = sum(entry.file_size for entry in archive.infolist())
                self._note_active(guard.inert(archive.namelist()))
                if "scan" not in self.skip:
                    self.stage("scan")
                    self._scan_zip(archive, kind)
        except (*BROKEN_ZIP, OSError, NotImplementedError):
            raise RefusalError("file-unreadable", "文件不完整或已损坏") from None
        return kind

    def _note_active(self, active: str) -> None:
        if active:
            self.notes.append(("inert-content", "", "", active))

    def _scan_zip(self, archive: zipfile.ZipFile, kind: str) -> None:
        """Facts, and a mended copy where the file would bring a reader down."""
        changed: dict[str, bytes] = {}
        try:
            if kind == "ods":
                self.facts = opendocument.scan(archive)
            elif kind == "xlsb":
                self.facts, changed, notes = binary.scan(archive, strays.allowed(len(self.data)))
                self.notes += notes
            else:
                self.facts = scan.xlsx(archive)
                changed = mend.changes(archive, self.facts)
                self.notes += strays.cut_all(archive, self.facts, changed, strays.allowed(len(self.data)))
        except _DAMAGED:
            self.facts = Facts()
        if changed:
            self.data = mend.repacked(archive, changed)

    def _open_xls(self) -> None:
        self._note_active("宏" if "_VBA_PROJECT".encode("utf-16-le") in self.data else "")
        if "scan" in self.skip:
            return
        self.stage("scan")
        try:
            self.facts = legacy.scan(self.data)
            area = strays.allowed(len(self.data))
            if any(legacy.reaches_too_far(sheet, area) for sheet in self.facts.sheets.values()):
                self.data, notes = legacy.without_strays(self.data, self.facts, area)
                self.notes += notes
        except legacy.LockedError:
            self._unlock()
            self.facts = Facts()
        except _DAMAGED:
            self.facts = Facts()

    def _text(self, kind: str) -> Book:
        self.stage("text")
        if kind == "csv":
            records = csv_rows(self.data)
            started = any(DDE.match(text) for record in records for text in record if text[:1] in "=+-@")
            self._note_active("DDE公式" if started else "")
            return Book(kind, "csv", [BookSheet("", pack(records, {}))])
        from .markup import html_rows, mhtml_body, spreadsheetml  # rare, and its mail parser is slow to load

        if kind == "xml":
            try:
                sheets = spreadsheetml(self.data)
            except ET.ParseError:
                raise RefusalError("file-unreadable", "文件不完整或已损坏") from None
            return Book(kind, "xml", [BookSheet(n, pack(r, {}), hidden=h, facts=f) for n, r, f, h in sheets])
        rows, merged = html_rows(mhtml_body(self.data) if kind == "mhtml" else self.data)
        return Book(kind, "html", [BookSheet("", pack(rows, {}), facts=SheetFacts(merged=merged))])

    def _workbook(self, kind: str) -> Book:
        best: Book | None = None
        for engine in ("calamine", *({"xlsx": ("openpyxl",), "xls": ("xlrd",)}.get(kind, ()))):
            if engine in self.skip:
                continue
            self.stage(engine)
            try:
                book = self._ask(engine, kind)
            except (KeyboardInterrupt, SystemExit, MemoryError):
                raise
            except BaseException:  # noqa: BLE001, S112  a panic of the native reader is no Exception
                continue
            if best is None or book.filled > best.filled:
                best = book
            if not book.notes and self._complete(book):
                break
        if best is None:
            raise RefusalError("file-unreadable", "文件内容已损坏")
        return best

    def _complete(self, book: Book) -> bool:
        """Whether the reader found the cells the scan counted. Empty strings count there too: large files get leave."""
        counted = sum(sheet.values for sheet in self.facts.sheets.values())
        return book.filled >= (counted if self.inflated < _SMALL else counted // 2)

    def _ask(self, engine: str, kind: str) -> Book:
        if engine == "xlrd":
            return second.xlrd(self.data, self.facts)
        if engine == "openpyxl":
            return second.openpyxl(self.data, self.facts, self.inflated)
        return calamine(self.data, kind, self.facts)


def calamine(data: bytes, kind: str, facts: Facts) -> Book:
    """Read anything Excel, WPS and LibreOffice write. Raises CalamineError or panics; one bad sheet is only noted."""
    from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum, load_workbook

    book = Book(kind, "calamine", [], facts)
    with load_workbook(io.BytesIO(data)) as workbook:
        metas = workbook.sheets_metadata
        by_place = list(facts.sheets.values()) if len(facts.sheets) == len(metas) else [SheetFacts() for _ in metas]
        for index, meta in enumerate(metas):  # names in very old files depend on the code page, so the place counts too
            found = facts.sheets.get(meta.name) or by_place[index]
            result = BookSheet(meta.name, Cells(), hidden=meta.visible is not SheetVisibleEnum.Visible, facts=found)
            book.sheets.append(result)
            if meta.typ is not SheetTypeEnum.WorkSheet:
                continue
            try:
                sheet = workbook.get_sheet_by_index(index)
            except CalamineError:
                book.notes.append(("sheet-unreadable", meta.name, "", ""))
                continue
            merged = sheet.merged_cell_ranges or ()
            found.merged = [(r1 + 1, c1, r2 + 1, c2) for (r1, c1), (r2, c2) in merged] or found.merged
            _fill(result, sheet.start, sheet.iter_rows() if sheet.start else iter(()))
    if book.notes and not book.filled:
        raise CalamineError(book.notes[0][1])
    return book


def _fill(sheet: BookSheet, start: tuple[int, int] | None, rows: Iterator[Any]) -> None:
    """Pack the rows, with the texts put in that calamine leaves out (errors) or changes (leading zeros)."""
    first_row, first_column = start or (1 << 20, 1 << 14)
    texts = {**sheet.facts.errors, **sheet.facts.shown}
    top = min((first_row + 1, *(row for row, _ in texts)))
    left = min((first_column, *(column for _, column in texts)))
    patches: dict[int, dict[int, str]] = {}
    for (row, column), shown in texts.items():
        patches.setdefault(column - left, {})[row - top] = shown
    if start:
        sheet.top, sheet.left = top, left
        rows = islice(rows, first_row, None)  # it counts rows from 1, but columns from the first one filled
        if first_column > left:
            rows = ([""] * (first_column - left) + row for row in rows)
        sheet.cells = pack(chain(repeat([""], first_row + 1 - top), rows), patches)
    elif texts:
        sheet.top, sheet.left = top, left
        sheet.cells = pack((), patches)
