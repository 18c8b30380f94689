#!/bin/sh
# Compiles xs to a native program: xs/publish.sh FOLDER. Needs gcc and zlib1g-dev.
# The lock file of the project has no native packages, so this restore has one of its own.
set -e
cd "$(dirname "$0")"
dotnet publish xs.csproj -c Release -r "linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')" -o "$1" --nologo -v quiet \
  -p:PublishAot=true -p:CppCompilerAndLinker=gcc -p:RestoreLockedMode=false -p:NuGetLockFilePath=obj/aot.lock.json
rm -f "$1"/*.dbg "$1"/*.pdb "$1"/*.xml
