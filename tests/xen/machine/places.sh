# Where the harness keeps what it downloads and builds, and how it says what is missing. Sourced.
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
