#!/usr/bin/env bash
# Measures the CPU of the daemon at rest with many domains: bench/domains/idle.sh PROGRAM [DOMAINS [SECONDS]]
# The hypervisor is a file (bench/store/fakexen.c) and the xenstore the real one, in a mount namespace of its own, so only the daemon itself
# counts. Needs root, gcc, libxen-dev, python3 and xen-utils. Prints the CPU of the daemon (user and system) and the requests that xenstored
# got, for idle domains and for domains that wait for memory. Exits with 1 if a limit is missed.
set -euo pipefail
exec "$(dirname "$0")/../store/run.sh" "${1:?usage: idle.sh PROGRAM [DOMAINS [SECONDS]]}" "${3:-60}" "${2:-1000}" idle
