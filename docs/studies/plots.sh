#!/bin/bash
# plots.sh: plays all studies and draws again the plots in this folder, one for each study. Takes a few minutes.
# Needs libfontconfig1 and fonts-dejavu-core.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
all=$(mktemp -d); trap 'rm -rf "$all"' EXIT

# STUDY CHART
while read -r study chart; do
  dotnet run -c Release --project "$top/host" -- study "$top/studies/$study.yaml" --plot "$all/$study" > /dev/null
  cp "$all/$study/$chart.png" "$here/$study.png"
done <<'CHARTS'
compaction-and-claims 2-claimed-to-the-end-host-paged-out-and-shattered-memory-of-all-do
elasticity 2-reporting-domain-1-vm
elasticity-idle 5-reporting--after-the-clean-domain-1-vm
fifteen-guests 1-floor-of-the-kernel-host-footprints-and-the-memory-of-the-host
free-page-reporting 5-after-15-s-domain-1-vm
max-of-sums 2-reporting-host-footprints-and-the-memory-of-the-host
page-hinting 3-none-2-0-host-slow-down
page-walks 1-guest-4k-host-4k-host-slow-down
reclaim-speed 1-balloon-4k-domain-1-vm
resizing-cost 1-balloon-4k-host-slow-down
self-ballooning 2-kernel-host-footprints-and-the-memory-of-the-host
shattering 2-random-1---host-paged-out-and-shattered-memory-of-all-do
sixth-guest 2-paging-host-slow-down
superpage-lifetime 1-random-host-paged-out-and-shattered-memory-of-all-do
toolstack-claims 2-toolstack-host-footprints-and-the-memory-of-the-host
uncooperative-swapping 2-swapping-host-slow-down
CHARTS
