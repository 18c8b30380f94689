host
running_guest phoenix pv 192 192
before=$(domid phoenix)
actor phoenix xl:balloon
xenstore-write "$(key phoenix floor)" $((100 * 1024)); xenstore-write "$(key phoenix timeout)" 77
target phoenix 144; expect phoenix reached 144
rm "$(console phoenix)"; xl reboot phoenix
reborn() { after=$(xl domid phoenix 2>/dev/null) && [ "$after" != "$before" ]; }
wait_for 120 "phoenix to come back" reborn
remember phoenix; up phoenix
expect phoenix reached 144; holds phoenix 144
[ "$(xenstore-read "$(key phoenix actor)")" = xl:balloon ] || fail "the actor is lost"
[ "$(xenstore-read "$(key phoenix floor)")" = 102400 ] || fail "the floor is lost"
[ "$(xenstore-read "$(key phoenix timeout)")" = 77 ] || fail "the timeout is lost"
target phoenix 128; expect phoenix reached 128; holds phoenix 128
! xenstore-exists /local/domain/$before || fail "the old domain's keys are still there"
alive phoenix
