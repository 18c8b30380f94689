host
all="g1 g2 g3 g4 g5 g6 g7 g8 g9"
for name in $all paused; do guest $name pv 192 192; done
for name in $all paused; do up $name; done
xl pause paused
for name in $all paused; do target $name 128; done
for name in $all; do expect $name reached 128; done
for name in $all; do holds $name 128; done
expect paused unable 128 "paused"
[ "$(footprint paused)" = 192 ] || fail "a paused guest moved"
xl unpause paused
expect paused reached 128; holds paused 128
