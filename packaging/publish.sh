#!/usr/bin/env bash
# publish.sh OUT: the program for linux-x64 with its own .NET, compiled ahead of its start, plugins and policies beside it.
set -euo pipefail
out=$(realpath -m "${1:?usage: publish.sh OUT}")
cd "$(dirname "$0")/.."
rm -rf "$out"
# The analyzers have their say in the build that CI makes. A runtime identifier needs lock files of its own; the versions come from Directory.Packages.props all the same.
dotnet publish host -c Release -r linux-x64 --self-contained -o "$out" -v quiet --nologo \
  -p:PublishReadyToRun=true -p:RunAnalyzers=false -p:DebugType=none -p:CopyOutputSymbolsToPublishDirectory=false \
  -p:RestoreLockedMode=false -p:NuGetLockFilePath=obj/publish.lock.json
# For a dom0 that has none; see host/OpenSsl.cs.
mkdir "$out/openssl"
for library in libcrypto.so.3 libssl.so.3; do
  path=$(ldconfig -p | awk -v name="$library" '$1 == name { print $NF; exit }')
  cp -L "${path:?publish.sh needs $library; install libssl3}" "$out/openssl/"
done
# A start shall need no compiler for what is shipped.
"$out/actors" policy compile --policies policies --into "$out/scripts"
chmod -R a+rX "$out/scripts"
# Preloaded into xenpaging; see there.
command -v gcc >/dev/null || { echo "publish.sh needs gcc; install gcc and libc6-dev" >&2; exit 1; }
gcc -O2 -shared -fPIC -o "$out/libxenpaging-answers.so" xen/Paging/answers/xenpaging-answers.c
find "$out" \( -name '*.pdb' -o -name '*.xml' \) -delete
