host
running_guest phoenix pv 192 192
before=$(domid phoenix)
target phoenix 144; expect phoenix reached 144
rm "$(console phoenix)"; xl reboot phoenix
reborn() { after=$(xl domid phoenix 2>/dev/null) && [ "$after" != "$before" ]; }
wait_for 120 "phoenix to come back" reborn
remember phoenix; up phoenix
target phoenix 128; expect phoenix reached 128; holds phoenix 128
! xenstore-exists /local/domain/$before || fail "the old domain's keys are still there"
alive phoenix
