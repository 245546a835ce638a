#!/bin/sh
# slouch.sh UNKNOTD UNKNOT MODEL CLIP: a whole desktop of its own (X server, session bus,
# notification server), a person who sinks into a slouch, and the message that must reach that
# server.
set -u
unknotd=$1
unknot=$2
model=$3
clip=$4
. "$(dirname "$0")/session.sh"
need "Xvfb xvfb" "dunst dunst" "dbus-daemon dbus" "gdbus libglib2.0-bin"
export UNKNOT_MODEL="$model"
start_display 800x600
start_bus
start_dunst

# ---- the daemon ----

"$unknot" calibrate --from "$clip/upright.jpg" --distance-cm 60.5 --tilt 9 \
	--output "$work/profile.json" || fail "unknot calibrate"

# Ten seconds of the person's time from picture to picture, as fast as the networks run.
start_daemon "replay:$clip/slouch.mjpg@0.1,loop" --speed 200 --print --profile "$work/profile.json"

wait_for 120 "no slouch notification at the server" grep \
	-qE 'summary: .*(Sit back|Slide your hips)' "$work/shown"
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
grep -q '"kind":[[:space:]]*"slouched"' "$work/report" ||
	fail "the report has no alert: $(cat "$@")"
grep -qE '"slouched":[[:space:]]*[1-9]' "$work/report" || fail "the report counts no slouching"
[ "$(stat -c %a "$1")" = 600 ] || fail "$1 has mode $(stat -c %a "$1"), not 600"
[ -z "$(find "$work/state" "$work/data" -type d ! -perm 700)" ] || fail "a folder others may enter"
[ -z "$(find "$work/state" -type f ! -perm 600)" ] || fail "a file others may read"
