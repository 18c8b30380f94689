#!/usr/bin/env bash
# Kills children of the daemon at random moments with random signals under load: bench/children/kills.sh [PUBLISHED [KILLS [SEED]]]
# Publishes the program first, unless its folder is given. Needs python3. Exits with 1 if a target is lost or something is left.
set -euo pipefail
dotnet build --nologo -c Release -v quiet "$(dirname "$0")/meter"
exec "$(dirname "$0")/../measure.sh" "$(dirname "$0")/kills.py" "$@"
