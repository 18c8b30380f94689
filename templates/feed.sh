#!/usr/bin/env bash
# Makes a folder that serves as a package feed for vendors: Actors.Sdk, Actors.Sdk.Testing and Actors.Templates, and what the tests of a
# plugin need of others. After it, nothing that a plugin does needs a network.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: templates/feed.sh DIR" >&2; exit 2; }
mkdir -p "$1"
feed=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

rm -f "$feed"/Actors.*.nupkg
for room in sdk testing templates; do
  dotnet pack "$room" --configuration Release --output "$feed" --verbosity quiet --nologo
done

# The tests of this repository use the same packages, so that the machine's cache has them afterwards.
dotnet restore tests/Actors.Sdk.Testing.Tests --verbosity quiet
cache=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')
# It would go on serving an earlier build of the same version.
rm -rf "$cache"/actors.sdk "$cache"/actors.sdk.testing
cp -r templates/actors-plugin "$work/solution"
dotnet restore "$work/solution" --source "$cache" --source "$feed" --packages "$work/packages" --verbosity quiet
find "$work/packages" -name '*.nupkg' ! -path '*/actors.*' -exec cp -f {} "$feed" \;

echo "the feed is in $feed: $(find "$feed" -name '*.nupkg' | wc -l) packages"
