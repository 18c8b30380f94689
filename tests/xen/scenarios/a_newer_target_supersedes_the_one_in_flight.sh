host
running_guest fickle pv 640 640
target fickle 200; wait_for 120 "the first run to begin" said fickle running 200
target fickle 560; expect fickle reached 560; holds fickle 560
grep '"name":"fickle"' /var/lib/actors/journal.jsonl | grep '"target_kib":204800' | grep -o '"outcome":"superseded".*' || fail "the journal knows nothing of the first"
