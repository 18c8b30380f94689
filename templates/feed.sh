#!/usr/bin/env bash
# Creates a folder that serves as a package feed for vendors. It contains Actors.Sdk, Actors.Sdk.Testing, Actors.Templates, and the other
# packages that the tests of a plugin need. After that, building and testing a plugin needs no network.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: templates/feed.sh DIR" >&2; exit 2; }
mkdir -p "$1"
feed=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

rm -f "$feed"/Actors.*.nupkg
for project in sdk testing templates; do
  dotnet pack "$project" --configuration Release --output "$feed" --verbosity quiet --nologo
done

# The tests of this repository use the same packages, so this puts them into the package folder of the machine.
dotnet restore tests/Actors.Sdk.Testing.Tests --verbosity quiet
cache=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')
# It would go on serving an earlier build of the same version.
rm -rf "$cache"/actors.sdk "$cache"/actors.sdk.testing
cp -r templates/actors-plugin "$work/solution"
dotnet restore "$work/solution" --source "$cache" --source "$feed" --packages "$work/packages" --verbosity quiet
find "$work/packages" -name '*.nupkg' ! -path '*/actors.*' -exec cp -f {} "$feed" \;

echo "the feed is in $feed: $(find "$feed" -name '*.nupkg' | wc -l) packages"
