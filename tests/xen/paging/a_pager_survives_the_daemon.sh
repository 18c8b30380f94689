# The daemon is killed during the run. The next one takes over its pager, gives everything back, and pages again.
ended() { ! pidof xenpaging > /dev/null; }
whole() { [ "$(footprint stuck)" -ge 191 ]; }

host
guest stuck pvh 192 192 initcall_blacklist=balloon_init
up stuck
xenstore-write "$(key stuck timeout)" 1
target stuck 176; expect stuck reached 176 "paged out"
pager=$(pidof xenpaging)

say "kill -9 of the host"
kill -9 "$(host_pid)"; wait_for 30 "the host to be gone" host_is_gone
host_starts
target stuck 170; expect stuck reached 170
[ "$(pidof xenpaging)" = "$pager" ] || fail "the pager should be the one of the host before"
alive stuck

say "the chain is left, and taken again"
actor stuck xl:balloon
wait_for 300 "xenpaging to end" ended
wait_for 60 "every page to be back" whole
actor stuck xl
target stuck 180; expect stuck reached 180
alive stuck
