#!/bin/bash
# run.sh [-p ROOT] [-o OUT]: runs the scenarios of this folder on Debian's Xen, built with paging. Too slow for CI.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
hypervisor=$("$here/build.sh")
exec "$here/../run" -k "$hypervisor" -t 3600 "$@" "$here"/a_*.sh
