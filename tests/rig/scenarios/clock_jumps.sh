# The clock jumps an hour on, and an hour back: no hour of sitting appears or goes, the report's
# seconds add up.
camera_on
configure watch.interval_max_s 3
watch
sleep 10
for jump in "+1 hour" "-1 hour" "-1 hour" "+1 hour"; do
	before=$(field sitting_s)
	date -s "$jump" >/dev/null
	sleep 10
	after=$(field sitting_s)
	echo "$jump: sitting $before s before, $after s after"
	[ "$after" -ge "$before" ] && [ "$after" -le $((before + 40)) ] ||
		fail "$jump: $before s, then $after s"
	presence_is present || fail "it does not look any more"
done
as_user unknot report --format json >/tmp/report.json
adds_up /tmp/report.json
number /tmp/report.json 'd["presence_s"]["present"]' 30 200
is_running || fail "the daemon is gone"
no_message
