host
echo 0 > /run/dom0.domid
xl list 0 | awk 'NR == 2 { exit $3 != 1536 }' || fail "dom0 should have its original size"
! xenstore-exists /local/domain/0/memory/static-max || fail "nothing of dom0 should have been written yet"
target dom0 1400; expect dom0 reached 1400
[ "$(footprint 0)" = 1400 ] || fail "xl says $(footprint 0) MiB"
grep MemTotal /proc/meminfo
say "it grows back, and xl can set it, too"
target dom0 1536; expect dom0 reached 1536
[ "$(footprint 0)" = 1536 ] || fail "xl says $(footprint 0) MiB"
target dom0 100; expect dom0 unable 100 "below the floor"
xl mem-set 0 1500 || fail "xl mem-set 0"
fifteen() { [ "$(footprint 0)" = 1500 ]; }
wait_for 60 "dom0 to follow xl" fifteen
target dom0 1536; expect dom0 reached 1536
xenstore-rm "$(key dom0 target)"
