host
running_guest one pv 256 256
before=$(unit MainPID)
printf 'description: mine\nsteps:\n  - actor: balloon\n' > /etc/actors/policies/mine.yaml
systemctl reload actors || fail "systemctl reload"
logs "reloaded;"
journal | grep -F "reloaded;" | grep -qw mine || fail "the new policy should be listed"
actor one xl:mine; target one 200; expect one reached 200
case $(state one) in *" via=xl:mine "*) ;; *) fail "the new policy should have reached the target";; esac
[ "$(unit MainPID)" = "$before" ] || fail "it should be the same process"

say "a script is compiled in the sandbox, and kept for the next start"
# Compiling takes minutes on an emulated processor.
cp /etc/actors/actors.yaml /run/actors.yaml
echo 'script_time: 10m' >> /etc/actors/actors.yaml
systemctl restart actors || fail "systemctl restart"
echo 'return await Run("balloon", timeout: TimeSpan.FromSeconds(60));' > /etc/actors/policies/gently.csx
kept() { ls /var/cache/actors/scripts 2>/dev/null | grep -q .; }
wait_for 240 "the script to be compiled" kept
actor one xl:gently; target one 160; expect one reached 160
case $(state one) in *" via=xl:gently "*) ;; *) fail "the script should have reached the target";; esac
journal | grep -F "lacks a limit" && fail "the process of scripts should have all its limits, and publish which script runs"
cp /run/actors.yaml /etc/actors/actors.yaml
rm /etc/actors/policies/mine.yaml /etc/actors/policies/gently.csx
