# balloon-then-paging on a guest without a balloon driver: the real xenpaging finishes the job, gives pages back when the target
# rises, and is released with every page back.
pager() { pidof xenpaging; }
page_file() { ls -s /var/lib/xen/xenpaging/; }
paged() { state stuck | grep "engaged=[^ ]*paging"; }

host
guest stuck pvh 320 320 initcall_blacklist=balloon_init
up stuck
xenstore-write "$(key stuck timeout)" 5
target stuck 288; expect stuck reached 288 "paged out"
paged > /dev/null || fail "the pager should hold the memory"
within_one "$(footprint stuck)" 288 || fail "xl sees $(footprint stuck) MiB"
say "xl sees $(footprint stuck) MiB; xenpaging has pid $(pager); its file:"; page_file
alive stuck

say "the target rises, and pages come back"
target stuck 304; expect stuck reached 304
within_one "$(footprint stuck)" 304 || fail "xl sees $(footprint stuck) MiB"
pager > /dev/null || fail "the pager should still hold the rest"
alive stuck

say "the chain is left, and everything comes back"
actor stuck xl:balloon
released() { ! pager > /dev/null; }
wait_for 120 "xenpaging to end" released
whole() { [ "$(footprint stuck)" -ge 319 ]; }
wait_for 120 "every page to be back" whole
say "xl sees $(footprint stuck) MiB, no xenpaging runs, its folder holds:"; page_file
! ls /var/lib/xen/xenpaging | grep . || fail "something was left there"
expect stuck short 304
alive stuck
