"""``python -m salessheets``."""

from .cli import main

main(prog_name="salessheets")
