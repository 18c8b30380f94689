# The folder is made by a toolstack that lets the guest write it, before the daemon sees the guest. Only the daemon's permissions stop the guest.
host_ends
AGENT='until xenstore-read data/go >/dev/null 2>&1; do sleep 1; done
while :; do
  xenstore-write memory-policy/target 1024 2>&1 | sed "s/^/AGENT target: /"
  xenstore-write memory-policy/actor xl:balloon 2>&1 | sed "s/^/AGENT actor: /"
  xenstore-write data/mine yes && echo "AGENT data: written"
  sleep 2
done'
running_guest thief pv 192 192
folder=/local/domain/$(domid thief)/memory-policy
xenstore-write $folder ""
xenstore-chmod $folder "b$(domid thief)"
host
protected() { ! xenstore-ls -p -f /local/domain/$(domid thief) | grep "/memory-policy " | grep -qE "\((b|n$(domid thief)|w)"; }
wait_for 60 "the daemon to protect the folder" protected
xenstore-write /local/domain/$(domid thief)/data/go 1
xenstore-chmod /local/domain/$(domid thief)/data/go "n0" "r$(domid thief)"
tried() { grep -a "AGENT data: written" "$(console thief)"; }
wait_for 120 "the guest to have tried" tried
grep -a AGENT "$(console thief)" | sort | uniq -c
grep -aq "AGENT target: .*could not write" "$(console thief)" || fail "the guest could write its target"
grep -aq "AGENT actor: .*could not write" "$(console thief)" || fail "the guest could write its actor"
! xenstore-exists "$(key thief target)" || fail "the guest has set a target"
target thief 144; expect thief reached 144; holds thief 144
