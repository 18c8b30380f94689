# skipped TEXT: a start is skipped, which is no failure, and the journal says why.
skipped() {
  systemctl start actors || fail "a condition that is not met is no failure"
  is ActiveState inactive || fail "it is $(unit ActiveState)"
  journalctl -q -o cat -u actors -n 5 | grep "skipped" | tail -1 | grep -F -- "$1" || fail "$(journalctl -q -o cat -u actors -n 5)"
}
systemctl stop actors
say "as in a guest of Xen, where the file is empty"
: > /run/capabilities
mount --bind /run/capabilities /proc/xen/capabilities
skipped "being skipped"
umount --lazy /proc/xen/capabilities
say "as without Xen, where there is none"
umount --lazy /proc/xen
skipped "ConditionPathExists=/proc/xen/capabilities"
mount -t xenfs xenfs /proc/xen
host; becomes active
