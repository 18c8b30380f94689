#!/usr/bin/env bash
# publish.sh OUT: publishes the program for linux-x64 with its own .NET, the plugins and the policies. Its code is compiled ahead of time.
# OUT/actors is a native program. It runs the commands that need only the xenstore itself, and starts OUT/actors-daemon for everything else.
set -euo pipefail
out=$(realpath -m "${1:?usage: publish.sh OUT}")
cd "$(dirname "$0")/.."
command -v gcc >/dev/null || { echo "publish.sh needs gcc; install gcc and libc6-dev" >&2; exit 1; }
rm -rf "$out"
# These assemblies run at every start. They are compiled below, together with .NET, because ReadyToRun alone compiles no code that mixes two
# assemblies, as each await does. Compiling the others too would only take more memory. Plugins are not compiled: .NET ignores precompiled
# code in a load context that can be unloaded.
names=(actors Actors.Chains Actors.Cli Actors.Dispatch Actors.Loading Actors.Sdk Actors.Xen Actors.XenStore)
# Only these also get the generic code that they share with .NET. If all did, that code would be in memory several times.
generic=" actors Actors.Dispatch Actors.Xen Actors.XenStore "
# The analyzers run in the build of CI. A runtime identifier needs its own lock files, but the versions still come from Directory.Packages.props.
dotnet publish host -c Release -r linux-x64 --self-contained -o "$out" -v quiet --nologo \
  -p:PublishReadyToRun=true -p:CompiledLater="$(printf '%s.dll%%3B' "${names[@]}")" \
  -p:RunAnalyzers=false -p:DebugType=none -p:CopyOutputSymbolsToPublishDirectory=false \
  -p:RestoreLockedMode=false -p:NuGetLockFilePath=obj/publish.lock.json
packages=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: //')
crossgen=$(find "$packages/microsoft.netcore.app.crossgen2.linux-x64" -path '*/tools/crossgen2' | sort -V | tail -1)
compiled=$(mktemp -d)
for name in "${names[@]}"; do
  options=(--inputbubble --inputbubbleref "$out/*.dll")
  [[ $generic != *" $name "* ]] || options+=(--compilebubblegenerics)
  "$crossgen" "$out/$name.dll" -o "$compiled/$name.dll" -r "$out/*.dll" --targetos linux --targetarch x64 -O "${options[@]}" > /dev/null
done
mv "$compiled"/*.dll "$out/"
rmdir "$compiled"
# For a dom0 without OpenSSL; see host/OpenSsl.cs.
mkdir "$out/openssl"
for library in libcrypto.so.3 libssl.so.3; do
  path=$(ldconfig -p | awk -v name="$library" '$1 == name && !found++ { print $NF }')
  cp -L "${path:?publish.sh needs $library; install libssl3}" "$out/openssl/"
done
# The file that starts actors.dll may have any name.
mv "$out/actors" "$out/actors-daemon"
packaging/native.sh front "$out/actors"
# Compiles the scripts of the shipped policies, so that a start needs no compiler for them.
"$out/actors" policy compile --policies policies --into "$out/scripts"
chmod -R a+rX "$out/scripts"
# This library is preloaded into xenpaging; its source explains why.
gcc -O2 -shared -fPIC -o "$out/libxenpaging-answers.so" xen/Paging/answers/xenpaging-answers.c
find "$out" \( -name '*.pdb' -o -name '*.xml' \) -delete
