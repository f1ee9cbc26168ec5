#!/usr/bin/env bash
# For a double click on macOS: the same as the .sh beside it, and the folder opens at the end.
exec bash "$(cd "$(dirname "$0")" && pwd)/run_daily.sh" --clicked
