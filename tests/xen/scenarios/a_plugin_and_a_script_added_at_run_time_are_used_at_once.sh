# The daemon starts without the balloon plugin, so the guest's actor is external. Then the plugin is added, and then a policy in C#.
folder=/run/dropped
mkdir -p $folder/plugins $folder/policies
cp -a /usr/lib/actors/plugins/paging $folder/plugins/
cp -L /etc/actors/policies/*.yaml $folder/policies/
host_ends
# Compiling takes minutes on an emulated processor.
echo 'script_time: 10m' > $folder/actors.yaml
host_starts --config $folder/actors.yaml --plugins $folder/plugins --policies $folder/policies
running_guest late pv 192 192

actor late balloon; target late 144
not_ours() { case $(state late) in outcome=external*) ;; *) return 1;; esac; }
wait_for 120 "late to be left alone" not_ours; state late
cp -a /usr/lib/actors/plugins/balloon $folder/plugins/
expect late reached 144; holds late 144

say "and a script, for a target that waits for it"
actor late xl:gently; target late 128
echo 'return await Run("balloon", timeout: TimeSpan.FromSeconds(60));' > $folder/policies/gently.csx
expect late reached 128; holds late 128
case $(state late) in *" via=xl:gently "*) ;; *) fail "the script should have reached the target";; esac
host_ends
