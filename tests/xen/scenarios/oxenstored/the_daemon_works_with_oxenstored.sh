pidof oxenstored || fail "this dom0 should run oxenstored"
host
AGENT='while :; do xenstore-write memory-policy/target 1024 2>&1 | sed "s/^/AGENT target: /"; sleep 2; done'
running_guest ocaml pv 256 256
target ocaml 160; expect ocaml reached 160; holds ocaml 160
target ocaml 256; expect ocaml reached 256; holds ocaml 256
grep -a "AGENT" "$(console ocaml)" | head -3
[ "$(xenstore-read "$(key ocaml target)")" = 262144 ] || fail "the guest has set its own target"
xl destroy ocaml
