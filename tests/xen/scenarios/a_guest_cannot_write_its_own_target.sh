host
AGENT='while :; do
  xenstore-write memory-policy/target 1024 2>&1 | sed "s/^/AGENT target: /"
  xenstore-write memory-policy/actor xl:balloon 2>&1 | sed "s/^/AGENT actor: /"
  xenstore-write data/mine yes && echo "AGENT data: written"
  sleep 2
done'
running_guest thief pv 192 192
tried() { grep -a "AGENT data: written" "$(console thief)"; }
wait_for 120 "the guest to have tried" tried
grep -a AGENT "$(console thief)" | sort | uniq -c
grep -aq "AGENT target: .*could not write" "$(console thief)" || fail "writing the target should have been refused"
grep -aq "AGENT actor: .*could not write" "$(console thief)" || fail "writing the actor should have been refused"
! xenstore-exists "$(key thief target)" || fail "the guest has set a target"
target thief 144; expect thief reached 144; holds thief 144
