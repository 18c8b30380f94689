#!/usr/bin/env bash
# Measures plugins in processes of their own next to the same plugin in the daemon's process: bench/children/run.sh [PUBLISHED [ROUNDS]]
# Publishes the program first, unless its folder is given. Needs python3. Exits with 1 if a limit is missed.
set -euo pipefail
dotnet build --nologo -c Release -v quiet "$(dirname "$0")/meter"
exec "$(dirname "$0")/../measure.sh" "$(dirname "$0")/measure.py" "$@"
