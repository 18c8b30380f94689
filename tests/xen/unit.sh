#!/bin/bash
# Checks the unit in the package with systemd-analyze, which must report nothing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/machine/places.sh"
need systemd-analyze systemd
root=$(mktemp -d); trap 'rm -rf "$root"' EXIT
"$here/machine/actors.sh" "$root"
# The targets and programs in Debian that the unit depends on.
cp -an /lib/systemd/system/. "$root/usr/lib/systemd/system/"
install -D -t "$root/bin" /bin/grep /bin/sh
said=$(systemd-analyze verify --root="$root" actors.service 2>&1) || { echo "$said" >&2; exit 1; }
[ -z "$said" ] || { echo "$said" >&2; exit 1; }
