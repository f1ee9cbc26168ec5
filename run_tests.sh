#!/usr/bin/env bash
# Every check with one command: bash run_tests.sh [pytest arguments]
set -eu
cd "$(dirname "$0")"
. scripts/venv.sh
use_venv test
echo "== ruff" && "$PY" -m ruff check . && "$PY" -m ruff format --check -q .
echo "== mypy" && "$PY" -m mypy
echo "== import-linter" && PYTHONPATH=. "$PY" -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
echo "== deptry" && "$PY" -m deptry .
# One worker per core; a module stays on one worker (tests/conftest.py). -n 0 runs everything in one process.
echo "== pytest" && "$PY" -X utf8 -m pytest -n auto --maxprocesses 8 --dist loadgroup --no-loadscope-reorder "$@"
