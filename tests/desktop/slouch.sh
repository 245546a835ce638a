#!/bin/sh
# slouch.sh UNKNOTD UNKNOT MODEL CLIP: a whole desktop of its own (X server, session bus, notification
# server), a person who sinks into a slouch, and the message that must reach that server.
set -u
unknotd=$1
unknot=$2
model=$3
clip=$4

for tool in Xvfb dunst dbus-daemon gdbus; do
	command -v "$tool" >/dev/null || {
		echo "skipped: $tool is not here (Debian: xvfb dunst dbus libglib2.0-bin)"
		exit 77
	}
done

work=$(mktemp -d)
started=""
# Ends what this test started, by process number, the last first.
clean_up() {
	for process in $started; do
		kill "$process" 2>/dev/null
	done
	wait
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

fail() {
	echo "FAILED: $*"
	for log in daemon.log dunst.log bus.log xvfb.log; do
		[ ! -s "$work/$log" ] || { echo "--- $log"; tail -n 30 "$work/$log"; }
	done
	exit 1
}

# wait_for SECONDS WHAT COMMAND...: until the command succeeds.
wait_for() {
	tries=$(($1 * 10))
	what=$2
	shift 2
	while ! "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || fail "$what"
		sleep 0.1
	done
}

# Nothing of the user's own: folders, display, bus.
export HOME="$work/home" XDG_RUNTIME_DIR="$work/run" LANG=C.UTF-8
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME XDG_CACHE_HOME WAYLAND_DISPLAY XDG_SESSION_ID
unset DBUS_SYSTEM_BUS_ADDRESS
mkdir -m 700 "$HOME" "$XDG_RUNTIME_DIR"
export UNKNOT_MODEL="$model"

# ---- the desktop ----

Xvfb -displayfd 3 -screen 0 800x600x24 -nolisten tcp 3> "$work/display" 2> "$work/xvfb.log" &
started="$!"
wait_for 20 "the X server does not start" test -s "$work/display"
DISPLAY=":$(cat "$work/display")"

dbus-daemon --session --nofork --nopidfile --address="unix:path=$XDG_RUNTIME_DIR/bus" \
	2> "$work/bus.log" &
started="$! $started"
wait_for 20 "the session bus does not start" test -S "$XDG_RUNTIME_DIR/bus"
DBUS_SESSION_BUS_ADDRESS="unix:path=$XDG_RUNTIME_DIR/bus"
export DISPLAY DBUS_SESSION_BUS_ADDRESS

printf '[global]\nmonitor = 0\n' > "$work/dunstrc"
dunst -config "$work/dunstrc" -print > "$work/shown" 2> "$work/dunst.log" &
started="$! $started"
gdbus wait --session --timeout 20 org.freedesktop.Notifications || fail "dunst does not start"

# ---- the daemon ----

"$unknot" calibrate --from "$clip/upright.jpg" --distance-cm 60.5 --tilt 9 \
	--output "$work/profile.json" || fail "unknot calibrate"

# Ten seconds of the person's time from picture to picture, as fast as the networks run.
"$unknotd" --print --profile "$work/profile.json" --source "replay:$clip/slouch.mjpg@0.1,loop" \
	--speed 200 --state-dir "$work/state" --data-dir "$work/data" > "$work/daemon.log" 2>&1 &
daemon=$!
started="$daemon $started"

wait_for 120 "no slouch notification at the server" grep -qE 'summary: .*(Sit back|Slide your hips)' "$work/shown"
grep -qE 'Your eyes are [0-9]+ cm lower .*minute' "$work/shown" ||
	fail "the notification says something else: $(cat "$work/shown")"
echo "seen by the server: $(grep -m 1 'Your eyes are' "$work/shown")"

"$unknot" status > "$work/status" || fail "unknot status"
grep -q present "$work/status" || fail "unknot status says: $(cat "$work/status")"

# ---- its end ----

kill -TERM "$daemon"
wait "$daemon"
status=$?
[ "$status" -eq 0 ] || fail "unknotd ended with status $status on SIGTERM"
gdbus call --session -d org.freedesktop.DBus -o / -m org.freedesktop.DBus.NameHasOwner \
	io.github.unknot.Daemon | grep -q false || fail "the bus name is still taken"

# Two reports when the test passes midnight.
set -- "$work"/data/reports/*.json
[ -f "$1" ] || fail "no report was written"
cat "$@" > "$work/report"
grep -q '"kind":[[:space:]]*"slouched"' "$work/report" || fail "the report has no alert: $(cat "$@")"
grep -qE '"slouched":[[:space:]]*[1-9]' "$work/report" || fail "the report counts no slouching"
[ "$(stat -c %a "$1")" = 600 ] || fail "$1 has mode $(stat -c %a "$1"), not 600"
[ -z "$(find "$work/state" "$work/data" -type d ! -perm 700)" ] || fail "a folder others may enter"
[ -z "$(find "$work/state" -type f ! -perm 600)" ] || fail "a file others may read"
