"""Immutable numbered copies of everything that was handed in, typed or issued. The archive is the truth.

存档/登记.csv is the manifest: append-only, one line per file. A copy is written before its line, so a crash in
between leaves a copy that the next run writes again under the same number. A second line with the same number takes
the place of the first: ``forget`` writes one when it had to change a copy (contracts.md).
"""

from __future__ import annotations

import csv
import io
import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import astuple, dataclass, field, fields
from datetime import date
from enum import StrEnum
from pathlib import Path

from .csvtext import harmless, original
from .files import append_line, drop_torn_line, sha256, write_whole
from .office import Office, Week
from .problems import Problem


class FileKind(StrEnum):
    """Why a file is in the archive."""

    HAND_IN = "收件"
    COPY = "收件重复"  # the same bytes from the same person again; noted, not stored twice
    RETURNED = "回收周报"  # a workbook of ours that a person changed
    SETTINGS = "设置"
    ISSUE = "发布"
    MODEL = "模型"  # weights learnt from this archive (models.py)


@dataclass(frozen=True)
class Entry:
    """One line of the manifest. ``path`` and ``source`` are posix paths below the office folder."""

    number: int
    sha256: str
    path: str
    person: str
    kind: FileKind
    archived_at: date
    source: str

    @property
    def name(self) -> str:
        """The file's own name as it was handed in."""
        return self.source.rsplit("/", 1)[-1]

    @property
    def inbox_path(self) -> str:
        """Path below 收件箱 (or below the office for anything else)."""
        return self.source.removeprefix("收件箱/")


HEADER = [f.name for f in fields(Entry)]


def csv_line(values: list[str]) -> str:
    """One CSV line with its line end. People open these files in Excel, too."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([harmless(value) for value in values])
    return out.getvalue()


def read_csv_rows(path: Path) -> list[dict[str, str]]:
    """Rows of one of our append-only CSV files ([] when it is missing)."""
    if not path.exists():
        return []
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]  # a crash may have torn the last line
    rows = csv.DictReader(io.StringIO(whole.decode("utf-8-sig"), newline=""))
    return [{name: original(value) for name, value in row.items()} for row in rows]


def entry_of(row: Mapping[str, str]) -> Entry:
    """One line of the manifest."""
    return Entry(
        int(row["number"]),
        row["sha256"],
        row["path"],
        row["person"],
        FileKind(row["kind"]),
        date.fromisoformat(row["archived_at"]),
        row["source"],
    )


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _safe(name: str) -> str:
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", name)[-120:]


@dataclass
class Archive:
    """The manifest and the copies. ``dry``: new files live in memory only and nothing is written."""

    office: Office
    dry: bool = False
    entries: list[Entry] = field(default_factory=list)
    _held: dict[int, bytes] = field(default_factory=dict)
    _known: dict[tuple[str, str], Entry] = field(default_factory=dict)
    _sources: dict[str, str] = field(default_factory=dict)
    _first: dict[int, str] = field(default_factory=dict)  # checksum under which a number was first archived
    unreadable: list[str] = field(default_factory=list)
    damaged: dict[int, str] = field(default_factory=dict)  # number → code of problems.py: what is wrong with its copy

    @classmethod
    def open(cls, office: Office, *, dry: bool = False) -> Archive:
        """Load the manifest; a line torn by a crash is cut off first."""
        archive = cls(office, dry)
        if not dry:
            drop_torn_line(archive.manifest)
        for row in read_csv_rows(archive.manifest):
            archive._remember(entry_of(row))
        return archive

    @property
    def manifest(self) -> Path:
        """存档/登记.csv."""
        return self.office.archive / "登记.csv"

    @property
    def last(self) -> int:
        """The highest number in use (0 in a new office)."""
        return self.entries[-1].number if self.entries else 0

    def _remember(self, entry: Entry) -> None:
        at = bisect_left(self.entries, entry.number, key=lambda e: e.number)
        newest = True  # of what came from its path
        if at < len(self.entries) and self.entries[at].number == entry.number:
            old, self.entries[at] = self.entries[at], entry
            if self._known.get((old.person, old.sha256)) == old:
                del self._known[old.person, old.sha256]
            newest = self._sources.get(old.source) == old.sha256
        else:
            self.entries.insert(at, entry)
        self._first.setdefault(entry.number, entry.sha256)
        self._known.setdefault((entry.person, entry.sha256), entry)
        if newest:
            self._sources[entry.source] = entry.sha256

    def known(self, data: bytes, source: str) -> bool:
        """Whether these bytes are the newest that were archived from this very path."""
        return self._sources.get(source) == sha256(data)

    def of_kind(self, *kinds: FileKind, last: int | None = None) -> Iterator[Entry]:
        """Entries of these kinds in the order of their numbers, up to number ``last``."""
        for entry in self.entries:
            if entry.kind in kinds and (last is None or entry.number <= last):
                yield entry

    def entry(self, number: int) -> Entry:
        """The entry with this number. Raises KeyError."""
        at = bisect_left(self.entries, number, key=lambda e: e.number)
        if at < len(self.entries) and self.entries[at].number == number:
            return self.entries[at]
        raise KeyError(number)

    def first_digest(self, entry: Entry) -> str:
        """The checksum an entry had when it was archived; issue records are known by it for ever."""
        return self._first[entry.number]

    def put(self, data: bytes, *, kind: FileKind, person: str, source: str, day: date) -> Entry:
        """Archive a file under the next number. The same bytes from the same person are only noted as a copy."""
        digest = sha256(data)
        original = self._known.get((person, digest))
        number = self.last + 1
        if kind is FileKind.HAND_IN and original is not None:
            entry = Entry(number, digest, original.path, person, FileKind.COPY, day, source)
        else:
            owner = _safe(person) or "公共"
            name = f"{number:05d}_{owner}_{_safe(source.rsplit('/', 1)[-1])}"
            path = self.office.archive / str(Week.of(day)) / name
            entry = Entry(number, digest, path.relative_to(self.office.root).as_posix(), person, kind, day, source)
            if self.dry:
                self._held[number] = data
            else:
                write_whole(path, data)
        self.register(entry)
        return entry

    def register(self, entry: Entry) -> None:
        """Write the manifest's line of a file whose copy is in place."""
        if not self.dry:
            if not self.manifest.exists():
                append_line(self.manifest, csv_line(HEADER))
            append_line(self.manifest, csv_line([str(value) for value in astuple(entry)]))
        self._remember(entry)

    def data(self, entry: Entry) -> bytes:
        """The archived bytes. Raises FileNotFoundError when the copy is gone or was changed (see ``damaged``).

        Where the file still lies where it was handed in, its copy is put back.
        """
        held = self._held.get(entry.number)
        if held is not None:
            return held
        found = _read(self.office.root / entry.path)
        if found is not None and sha256(found) == entry.sha256:
            return found
        original = _read(self.office.root / entry.source)
        if original is None or sha256(original) != entry.sha256:
            self.damaged[entry.number] = "archive-missing" if found is None else "archive-changed"
            raise FileNotFoundError(entry.number)
        if not self.dry:
            write_whole(self.office.root / entry.path, original)
        self.damaged[entry.number] = "archive-restored"
        return original

    def survey(self, numbers: Collection[int] = ()) -> None:
        """Look whether every copy is there, and whether those with ``numbers`` hold what they held: see ``damaged``."""
        for entry in self.entries:
            there = entry.number in self._held or (self.office.root / entry.path).exists()
            if not there or entry.number in numbers:
                with suppress(FileNotFoundError):
                    self.data(entry)

    @property
    def missing(self) -> tuple[int, ...]:
        """Numbers of the copies that could not be used, as far as anybody asked for them."""
        return tuple(sorted(n for n, code in self.damaged.items() if code != "archive-restored"))

    def problems(self) -> list[Problem]:
        """What is wrong with the archive, by number and name."""
        named = ((self.entry(number), code) for number, code in sorted(self.damaged.items()))
        return [Problem(code, file=entry.inbox_path, value=f"{entry.number:05d}") for entry, code in named]
