#!/usr/bin/env bash
# Downloads the wheels an office computer with Windows needs: bash scripts/fetch_wheels.sh [folder] [Python of the zip]
# Works on any system with a network; build_office_zip.py then needs none.
set -eu
cd "$(dirname "$0")/.."
. scripts/venv.sh
use_venv test
folder="${1:-build/wheels}"
python="${2:-3.13}"
pins="$(mktemp)"
trap 'rm -f "$pins"' EXIT
"$PY" scripts/windows_wheels.py pins "$python" >"$pins"
mkdir -p "$folder"
"$PY" -m pip download --disable-pip-version-check -q -d "$folder" -r "$pins" \
  --no-deps --only-binary=:all: --platform win_amd64 --implementation cp --python-version "$python"
ls "$folder"
