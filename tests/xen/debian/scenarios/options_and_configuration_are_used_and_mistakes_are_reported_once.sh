# tried_once STATUS TEXT: the unit ends with that status, logs the text, and is not restarted.
tried_once() {
  ! systemctl start actors || fail "it should not start"
  is ActiveState failed && is ExecMainStatus "$1" || fail "it is $(unit ActiveState), status $(unit ExecMainStatus)"
  logs "$2"
  is NRestarts 0 || fail "it should not be restarted"
}
systemctl stop actors
cp /etc/default/actors /run/default; cp /etc/actors/actors.yaml /run/actors.yaml

say "options"
echo 'ACTORS_OPTIONS="--default-policy balloon"' >> /etc/default/actors
host
running_guest one pv 256 256
target one 200; expect one reached 200
actors explain one | grep -w balloon || fail "the default policy should be 'balloon'"
systemctl stop actors

say "a wrong option"
echo 'ACTORS_OPTIONS="--verbos"' >> /etc/default/actors
tried_once 2 "--verbos"
cp /run/default /etc/default/actors

say "a wrong configuration"
printf 'default_polcy: balloon\n' > /etc/actors/actors.yaml
systemctl start actors || fail "it should start with the last good configuration"
logs "the configuration is broken, so its last good version is used: /etc/actors/actors.yaml:1:1"
systemctl stop actors
cp /run/actors.yaml /etc/actors/actors.yaml
