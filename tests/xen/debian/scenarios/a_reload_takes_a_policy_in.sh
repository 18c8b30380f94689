host
running_guest one pv 256 256
before=$(unit MainPID)
printf 'description: mine\nsteps:\n  - actor: balloon\n' > /etc/actors/policies/mine.yaml
systemctl reload actors || fail "systemctl reload"
tells "reloaded;"
journal | grep -F "reloaded;" | grep -qw mine || fail "the policy should be among them"
actor one xl:mine; target one 200; expect one reached 200
case $(state one) in *" via=xl:mine "*) ;; *) fail "the new policy should have done it";; esac
[ "$(unit MainPID)" = "$before" ] || fail "it should be the same process"
rm /etc/actors/policies/mine.yaml
