#!/usr/bin/env bash
# Measures threads and memory of the daemon with many simulated domains: bench/domains/run.sh [PUBLISHED [DOMAINS [BURSTS]]]
# Publishes the program first, unless its path is given. Needs python3. Exits with 1 if a limit is missed.
set -euo pipefail
cd "$(dirname "$0")"
published=${1:-}
if [ -z "$published" ]; then
  published=$(mktemp -d)
  trap 'rm -rf "$published"' EXIT
  ../../packaging/publish.sh "$published"
fi
python3 measure.py "$published/actors" "${@:2}"
