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
# ReadyToRun leaves to the start whatever mixes two assemblies, as each await does. What every start goes through is therefore compiled together
# with .NET and all else here, and what .NET publishes nothing of, the plugins, by itself. The rest would only take more memory.
packages=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: //')
crossgen=$(find "$packages/microsoft.netcore.app.crossgen2.linux-x64" -path '*/tools/crossgen2' | sort -V | tail -1)
ahead() { # IL OUT [OPTION…]
  "$crossgen" "$1" -o "$2.new" -r "$out/*.dll" --targetos linux --targetarch x64 -O "${@:3}" > /dev/null
  mv "$2.new" "$2"
}
for name in actors Actors.Sdk Actors.Xen Actors.XenStore; do
  ahead "host/bin/Release/net10.0/linux-x64/$name.dll" "$out/$name.dll" --inputbubble --inputbubbleref "$out/*.dll" --compilebubblegenerics
done
for plugin in "$out"/plugins/*/; do
  name=$(basename "$plugin")
  ahead "plugins/$name/bin/Release/net10.0/$name.dll" "$plugin$name.dll"
done
# For a dom0 that has none; see host/OpenSsl.cs.
mkdir "$out/openssl"
for library in libcrypto.so.3 libssl.so.3; do
  path=$(ldconfig -p | awk -v name="$library" '$1 == name && !found++ { print $NF }')
  cp -L "${path:?publish.sh needs $library; install libssl3}" "$out/openssl/"
done
# A start shall need no compiler for what is shipped.
"$out/actors" policy compile --policies policies --into "$out/scripts"
chmod -R a+rX "$out/scripts"
# Preloaded into xenpaging; see there.
command -v gcc >/dev/null || { echo "publish.sh needs gcc; install gcc and libc6-dev" >&2; exit 1; }
gcc -O2 -shared -fPIC -o "$out/libxenpaging-answers.so" xen/Paging/answers/xenpaging-answers.c
find "$out" \( -name '*.pdb' -o -name '*.xml' \) -delete
