# The host notices the end of a pager: one that was ended is started again, one that was killed has lost the guest's pages, and what it
# left behind does not get in the way.
paged_again() { [ "$(pidof xenpaging || echo "$pager")" != "$pager" ] && within_one "$(footprint stuck)" 180; }
files_gone() { ! ls /var/lib/xen/xenpaging | grep -q .; }

host
guest stuck pvh 192 192 initcall_blacklist=balloon_init
up stuck
actor stuck paging
target stuck 180; expect stuck reached 180 "paged out"

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
