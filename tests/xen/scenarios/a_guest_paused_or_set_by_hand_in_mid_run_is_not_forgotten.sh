host
running_guest held pv 640 640
target held 200; wait_for 120 "the run to begin" said held running 200
xl pause held
over() { ! said held running 200; }
wait_for 120 "the run to notice" over; state held
xl unpause held
expect held reached 200; holds held 200

say "xl mem-set in mid-run: one writer yields, and the state says so"
asked_for() { [ "$(xenstore-read /local/domain/$(domid held)/memory/target)" = $(($1 * 1024)) ]; }
target held 560; wait_for 120 "the balloon to be asked" asked_for 560
xl mem-set held 300
over() { ! said held running 560; }
wait_for 120 "the run to end" over; state held
asked_for 300 || fail "memory/target should be left to who wrote it last"
holds held 300
say "and the target, set again, takes it back"
target held 560; expect held reached 560; holds held 560
