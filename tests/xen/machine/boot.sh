#!/bin/bash
# boot.sh [-t SECONDS] [-k HYPERVISOR] [-a KERNEL-ARGUMENTS] [-b BASE] [-m MIB] TREE OUT
# Boots Xen and a Linux dom0 of MIB under QEMU, without KVM. TREE is copied over BASE, dom0's root, and contains /xenvm/scenarios.sh, which dom0 runs.
# OUT gets the files that the script leaves in /out, and console.log. Exits with its status, 124 after a timeout, or 125 if the machine stopped silently.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/places.sh"
need qemu-system-x86_64 qemu-system-x86 python3 python3 cpio cpio

seconds=600 hypervisor=$cache/image/xen arguments= base=$cache/image/base.cpio memory=1536
while getopts t:k:a:b:m: option; do
  case $option in t) seconds=$OPTARG;; k) hypervisor=$OPTARG;; a) arguments=$OPTARG;; b) base=$OPTARG;; m) memory=$OPTARG;; *) exit 2;; esac
done
shift $((OPTIND - 1))
tree=$1 out=$2
mkdir -p "$out"
work=$(scratch boot); trap 'rm -rf "$work"' EXIT
# The kernel unpacks several archives in a row.
{ cat "$base"; (cd "$tree" && find . -print0 | cpio -0 --quiet -o -H newc -R 0:0); } > "$work/initrd" || exit 125

# smap kills a PV dom0 with a misleading message, and monitor and rdtscp disturb guests. The emulation lacks the others.
cpu=EPYC,-smap,-monitor,-rdtscp,-xsave,-xsaveopt,-xgetbv1,-avx,-avx2,-f16c,-fma,-sha-ni,-fxsr-opt,-misalignsse,-3dnowprefetch,-osvw,-topoext,-nrip-save,-xsavec,-rdseed
# The console is output only: input to QEMU would reach Xen.
timeout -k 5 "$seconds" qemu-system-x86_64 -machine q35 -accel tcg,thread=multi,tb-size=512 -cpu "$cpu" -m 6144 -smp 1 \
  -kernel "$hypervisor" -append "com1=115200 console=com1 bootscrub=0 dom0_mem=${memory}M,max:${memory}M dom0_max_vcpus=1" \
  -initrd "$cache/image/vmlinux console=hvc0 rdinit=/init panic=5 quiet $arguments,$work/initrd" \
  -display none -monitor none -nodefaults -no-reboot -serial file:/proc/self/fd/1 -serial "file:$work/out.tgz" < /dev/null 2>&1 |
  python3 "$here/stamp.py" "$out/console.log"
ended=${PIPESTATUS[0]}

[ ! -s "$work/out.tgz" ] || tar -C "$out" -xzf "$work/out.tgz"
status=$(grep -aoE 'XENVM-EXIT:[0-9]+:' "$out/console.log" | tail -1 | cut -d: -f2)
[ -z "$status" ] || exit "$status"
case $ended in 124 | 137) exit 124;; *) exit 125;; esac
