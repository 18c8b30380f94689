# A PV guest of 256 MiB whose processes use little.
running_guest g pv 256 256
warm g 128
recording pv
for mib in 128 256 176 144 224; do order g $mib; rest 4; done
recorded
