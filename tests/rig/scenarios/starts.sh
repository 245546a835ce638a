# Another program starts at random moments: nearly always at once, and always at the second try.
camera_on
watch
starts=$(cat /rig/starts)
background consumer $user /rig/bin/rig_consumer /dev/video0 --starts "$starts" --gap 0.5-8 --hold 0.2
await $((starts * 7 + 60)) told consumer ' starts: '
tail -1 $run/consumer.log
echo "$(count camera0 ' on$') times on, $starts of them for the other program"
set -- $(tail -1 $run/consumer.log)
first=$4 failed=${11}
[ "$failed" -eq 0 ] || fail "some never started"
[ $((first * 100)) -ge $((starts * 95)) ] || fail "too many not at the first try"
is_running || fail "the daemon is gone"
no_message
