# xl mem-set 16 kills such a guest.
host
running_guest floored pv 256 256
target floored 16; expect floored unable 16 "below the floor"
alive floored
holds floored 256
