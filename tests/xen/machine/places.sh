# Where the harness keeps what it downloads and builds, how it says what is missing, and how scenarios get into a machine. Sourced.
cache=${XENVM_CACHE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)/artifacts/xenvm}
mkdir -p "$cache"

# need PROGRAM PACKAGE [PROGRAM PACKAGE…]: ends with status 77 when one is missing, as automake's tests do.
need() {
  local missing=
  while [ $# -gt 0 ]; do
    command -v "$1" >/dev/null || missing="$missing $2"
    shift 2
  done
  [ -z "$missing" ] || { echo "missing here: apt-get install$missing" >&2; exit 77; }
}

# scratch NAME: a new folder on that disk; whoever kills the run removes XENVM_SCRATCH.
scratch() { mktemp -d "${XENVM_SCRATCH:-$cache}/$1.XXXXXX"; }

# lay_scenarios TREE SCRIPT…: puts scenarios where scenarios.sh finds them, in the order in which they are to be played.
lay_scenarios() {
  local tree=$1 script
  shift
  mkdir -p "$tree/xenvm/scenarios"
  for script; do
    cp "$script" "$tree/xenvm/scenarios/"
    basename "$script" >> "$tree/xenvm/order"
  done
}
