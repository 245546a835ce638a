#!/bin/sh
# pages.sh WINDOW UNKNOT HISTORY: the pages with a history behind them: an option is changed by
# keyboard alone, stands in the file and goes back to what is usual; days are turned by keyboard;
# nothing is complained about.
window=$1 unknot=$2 history=$3
. "$(dirname "$0")/desk.sh" "$window"
state="$HOME/.local/state/unknot" config="$HOME/.config/unknot/unknot.conf"
mkdir -p "$state" "$(dirname "$config")"
"$history" "$state" "$(date +%Y-%m-%d)" 40 || fail "no history"

open_at "$unknot" window settings || fail "unknot window settings"
wait_for 20 "no window comes" is_seen
pid=$(window_pid)
# So narrow that the pages' names lie below them: what has the focus is the first of the page.
xdotool windowsize "$(is_seen | tail -n 1)" 600 600 windowfocus "$(is_seen | tail -n 1)" 2>/dev/null
sleep 2
# From the hour of the pause to its minute, its button, the camera, and then the first number; what
# stands as usual has nothing to go back to.
xdotool key --delay 150 Tab Tab Tab Tab Up
written() { grep -q "^posture.dwell_s = $1\$" "$config"; }
wait_for 10 "no option is changed by keyboard" written 61
[ "$(wc -l < "$config")" = 1 ] || fail "another option changed on the way: $(cat "$config")"
[ "$("$unknot" config get posture.dwell_s)" = 61 ] || fail "the command does not know it"
xdotool key --delay 150 Tab space
wait_for 10 "it does not go back to what is usual" written 60

open_at "$unknot" window today || fail "unknot window today"
sleep 1
for key in alt+Left alt+Left alt+Left alt+Left alt+Left alt+Left alt+Left alt+Right alt+Home \
	alt+Left; do
	xdotool key "$key"
	sleep 0.2
done
open_at "$unknot" window diary || fail "unknot window diary"
sleep 1
[ "$(window_pid)" = "$pid" ] || fail "it ended on the way"
[ ! -s "$work/window.log" ] || fail "it complains"
echo "an option changed and days turned by keyboard"
