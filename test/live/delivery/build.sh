#!/usr/bin/env bash
# build.sh FOLDER   builds what the tier 'delivery' runs, from its sources; FOLDER has to be on PATH then
set -euo pipefail
for tool in flux argo-cd; do "$(dirname "$0")/$tool/build.sh" "$1"; done
