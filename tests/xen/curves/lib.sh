# Functions for the recordings: what was ordered and when, next to what footprints.c sees.

uptime() { local up rest; read -r up rest < /proc/uptime; echo "$up"; }
# recording NAME: begins to record all domains, and waits for the first sample.
recording() {
  raw=/out/$1
  : > $raw.orders
  footprints 100 > $raw.footprints &
  sampler=$!
  wait_for 30 "the first sample" test -s $raw.footprints
}
recorded() { kill $sampler; }
note() { say "$1: $2"; echo "$(uptime) $(domid $1) $1 $2" >> $raw.orders; }
# order NAME MIB: asks the guest's driver directly, so that the curve shows the driver and not the daemon.
order() { note $1 $(($2 * 1024)); xenstore-write "/local/domain/$(domid $1)/memory/target" $(($2 * 1024)); }
# order_all MIB NAME…: the same for several guests, in one transaction.
order_all() {
  local name words= at mib=$1
  shift
  for name; do words="$words /local/domain/$(domid $name)/memory/target $(($mib * 1024))"; done
  at=$(uptime)
  xenstore-write $words
  for name; do echo "$at $(domid $name) $name $(($mib * 1024))" >> $raw.orders; done
}
# limit NAME MIB: sets max_mem.
limit() { note $1 max_mem=$(($2 * 1024)); footprints max "$(domid $1)" $(($2 * 1024)); }
# page NAME MIB: asks the pager.
page() { note $1 $(($2 * 1024)); xenstore-write "/local/domain/$(domid $1)/memory/target-tot_pages" $(($2 * 1024)); }
still() { local at; for at in $(tail -qn1 $raw.footprints $raw.orders | cut -d. -f1); do [ $(($(now) - at)) -ge $1 ] || return 1; done; }
# rest SECONDS: waits until nothing has been ordered, and no footprint has changed, for so long.
rest() { wait_for 300 "footprints to rest for $1 s" still $1; }
# warm NAME MIB: one move down and up. The emulator translates code when it runs for the first time.
warm() {
  local all=$(footprint $1)
  xenstore-write "/local/domain/$(domid $1)/memory/target" $(($2 * 1024)); sleep 5
  xenstore-write "/local/domain/$(domid $1)/memory/target" $((all * 1024)); sleep 5
}
