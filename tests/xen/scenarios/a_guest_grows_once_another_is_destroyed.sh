# The host is full when the guest is asked to grow.
host
running_guest grows pv 192 1024
free() { xl info | awk '/^free_memory/ { print $3 }'; }
filler() { guest $1 pv $2 $2; xl pause $1; }
n=0
while [ "$(free)" -gt 1500 ]; do n=$((n + 1)); filler fill$n 1024; done
filler last $(($(free) - 300))
say "$(free) MiB are free"
target grows 900; expect grows short 900 "memory"
case $(state grows) in *host*) ;; *) fail "the reason must name the host's memory";; esac
[ "$(free)" -gt 5 ] || fail "the growth has taken the host's last memory: $(free) MiB"
xl destroy last; xl destroy fill1
expect grows reached 900; holds grows 900
alive grows
