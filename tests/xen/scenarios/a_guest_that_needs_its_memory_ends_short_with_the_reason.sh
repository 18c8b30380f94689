host
running_guest hog pv 256 256 hog=110
actor hog xl:balloon
target hog 110; expect hog short 110 "cannot free more"
alive hog
