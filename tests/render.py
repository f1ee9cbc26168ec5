"""Workbooks as a person sees them: LibreOffice makes the pages, poppler reads them. For tests and for looking."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from office_keyboard import make_profile

_SECONDS = 120


def _needs(*programs: str) -> None:
    missing = [program for program in programs if not shutil.which(program)]
    if missing:
        pytest.skip(f"LibreOffice or poppler is not installed: {', '.join(missing)}")


def convert(data: bytes, folder: Path, kind: str) -> Path:
    """The workbook opened by LibreOffice, all formulas calculated anew, and saved as ``kind`` (pdf, xlsx) in folder.

    Each call has a profile of its own, so that calls may run side by side. Skips without LibreOffice.
    """
    _needs("soffice")
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        profile = make_profile(Path(temporary) / "profile")
        source = Path(temporary) / "book.xlsx"
        source.write_bytes(data)
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
    return folder / f"book.{kind}"


def pdf_text(data: bytes) -> str:
    """All text on the printed pages of a workbook, cell by cell as LibreOffice drew them."""
    _needs("soffice", "pdftotext")
    with tempfile.TemporaryDirectory() as folder:
        pdf = convert(data, Path(folder), "pdf")
        found = subprocess.run(
            ["pdftotext", "-raw", str(pdf), "-"], check=True, capture_output=True, timeout=_SECONDS
        )
    return found.stdout.decode("utf-8")


def png_pages(data: bytes, folder: Path, dots: int = 90) -> list[Path]:
    """The printed pages as pictures in ``folder``, in order."""
    _needs("soffice", "pdftoppm")
    pdf = convert(data, folder, "pdf")
    subprocess.run(["pdftoppm", "-r", str(dots), "-png", str(pdf), str(folder / "page")], check=True, timeout=_SECONDS)
    return sorted(folder.glob("page-*.png"), key=lambda path: int(re.findall(r"\d+", path.stem)[-1]))
