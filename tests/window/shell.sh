#!/bin/sh
# shell.sh WINDOW UNKNOT UNKNOTD DATA: the window as a desktop opens it: without a daemon, a camera
# or a history, at every page that can be asked for, then beside a daemon; it has nothing to
# complain about, and ends when it is closed.
window=$1 unknot=$2 unknotd=$3 data=$4
. "$(dirname "$0")/desk.sh" "$window"
alone() { ! is_seen; }

# A page, asked for by the command; the bus starts the window for it.
open_at "$unknot" window today || fail "unknot window today"
wait_for 20 "no window comes" is_seen
pid=$(window_pid)
[ -n "$pid" ] || fail "nobody owns io.github.unknot"
for place in now today exercises diary settings calibrate preview evidence \
	stretch break stretch:side-bend care checklist now; do
	open_at "$window" "$place" > "$work/said" 2>&1 ||
		fail "unknot-window $place: $(cat "$work/said")"
	[ ! -s "$work/said" ] || fail "unknot-window $place says: $(cat "$work/said")"
	open_at "$unknot" window "$place" || fail "unknot window $place"
	sleep 0.3
	[ "$(window_pid)" = "$pid" ] || fail "$place ends the window"
done
# In a telephone's width no page makes it wider, without a camera either, which leaves most to say.
frame=$(is_seen | tail -n 1)
xdotool windowsize "$frame" 390 720
for place in now today exercises diary settings calibrate preview evidence stretch break care \
	checklist; do
	open_at "$window" "$place"
	sleep 1
	xdotool getwindowgeometry "$frame" | grep -q 'Geometry: 390x720$' ||
		fail "$place needs more than 390 pixels: $(xdotool getwindowgeometry "$frame")"
done
open_at "$window" nowhere > "$work/said" 2>&1 && fail "a page that there is not is no error"
grep -q nowhere "$work/said" || fail "it does not say which page there is not"

# The menu entry's own actions, without a daemon: told, and no crash.
for name in break snooze pause resume report; do action $name; done

# With one, they do what they say.
"$unknotd" --source "replay:$data/clip/slouch.mjpg@0.1,loop" --speed 10 --state-dir "$work/state" \
	--data-dir "$work/data" > "$work/daemon.log" 2>&1 &
started="$! $started"
wait_for 30 "no daemon" "$unknot" status
action snooze
snoozed() { "$unknot" status --format json | grep -qE '"snoozed_s":[[:space:]]*[1-9]'; }
wait_for 10 "the entry's action does not reach the daemon" snoozed
open_at "$unknot" window now || fail "unknot window now"
sleep 3
[ "$(window_pid)" = "$pid" ] || fail "it ends when a daemon comes"
[ -z "${UNKNOT_WINDOW_PICTURE-}" ] || cp "$work/screen/Xvfb_screen0" "$UNKNOT_WINDOW_PICTURE"

# Closed, it is over: nothing of it stays.
action quit
wait_for 20 "the window stays" alone
ended() { [ -z "$(window_pid)" ]; }
wait_for 20 "the program stays when its window is closed" ended
[ ! -s "$work/window.log" ] || fail "it complains"
echo "opened at every page, with and without a daemon"
