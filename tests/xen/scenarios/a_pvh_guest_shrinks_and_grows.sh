host
running_guest pvh-web pvh 256 256
target pvh-web 160; expect pvh-web reached 160; holds pvh-web 160
target pvh-web 256; expect pvh-web reached 256; holds pvh-web 256
alive pvh-web
