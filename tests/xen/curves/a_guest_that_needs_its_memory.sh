# Processes of the guest use 100 of its 256 MiB: the driver stops at what is available, and gives up. It moves again when it gets another target.
running_guest g pvh 256 256 hog=100
warm g 200
recording hog
for mib in 112 200 168 120 256; do order g $mib; rest 20; done
recorded
