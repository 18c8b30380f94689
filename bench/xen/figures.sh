#!/bin/sh
# figures.sh ACTORS TARGET HELLO KERNEL RAMDISK: the figures on real Xen, in a dom0 where no daemon runs.
#   ACTORS   the published program          TARGET  target.c, compiled
#   HELLO    a .NET hello world, published in the same way
#   KERNEL, RAMDISK  of a Linux guest
# Prints lines of NAME VALUE.
set -eu
actors=$1 target=$2 hello=$3 kernel=$4 ramdisk=$5
store() { xenstore-read "/local/domain/$1/memory-policy/state" 2>/dev/null || true; }
wait_reached() { # DOMID TARGET
  looks=0; until store "$1" | grep -q "^outcome=reached.*target=$2 "; do looks=$((looks+1)); [ $looks -lt 1200 ] || { echo "domain $1 never reached $2: $(store "$1")" >&2; exit 1; }; sleep 0.1; done
}
create() { # NAME
  printf 'name="%s"\ntype="pv"\nkernel="%s"\nramdisk="%s"\nextra="console=hvc0 rdinit=/init quiet"\nmemory=96\nmaxmem=192\nvcpus=1\n' "$1" "$kernel" "$ramdisk" > "/tmp/$1.cfg"
  xl create -q "/tmp/$1.cfg"
}
ended() { status=$?; [ $status = 0 ] || cat /tmp/figures.log >&2; }
trap ended EXIT
hundredths() { awk '{print int($1 * 100)}' /proc/uptime; }

i=1; while [ $i -le 10 ]; do create figure-$i; i=$((i+1)); done
first=$(xl domid figure-1)
sleep 60

# What a program's start costs here: the median of five.
: > /tmp/hello
for n in 1 2 3 4 5; do begun=$(hundredths); "$hello" > /dev/null; echo $(( $(hundredths) - begun )) >> /tmp/hello; done
hello_start=$(sort -n /tmp/hello | sed -n 3p)

# A target that waits when the daemon starts; acted on when memory/target is written. The watch fires once when it is set.
: > /tmp/start
for n in 1 2 3 4 5; do
  xenstore-write "/local/domain/$first/memory-policy/target" $((90000 + n * 4000))
  timeout 300 xenstore-watch -n 2 "/local/domain/$first/memory/target" > /dev/null & acted=$!
  sleep 1
  begun=$(hundredths)
  "$actors" run > /dev/null 2>> /tmp/figures.log & daemon=$!
  wait "$acted" || { echo "memory/target of domain $first did not move: $(store "$first")" >&2; exit 1; }
  echo $(( $(hundredths) - begun )) >> /tmp/start
  echo "start $n: $(tail -1 /tmp/start)0 ms" >&2
  wait_reached "$first" $((90000 + n * 4000))
  [ $n = 5 ] || { kill "$daemon"; wait "$daemon" || true; }
done
actors_start=$(sort -n /tmp/start | sed -n 3p)
echo "start-to-first-target-ms $((actors_start * 10))"
echo "hello-start-ms $((hello_start * 10))"

# Idle, with ten domains: in the first minutes .NET compiles again what is called often.
ticks() { awk '{print $14 + $15}' "/proc/$daemon/stat"; }
for minute in 1 2 3 4; do
  begun=$(ticks); sleep 60
  echo "idle-cpu-percent-minute-$minute $(awk -v t=$(( $(ticks) - begun )) 'BEGIN { printf "%.2f", t / 60 }')"
done
echo "idle-rss-mib $(awk '/VmRSS/ { printf "%.1f", $2 / 1024 }' "/proc/$daemon/status")"

echo "target-p50-us-actors $("$target" measure "$first" 22 98000 110000)"
kill "$daemon"; wait "$daemon" || true
"$target" serve "$first" & peer=$!
sleep 1
echo "target-p50-us-c $("$target" measure "$first" 22 98000 110000)"
kill "$peer"
