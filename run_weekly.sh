#!/usr/bin/env bash
# The weekly run: bash run_weekly.sh [office folder] [options]. The sample office is copied to demo/office first.
exec bash "$(dirname "$0")/scripts/launch.sh" weekly "$@"
