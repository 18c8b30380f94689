# Runs the guests of a_guest_that_needs_its_memory_ends_short_with_the_reason.sh with the same numbers under xl mem-set, and prints which survive.
for percent in 40 60 90; do guest xl$percent pv 256 256 hog=$((176 * percent / 100)); done
for percent in 40 60 90; do up xl$percent; xl mem-set xl$percent 112; done
sleep 120
for percent in 40 60 90; do
  grep -aqE "Kernel panic|Out of memory: Killed" "$(console xl$percent)" && say "xl$percent: $(grep -aoE "Kernel panic.*|Out of memory: Killed.*" "$(console xl$percent)" | head -1)" || say "xl$percent survived"
done
