
# --- the host, where systemd runs it

unit() { systemctl show -P "$1" actors; }
is() { [ "$(unit "$1")" = "$2" ]; }
# becomes ACTIVE-STATE: active, inactive, failed.
becomes() { wait_for 400 "the unit to be $1" is ActiveState "$1"; say "the unit is $1: $(unit StatusText)"; }
host() {
  systemctl start actors || fail "systemctl start actors"
  daemon=$(unit MainPID)
}
# told TEXT: it stands in the journal of the last start, from the daemon or about it.
told() { journal | grep -qF -- "$1"; }
journal() { journalctl -q -o cat "_SYSTEMD_INVOCATION_ID=$(unit InvocationID)" + "INVOCATION_ID=$(unit InvocationID)"; }
tells() { wait_for 120 "the journal to say '$1'" told "$1"; say "journal: $(journal | grep -F -- "$1" | tail -1)"; }
