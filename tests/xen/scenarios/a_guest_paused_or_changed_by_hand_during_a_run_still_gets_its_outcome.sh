host
running_guest held pv 640 640
over() { case $(state held) in outcome=running*) return 1;; *" target=204800 "*) ;; *) return 1;; esac; }
target_is() { [ "$(xenstore-read /local/domain/$(domid held)/memory/target)" = $(($1 * 1024)) ]; }
target held 200; wait_for 120 "the balloon's new target" target_is 200
xl pause held
wait_for 120 "the run to notice" over; state held
xl unpause held
expect held reached 200; holds held 200
target held 640; expect held reached 640

say "xl mem-set in mid-run: one writer yields, and the state says so"
target held 200; wait_for 120 "the balloon's new target" target_is 200
xl mem-set held 400
wait_for 120 "the run to end" over; state held
target_is 400 || fail "memory/target should keep the value that was written last"
holds held 400
say "and the target, set again, takes it back"
target held 200; expect held reached 200; holds held 200
