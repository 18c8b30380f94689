# max_mem stops the growth. A driver that still tries again notices that max_mem has risen; one that gave up does not, until its target changes.
running_guest g pv 256 256
warm g 128
recording gives-up
order g 128; rest 4
limit g 160
order g 240; sleep 5
limit g 192; sleep 22
limit g 256; sleep 12
order g 232; rest 4
recorded
