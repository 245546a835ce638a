#!/bin/sh
# pausing.sh UNKNOTD UNKNOT MODEL: what the user asked for outlives the daemon: a pause and a snooze
# with what is left of them, a pause without an end, and that it was ended. What is set takes effect
# at once, another camera and another network too, or the answer says why not. No camera is needed
# for it.
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
daemon=
clean_up() {
	[ -z "$daemon" ] || kill "$daemon" 2>/dev/null
	rm -rf "$work"
}
trap clean_up EXIT
fail() {
	echo "FAILED: $*"
	"$unknot" status --format json
	cat "$work/log"
	exit 1
}
start() {
	"$unknotd" >>"$work/log" 2>&1 &
	daemon=$!
	tries=100
	until "$unknot" status >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || fail "it does not answer"
		sleep 0.1
	done
}
stop() { # SIGNAL
	kill "-$1" "$daemon"
	wait "$daemon" 2>/dev/null
	daemon=
}
# field KEY: a number of the status
field() { "$unknot" status --format json |
	sed -n "s/^.*\"$1\":[[:space:]]*\\(-\\{0,1\\}[0-9]*\\).*/\\1/p"; }
off() { "$unknot" status --format json | tr -d '\n\t ' | sed -n 's/.*"off":\(\[[^]]*\]\).*/\1/p'; }
between() { [ "$1" -ge "$2" ] && [ "$1" -le "$3" ] || fail "$1 is not from $2 to $3"; }

"$unknot" config set camera.device /dev/video-that-is-not-there ||
	fail "config set without a daemon"
start
[ "$(off)" = "[]" ] || fail "off without a reason: $(off)"
[ ! -e "$work/.local/state/unknot/deadlines.json" ] || fail "a file about nothing"
"$unknot" pause 30m && "$unknot" snooze 2h || fail "pause, snooze"
for signal in TERM KILL; do
	stop $signal
	start
	[ "$(off)" = '["user"]' ] || fail "off: $(off)"
	between "$(field paused_s)" 1700 1800
	between "$(field snoozed_s)" 7000 7200
done
"$unknot" status | grep -q '^paused *for 30 more min' || fail "the status does not say for how long"
"$unknot" status | grep -q '^off *you paused it' || fail "the status does not say why"
"$unknot" doctor | grep -q 'camera off: you paused it' || fail "doctor does not say why"
if command -v gdbus >/dev/null; then
	told=$(gdbus call --session -d io.github.unknot.Daemon -o /io/github/unknot/Daemon \
		-m org.freedesktop.DBus.Properties.Get io.github.unknot.Daemon1 Off)
	[ "$told" = "(<['user']>,)" ] || fail "the bus is told: $told"
fi
said=$("$unknot" resume) || fail "resume"
case $said in "watching again"*) ;; *) fail "resume said $said" ;; esac
stop TERM
start
[ "$(off)" = "[]" ] || fail "paused again: $(off)"
between "$(field snoozed_s)" 0 0
"$unknot" pause
stop TERM
start
between "$(field paused_s)" -1 -1
"$unknot" resume
"$unknot" pause 2s
sleep 2.5
[ "$(off)" = "[]" ] || fail "it does not end: $(off)"

# ---- a second one ----
"$unknotd" >"$work/second" 2>&1 ||
	fail "a second daemon calls that a failure: $(cat "$work/second")"
grep -q 'running already' "$work/second" || fail "a second daemon says $(cat "$work/second")"
"$unknot" status >/dev/null || fail "a second daemon ended the first"
# systemd's own stays, whichever came first.
first=$daemon
sh -c 'SYSTEMD_EXEC_PID=$$ exec "$1"' sh "$unknotd" >>"$work/log" 2>&1 &
daemon=$!
wait "$first" || fail "the first ends with $?"
sleep 0.5
"$unknotd" >/dev/null 2>&1 || fail "a third one"
kill -0 "$daemon" || fail "systemd's one has ended"

# ---- settings ----
networks() { grep -c 'unknot.model' "/proc/$daemon/maps"; }
source_is() { "$unknot" status --format json | grep -q "\"source\":.*$1"; }
source_is video-that-is-not-there || fail "another camera"
said=$("$unknot" config set camera.device /dev/video-of-another-name) || fail "config set: $said"
[ "$said" = "unknotd has taken it over" ] || fail "config set says $said"
source_is video-of-another-name || fail "the camera is not another one at once"
before=$(grep -i '^VmData' "/proc/$daemon/status" | tr -dc 0-9)
"$unknot" config set watch.pose_model full || fail "config set watch.pose_model"
after=$(grep -i '^VmData' "/proc/$daemon/status" | tr -dc 0-9)
[ $((after - before)) -gt 2000 ] ||
	fail "the full network is as small as the lite one: $before kB, $after kB"
"$unknot" pause
"$unknot" config set camera.device /dev/video-of-a-third-name || fail "config set while paused"
[ "$(off)" = '["user"]' ] || fail "another camera ends a pause"
"$unknot" resume
# What the daemon refuses is told, and what was in force stays.
mkdir -p "$work/.local/state/unknot/profiles"
echo junk >"$work/.local/state/unknot/profiles/junk.json"
"$unknot" config set watch.profile junk >"$work/said" 2>&1 && fail "a damaged profile is taken"
grep -q 'not taken over: .*junk.json' "$work/said" || fail "config set says $(cat "$work/said")"
source_is video-of-a-third-name || fail "it is not as before"
echo "pauses and snoozes outlive the daemon"
