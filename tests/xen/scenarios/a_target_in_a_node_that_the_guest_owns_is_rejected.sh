host
running_guest trusted pv 192 192
target trusted 144; expect trusted reached 144
xenstore-chmod "$(key trusted target)" n$(domid trusted)
xenstore-write "$(key trusted target)" $((128 * 1024))
refused() { state trusted | grep -q '^outcome=unable .*a guest could have written'; }
wait_for 60 "the node to be refused" refused; state trusted
holds trusted 144
say "given back, as the reason says"
xenstore-chmod "$(key trusted target)" n0 r$(domid trusted)
target trusted 160; expect trusted reached 160; holds trusted 160
