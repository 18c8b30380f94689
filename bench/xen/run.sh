#!/bin/bash
# run.sh [OUT]: the figures on a real Xen under QEMU, as lines of NAME VALUE. Takes a quarter of an hour on a quiet machine; on another they mean nothing.
# Needs what tests/xen needs, gcc and libxen-dev.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
machine=$(cd "$here/../../tests/xen/machine" && pwd)
. "$machine/places.sh"
need gcc gcc
out=${1:-$cache/figures}

"$machine/image.sh" >&2
tree=$(scratch tree); trap 'rm -rf "$tree"' EXIT
"$machine/actors.sh" "$tree"
gcc -O2 -o "$tree/usr/bin/target" "$here/target.c" -lxenstore
dotnet publish "$here/hello" -c Release -r linux-x64 --self-contained -o "$tree/usr/lib/hello" -v quiet --nologo \
  -p:PublishReadyToRun=true -p:RunAnalyzers=false -p:RestoreLockedMode=false -p:NuGetLockFilePath=obj/publish.lock.json >&2
mkdir -p "$tree/xenvm"
cp "$here/figures.sh" "$tree/xenvm/"
echo 'sh /xenvm/figures.sh actors target /usr/lib/hello/hello /domu/vmlinux /domu/initrd > /out/figures 2> /dev/console' > "$tree/xenvm/scenarios.sh"

uptime >&2
status=0
"$machine/boot.sh" -t 1800 "$tree" "$out" >&2 || status=$?
cat "$out/figures"
exit $status
