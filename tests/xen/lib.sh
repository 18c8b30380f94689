# Functions for the scenarios. They observe from outside: xl, xenstore, and what the guest reports on its console.

say() { echo "$(now) s: $*"; }
fail() { say "FAILED: $*"; exit 1; }
now() { local up rest; read -r up rest < /proc/uptime; echo "${up%.*}"; }

# wait_for SECONDS WHAT COMMAND…: waits until the command succeeds, or fails the scenario. Deadlines allow for a busy machine.
wait_for() {
  local seconds=$1 what=$2 end
  end=$(($(now) + seconds)); shift 2
  until "$@"; do
    [ "$(now)" -lt $end ] || fail "waited $seconds s for $what"
    sleep 0.1
  done
}

# --- the host

host_pid() { xenstore-read /tool/actors/pid 2>/dev/null; }
host_runs() { host_pid >/dev/null && [ -d "/proc/$(host_pid)" ]; }
host_is_up() { [ "$(host_pid)" = "$daemon" ]; }
host_starts() {
  setsid actors run "$@" >> /out/actors.log 2>&1 &
  daemon=$!
  wait_for 300 "actors to start" host_is_up
  say "actors run, pid $daemon"
}
# host: starts the daemon unless it runs. Scenarios share it, except those about its end.
host() { host_runs || host_starts; }
host_is_gone() { ! host_runs; }
host_ends() { ! host_runs || { kill "$(host_pid)"; wait_for 120 "actors to end" host_is_gone; }; }

# --- guests

# guest NAME pv|pvh MEMORY MAXMEM [WORDS FOR ITS KERNEL]: creates a guest without waiting for it. AGENT: a script to run inside.
guest() {
  local name=$1 ramdisk=/domu/initrd
  if [ -n "$AGENT" ]; then
    ramdisk=/run/$name.initrd
    mkdir -p /run/$name && echo "$AGENT" > /run/$name/agent
    { cat /domu/initrd; (cd /run/$name && echo agent | cpio -o -H newc 2>/dev/null); } > $ramdisk
  fi
  cat > /run/$name.cfg <<CFG
name="$name"
type="$2"
kernel="/domu/vmlinux"
ramdisk="$ramdisk"
extra="console=hvc0 rdinit=/init quiet $5"
memory=$3
maxmem=$4
on_crash="preserve"
CFG
  xl create -q /run/$name.cfg || fail "xl create $name"
  remember $name
}
# xl is slow under emulation, so the domid is read once, and again after a reboot.
remember() { xl domid $1 > /run/$1.domid; }
domid() { local id; read -r id < /run/$1.domid; echo $id; }
console() { echo /var/log/xen/console/guest-$1.log; }
is_up() { grep -q "GUEST up" "$(console $1)" 2>/dev/null; }
up() { wait_for 300 "$1 to come up" is_up $1; say "$1 is up, domain $(domid $1)"; }
running_guest() { guest "$@"; up $1; }

# What the guest reports: uptime in whole seconds, target and current in KiB.
says() { grep -a "^GUEST uptime=" "$(console $1)" | tail -1 | sed "s/.*$2=\([0-9]*\).*/\1/"; }
later_than() { [ "$(says $1 uptime)" -gt "$2" ]; }
# alive NAME: waits for a report that the guest cannot have sent before the call.
alive() { wait_for 120 "$1 to report" later_than $1 $(($(says $1 uptime) + 4)); say "$1 is alive"; }

footprint() { xl list $1 | awk 'NR == 2 { print $3 }'; }
within_one() { [ $(($1 - $2)) -ge -1 ] && [ $(($1 - $2)) -le 1 ]; }
has() { within_one "$(footprint $1)" $2 && within_one $(($(says $1 current) / 1024)) $2; }
# holds NAME MIB: xl and the guest itself agree that it has this much.
holds() { wait_for 120 "xl and the guest to say $2 MiB of $1" has $1 $2; say "$1 has $2 MiB: $(footprint $1) by xl, $(says $1 current) KiB by its own report"; }

destroy_all() { xl list | awk 'NR > 2 { print $1 }' | while read -r name; do xl destroy $name; done; }

# --- targets and their outcomes

key() { echo "/local/domain/$(domid $1)/memory-policy/$2"; }
target() { say "target of $1: $2 MiB"; xenstore-write "$(key $1 target)" $(($2 * 1024)); }
actor() { xenstore-write "$(key $1 actor)" "$2"; }
# The state, and the reason that only dom0 may read.
state() { echo "$(xenstore-read "$(key $1 state)" 2>/dev/null) $(xenstore-read "$(key $1 reason)" 2>/dev/null)"; }
said() { case $(state $1) in "outcome=$2 "*" target=$(($3 * 1024)) "*) ;; *) return 1;; esac; }
# expect NAME OUTCOME MIB [PART OF THE REASON]
expect() {
  wait_for 180 "$1 to be $2 at $3 MiB" said $1 $2 $3
  say "$1: $(state $1)"
  [ -z "$4" ] || state $1 | grep -q "$4" || fail "the reason should contain '$4'"
}

show_everything() {
  echo "--- xl list"; xl list
  echo "--- xenstore"; xenstore-ls -f /local/domain | grep -aE '/(name|memory|memory-policy)( |/)'
  for log in /var/log/xen/console/guest-*.log; do echo "--- $log"; tail -5 "$log"; done
  echo "--- actors"; tail -30 /out/actors.log
}
