# The session bus dies: the daemon is back with the next one, and no history is lost.
camera_on
watch
sleep 10
before=$(sitting_so_far)
bus=$(userctl show -p MainPID --value dbus.service)
kill -9 "$bus"
await 10 [ ! -d "/proc/$bus" ]
await 60 is_running
start_desk
await 60 presence_is present
after=$(sitting_so_far)
echo "sitting: $before s before, $after s after"
is_least "$after" "$before" || fail "history is gone"
