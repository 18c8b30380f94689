#!/bin/sh
# Compares the embedded store with the real xenstored: random requests of two dom0 connections and two guests, every reply and event in
# its order. Ends at the first difference. tests/peers/lockstep.sh [SECONDS [SEED]], by default for an hour with seed 1.
# Needs Debian's xen-utils-4.17, libxen-dev and gcc.
set -e
cd "$(dirname "$0")"
PEERS_SECONDS=${1:-3600} PEERS_SEED=${2:-1} CI=true \
  dotnet test Actors.Peers.Tests.csproj --filter FullyQualifiedName~LockstepTests --logger "console;verbosity=detailed"
