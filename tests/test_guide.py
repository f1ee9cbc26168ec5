"""The users' guide: a page for each role, every problem answered, pictures that show what the program writes today."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from render import bare, why_not

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import make_guide  # noqa: E402

from salessheets.problems import CATALOGUE  # noqa: E402
from salessheets.write.template_text import prose  # noqa: E402

TEXT = make_guide.GUIDE.read_text(encoding="utf-8")


def squeezed(text):
    """Without white space, and without hyphens: pdftotext takes one at the end of a line for a divided word."""
    return bare(text).replace("-", "")


RERUN = "run: python scripts/make_guide.py"


def test_every_problem_of_the_catalogue_is_answered():
    assert make_guide.with_questions(TEXT) == TEXT, RERUN
    for entry in CATALOGUE.values():
        assert f"| {prose(make_guide.general(entry.todo))} |" in TEXT, entry.code
    assert not re.findall(r"\{\w+\}", TEXT)


@pytest.mark.parametrize(
    ("sentence", "general"),
    [
        ("文件打不开:{value}", "文件打不开"),
        ("表头「{value}」按「{column}」读入", "表头「…」按「…」读入"),
        ("没有填{column}", "没有填…"),
        ("工作表「{sheet}」没有认出是哪一张表,有 {rows} 行没有读入", "工作表「…」没有认出是哪一张表,有…行没有读入"),
    ],
)
def test_a_sentence_of_the_catalogue_loses_the_values_of_one_occurrence(sentence, general):
    assert make_guide.general(sentence) == general


def test_each_role_has_its_section_with_a_picture_that_exists():
    sections = make_guide.sections(TEXT)
    assert tuple(sections) == (*make_guide.ROLES, make_guide.QUESTIONS)
    for role in make_guide.ROLES:
        pictures = re.findall(r"!\[.*?\]\((.+?)\)", "\n".join(sections[role]))
        assert pictures
        assert all((ROOT / picture).exists() for picture in pictures)


def test_the_pictures_show_what_the_workbooks_say_today(ran, tmp_path):
    if why_not():
        pytest.skip(why_not())
    office, _ = ran
    parts = make_guide.crops(make_guide.to_pdf(make_guide.workbooks(office), tmp_path))
    shown = json.loads(make_guide.TEXTS.read_text(encoding="utf-8"))
    for name, part in parts.items():
        assert part.text == shown[name], f"docs/images/guide/{name}.png is old; {RERUN}"
    assert {path.stem for path in make_guide.IMAGES.glob("*.png")} == set(shown) == set(parts)


def test_the_pdf_has_one_page_for_each_role_and_says_what_the_guide_says():
    if why_not():
        pytest.skip(why_not())
    command = ["pdftotext", "-raw", "-enc", "UTF-8", str(make_guide.PDF), "-"]
    pages = subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8").split("\f")
    said = [squeezed(page) for page in pages if page.strip()]
    for number, (title, lines) in enumerate(make_guide.printed_text(TEXT)):
        page = said[number] if title in make_guide.ROLES else "".join(said[number:])
        assert title in page.split("页", 1)[0], RERUN  # the footer is drawn first
        for line in lines:
            assert squeezed(line) in page, f"{line!r} is not in the PDF; {RERUN}"


def test_the_guide_is_read_by_people_who_never_saw_a_terminal():
    for role in make_guide.ROLES[:4]:
        said = "\n".join(make_guide.sections(TEXT)[role])
        assert "salessheets " not in said
        assert "python" not in said.lower()
