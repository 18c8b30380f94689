# A guest that reads all of its file over and over: what is paged out comes back unchanged when it is touched, and the guest keeps running.
AGENT='
mkdir /data; mount -t tmpfs -o size=90% tmpfs /data
dd if=/dev/urandom of=/data/file bs=1M count=40 2>/dev/null
while :; do
  md5sum /data/file > /tmp/sum; read -r sum rest < /tmp/sum; read -r uptime idle < /proc/uptime
  echo "SUM ${uptime%.*} $sum"
  sleep 2
done'
sums() { grep -a "^SUM " "$(console busy)"; }
last_sum() { sums | tail -1 | cut -d' ' -f2; }
read_again() { [ "$(last_sum)" -gt "$1" ]; }
# reads: it has read the whole file, begun after now.
reads() { local begun=$(says busy uptime); wait_for 180 "busy to read its memory" read_again $((begun + 10)); say "busy has read its file: $(sums | tail -1)"; }
ended() { ! pidof xenpaging > /dev/null; }
whole() { [ "$(footprint busy)" -ge 255 ]; }

host
guest busy pvh 256 256 initcall_blacklist=balloon_init
up busy
wait_for 120 "busy to have its file" sums > /dev/null
actor busy paging
target busy 224; expect busy reached 224 "paged out"
reads
target busy 236; expect busy reached 236
reads

say "paging is left"
actor busy xl:balloon
wait_for 300 "xenpaging to end" ended
wait_for 60 "every page to be back" whole
reads
[ "$(sums | cut -d' ' -f3 | sort -u | wc -l)" = 1 ] || fail "the guest's memory changed"
