# Source this file. It sets the folder for downloads and builds, and has functions that check for missing programs and copy scenarios.
cache=${XENVM_CACHE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)/artifacts/xenvm}
mkdir -p "$cache"

# need PROGRAM PACKAGE [PROGRAM PACKAGE…]: exits with status 77 if one is missing, like automake's tests.
need() {
  local missing=
  while [ $# -gt 0 ]; do
    command -v "$1" >/dev/null || missing="$missing $2"
    shift 2
  done
  [ -z "$missing" ] || { echo "missing here: apt-get install$missing" >&2; exit 77; }
}

# scratch NAME: creates a folder on the same disk. If the run is killed, its caller removes XENVM_SCRATCH.
scratch() { mktemp -d "${XENVM_SCRATCH:-$cache}/$1.XXXXXX"; }

# lay_scenarios TREE SCRIPT…: copies scenarios to where scenarios.sh finds them, and notes their order.
lay_scenarios() {
  local tree=$1 script
  shift
  mkdir -p "$tree/xenvm/scenarios"
  for script; do
    cp "$script" "$tree/xenvm/scenarios/"
    basename "$script" >> "$tree/xenvm/order"
  done
}
