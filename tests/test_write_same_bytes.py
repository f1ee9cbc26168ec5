"""The same week gives the same bytes, whatever the clock, the time zone or the hash seed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from written import OFFICE, books, week

from salessheets.write.settings_book import write_settings

TESTS = Path(__file__).parent


def digests() -> dict[str, str]:
    made = {**books(week()), "设置": write_settings(OFFICE)}
    return {name: hashlib.sha256(data).hexdigest() for name, data in made.items()}


@pytest.mark.parametrize(("zone", "seed"), [("America/New_York", "7"), ("Asia/Shanghai", "4242")])
def test_elsewhere_the_same(zone, seed):
    script = "import test_write_same_bytes as t; print(sorted(t.digests().items()))"
    path = os.pathsep.join([str(TESTS), str(TESTS.parent)])
    environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "PYTHONPATH": path, "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert done.stdout.strip() == str(sorted(digests().items()))


def test_twice_the_same():
    assert digests() == digests()
