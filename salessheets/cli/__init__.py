"""The command line: parse, call, print. Messages for people go to stderr, --json alone to stdout."""

from . import lists, reports, upkeep
from .shell import main

__all__ = ["lists", "main", "reports", "upkeep"]
