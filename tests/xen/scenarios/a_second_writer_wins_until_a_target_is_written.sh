host
running_guest shared pv 256 256
asked_for() { [ "$(xenstore-read /local/domain/$(domid shared)/memory/target)" = $(($1 * 1024)) ]; }
left_alone() { expect shared drifted 200; asked_for 160 || fail "memory/target should be left to xl: $(xenstore-read /local/domain/$(domid shared)/memory/target)"; }
target shared 200; expect shared reached 200; holds shared 200
xl mem-set shared 160; holds shared 160
left_alone

say "a restart of the daemon changes nothing"
host_ends; host_starts; sleep 15; left_alone
say "nor does the domain's timeout, nor a new policy"
xenstore-write "$(key shared timeout)" 77
cp -L /etc/actors/policies/balloon.yaml /etc/actors/policies/another.yaml; sleep 15; left_alone
rm /etc/actors/policies/another.yaml; sleep 5; left_alone
holds shared 160
say "a target does, even the same one"
target shared 200; expect shared reached 200; holds shared 200
