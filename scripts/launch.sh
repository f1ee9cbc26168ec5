#!/usr/bin/env bash
# What the .sh launchers of a checkout do: make .venv, then start the command. launch.sh weekly|daily|check [arguments]
set -eu
here="$(cd "$(dirname "$0")/.." && pwd)"
from="$PWD"
cd "$here"
. scripts/venv.sh
use_venv
cd "$from"
rc=0
"$here/$PY" -X utf8 -P -m salessheets.launch "$1" --root "$here" "${@:2}" || rc=$?
# 3 means: done, and some rows wait for a correction. The run has said so; for a shell it is a success.
[ "$rc" -eq 3 ] && rc=0
exit "$rc"
