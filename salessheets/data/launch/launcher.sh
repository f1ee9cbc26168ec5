#!/usr/bin/env bash
# Starts salessheets on this office folder. Made from salessheets/data/launch/launcher.sh by salessheets init.
set -u
here="$(cd "$(dirname "$0")" && pwd)"
PY=""
[ -f "$here/app/python.txt" ] && IFS= read -r PY <"$here/app/python.txt"
if [ ! -x "$PY" ]; then
  cat "$here/app/texts/no_program.txt" >&2
  exit 1
fi
rc=0
"$PY" -X utf8 -P -m salessheets.launch @COMMAND@ --root "$here" "$@" || rc=$?
# 3 means: done, and some rows wait for a correction. The run has said so; for a shell it is a success.
[ "$rc" -eq 3 ] && rc=0
exit "$rc"
