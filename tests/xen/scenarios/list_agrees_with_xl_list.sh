# Domains without a target, dom0 among them, and random targets; a footprint that `actors list` shows is never older than two seconds plus the time of one xl list.
host
all="l1 l2 l3"
for name in $all untouched; do guest $name pv 256 256; done
for name in $all untouched; do up $name; done
listed() { actors list --json | tr '{' '\n' | sed -n "s/.*\"name\": *\"$1\".*\"footprint_kib\": *\([0-9]*\).*/\1/p"; }
# "-" in every column but the footprint: nobody has set anything for these two.
for name in untouched Domain-0; do
  shown=$(listed $name) exact=$(footprint $name)
  [ -n "$shown" ] || fail "list shows no footprint for $name: $(actors list --json)"
  [ $((shown / 1024)) -ge $((exact - 2)) ] && [ $((shown / 1024)) -le $((exact + 2)) ] || fail "$name: list shows $((shown / 1024)) MiB, xl list $exact"
  actors list --no-header | awk -F '\t' -v name="$name" '$2 == name && $4 > 0 && $5 == "-" { found = 1 } END { exit !found }' || fail "the table shows no footprint for $name: $(actors list)"
done
# A domain that xl changes is current, too, although actors have nothing to do with it.
xl mem-set untouched 200; settled() { [ "$(footprint untouched)" -le 202 ]; }; wait_for 120 "untouched to have 200 MiB" settled
shown=$(listed untouched)
[ $((shown / 1024)) -ge 198 ] && [ $((shown / 1024)) -le 202 ] || fail "untouched: list shows $((shown / 1024)) MiB after xl mem-set 200"
end=$(($(now) + 30)) seed=7
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
