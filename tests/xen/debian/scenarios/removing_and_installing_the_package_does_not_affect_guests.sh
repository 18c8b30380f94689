host
running_guest one pv 256 256
target one 200; expect one reached 200

say "an upgrade: the changed policy stays, and another process runs"
before=$(unit MainPID)
echo '# changed here' >> /etc/actors/policies/balloon.yaml
dpkg -i /xenvm/actors.deb || fail "dpkg -i"
becomes active
[ "$(unit MainPID)" != "$before" ] || fail "it should be the new program"
grep '^# changed here' /etc/actors/policies/balloon.yaml || fail "the change should be kept"

getent passwd actors-plugin || fail "plugin processes should have a user"

say "a disabled unit stays disabled"
systemctl disable --now actors
dpkg -i /xenvm/actors.deb || fail "dpkg -i"
is ActiveState inactive && is UnitFileState disabled || fail "it is $(unit ActiveState) and $(unit UnitFileState)"
systemctl enable --now actors || fail "systemctl enable"

say "removed: the daemon is gone, and its configuration and journal stay"
dpkg -r actors || fail "dpkg -r"
! pidof actors-daemon > /dev/null || fail "it should have been stopped"
is LoadState not-found || fail "systemd should have forgotten the unit"
grep '^# changed here' /etc/actors/policies/balloon.yaml || fail "the change should be kept"
[ -s /var/lib/actors/journal.jsonl ] || fail "the journal should be kept"
alive one; holds one 200

say "installed again: the daemon runs and continues"
dpkg -i /xenvm/actors.deb || fail "dpkg -i"
becomes active
target one 160; expect one reached 160; holds one 160

say "purged: nothing is left"
dpkg -P actors || fail "dpkg -P"
left() { find / -xdev -name '*actors*' -not -path '/proc/*' -not -path '/xenvm/*' -not -path '/out/*'; }
[ -z "$(left)" ] || fail "left over: $(left)"
! getent passwd actors-plugin || fail "the user of plugin processes should be gone"
alive one
dpkg -i /xenvm/actors.deb
