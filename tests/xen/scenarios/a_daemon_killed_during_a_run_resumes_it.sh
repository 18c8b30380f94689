host
guest other pv 192 192
running_guest long pv 640 640
up other
target long 200; wait_for 120 "the run to begin" said long running 200
kill -9 "$(host_pid)"
say "killed; a target set meanwhile:"
target other 144
host_starts
expect long reached 200; holds long 200
expect other reached 144; holds other 144
