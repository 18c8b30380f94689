host
running_guest one pv 256 512
target one 200; expect one reached 200; holds one 200
target one 300; expect one reached 300; holds one 300
alive one
tail -1 /var/lib/actors/journal.jsonl | grep '"reached"' || fail "the journal should have the outcome"
