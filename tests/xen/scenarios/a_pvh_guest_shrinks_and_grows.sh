host
running_guest pvh-web pvh 256 256
target pvh-web 160; expect pvh-web reached 160; holds pvh-web 160
target pvh-web 256; expect pvh-web reached 256; holds pvh-web 256

say "whole superpages"
actor pvh-web balloon:superpages
target pvh-web 161; expect pvh-web reached 161
[ $(($(xenstore-read /local/domain/$(domid pvh-web)/memory/target) % 2048)) = 0 ] || fail "the balloon target is no multiple of 2 MiB"
alive pvh-web
