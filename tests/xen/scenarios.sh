# Runs in dom0: plays the scenarios one after the other, each in its own shell and without guests of the previous one.
# Prints the transcript of each, and then: verdict NAME STATUS SECONDS
. /xenvm/lib.sh
failed=0
for script in $(cat /xenvm/order); do
  name=${script%.sh}
  begun=$(now)
  status=0
  timeout 900 sh -ec '. /xenvm/lib.sh; . "$1"' sh /xenvm/scenarios/$script > /out/$name.log 2>&1 || status=$?
  [ $status -eq 0 ] || { failed=1; show_everything >> /out/$name.log 2>&1; }
  sed "s/^/  | /" /out/$name.log
  echo "verdict $name $status $(($(now) - begun))"
  destroy_all
  mv /var/log/xen/console/guest-*.log /out/ 2>/dev/null
done
cp /var/lib/actors/journal.jsonl /out/ 2>/dev/null
exit $failed
