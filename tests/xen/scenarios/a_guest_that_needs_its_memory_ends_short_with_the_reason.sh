# Guests whose processes use much of their memory get a target just above their floor. Each must still be alive two minutes after its
# outcome.
host
# Of 256 MiB, its processes can use about 176.
squeezed="hog40 hog60 hog90"
for percent in 40 60 90; do guest hog$percent pv 256 256 hog=$((176 * percent / 100)); done
for name in $squeezed; do up $name; done
for name in $squeezed; do actor $name xl:balloon; target $name 112; done
for name in $squeezed; do expect $name short 112 "memory"; done
relieved() { [ "$(xenstore-read /local/domain/$(domid $1)/memory/target)" -ge $(($(footprint $1) * 1024)) ]; }
for name in $squeezed; do relieved $name || fail "the balloon target of $name is still lower than it can reach: $(xenstore-read /local/domain/$(domid $name)/memory/target) KiB"; done
say "two minutes later"
sleep 120
for name in $squeezed; do state $name; alive $name; done
