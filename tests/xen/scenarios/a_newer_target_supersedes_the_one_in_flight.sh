host
# The guest cannot give that much, so the first run takes as long as it may.
running_guest fickle pv 256 256 hog=110
target fickle 110; wait_for 120 "the first run to begin" said fickle running 110
target fickle 200; expect fickle reached 200; holds fickle 200
grep '"name":"fickle"' /var/lib/actors/journal.jsonl | grep '"target_kib":112640' | grep -o '"outcome":"superseded".*' || fail "the journal does not have the first run"
