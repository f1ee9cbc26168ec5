"""Who was erased and must not come in again: pseudonymous marks, never the numbers themselves (contracts.md).

存档/已删除.csv holds one HMAC-SHA256 for each phone, WeChat or QQ number, under a key that only this office has
(存档/.密钥). 存档/改号.csv says which number a customer has whose oldest record was erased while others of his stay: what
was typed under the old number is his, and who writes it on a form means him.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from .archive import csv_line, read_csv_rows
from .files import append_line, drop_torn_line, write_whole
from .office import Office

CONTACTS = ("mobiles", "landlines", "hotlines", "wechat", "qq")  # columns of cleaned records
_KEY_BYTES = 32
HEIRS = "改号.csv"


@dataclass(frozen=True)
class Forgotten:
    """The list of one office. marks: what stands in it. heirs: erased record number → the oldest one that stayed."""

    key_file: Path
    file: Path
    marks: frozenset[str]
    heirs_file: Path
    heirs: Mapping[str, str]

    @classmethod
    def open(cls, office: Office) -> Forgotten:
        """The list as it is now; most offices have none."""
        file = office.archive / "已删除.csv"
        heirs_file = office.archive / HEIRS
        heirs = {row["old"]: row["new"] for row in read_csv_rows(heirs_file)}
        return cls(
            office.archive / ".密钥", file, frozenset(row["mark"] for row in read_csv_rows(file)), heirs_file, heirs
        )

    def inherit(self, heirs: Mapping[str, str], day: str) -> None:
        """Write down under which number customers go on, each once."""
        drop_torn_line(self.heirs_file)
        known = {row["old"] for row in read_csv_rows(self.heirs_file)}
        for old, new in sorted(heirs.items()):
            if old not in known:
                if not self.heirs_file.exists():
                    append_line(self.heirs_file, csv_line(["old", "new", "day"]))
                append_line(self.heirs_file, csv_line([old, new, day]))

    def with_heirs(self, lead_of: pd.Series) -> pd.Series:
        """rid → 客户编号, also for erased numbers under which a customer was known."""
        known = set(lead_of.index)
        found = {old: lead_of[new] for old in self.heirs if (new := self.heir(old)) in known and old not in known}
        return pd.concat([lead_of, pd.Series(found, dtype="str")]) if found else lead_of

    def heir(self, number: str) -> str:
        """The record that stands for this one now: itself, unless it was erased."""
        while number in self.heirs:
            number = self.heirs[number]
        return number

    def add(self, numbers: Iterable[str], day: str) -> None:
        """Put numbers on the list, each once. Numbers as cleaned records write them."""
        drop_torn_line(self.file)
        if not self.key_file.exists():
            write_whole(self.key_file, secrets.token_bytes(_KEY_BYTES))
        key, known = self.key_file.read_bytes(), {row["mark"] for row in read_csv_rows(self.file)}
        for mark in sorted({_mark(key, number) for number in numbers} - known):
            if not self.file.exists():
                append_line(self.file, csv_line(["mark", "day"]))
            append_line(self.file, csv_line([mark, day]))

    def met(self, records: pd.DataFrame) -> set[str]:
        """Numbers of these records that are on the list."""
        if not self.marks:
            return set()
        key = self.key_file.read_bytes()
        return {number for number in numbers_of(records) if _mark(key, number) in self.marks}


def numbers_of(records: pd.DataFrame) -> set[str]:
    """Every phone, WeChat and QQ number of cleaned records."""
    found: set[str] = set()
    for column in CONTACTS:
        for value in records[column]:
            found.update((value,) if isinstance(value, str) else value)
    return found - {""}


def _mark(key: bytes, number: str) -> str:
    return hmac.digest(key, number.casefold().encode(), "sha256").hex()
