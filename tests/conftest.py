"""Shared by all tests: the sample office, run once. In CI a test skipped for want of LibreOffice, wine or Spark fails instead."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parent.parent / "samples"


# With several workers (run_tests.sh) a module stays on one, so that its fixtures are made once; what lasts longest starts
# first, else one worker would sit over it at the end. A quarter that is simulated is a group of its own.
_LONGEST = (
    "test_quarter",
    "test_forget",
    "test_crash",
    "test_templates_keyboard",
    "test_answers",
    "test_director",
    "test_roundtrip",
    "test_week",
    "test_launchers_windows",
    "test_write_recalculated",
    "test_doctor",
    "test_guide",
    "test_office_zip",
)


def pytest_configure(config):
    config.addinivalue_line("markers", "xdist_group(name): tests that stay on one worker")


# First: xdist reads the groups in the same hook, and a mark that comes later is no group.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    def place(item):
        name = item.path.stem
        return _LONGEST.index(name) if name in _LONGEST else len(_LONGEST)

    items.sort(key=place)
    for item in items:
        group = item.path.stem
        if group == "test_quarter":
            group += item.callspec.params["weeks"]
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    wanted = (
        [name for name in ("LibreOffice", "wine", "Spark") if f"{name} " in str(report.longrepr)]
        if report.skipped
        else []
    )
    if wanted and os.environ.get("SALESSHEETS_REQUIRE_OFFICE"):
        report.outcome = "failed"
        report.longrepr = f"skipped where {wanted[0]} must be present: {report.longrepr}"
    return report


def copy_sample(folder: Path) -> Path:
    """A fresh copy of the sample office."""
    return Path(shutil.copytree(SAMPLES / "office", folder))


@pytest.fixture(scope="session")
def ran(tmp_path_factory):
    """The sample office after one weekly run. Tests only read it; who wants to change something copies it."""
    from salessheets.office import Office
    from salessheets.week import clock, weekly

    office = Office(copy_sample(tmp_path_factory.mktemp("run") / "样例 办公室"))
    outcome = weekly(office, day=clock(office))
    return office, outcome


@pytest.fixture
def office(ran, tmp_path):
    """A copy of the sample office after its run, to change at will."""
    from salessheets.office import Office

    return Office(Path(shutil.copytree(ran[0].root, tmp_path / "办公室")))


@pytest.fixture(scope="session")
def generated():
    """3,000 invented leads as records, dirty as people type them."""
    sys.path.insert(0, str(SAMPLES.parent / "benchmarks"))
    import ours
    from generate import RAW, generate

    from salessheets.clean.records import clean

    return clean(ours.rows(generate(3_000, 5)[list(RAW)]), ours.TODAY)[0]


@pytest.fixture
def keyboard(tmp_path):
    """A LibreOffice that a test types into."""
    from office_keyboard import Keyboard, why_not

    if why_not():
        pytest.skip(f"LibreOffice cannot be driven: {why_not()}")
    with Keyboard(tmp_path) as found:
        yield found
