#!/bin/bash
# Creates a Debian 12 with systemd, Xen's tools and their dependencies, as an administrator would install it, and prints the folder. It has
# the modules of the machine's kernel, and the guests, but no documentation.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../machine/places.sh"
need mmdebstrap mmdebstrap cpio cpio
"$here/../machine/image.sh" >&2

exec 9> "$cache/debian.lock"; flock 9
root=$cache/debian
if [ ! -d "$root" ] || [ "$cache/image/base.cpio" -nt "$root/etc/hostname" ] || [ "$0" -nt "$root/etc/hostname" ]; then
  new=$root.new
  rm -rf "$root" "$new"
  left_out=()
  for folder in doc info locale man; do left_out+=(--dpkgopt="path-exclude=/usr/share/$folder/*"); done
  mmdebstrap --quiet --variant=minbase --include=adduser,systemd-sysv,kmod,xen-utils-4.17,xen-utils-common,xenstore-utils,libxencall1 \
    "${left_out[@]}" --dpkgopt='path-include=/usr/share/doc/actors/*' bookworm "$new" /etc/apt/sources.list.d/debian.sources >&2
  dpkg-deb --fsys-tarfile "$cache"/debs/linux-image-*.deb |
    tar -x -C "$new" --keep-directory-symlink --wildcards './lib/modules/*/kernel/drivers/xen/*' './lib/modules/*/modules.*'
  chroot "$new" depmod "$(ls "$new/lib/modules")"
  (cd "$new" && cpio -id --quiet 'domu/*' finish < "$cache/image/base.cpio")
  # The scenarios read what the guests say.
  echo 'XENCONSOLED_ARGS="--log=guest"' >> "$new/etc/default/xen"
  echo dom0 > "$new/etc/hostname"
  ln -s /lib/systemd/systemd "$new/init"
  mv "$new" "$root"
fi
echo "$root"
