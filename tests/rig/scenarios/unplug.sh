# Unplugged while it streams and plugged in again, five times at random moments: told once each,
# nobody is where no camera is, and the next look sees.
camera_on
configure camera.mode continuous
configure watch.interval_max_s 3
watch
for i in 1 2 3 4 5; do
	await 20 streams
	sleep "0.$((i * 37 % 10))"
	camera unplug
	await 15 presence_is unknown
	camera plug
	await 20 presence_is present
done
is_running || fail "the daemon is gone"
[ "$(journal_count 'trying again')" -le 10 ] || fail "said again and again"
no_message
