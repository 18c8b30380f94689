host
running_guest fickle pv 768 768
target fickle 208; wait_for 120 "the first run to begin" said fickle running 208
target fickle 560; expect fickle reached 560; holds fickle 560
grep '"name":"fickle"' /var/lib/actors/journal.jsonl | grep '"target_kib":212992' | grep -o '"outcome":"superseded".*' || fail "the journal knows nothing of the first"
