"""docs/extending.md is executed: each recipe's changes on a copy of the package, then what it says will hold."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
_STEP = re.compile(
    r"(?:In `(?P<file>[^`]+)`, (?P<how>after|instead of) `(?P<line>[^`]+)`|New file `(?P<new>[^`]+)`|(?P<then>Then)[^\n]*):"
    r"\n\n```python\n(?P<code>.*?)```",
    re.DOTALL,
)


def recipes():
    return {part.split("\n", 1)[0]: list(_STEP.finditer(part)) for part in DOCUMENT.split("\n## ")[1:]}


def change(package, step):
    """Make one change; a line to look for must be there exactly once."""
    if step["new"]:
        (package / step["new"]).write_text(step["code"], encoding="utf-8")
        return
    file = package / step["file"]
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    found = [at for at, line in enumerate(lines) if line.rstrip("\n") == step["line"]]
    assert len(found) == 1, f"{step['file']}: {len(found)} lines read: {step['line']}"
    end = found[0] + 1
    lines[end - (step["how"] == "instead of") : end] = [step["code"]]
    file.write_text("".join(lines), encoding="utf-8")


@pytest.mark.parametrize("name", list(recipes()))
def test_the_recipe_works_as_written(tmp_path, name):
    shutil.copytree(ROOT / "salessheets", tmp_path / "salessheets", ignore=shutil.ignore_patterns("__pycache__"))
    before = ["A rule"] if name == "A sheet" else []
    checks = []
    for recipe in (*before, name):
        checks = [step["code"] for step in recipes()[recipe] if step["then"]]
        for step in recipes()[recipe]:
            if not step["then"]:
                change(tmp_path, step)
    assert len(checks) == 1
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT / "tests")])}
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", checks[0]],
        cwd=tmp_path, env=environment, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_there_are_four_recipes():
    assert list(recipes()) == ["A column", "A table", "A rule", "A sheet"]
