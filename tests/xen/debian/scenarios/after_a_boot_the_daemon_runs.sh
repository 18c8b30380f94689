# No one started it by hand: dpkg enabled it, and systemd waits for Debian's script 'xen', which starts oxenstored, and for READY=1.
becomes active
[ "$(unit Type)" = notify ] || fail "READY=1 should be waited for"
[ "$(unit UnitFileState)" = enabled ] || fail "it should be enabled"
xen=$(systemctl show -P ActiveEnterTimestampMonotonic xen) began=$(unit ExecMainStartTimestampMonotonic)
say "xen.service was up at $((xen / 1000)) ms, the daemon was started at $((began / 1000)) ms and ready at $(($(unit ActiveEnterTimestampMonotonic) / 1000)) ms"
[ "$xen" -gt 0 ] && [ "$began" -ge "$xen" ] || fail "it should have waited for xenstored"
tells "its xenstore: unix:/run/xenstored/socket"
pidof oxenstored > /dev/null || fail "Debian starts oxenstored"
[ -z "$(systemctl --failed --plain --no-legend)" ] || fail "$(systemctl --failed)"
actors doctor || fail "actors doctor should find no problem"
systemd-analyze security actors --no-pager | tail -1
