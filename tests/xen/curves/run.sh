#!/bin/bash
# run.sh [-k HYPERVISOR] OUT [SCRIPT…]: records on a real Xen how footprints follow their targets, as OUT/NAME.csv. Takes a quarter of an hour on a quiet
# machine; on another one the rates mean nothing. Needs what tests/xen needs, gcc and libxen-dev. The pager needs the hypervisor of ../paging/build.sh.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
machine=$here/../machine
. "$machine/places.sh"
need gcc gcc
hypervisor=$cache/image/xen
while getopts k: option; do case $option in k) hypervisor=$OPTARG;; *) exit 2;; esac; done
shift $((OPTIND - 1))
out=$1; shift
[ $# -gt 0 ] || set -- "$here"/*_*.sh

"$machine/image.sh" >&2
tree=$(scratch tree); trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/xenvm" "$tree/usr/bin"
gcc -O2 -o "$tree/usr/bin/footprints" "$here/footprints.c" -lxenctrl
cat "$here/../lib.sh" "$here/lib.sh" > "$tree/xenvm/lib.sh"
cp "$here/../scenarios.sh" "$tree/xenvm/"
lay_scenarios "$tree" "$@"

status=0
"$machine/boot.sh" -t 1800 -k "$hypervisor" "$tree" "$out" || status=$?
for orders in "$out"/*.orders; do
  name=$(basename "$orders" .orders)
  python3 "$here/curve.py" "$orders" "$out/$name.footprints" > "$out/$name.csv"
done
exit $status
