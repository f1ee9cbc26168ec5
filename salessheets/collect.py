"""What is new on disk since the last run goes into the archive, before anything else happens.

Three places: 设置.xlsx, 收件箱, and the workbooks people edit in place (周报, 日报, 退回更正, 待填). Files are read, never moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from .archive import Archive, Entry, FileKind
from .files import sha256
from .journal import Journal
from .office import Office
from .passwords import is_locked

KEPT = "_原件"  # ends the name of a workbook that was kept because somebody added something of his own
_IGNORED = ("~$", ".", "_")
_SPREADSHEETS = {
    ".xlsx",
    ".xlsm",
    ".xls",
    ".csv",
    ".txt",
    ".tsv",
    ".ods",
    ".xlsb",
    ".et",
    ".ett",
    ".xltx",
    ".xlt",
    ".wps",
}
_NOT_TABLES = {".lnk", ".db", ".ini", ".tmp"}


def files_below(folder: Path) -> list[Path]:
    """Files handed in below a folder, in code-point order of their posix path: disk order must not matter."""
    if not folder.exists():
        return []
    found = [
        path
        for path in folder.rglob("*")
        if path.is_file()
        and path.suffix.lower() not in _NOT_TABLES
        and not any(part.startswith(_IGNORED) for part in path.relative_to(folder).parts)
    ]
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def collect_settings(office: Office, archive: Archive, day: date) -> Entry | None:
    """Archive 设置.xlsx when it changed. Returns the entry in force, None when the office has never had one."""
    newest = next((e for e in reversed(archive.entries) if e.kind is FileKind.SETTINGS), None)
    if office.settings.exists():
        try:
            data = office.settings.read_bytes()
        except OSError:  # held by another program: what was in force stays in force
            archive.unreadable.append(office.settings.name)
            return newest
        if newest is None or newest.sha256 != sha256(data):
            newest = archive.put(data, kind=FileKind.SETTINGS, person="", source=office.settings.name, day=day)
    return newest


def collect_inbox(office: Office, archive: Archive, day: date) -> Iterator[Entry]:
    """Archive every file of 收件箱 that was not archived from that path with these bytes before."""
    for path in files_below(office.inbox):
        below = path.relative_to(office.inbox)
        person = below.parts[0] if len(below.parts) > 1 else ""
        yield from _put_new(archive, path, f"收件箱/{below.as_posix()}", FileKind.HAND_IN, person, day)


def collect_edited(office: Office, archive: Archive, journal: Journal, day: date) -> Iterator[Entry]:
    """Archive the workbooks that people changed in place.

    A director's workbook and 日报 come back as 回收周报. A 退回更正 workbook or a 待填 form that its person filled in counts as
    handed in.
    """
    published = journal.published
    places = (
        (office.reports, FileKind.RETURNED), (office.dailies, FileKind.RETURNED), (office.returns, FileKind.HAND_IN),
        (office.to_fill, FileKind.HAND_IN),
    )  # fmt: skip
    for folder, kind in places:
        for path in files_below(folder):
            if path.suffix.lower() not in _SPREADSHEETS or _is_ours(path, published) or _kept(archive, path):
                continue
            person = path.relative_to(folder).parts[0] if kind is FileKind.HAND_IN else ""
            yield from _put_new(archive, path, path.relative_to(office.root).as_posix(), kind, person, day)


def _put_new(archive: Archive, path: Path, source: str, kind: FileKind, person: str, day: date) -> Iterator[Entry]:
    try:
        data = archive.office.passwords.unlock(path.read_bytes())
    except OSError:  # gone meanwhile, or held by another program: it waits for the next run
        archive.unreadable.append(source)
        return
    if is_locked(data) and kind is FileKind.RETURNED:
        return  # nobody told us its password: it stays as it is, and placing.py says so
    if not archive.known(data, source):
        yield archive.put(data, kind=kind, person=person, source=source, day=day)


def _kept(archive: Archive, path: Path) -> bool:
    """An older version that the program itself laid beside (placing.py): what was typed into it is known."""
    if not path.stem.rstrip("0123456789").endswith(KEPT):
        return False
    try:
        digest = sha256(archive.office.passwords.unlock(path.read_bytes()))
    except OSError:
        return False
    return any(entry.sha256 == digest for entry in archive.of_kind(FileKind.RETURNED))


def _is_ours(path: Path, published: set[str]) -> bool:
    """The workbook is as we wrote it."""
    try:
        return sha256(path.read_bytes()) in published
    except OSError:
        return False
