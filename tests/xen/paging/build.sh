#!/bin/bash
# Builds Debian's own Xen with paging and sharing, which Debian leaves out, and prints the path of the hypervisor.
# It fetches the source with apt lists that are next to the image, and does not change the sources of this machine.
# Takes 4 to 6 minutes on two quiet cores. Needs: gcc make bison flex python3 dpkg-dev.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/machine/places.sh"
need gcc gcc make make bison bison flex flex python3 python3 dpkg-source dpkg-dev

hypervisor=$cache/xen-with-paging
if [ -s "$hypervisor" ]; then echo "$hypervisor"; exit; fi

work=$cache/paging-build
rm -rf "$work"
mkdir -p "$work/lists/partial" "$work/archives/partial"
sed -e 's/^Types: deb$/Types: deb-src/' /etc/apt/sources.list.d/debian.sources > "$work/sources.sources"
apt=(apt-get -q -o APT::Sandbox::User=root -o Dir::Etc::sourcelist="$work/sources.sources" -o Dir::Etc::sourceparts=-
  -o Dir::State::lists="$work/lists" -o Dir::Cache::archives="$work/archives" -o Dir::Cache::srcpkgcache= -o Dir::Cache::pkgcache=)
{
  "${apt[@]}" update
  cd "$work"
  # From the main archive: not every mirror keeps the source of a security update, and the tools of both work.
  "${apt[@]}" source --only-source xen/bookworm
  cd xen-*/xen
  # Debian's configuration of the hypervisor is upstream's default for x86_64.
  make XEN_TARGET_ARCH=x86_64 defconfig
  printf 'CONFIG_%s=y\n' EXPERT UNSUPPORTED MEM_PAGING MEM_SHARING >> .config
  make XEN_TARGET_ARCH=x86_64 olddefconfig
  grep -x CONFIG_MEM_PAGING=y .config
  make -j2 XEN_TARGET_ARCH=x86_64
  cp xen "$hypervisor.new"
} >&2
rm -rf "$work"
mv "$hypervisor.new" "$hypervisor"
echo "$hypervisor"
