"""The facts shipped in salessheets/data: regions, area codes, mobile prefixes, surnames, readings, characters."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files


def _text(name: str) -> str:
    return (files("salessheets") / "data" / name).read_text(encoding="utf-8")


def _rows(name: str) -> Iterator[list[str]]:
    rows = csv.reader(_text(name).splitlines())
    next(rows)
    return rows


def regions() -> tuple[tuple[str, str, str, str], ...]:
    """Divisions of 2024: adcode, province, city, county; blank below the level the row is about.

    The city of a 直辖市 district is the 直辖市; a unit directly under its province is its own city.
    """
    return tuple((a, p, c, d) for a, p, c, d in _rows("regions.csv"))


def renamed() -> tuple[tuple[str, ...], ...]:
    """Former names: old, province, old_city (where it was), city, county (what it is), year.

    Several rows for one old name and place: it was divided, so nobody can say which one is meant.
    """
    return tuple(tuple(row[:6]) for row in _rows("renamed.csv"))


def towns() -> dict[str, tuple[str, ...]]:
    """Adcode of a county, or of a city for its development zones → its towns, townships and sub-districts (2023)."""
    lines = (line.split("\t") for line in _text("towns.tsv").splitlines())
    return {adcode: tuple(names.split(" ")) for adcode, names in lines}


@cache
def area_codes() -> dict[str, tuple[tuple[str, str], ...]]:
    """Area code (with its 0) → the (province, city) it serves."""
    served: dict[str, list[tuple[str, str]]] = {}
    for code, province, city, _ in _rows("area_codes.csv"):
        served.setdefault(code, []).append((province, city))
    return {code: tuple(places) for code, places in served.items()}


@cache
def city_codes() -> dict[tuple[str, str], str]:
    """(province, city) → its area code, for cities with exactly one in service."""
    codes: dict[tuple[str, str], set[str]] = {}
    for code, province, city, retired in _rows("area_codes.csv"):
        if not retired:
            codes.setdefault((province, city), set()).add(code)
    return {place: min(found) for place, found in codes.items() if len(found) == 1}


@cache
def mobile_prefixes() -> frozenset[str]:
    """号段 in use: the first three digits of a mobile number."""
    return frozenset(row[0] for row in _rows("mobile_prefixes.csv"))


@cache
def surnames() -> dict[str, tuple[str, int]]:
    """Surname → reading, frequency per 100,000 (5 = rare)."""
    return {name: (reading, int(frequency)) for name, reading, frequency in _rows("surnames.csv")}


@cache
def readings() -> dict[str, str]:
    """Character → its commonest reading without tone."""
    pairs = (line.split("\t") for line in _text("pinyin.tsv").splitlines())
    return {character: syllable for syllable, characters in pairs for character in characters}


def called() -> tuple[tuple[str, str], ...]:
    """Return names in use that no rule derives (锡盟, 莫旗, the 兵团's divisions) and the full name each stands for."""
    return tuple((name, full) for name, full in _rows("called.csv"))


@cache
def words(key: str) -> tuple[str, ...]:
    """Return the word list of that key (words.tsv says in a line above each what it is)."""
    lines = (line.split("\t") for line in _text("words.tsv").splitlines() if not line.startswith("#"))
    return tuple(word for name, listed in lines if name == key for word in listed.split(" "))


def traditional() -> tuple[str, str]:
    """Traditional characters and, at the same positions, the simplified ones."""
    old, new = _text("traditional.txt").splitlines()
    return old, new
