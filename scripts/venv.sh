# Sourced by the .sh launchers and run_tests.sh from the repository's root.
# use_venv [EXTRA]: afterwards $PY is the Python of .venv, with this project in it. Nothing is installed twice.

find_python() {
  local candidate why=no_python
  for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      printf '%s\n' "$candidate"
      return 0
    fi
    command -v "$candidate" >/dev/null 2>&1 && why=old_python
  done
  cat "salessheets/data/launch/$why.txt" >&2
  return 1
}

use_venv() {
  local python
  python="$(find_python)" || return 1
  "$python" -X utf8 scripts/make_venv.py "$@" || return 1
  if [ -x .venv/bin/python ]; then PY=.venv/bin/python; else PY=.venv/Scripts/python.exe; fi
}
