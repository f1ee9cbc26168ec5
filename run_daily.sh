#!/usr/bin/env bash
# The daily hand-over: bash run_daily.sh [office folder] [options]. The sample office is copied to demo/office first.
exec bash "$(dirname "$0")/scripts/launch.sh" daily "$@"
