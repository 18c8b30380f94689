host
running_guest moved pv 192 192
target moved 144; expect moved reached 144
before=$(domid moved)
# Without a command for the connection, xl runs the given one in a shell: the receiving end on this host.
xl migrate -s "" moved "exec xl migrate-receive" > /run/moved.log 2>&1 || fail "xl migrate: $(cat /run/moved.log)"
remember moved; say "domain $(domid moved), was $before"
[ "$(domid moved)" != "$before" ] || fail "the guest did not move"
expect moved reached 144; holds moved 144
target moved 160; expect moved reached 160; holds moved 160
alive moved
