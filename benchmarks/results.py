"""RESULTS.md: one marked section per benchmark, replaced by the newest figures."""

from __future__ import annotations

import re
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
_TITLE = (
    "# Benchmark results\n\nWritten by the benchmarks themselves (`--write`); README.md says what each one measures.\n"
)


def keep(key: str, title: str, report: str) -> None:
    """Replace the section of this key, or add it at the end."""
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else _TITLE
    section = f"<!-- {key} -->\n## {title}\n\n{report}\n<!-- /{key} -->\n"
    marked = re.compile(rf"<!-- {re.escape(key)} -->\n.*?<!-- /{re.escape(key)} -->\n", re.DOTALL)
    text = marked.sub(lambda _: section, text) if marked.search(text) else f"{text.rstrip()}\n\n{section}"
    RESULTS.write_text(text, encoding="utf-8")
