#!/usr/bin/env bash
# Creates a folder that serves as a package feed for vendors. It contains Actors.Sdk, Actors.Sdk.Testing, Actors.Templates, and the other
# packages that the tests of a plugin need, so a plugin needs no network. The checkout and your own package folder do not change.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: templates/feed.sh DIR" >&2; exit 2; }
mkdir -p "$1"
feed=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

yours=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')
export NUGET_PACKAGES="$work/packages"
# Uses your package folder, which a build of the checkout has filled. Falls back to your package sources if a package is missing there.
restore() {
  dotnet restore "$1" --source "$yours" --source "$feed" -p:NuGetAudit=false --verbosity quiet > "$work/log" 2>&1 ||
    dotnet restore "$1" -p:RestoreAdditionalProjectSources="$feed" --verbosity quiet || {
      echo "packages are missing in $yours, and no package source has them: build the checkout first, and run this before you change NUGET_PACKAGES" >&2
      exit 1
    }
}

rm -f "$feed"/Actors.*.nupkg
mkdir "$work/checkout"
tar -c --exclude=bin --exclude=obj Directory.*.props Version.props .editorconfig BannedSymbols.txt LICENSE sdk testing templates | tar -x -C "$work/checkout"
for project in sdk testing templates; do
  restore "$work/checkout/$project"
  dotnet pack "$work/checkout/$project" --no-restore --configuration Release --output "$feed" --verbosity quiet --nologo
done
# Add the packages that a new plugin and its tests need.
cp -r templates/actors-plugin "$work/solution"
rm "$work/solution/NuGet.config"
NUGET_PACKAGES="$work/needed" restore "$work/solution"
find "$work/needed" -name '*.nupkg' ! -path '*/actors.*' -exec cp -f {} "$feed" \;

echo "the feed is in $feed: $(find "$feed" -name '*.nupkg' | wc -l) packages"
