# A raw write to memory/target above max_mem leaves a guest stuck forever, so max_mem must be raised first.
host
running_guest small pv 160 384
target small 352; expect small reached 352; holds small 352
alive small
