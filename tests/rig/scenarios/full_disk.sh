# The disk is full: watching goes on, the status says so, and what was seen meanwhile is kept when
# there is room.
camera_on
configure watch.interval_max_s 3
on_small_disk 4
watch
dd if=/dev/zero of=$state/filler bs=4k 2>/dev/null || true
await 150 has_problem
echo "problem: $(field problem)"
while_s 40 presence_is present
rm $state/filler
await 150 has_no_problem
as_user unknot report --format json >/tmp/report.json
number /tmp/report.json 'd["presence_s"]["present"]' 30 600
adds_up /tmp/report.json
is_running || fail "the daemon is gone"
no_message
