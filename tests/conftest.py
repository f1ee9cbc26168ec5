"""Shared by all tests. In CI a test skipped for want of LibreOffice fails instead."""

from __future__ import annotations

import os

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.skipped and os.environ.get("SALESSHEETS_REQUIRE_OFFICE") and "LibreOffice" in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"skipped where LibreOffice must be present: {report.longrepr}"
    return report
