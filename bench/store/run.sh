#!/usr/bin/env bash
# Measures the daemon while xenstored is away, and checks what it does when xenstored is back: bench/store/run.sh PROGRAM [SECONDS [DOMAINS]]
# PROGRAM is the published or built `actors`. The real C xenstored runs on tests/peers' shim, and the daemon on a hypervisor that is a file
# (fakexen.c), in a mount namespace of its own. Needs root, gcc, libxen-dev, python3 and xen-utils. Exits with 1 if something does not hold.
set -euo pipefail
program=$(realpath "${1:?usage: run.sh PROGRAM [SECONDS [DOMAINS]]}")
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
gcc -O2 -shared -fPIC -o "$folder/libxencall.so.1" fakexen.c
gcc -O2 -shared -fPIC -o "$folder/xenshim.so" ../../tests/peers/shim/xenshim.c -ldl
# Nothing of this machine's own daemon is touched, and the program finds a privcmd.
unshare -m -- bash -euo pipefail -c '
  mkdir "$1/dev" "$1/dev/xen"
  mount -t tmpfs tmpfs "$1/dev"
  mkdir "$1/dev/xen" "$1/dev/shm"
  touch "$1/dev/xen/privcmd"
  for name in null zero full random urandom tty; do touch "$1/dev/$name"; mount --bind "/dev/$name" "$1/dev/$name"; done
  mount --rbind "$1/dev" /dev
  for path in /run /var/lib /var/cache; do mount -t tmpfs tmpfs "$path"; done
  exec python3 "${5:-loss}.py" "$1" "${@:2:3}"' bash "$folder" "$program" "${@:2}"
