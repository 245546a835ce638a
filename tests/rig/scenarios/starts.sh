# Another program starts at random moments: nearly always at once, and always at the second try. It
# asks for its format at the instant it has the node, so what counts is whether the daemon streams
# just then. After each start the daemon keeps off for ten seconds; the gaps are longer, so that
# every one finds it at its usual pace.
camera_on
watch
starts=$(cat /rig/starts)
seed=$(od -An -N 3 -t u4 /dev/urandom)
background consumer $user /rig/bin/rig_consumer /dev/video0 --starts "$starts" --gap 12-75 \
	--hold 0.2 --seed $seed
await $((starts * 20 + 60)) told consumer ' starts: '
tail -1 $run/consumer.log
echo "$(count camera0 ' on$') times on, $starts of them for the other program; seed $seed"
set -- $(tail -1 $run/consumer.log)
first=$3 failed=${12}
[ "$failed" -eq 0 ] || fail "some never started"
# One in twenty, rounded up.
[ $(((starts - first) * 20)) -lt $((starts + 20)) ] || fail "too many not at the first try"
is_running || fail "the daemon is gone"
# The breaks of half an hour are due in it; of the camera nothing is to be said.
grep message: $run/desk.log | grep -Ei 'camera|busy|error' && fail "the camera's trouble is told"
journal | grep -Ei 'busy|error|fail' && fail "it is no error"
:
