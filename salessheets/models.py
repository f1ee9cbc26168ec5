"""Which weights an office runs on: those shipped with the program, or a version learnt from its own archive.

A version is a small CSV in the archive (``retrain`` puts it there): by how much it differs from the shipped weights, and,
for people, the weights themselves. The newest one up to the last file of a run is in force, so every later run uses it
and a past week keeps the one it had (contracts.md, "model in an office").
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from .archive import Archive, Entry, FileKind
from .csvtext import csv_bytes, original
from .match.leads_model import MODEL, VERSION
from .match.learn import applied, sentence
from .match.model import Model

_LEARNT, _WEIGHT = "学到", "分数"
_STEM = "同一客户的分数"
_FILE = re.compile(rf"\d{{5}}_.*_{_STEM}_.*\.csv")
_HEADER = ("项目", "内容", "分", "说明")


@dataclass(frozen=True)
class Version:
    """number: of the archived file, 0 for the shipped weights. who, day: who learnt it and when. moved: bits by lesson."""

    model: Model = MODEL
    number: int = 0
    who: str = ""
    day: date | None = None
    moved: Mapping[str, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the journal calls it."""
        return self.model.name

    @property
    def words(self) -> str:
        """For people; "" for the shipped weights."""
        return f"{self.name}\uff08{self.day} 由{self.who or '本机'}学习\uff09" if self.number else ""


def in_force(archive: Archive, last: int) -> Version:
    """The version of a run whose newest input is file ``last``. A copy that is lost is in ``archive.damaged``; the version
    before it stands in.
    """
    for entry in reversed(list(archive.of_kind(FileKind.MODEL, last=last))):
        try:
            return _read(archive.data(entry), entry)
        except FileNotFoundError:
            continue
    return Version()


@lru_cache(maxsize=4)
def _read(data: bytes, entry: Entry) -> Version:
    moved = {}
    for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        if row[_HEADER[0]] == _LEARNT:
            moved[row[_HEADER[1]]] = float(original(row[_HEADER[2]]))
    learnt = applied(moved, name=f"{VERSION}+{entry.number:05d}")
    return Version(learnt.model, entry.number, entry.person, entry.archived_at, moved)


def number_of(name: str) -> int:
    """The archived file of a version that the journal names; 0 for shipped weights."""
    _, _, number = name.partition("+")
    return int(number) if number.isdigit() else 0


def is_version(file_name: str) -> bool:
    """Whether an archived copy is called like a version."""
    return bool(_FILE.fullmatch(file_name))


def put(archive: Archive, moved: Mapping[str, float], who: str, day: date) -> Entry:
    """Archive a version: one file, then its line in the manifest, as for any other file."""
    learnt = applied(moved)
    rows = [[_LEARNT, name, f"{bits:+.1f}", sentence(name, bits)] for name, bits in learnt.changes]
    for comparison in learnt.model.comparisons:
        for level in comparison.levels:
            if level.weight:
                rows.append([_WEIGHT, f"{comparison.name}/{level.name}", f"{level.weight:+.1f}", level.words])
    for block in learnt.model.flags:
        rows.append([_WEIGHT, block.evidence, f"{block.weight:+.1f}", block.words])
    source = f"{_STEM}_{VERSION}.csv"
    return archive.put(csv_bytes([_HEADER, *rows]), kind=FileKind.MODEL, person=who, source=source, day=day)
