"""What was read and found in lists that no memory holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from salessheets.dedupe import COMPARED
from salessheets.problems import Problem
from salessheets.read import Outcome


@dataclass
class Part:
    """One table of one file. headers: column → its header; complete when the file was read."""

    file: str
    sheet: str
    headers: Mapping[int, str]


@dataclass
class File:
    """What was found in one file."""

    name: str
    outcome: Outcome = Outcome.READ
    rows: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass
class Ingested:
    """files: in order of their numbers; parts: tables by number; flags: (field, code) → how often."""

    files: list[File] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    flags: Counter[tuple[str, str]] = field(default_factory=Counter)
    rows: int = 0

    @property
    def unclear(self) -> Mapping[str, int]:
        """Field that is compared → how many of its cells have a flag."""
        found: Counter[str] = Counter()
        for (name, _), times in sorted(self.flags.items()):
            found.update({name: times} if name in COMPARED else {})
        return found

    @property
    def unread(self) -> bool:
        """Some file could not be taken in."""
        return any(file.outcome is not Outcome.READ for file in self.files)


@dataclass(frozen=True)
class Done:
    """What was read, and the figures of ``dedupe.Deduped.counts``."""

    read: Ingested
    counts: Mapping[str, int]
