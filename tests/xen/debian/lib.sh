
# --- the host, where systemd runs it

unit() { systemctl show -P "$1" actors; }
is() { [ "$(unit "$1")" = "$2" ]; }
# becomes ACTIVE-STATE: active, inactive, failed.
becomes() { wait_for 400 "the unit to be $1" is ActiveState "$1"; say "the unit is $1: $(unit StatusText)"; }
host() {
  systemctl start actors || fail "systemctl start actors"
  daemon=$(unit MainPID)
}
# logged TEXT: the systemd journal of the last start has it, from the daemon or about it.
logged() { journal | grep -qF -- "$1"; }
journal() { journalctl -q -o cat "_SYSTEMD_INVOCATION_ID=$(unit InvocationID)" + "INVOCATION_ID=$(unit InvocationID)"; }
logs() { wait_for 120 "the journal to have '$1'" logged "$1"; say "journal: $(journal | grep -F -- "$1" | tail -1)"; }
