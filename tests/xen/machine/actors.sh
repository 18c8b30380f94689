#!/bin/bash
# actors.sh [TREE]: builds the Debian package from the sources if any of them has changed, and copies to TREE what an installation puts
# into a dom0. The lock also covers the copying, because several machines may be prepared at the same time.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/places.sh"
need gcc gcc
top=$(cd "$here/../../.." && pwd)

exec 9>> "$cache/actors.lock"; flock 9
stamp=$cache/actors/stamp
newer() {
  find "$top" \( -name bin -o -name obj -o -name .git -o -name TestResults -o -path "$top/artifacts" -o -path "$top/tests" -o -path "$top/bench" -o -path "$top/docs" \) \
    -prune -o -type f -newer "$stamp" -print -quit
}
if [ ! -f "$stamp" ] || [ -n "$(newer)" ]; then
  rm -rf "$cache/actors"
  mkdir -p "$cache/actors"
  touch "$stamp.new"
  "$top/packaging/deb.sh" "$cache/actors" >&2
  dpkg-deb -x "$cache"/actors/actors_*.deb "$cache/actors/root"
  # As on Debian, dom0's /lib is a link to /usr/lib.
  cp -a "$cache/actors/root/lib/." "$cache/actors/root/usr/lib/"
  rm -rf "$cache/actors/root/lib"
  mv "$stamp.new" "$stamp"
fi
[ $# -eq 0 ] || cp -a "$cache/actors/root/." "$1/"
