# The host starts without the balloon plugin, so the guest's actor is nobody of ours; then the plugin comes.
plugins=/run/plugins
mkdir -p $plugins
cp -a /usr/lib/actors/plugins/paging $plugins/
host_ends
host_starts --plugins $plugins
running_guest late pv 192 192
actor late balloon; target late 144
not_ours() { case $(state late) in outcome=external*) ;; *) return 1;; esac; }
wait_for 120 "late to be left alone" not_ours; state late
cp -a /usr/lib/actors/plugins/balloon $plugins/
expect late reached 144; holds late 144
host_ends
