"""Who was erased and must not come in again: pseudonymous marks, never the numbers themselves (contracts.md).

存档/已删除.csv holds one HMAC-SHA256 for each phone, WeChat or QQ number, under a key that only this office has
(存档/.密钥).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from .archive import csv_line, read_csv_rows
from .files import append_line, drop_torn_line, write_whole
from .office import Office

CONTACTS = ("mobiles", "landlines", "hotlines", "wechat", "qq")  # columns of cleaned records
_KEY_BYTES = 32


@dataclass(frozen=True)
class Forgotten:
    """The list of one office. marks: what stands in it."""

    key_file: Path
    file: Path
    marks: frozenset[str]

    @classmethod
    def open(cls, office: Office) -> Forgotten:
        """The list as it is now; most offices have none."""
        file = office.archive / "已删除.csv"
        return cls(office.archive / ".密钥", file, frozenset(row["mark"] for row in read_csv_rows(file)))

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
