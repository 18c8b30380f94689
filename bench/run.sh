#!/bin/sh
# Runs the benchmark, which compares Actors with the real C xenstored and its library: bench/run.sh [ROUNDS [WORK]]
# Needs Debian's xen-utils-4.17, libxen-dev and gcc. Prints a Markdown table on stdout.
set -e
cd "$(dirname "$0")/.."
uptime >&2
dotnet build -c Release --nologo -v quiet bench/Actors.Bench >&2
dotnet bench/Actors.Bench/bin/Release/net10.0/Actors.Bench.dll "$@"
