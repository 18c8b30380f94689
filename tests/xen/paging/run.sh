#!/bin/bash
# run.sh [-p ROOT] [-o OUT]: the scenarios of this folder, on Debian's Xen built with paging. Not in CI, for its length.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
hypervisor=$("$here/build.sh")
exec "$here/../run" -k "$hypervisor" -t 3600 "$@" "$here"/a_*.sh
