"""What batches are told of the office and the model, and what a person is told of the work."""

from __future__ import annotations

import time
from collections.abc import Callable

from salessheets.match.batches import Declared
from salessheets.match.model import Model
from salessheets.settings import Settings


def declared(settings: Settings, model: Model, named: int) -> Declared:
    """What every batch is told. named: how many rows have a 单位."""
    own = tuple(person.phone for person in settings.staff if person.phone)
    return Declared(model, (settings.rules.ask_line, settings.rules.merge_line), own, named)


def timed(progress: Callable[[str], None]) -> Callable[[str], None]:
    """The same, with the time since the start."""
    start = time.monotonic()

    def told(what: str) -> None:
        seconds = int(time.monotonic() - start)
        progress(f"{seconds // 60}:{seconds % 60:02} {what}")

    return told
