#!/usr/bin/env bash
# native.sh PROJECT FILE: compiles a project to a native program, which needs no .NET, for the machine's own processor. The checkout does not change.
set -euo pipefail
file=$(realpath -m "${2:?usage: native.sh PROJECT FILE}")
cd "$(dirname "$0")/.."
command -v gcc >/dev/null || { echo "native.sh needs gcc; install gcc and libc6-dev" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
case $(uname -m) in x86_64) runtime=linux-x64 ;; aarch64) runtime=linux-arm64 ;; *) runtime=linux-$(uname -m) ;; esac
# The analyzers run in the build of CI. A runtime identifier needs its own lock files, but the versions still come from Directory.Packages.props.
dotnet publish "$1" -c Release -r "$runtime" -o "$work/out" -v quiet --nologo --artifacts-path "$work/build" -p:UseArtifactsOutput=true \
  -p:PublishAot=true -p:CppCompilerAndLinker=gcc -p:RunAnalyzers=false -p:RestoreLockedMode=false -p:NuGetLockFilePath=obj/native.lock.json
mkdir -p "$(dirname "$file")"
mv "$(find "$work/out" -maxdepth 1 -type f -executable ! -name '*.*')" "$file"
