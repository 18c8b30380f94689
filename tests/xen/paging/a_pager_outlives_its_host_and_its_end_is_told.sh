# The host is killed, the next one takes its pager over, gives everything back, and pages again; what a dead pager leaves is told, or taken away.
ended() { ! pidof xenpaging > /dev/null; }
paged_again() { [ "$(pidof xenpaging || echo "$pager")" != "$pager" ] && within_one "$(footprint stuck)" 180; }
whole() { [ "$(footprint stuck)" -ge 191 ]; }
files_gone() { ! ls /var/lib/xen/xenpaging | grep -q .; }

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
actor stuck paging
target stuck 180; expect stuck reached 180

say "an operator ends xenpaging: the target is taken up again"
pager=$(pidof xenpaging)
kill "$pager"
wait_for 300 "another to do the same" paged_again
expect stuck reached 180
alive stuck

say "kill -9 of xenpaging"
kill -9 "$(pidof xenpaging)"
expect stuck failed 180 "restart the guest"
xl destroy stuck
wait_for 60 "its files to be gone" files_gone

say "a dead pager with nothing paged out is in nobody's way"
guest next pvh 192 192 initcall_blacklist=balloon_init
up next
xenpaging -d "$(domid next)" -f /run/other.page > /run/other.log 2>&1 &
wait_for 30 "it to begin" test -e /run/other.page
kill -9 $!
actor next paging
target next 184; expect next reached 184 "paged out"
alive next
