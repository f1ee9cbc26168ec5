"""Workbooks as LibreOffice shows them: pages of text with the place of every word, and formulas calculated afresh.

A text that is too wide for its cell is not missing from a PDF, it only lies under its neighbour. So besides the text
there are the words with their boxes: two words in one place mean that a reader sees only one of them.
"""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from office_keyboard import make_profile

_TOLERANCE = 0.3  # share of a word's height and width that may touch another: line spacing, rounding


@dataclass(frozen=True)
class Word:
    """A word of a page; lengths in points from the upper left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str


def why_not() -> str:
    """The reason why nothing can be rendered here; empty when it can."""
    if not shutil.which("soffice"):
        return "LibreOffice (soffice) is not installed"
    return "" if shutil.which("pdftotext") else "pdftotext is not installed beside LibreOffice"


def convert(files: Mapping[str, bytes], target: str) -> dict[str, bytes]:
    """Every workbook (name without ending → bytes) as LibreOffice saves it in another format: pdf, xlsx. One start."""
    if why_not():
        pytest.skip(why_not())
    with tempfile.TemporaryDirectory(prefix="render") as folder:
        source, out = Path(folder, "in"), Path(folder, "out")
        source.mkdir()
        for name, data in files.items():
            Path(source, f"{name}.xlsx").write_bytes(data)
        paths = [str(source / f"{name}.xlsx") for name in files]
        command = [
            "soffice",
            make_profile(Path(folder, "profile")),
            "--headless",
            "--convert-to",
            target,
            "--outdir",
            str(out),
        ]
        subprocess.run([*command, *paths], check=True, capture_output=True, timeout=300)
        return {name: Path(out, f"{name}.{target}").read_bytes() for name in files}


@cache
def pdf(data: bytes) -> bytes:
    """One workbook as PDF."""
    return convert({"book": data}, "pdf")["book"]


def pdf_text(xlsx: bytes) -> str:
    """All the text of a workbook's pages, cell after cell, without any white space."""
    return text_of(pdf(xlsx))


def text_of(pages: bytes) -> str:
    """All the text of a PDF in the order in which it was drawn, without any white space."""
    return bare(_pdftotext(pages, "-raw"))


def bare(text: str) -> str:
    """Without white space: where a line breaks in a cell is not the cell's content."""
    return re.sub(r"\s+", "", text)


def words_of(pages: bytes) -> list[Word]:
    """Every word of a PDF with its box."""
    found, page = [], 0
    for line in _pdftotext(pages, "-bbox").splitlines():
        page += "<page " in line
        if box := re.search(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*)</word>', line):
            left, top, right, bottom = (float(number) for number in box.groups()[:4])
            found.append(Word(page, left, top, right, bottom, html.unescape(box[5])))
    return found


def overlaps(words: list[Word]) -> list[tuple[str, str]]:
    """Pairs of words that lie on each other."""
    found = []
    ordered = sorted(words, key=lambda w: (w.page, w.top, w.left))
    for at, one in enumerate(ordered):
        for other in ordered[at + 1 :]:
            if other.page != one.page or other.top >= one.bottom:
                break
            wide = min(one.right, other.right) - max(one.left, other.left)
            high = min(one.bottom, other.bottom) - max(one.top, other.top)
            height = min(one.bottom - one.top, other.bottom - other.top)
            # A third of a character is enough: what lies under the next cell is half a letter at first.
            if wide > _TOLERANCE * height and high > _TOLERANCE * height:
                found.append((one.text, other.text))
    return found


def _pdftotext(pages: bytes, option: str) -> str:
    command = ["pdftotext", option, "-enc", "UTF-8", "-", "-"]
    return subprocess.run(command, input=pages, check=True, capture_output=True, timeout=120).stdout.decode("utf-8")
