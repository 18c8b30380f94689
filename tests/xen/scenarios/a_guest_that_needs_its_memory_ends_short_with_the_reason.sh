# Guests whose processes use much of their memory get a target just above their floor. Each must still be alive two minutes after its
# outcome. The same guests under xl mem-set show what happens without Actors: that is printed, not required.
host
squeezed="hog40 hog60 hog80"
for percent in 40 60 80; do guest hog$percent pv 256 256 hog=$((256 * percent / 100)); done
for name in $squeezed; do up $name; done
for name in $squeezed; do actor $name xl:balloon; target $name 112; done
for name in $squeezed; do expect $name short 112 "memory"; done
relieved() { [ "$(xenstore-read /local/domain/$(domid $1)/memory/target)" -ge $(($(footprint $1) * 1024)) ]; }
for name in $squeezed; do relieved $name || fail "$name is still asked for more than it can give: $(xenstore-read /local/domain/$(domid $name)/memory/target) KiB"; done
say "two minutes later"
sleep 120
for name in $squeezed; do state $name; alive $name; done
destroy_all

say "the same with xl mem-set"
for percent in 40 60 80; do guest xl$percent pv 256 256 hog=$((256 * percent / 100)); done
for percent in 40 60 80; do up xl$percent; xl mem-set xl$percent 112; done
sleep 120
for percent in 40 60 80; do
  grep -aqE "Kernel panic|Out of memory: Killed" "$(console xl$percent)" && say "xl$percent: $(grep -aoE "Kernel panic.*|Out of memory: Killed.*" "$(console xl$percent)" | head -1)" || say "xl$percent survived"
done
