#!/usr/bin/env bash
# Runs a measurement of the published program: measure.sh SCRIPT [PUBLISHED [ARGUMENT…]]. Publishes the program first, unless its folder is given.
set -euo pipefail
script=$1 published=${2:-}
if [ -z "$published" ]; then
  published=$(mktemp -d)
  trap 'rm -rf "$published"' EXIT
  "$(dirname "$0")/../packaging/publish.sh" "$published"
fi
python3 "$script" "$published" "${@:3}"
