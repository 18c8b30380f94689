# The pager serves a guest without a balloon driver. It needs the hypervisor that ../paging/build.sh builds.
running_guest g pvh 256 256 initcall_blacklist=balloon_init
xenpaging -d "$(domid g)" -f /var/lib/xen/xenpaging/g.page > /out/xenpaging.log 2>&1 &
wait_for 60 "xenpaging to begin" test -e /var/lib/xen/xenpaging/g.page
sleep 5
recording pager
for mib in 232 248 216 240; do page g $mib; rest 5; done
recorded
