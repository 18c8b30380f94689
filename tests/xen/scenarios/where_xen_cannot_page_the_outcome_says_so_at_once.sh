host
running_guest unpaged pvh 256 256
actor unpaged paging
begun=$(now)
target unpaged 200; expect unpaged unable 200 "built without memory paging"
[ $(($(now) - begun)) -le 15 ] || fail "that took longer than a start of xenpaging"
! pidof xenpaging || fail "a pager was left behind"
! ls /var/lib/xen/xenpaging 2>/dev/null | grep . || fail "a page file was left behind"
alive unpaged
