host
running_guest one pv 256 256
target one 200; expect one reached 200
say "stop"
systemctl stop actors || fail "systemctl stop"
is Result success && is ExecMainStatus 0 || fail "it ended with $(unit Result), status $(unit ExecMainStatus)"
alive one; holds one 200
target one 160
say "start: it acts on the target that was set meanwhile"
host; expect one reached 160; holds one 160
say "restart"
before=$(unit MainPID)
systemctl restart actors || fail "systemctl restart"
[ "$(unit MainPID)" != "$before" ] || fail "it should be another process"
target one 200; expect one reached 200; holds one 200
say "stop before it is ready"
systemctl stop actors
systemctl start --no-block actors
logs "on Xen because"
systemctl stop actors
is ActiveState inactive && is Result success || fail "it is $(unit ActiveState), with $(unit Result), status $(unit ExecMainStatus)"
