# Ten PV guests of 192 MiB get the same target at the same moment.
all="g1 g2 g3 g4 g5 g6 g7 g8 g9 g10"
for name in $all; do guest $name pv 192 192; done
for name in $all; do up $name; done
for name in $all; do warm $name 128 & done; wait
sleep 20
recording ten
for mib in 128 192 160; do order_all $mib $all; rest 6; done
recorded
