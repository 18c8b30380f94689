#!/bin/bash
# Creates the parts of the machine from Debian's packages, which it downloads and unpacks but never installs:
# CACHE/image holds xen (the hypervisor), vmlinux (for dom0 and guests) and base.cpio (dom0's root, with the guests' ramdisk in it).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/places.sh"
need python3 python3 cpio cpio

exec 9> "$cache/image.lock"; flock 9
image=$cache/image
if [ -s "$image/base.cpio" ] && [ -z "$(find "$here" -newer "$image/base.cpio" -type f)" ]; then exit; fi

new=$image.new work=$cache/work debs=$cache/debs
root=$work/root tree=$work/tree guest=$work/guest
rm -rf "$new" "$work"
mkdir -p "$new" "$tree" "$guest" "$debs"

kernel=$(apt-cache depends linux-image-amd64 | awk '/Depends:/ && !found++ { print $2 }')
[ -n "$kernel" ] || { echo "apt knows no linux-image-amd64: apt-get update" >&2; exit 1; }
packages="xen-hypervisor-4.17-amd64 xen-utils-4.17 xen-utils-common xenstore-utils libxencall1 libxendevicemodel1 libxenevtchn1
  libxenforeignmemory1 libxengnttab1 libxenhypfs1 libxenmisc4.17 libxenstore4 libxentoolcore1 libxentoollog1 libyajl2 libc6 libuuid1
  zlib1g liblzma5 libzstd1 libncurses6 libtinfo6 libgcc-s1 libstdc++6 busybox-static $kernel"
apt=(apt-get -q -o APT::Sandbox::User=root)
wanted=" $("${apt[@]}" download --print-uris $packages | awk '{print $2}' | tr '\n' ' ')"
for deb in "$debs"/*.deb; do case $wanted in *" ${deb##*/} "*) ;; *) rm -f "$deb";; esac; done
(cd "$debs" && "${apt[@]}" download $packages)
for deb in "$debs"/*.deb; do dpkg -x "$deb" "$tree"; done

# QEMU's multiboot loader needs an uncompressed hypervisor.
zcat "$tree/boot/xen-4.17-amd64.gz" > "$new/xen"
python3 "$here/unpack-kernel.py" "$tree/boot/vmlinuz-${kernel#linux-image-}" "$new/vmlinux"

pack() { (cd "$1" && find . -print0 | cpio -0 --quiet -o -H newc -R 0:0); }

# dom0's root: Debian's files where Debian has them, and busybox for the rest.
mkdir -p "$root"/{proc,sys,dev,run,tmp,root,mod,out,domu} "$root"/etc/xen "$root"/usr/{bin,sbin,lib,lib64} \
  "$root"/var/lib/{xen,xenstored} "$root"/var/log/xen/console
for folder in bin sbin lib lib64; do ln -s usr/$folder "$root/$folder"; done
ln -s /run "$root/var/run"; ln -s /run/lock "$root/var/lock"
for lib in "$tree"/lib/x86_64-linux-gnu "$tree"/usr/lib/x86_64-linux-gnu; do
  mkdir -p "$root/usr/lib/x86_64-linux-gnu"
  [ ! -d "$lib" ] || find "$lib" -maxdepth 1 \( -name '*.so' -o -name '*.so.*' \) -exec cp -a {} "$root/usr/lib/x86_64-linux-gnu/" \;
done
cp -a "$tree/lib64/." "$root/usr/lib64/"
cp -a "$tree/usr/lib/xen-4.17" "$root/usr/lib/"
rm -rf "$root/usr/lib/xen-4.17/lib/python"
for program in "$root"/usr/lib/xen-4.17/bin/*; do ln -sf "../lib/xen-4.17/bin/${program##*/}" "$root/usr/sbin/${program##*/}"; done
for program in "$tree"/usr/bin/xenstore*; do [ -L "$program" ] || cp -a "$program" "$root/usr/bin/"; done
cp "$tree/bin/busybox" "$root/usr/bin/busybox"
for applet in $("$root/usr/bin/busybox" --list); do
  [ -e "$root/usr/sbin/$applet" ] || [ "$applet" = busybox ] || ln -s busybox "$root/usr/bin/$applet"
done
for module in xen-evtchn xen-gntdev xen-gntalloc xen-privcmd xenfs/xenfs; do
  cp "$tree/lib/modules/${kernel#linux-image-}/kernel/drivers/xen/$module.ko" "$root/mod/"
done
printf 'autoballoon="off"\n' > "$root/etc/xen/xl.conf"
cp "$tree/etc/xen/oxenstored.conf" "$root/etc/xen/"
printf 'root:x:0:0:root:/root:/bin/sh\n' > "$root/etc/passwd"
printf 'root:x:0:\n' > "$root/etc/group"
cp "$here/dom0-init" "$root/init"
cp "$here/finish" "$root/finish"

# A guest: the same kernel, busybox and the xenstore utils.
mkdir -p "$guest"/{bin,proc,sys,dev,tmp,lib64,lib/x86_64-linux-gnu}
cp "$root/usr/bin/busybox" "$guest/bin/"
cp -L "$root/usr/bin/xenstore" "$guest/bin/"
for name in read write list chmod; do ln -s xenstore "$guest/bin/xenstore-$name"; done
cp -L "$root/lib64/ld-linux-x86-64.so.2" "$guest/lib64/"
for lib in libc.so.6 libxenstore.so.4 libxentoolcore.so.1; do
  cp -L "$root/usr/lib/x86_64-linux-gnu/$lib" "$guest/lib/x86_64-linux-gnu/"
done
cp "$here/domu-init" "$guest/init"
chmod +x "$guest/init" "$root/init"
pack "$guest" > "$root/domu/initrd"
cp "$new/vmlinux" "$root/domu/vmlinux"

pack "$root" > "$new/base.cpio"
rm -rf "$image" "$work"
mv "$new" "$image"
