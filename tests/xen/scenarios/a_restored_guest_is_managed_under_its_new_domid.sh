# A restored guest has the same UUID and another domid. It does not announce itself again. Its target is still in effect.
host
running_guest saved pv 192 192
target saved 144; expect saved reached 144
before=$(domid saved)
xl save saved /run/saved 2> /run/saved.log || fail "xl save: $(cat /run/saved.log)"
xl restore /run/saved 2> /run/saved.log || fail "xl restore: $(cat /run/saved.log)"
remember saved; say "restored as domain $(domid saved), was $before"
! xenstore-exists /local/domain/$before || fail "the old domain's keys are still there"
expect saved reached 144; holds saved 144
begun=$(now)
target saved 160; expect saved reached 160
[ $(($(now) - begun)) -lt 100 ] || fail "that took as long as a guest may take to boot"
holds saved 160

say "a target that comes while it is being saved waits for the end of that"
xl save -c saved /run/saved 2> /run/saved.log & saving=$!
suspended() { case $(xl list saved | awk 'NR == 2 { print $5 }') in *s*) ;; *) ! kill -0 $saving 2>/dev/null;; esac; }
wait_for 60 "the guest to be suspended" suspended
target saved 128; wait $saving
expect saved reached 128; holds saved 128
alive saved
xl destroy saved
