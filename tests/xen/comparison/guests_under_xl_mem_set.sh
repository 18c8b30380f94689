# The same guests with the same target, once set with xl mem-set and once as a target of actors: what becomes of them within two minutes?
# Prints one line per guest. Under actors, every guest must be alive afterwards.
host
target=112 percents="40 60 90"
for percent in $percents; do
  # Of 256 MiB, its processes can use about 176.
  for by in xl actors; do guest $by$percent pv 256 256 hog=$((176 * percent / 100)); done
done
for percent in $percents; do for by in xl actors; do up $by$percent; done; done
for percent in $percents; do
  xl mem-set xl$percent $target
  actor actors$percent xl:balloon; target actors$percent $target
done
for percent in $percents; do expect actors$percent short $target; done
say "two minutes later"
sleep 120
died() { grep -aoE "Kernel panic[^,]*|Out of memory: Killed process.*" "$(console $1)" | head -1; }
reports() { [ "$(says $1 uptime)" -gt "$2" ]; }
for percent in $percents; do
  for by in xl actors; do
    name=$by$percent asked=$(($(xenstore-read /local/domain/$(domid $name)/memory/target) / 1024)) last=$(says $name uptime)
    sleep 6
    if reports $name "$last"; then alive="alive"; else alive="silent"; fi
    say "RESULT $name: hog=$((176 * percent / 100)) MiB, memory/target $asked MiB, footprint $(footprint $name) MiB, $alive, $(died $name)"
    [ $by = xl ] || [ $alive = alive ] || fail "$name did not survive"
  done
done
