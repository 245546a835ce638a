# Killed at random moments while it watches a real camera: at most a minute of history goes,
# database and reports are whole every time. (tests/traces does it oftener, without a camera.)
camera_on
configure watch.interval_max_s 3
watch
begun=$(date +%s) worst=0
for i in $(seq "$(cat /rig/kills)"); do
	sleep "$(awk -v s="$i" 'BEGIN { srand(s); printf "%.2f", 2 + rand() * 20 }')"
	kill -9 "$(daemon_pid)"
	killed=$(date +%s)
	lost=$(history_ends "$killed" "$begun")
	is_most "$worst" "$lost" && worst=$lost
	is_most "$lost" 60 || fail "$lost s lost"
	as_user unknot report --format json >/tmp/report.json
	adds_up /tmp/report.json
	userctl reset-failed unknot.service 2>/dev/null || true
	begun=$(date +%s)
	userctl restart unknot.service
	await 20 presence_is present
done
echo "at worst $worst s lost"
no_message
