#!/usr/bin/env bash
# Measures the processor time of short commands, native and managed: bench/commands/run.sh [PUBLISHED [ROUNDS]]
# Publishes the program first, unless its path is given. Needs python3. Exits with 1 if a limit is missed.
set -euo pipefail
cd "$(dirname "$0")"
published=${1:-}
if [ -z "$published" ]; then
  published=$(mktemp -d)
  trap 'rm -rf "$published"' EXIT
  ../../packaging/publish.sh "$published"
fi
python3 measure.py "$published" "${@:2}"
