# The guest reaches the target on its own while no daemon runs. Only the next daemon lowers max_mem and writes the outcome.
host
guest other pv 192 192
running_guest long pv 640 640
up other
max_mem() { xentop -b -i 1 | awk -v name=$1 '$1 == name { print int($7 / 1024) }'; }
target long 200; wait_for 120 "the run to begin" said long running 200
kill -9 "$(host_pid)"
say "killed; a target set meanwhile:"
target other 144
holds long 200
[ "$(max_mem long)" -gt 600 ] || fail "max_mem was lowered without a daemon: $(max_mem long) MiB"
said long running 200 || fail "the state changed without a daemon: $(state long)"
host_starts
expect long reached 200; holds long 200
[ "$(max_mem long)" -le 202 ] || fail "max_mem is still $(max_mem long) MiB"
expect other reached 144; holds other 144
