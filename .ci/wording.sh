#!/usr/bin/env bash
# Finds words that CONTRIBUTING.md advises against: the worst offenders, not all of them. Exits with 1 if it finds one.
set -euo pipefail
cd "$(dirname "$0")/.."
words='by and by|anew|mend(s|ed|ing)?|serves? on|names nobody|(is|are|was|were) told|tells|shall|for ever|taken leave|put away|at leisure|who comes'
if git grep -nEwi "$words" -- '*.cs' '*.md' '*.yaml' '*.csx' '*.sh' '.ci/run' ':!tests' ':!CONTRIBUTING.md' ':!.ci/wording.sh'; then
  echo "wording: see the style page in CONTRIBUTING.md" >&2
  exit 1
fi
