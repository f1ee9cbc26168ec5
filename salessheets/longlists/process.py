"""The process: read, match, answer, write; each step told with its rows and the time."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from salessheets.match.leads_model import MODEL
from salessheets.match.model import Model
from salessheets.match.outofcore import Duck
from salessheets.match.relational import businesses, matched
from salessheets.settings import Settings

from .answer import answered, counts
from .found import Done
from .ingest import ingest
from .output import write
from .told import declared, timed


def run(
    paths: Sequence[Path],
    out: Path,
    settings: Settings,
    day: date,
    progress: Callable[[str], None],
    *,
    memory: str,
    model: Model = MODEL,
) -> Done:
    """Compare all rows of the files and write the answer. memory: of the database, for example 4GB.

    What does not fit into it spills to a folder beside ``out``, about three times as large as the lists, gone at the end.
    """
    shown = timed(progress)
    out.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix=".去重_", dir=out.parent, ignore_cleanup_errors=True) as folder,
        Duck(Path(folder), memory) as engine,
    ):
        read = ingest(engine, list(dict.fromkeys(p.resolve() for p in paths)), settings.aliases, day, shown)
        matched(engine, declared(settings, model, businesses(engine)), shown)
        shown("写理由")
        answered(engine)
        write(engine, read.parts, out, shown)
        return Done(read, counts(engine))
