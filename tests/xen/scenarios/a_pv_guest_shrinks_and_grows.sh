host
running_guest web pv 256 256
target web 160; expect web reached 160; holds web 160
target web 256; expect web reached 256; holds web 256
alive web
