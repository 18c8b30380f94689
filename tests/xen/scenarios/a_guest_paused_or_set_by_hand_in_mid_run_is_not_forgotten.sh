host
running_guest held pv 640 640
over() { case $(state held) in outcome=running*) return 1;; *" target=204800 "*) ;; *) return 1;; esac; }
asked_for() { [ "$(xenstore-read /local/domain/$(domid held)/memory/target)" = $(($1 * 1024)) ]; }
target held 200; wait_for 120 "the balloon to be asked" asked_for 200
xl pause held
wait_for 120 "the run to notice" over; state held
xl unpause held
expect held reached 200; holds held 200
target held 640; expect held reached 640

say "xl mem-set in mid-run: one writer yields, and the state says so"
target held 200; wait_for 120 "the balloon to be asked" asked_for 200
xl mem-set held 400
wait_for 120 "the run to end" over; state held
asked_for 400 || fail "memory/target should be left to who wrote it last"
holds held 400
say "and the target, set again, takes it back"
target held 200; expect held reached 200; holds held 200
