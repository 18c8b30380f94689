host
guest other pv 192 192
running_guest long pv 640 640
up other
restarts=$(unit NRestarts) before=$(unit MainPID)
target long 200; wait_for 120 "the run to begin" said long running 200
kill -9 "$before"
say "killed; a target set meanwhile:"
target other 144
again() { is NRestarts $((restarts + 1)); }
wait_for 120 "systemd to start it again" again
becomes active
[ "$(unit MainPID)" != "$before" ] || fail "it should be another process"
expect long reached 200; holds long 200
expect other reached 144; holds other 144
