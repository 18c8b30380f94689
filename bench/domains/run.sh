#!/usr/bin/env bash
# Measures threads and memory of the daemon with many simulated domains: bench/domains/run.sh [PUBLISHED [DOMAINS [BURSTS]]]
# Publishes the program first, unless its path is given. Needs python3. Exits with 1 if a limit is missed.
set -euo pipefail
exec "$(dirname "$0")/../measure.sh" "$(dirname "$0")/measure.py" "$@"
