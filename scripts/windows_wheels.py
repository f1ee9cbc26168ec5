"""Which wheels an office computer with Windows needs, and whether each exists.

python scripts/windows_wheels.py pins    # name==version of everything the program needs there, one a line
python scripts/windows_wheels.py facts   # ask pip for each Python we support and write docs/windows_wheels.csv

Run it with the environment of run_tests.sh. ``facts`` needs a network; the tests only read what it wrote.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parents[1]
FACTS = ROOT / "docs" / "windows_wheels.csv"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
_WINDOWS = {
    "sys_platform": "win32",
    "platform_system": "Windows",
    "os_name": "nt",
    "platform_machine": "AMD64",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "extra": "",
}


def constraints() -> dict[str, str]:
    """Every pin of constraints.txt: canonical name → version."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [re.match(r"([\w.-]+)==([\w.]+)", line) for line in lines]
    return {canonicalize_name(match[1]): match[2] for match in found if match}


def pins(python: str = "3.13") -> dict[str, str]:
    """What the program needs on Windows, all the way down: canonical name → pinned version."""
    where = {**_WINDOWS, "python_version": python, "python_full_version": f"{python}.0"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = constraints()
    waiting = [Requirement(text) for text in project["dependencies"]]
    needed: dict[str, str] = {}
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in needed or (requirement.marker and not requirement.marker.evaluate(where)):
            continue
        needed[name] = pinned[name]
        waiting += [Requirement(text) for text in requires(name) or ()]
    return dict(sorted(needed.items()))


def wheel_fits(file: str, python: str) -> bool:
    """Whether a wheel's name says that it runs under this Python on 64-bit Windows."""
    newest = tuple(int(part) for part in python.split("."))
    for tag in parse_wheel_filename(file)[3]:
        version = re.fullmatch(r"(?:cp|py)(\d)(\d*)", tag.interpreter)
        made_for = (int(version[1]), int(version[2] or 0)) if version else (9, 9)
        exact = (made_for == newest and tag.abi == tag.interpreter) or tag.abi in ("abi3", "none")
        if tag.platform in ("win_amd64", "any") and made_for <= newest and exact:
            return True
    return False


def facts() -> list[list[str]]:
    """Ask pip which wheel it would take: package, version, Python, wheel."""
    rows = []
    for python in PYTHONS:
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder, "report.json")
            wanted = [f"{name}=={version}" for name, version in pins(python).items()]
            options = ["--dry-run", "--no-deps", "--ignore-installed", "--target", folder, "--only-binary=:all:"]
            options += ["--platform", "win_amd64", "--implementation", "cp", "--python-version", python]
            subprocess.run(
                [sys.executable, "-m", "pip", "install", "-q", *options, "--report", report, *wanted], check=True
            )
            for item in json.loads(report.read_text(encoding="utf-8"))["install"]:
                wheel = item["download_info"]["url"].rsplit("/", 1)[-1]
                name = canonicalize_name(item["metadata"]["name"])
                rows.append([name, item["metadata"]["version"], python, wheel])
    return sorted(rows)


def main() -> None:
    """Do what was asked for."""
    if sys.argv[1:2] == ["pins"]:
        print("\n".join(f"{name}=={version}" for name, version in pins(*sys.argv[2:3]).items()))
        return
    with FACTS.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([["package", "version", "python", "wheel"], *facts()])


if __name__ == "__main__":
    main()
