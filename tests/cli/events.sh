#!/bin/sh
# events.sh UNKNOTD UNKNOT MODEL: `unknot events` beside a real daemon: it comes, pauses, asks for a
# break, goes; every line is JSON with a time, nothing is told twice, and who stops reading ends it.
# No camera is needed.
set -u
if [ -z "${UNKNOT_TEST_BUS:-}" ]; then
	exec "$(dirname "$0")/../unit/on_private_bus.sh" "$0" "$@"
fi
unknotd=$1
unknot=$2
export UNKNOT_MODEL="$3"
work=$(mktemp -d)
export HOME="$work" TZ=Europe/Berlin LC_ALL=C
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME XDG_SESSION_ID
export DBUS_SYSTEM_BUS_ADDRESS="unix:path=$work/no-bus"
daemon='' events=''
clean_up() {
	for p in $daemon $events; do kill "$p" 2>/dev/null; done
	rm -rf "$work"
}
trap clean_up EXIT
fail() {
	echo "FAILED: $*"
	cat "$work/events" "$work/log"
	exit 1
}
# wait_for PATTERN COUNT: so many lines of it, within ten seconds
wait_for() {
	tries=100
	until [ "$(grep -c -- "$1" "$work/events")" -ge "$2" ]; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || fail "not $2 of $1"
		sleep 0.1
	done
}

"$unknot" config set camera.device /dev/video-that-is-not-there >/dev/null || fail "config set"
"$unknot" events > "$work/events" &
events=$!
wait_for '"event":"daemon","running":false' 1
"$unknotd" >>"$work/log" 2>&1 &
daemon=$!
wait_for '"event":"daemon","running":true' 1
wait_for '"event":"state","presence":"[a-z]*","posture":"unknown","off":\[\]' 1
"$unknot" pause 30min >/dev/null || fail "pause"
wait_for '"event":"state","presence":"paused","posture":"unknown","off":\["user"\]' 1
"$unknot" pause 40min >/dev/null || fail "pause"
"$unknot" resume >/dev/null || fail "resume"
"$unknot" break >/dev/null || fail "break"
wait_for '"event":"break","kind":"movement","what":"due","length_s":300}' 1
wait_for '"event":"message","kind":"break_movement","title":"[^"]*[a-z]","text":"[^"]*[a-z]' 1
"$unknot" explain | grep -Eq '^last said +Stand up .*\. You have been' ||
	fail "$("$unknot" explain)"
# Started, it is what `unknot status` tells of, and a second one does not begin beside it.
if command -v gdbus >/dev/null; then
	"$unknot" status | grep -q '^break ' && fail "a break runs that nobody started"
	gdbus call --session --dest io.github.unknot.Daemon --object-path /io/github/unknot/Daemon \
		--method io.github.unknot.Daemon1.AnswerBreak movement start >/dev/null ||
		fail "it does not start"
	"$unknot" status | grep -Eq '^break +[A-Z][a-z].*, [23][0-9][0-9] s to go' ||
		fail "$("$unknot" status | head -5)"
	"$unknot" break | grep -q 'runs already' || fail "another break begins"
fi
kill "$daemon"
wait "$daemon" 2>/dev/null
daemon=''
wait_for '"event":"daemon","running":false' 2
repeated=$(sed 's/"time":"[^"]*",//' "$work/events" | grep '"event":"state"' | uniq -d)
[ -z "$repeated" ] || fail "told twice: $repeated"
if command -v python3 >/dev/null; then
	python3 -c 'import datetime, json, sys
for line in open(sys.argv[1]):
    event = json.loads(line)
    then = datetime.datetime.strptime(event["time"], "%Y-%m-%dT%H:%M:%S%z")
    assert abs((datetime.datetime.now(datetime.timezone.utc) - then).total_seconds()) < 120, line
' "$work/events" || fail "a line is no event"
fi
kill "$events"
wait "$events" 2>/dev/null
events=''

# Nobody reads any more.
{ timeout 20 "$unknot" events; echo $? > "$work/ended"; } | head -n 1 > "$work/events"
grep -q '"running":false' "$work/events" || fail "head saw nothing"
[ "$(cat "$work/ended")" = 0 ] || fail "ended with $(cat "$work/ended") when nobody read"
echo passed
