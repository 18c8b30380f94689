#!/bin/bash
# run.sh [-k HYPERVISOR] [-t SECONDS] [-o OUT] [SCENARIO.sh…]
# Tests the package on a Debian 12 with systemd: dpkg installs it there, and Xen boots that Debian as its dom0. Then runs the scenarios of
# this folder, or the given ones. Verdicts and status are the same as for tests/xen/run. Too slow for CI.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../machine/places.sh"

hypervisor=$cache/image/xen seconds=3000 out=$cache/out-debian
while getopts k:t:o: option; do
  case $option in k) hypervisor=$OPTARG;; t) seconds=$OPTARG;; o) out=$OPTARG;; *) exit 2;; esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- "$here"/scenarios/*.sh

debian=$("$here/root.sh")
"$here/../machine/actors.sh"
rm -rf "$out"
tree=$(scratch tree); trap 'rm -rf "$tree"' EXIT
cp -a "$debian/." "$tree/"
mkdir -p "$tree/xenvm" "$tree/out"
cp "$cache"/actors/actors_*.deb "$tree/xenvm/actors.deb"
chroot "$tree" dpkg -i /xenvm/actors.deb >&2
cat "$here/../lib.sh" "$here/lib.sh" > "$tree/xenvm/lib.sh"
cp "$here/../scenarios.sh" "$here/main" "$tree/xenvm/"
install -m 644 "$here/xenvm.service" "$tree/etc/systemd/system/"
ln -s ../xenvm.service "$tree/etc/systemd/system/multi-user.target.wants/"
lay_scenarios "$tree" "$@"

"$here/../machine/boot.sh" -t "$seconds" -k "$hypervisor" -b /dev/null -m 3072 -a "systemd.getty_auto=no" "$tree" "$out"
