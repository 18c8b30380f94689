host
guest doomed pv 640 640
running_guest neighbour pv 192 192
up doomed
doomed=$(domid doomed)
target doomed 224; wait_for 120 "the run to begin" said doomed running 224
xl destroy doomed
target neighbour 128; expect neighbour reached 128; holds neighbour 128
gone() { ! xenstore-exists /local/domain/$doomed; }
wait_for 60 "nothing of domain $doomed to be left in xenstore" gone
host_runs || fail "the host ended"
