# The daemon starts without the balloon plugin, so the guest's actor is external. Then the plugin is added.
folder=/run/dropped
mkdir -p $folder/plugins $folder/policies
cp -a /usr/lib/actors/plugins/paging $folder/plugins/
cp -L /etc/actors/policies/*.yaml $folder/policies/
host_ends
host_starts --plugins $folder/plugins --policies $folder/policies
running_guest late pv 192 192

actor late balloon; target late 144
not_ours() { case $(state late) in outcome=external*) ;; *) return 1;; esac; }
wait_for 120 "late to be left alone" not_ours; state late
cp -a /usr/lib/actors/plugins/balloon $folder/plugins/
expect late reached 144; holds late 144

host_ends
