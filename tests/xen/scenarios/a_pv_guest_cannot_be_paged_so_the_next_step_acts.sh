host
guest plain pv 256 256
running_guest busy pv 256 256 hog=110
up plain

actor plain paging
target plain 200; expect plain unable 200 "PV"
holds plain 256

actor plain xl:paging-then-balloon
target plain 180; expect plain reached 180
state plain | grep -q " actor=balloon step=2 " || fail "the balloon, as step 2, should have reached the target"
holds plain 180

say "and where the balloon can't either, the chain ends short"
target busy 110; expect busy short 110
alive busy
