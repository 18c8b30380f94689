#!/bin/sh
# Compiles the native program to FOLDER/actors: front/publish.sh FOLDER. Needs gcc and zlib1g-dev.
# The lock file of the project has no native packages, so this restore has one of its own.
set -e
cd "$(dirname "$0")"
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
dotnet publish Actors.Front.csproj -c Release -r "linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')" -o "$out" --nologo -v quiet \
  -p:PublishAot=true -p:CppCompilerAndLinker=gcc -p:RunAnalyzers=false -p:RestoreLockedMode=false -p:NuGetLockFilePath=obj/aot.lock.json
mkdir -p "$1"
mv "$out/actors-front" "$1/actors"
