#!/bin/sh
# mirror.sh WINDOW UNKNOT UNKNOTD DATA: by the keyboard alone a first profile is made before the
# mirror, and not overwritten without a question; a break that the window begins is the daemon's,
# and over when the page is left or the time is up; a stretch has the camera as long as it is looked
# at.
window=$1 unknot=$2 unknotd=$3 data=$4
. "$(dirname "$0")/desk.sh" "$window"
export XDG_STATE_HOME="$work/state"
profile="$work/state/unknot/profiles/desk.json"
press() { xdotool key "$@"; sleep 1; }
end_window() {
	kill "$pid" 2>/dev/null
	wait_for 20 "the window does not end" sh -c "! kill -0 $pid"
}
begin() {
	"$window" --source "replay:$data/clip/upright.jpg@5,loop" "$@" >> "$work/window.log" 2>&1 &
	pid=$!
	started="$pid $started"
	wait_for 20 "no window comes" is_seen
	sleep 3
}

# Somebody new is met by a welcome, whatever page was left last: Begin, Start, Save.
begin
press Return
sleep 4
press Return
sleep 8
saved() { sleep 2; xdotool key Return; test -s "$profile"; }
wait_for 6 "no profile was made" saved
"$unknot" profile | grep -q '^. desk .*eyes 6[0-9] cm' || fail "the profile: $("$unknot" profile)"
before=$(sha256sum < "$profile")
end_window

# The same name is asked about, and Escape leaves what is there.
begin calibrate
press Return
sleep 10
press Return
press Escape
sleep 1
[ "$(sha256sum < "$profile")" = "$before" ] || fail "a profile was overwritten without a question"
end_window

# A break.
"$unknotd" --source "replay:$data/clip/slouch.mjpg@5,loop" --state-dir "$work/state/unknot" \
	--data-dir "$work/data" > "$work/daemon.log" 2>&1 &
started="$! $started"
wait_for 30 "no daemon" "$unknot" status
status_says() { "$unknot" status --format json | tr -d ' \n\t' | grep -q "$1"; }
begin break:movement
wait_for 20 "no break begins" status_says '"break":{"kind":"movement","length_s":300'
press Escape
wait_for 20 "the break goes on without its page" status_says '"break":null'
end_window

# One that runs out, told once: the window that was opened for it is gone.
begin break:micro
status_says '"kind":"micro"' || fail "no break for the eyes begins"
wait_for 60 "the window stays after the break" sh -c "! kill -0 $pid"
status_says '"break":null' || fail "the break goes on without its window"

# A stretch.
begin stretch:chin-tuck
wait_for 20 "the camera is not lent" status_says '"off":\["lent"\]'
press Escape
wait_for 20 "the camera is not given back" status_says '"off":\[\]'
end_window
complains_but_of_questions && fail "it complains"
echo "calibrated, rested and stretched by the keyboard"
