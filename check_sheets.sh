#!/usr/bin/env bash
# Checks sheets before they are handed in: bash check_sheets.sh FILE... Marked copies go to the folder 检查.
exec bash "$(dirname "$0")/scripts/launch.sh" check "$@"
