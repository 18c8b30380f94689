# Random targets for a minute; a footprint that `actors list` shows is never older than two seconds plus the time of one xl list.
host
all="l1 l2 l3"
for name in $all; do guest $name pv 256 256; done
for name in $all; do up $name; done
listed() { actors list --json | tr '{' '\n' | sed -n "s/.*\"name\": *\"$1\".*\"footprint_kib\": *\([0-9]*\).*/\1/p"; }
end=$(($(now) + 60)) seed=7
while [ "$(now)" -lt $end ]; do
  for name in $all; do
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    target $name $((128 + seed / 65536 % 120))
  done
  sleep 8
  for name in $all; do
    before=$(footprint $name); sleep 3; shown=$(listed $name); after=$(footprint $name)
    [ -n "$shown" ] || fail "list does not show $name: $(actors list --json)"
    low=$((before < after ? before : after)) high=$((before > after ? before : after))
    [ $((shown / 1024)) -ge $((low - 2)) ] && [ $((shown / 1024)) -le $((high + 2)) ] || fail "$name: list shows $((shown / 1024)) MiB, xl list $before, then $after"
  done
done
