#!/usr/bin/env bash
# Measures the processor time of short commands, native and managed: bench/commands/run.sh [PUBLISHED [ROUNDS]]
# Publishes the program first, unless its path is given. Needs python3. Exits with 1 if a limit is missed.
set -euo pipefail
exec "$(dirname "$0")/../measure.sh" "$(dirname "$0")/measure.py" "$@"
