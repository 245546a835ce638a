#!/bin/sh
# manages.sh WINDOW UNKNOT UNKNOTD DATA: what people arrange in the window beside a daemon, and what
# comes of it there and in the files: manages.py.
window=$1 unknot=$2 unknotd=$3 data=$4
here=$(dirname "$0")
. "$here/desk.sh" "$window"
. "$here/reader.sh"
state="$HOME/.local/state/unknot" config="$HOME/.config/unknot/unknot.conf"
mkdir -p "$state" "$(dirname "$config")"
for name in desk home; do
	"$unknot" calibrate --name $name --distance-cm 62 --from "$data/clip/upright.jpg" \
		> "$work/calibrate.log" 2>&1 || fail "no profile $name"
done
"$unknot" config set watch.profile desk || fail "the configuration"
printf '{"slouched":0.35,"too_close":0.2}' > "$state/wrong.json"
"$unknotd" --source "replay:$data/clip/slouch.mjpg@1,loop" --data-dir "$work/data" \
	> "$work/daemon.log" 2>&1 &
recording=$!
ends $recording
wait_for 30 "no daemon" "$unknot" status
open_at "$unknot" window now || fail "unknot window now"
wait_for 20 "no window comes" is_seen
xdotool windowfocus "$(is_seen | tail -n 1)" 2>/dev/null
manage() { "$python" "$here/manages.py" "$unknot" "$state" "$1" || fail "$1"; }
manage profiles
manage wrong
# A recording cannot be turned off; a camera that is not there can.
kill $recording
wait_for 20 "the daemon stays" sh -c "! kill -0 $recording"
"$unknotd" --source v4l2:/dev/video99 --data-dir "$work/data" > "$work/daemon.log" 2>&1 &
ends $!
wait_for 30 "no daemon" "$unknot" status
manage pause
manage hours
manage care
action quit
complains_but_of_questions && fail "it complains"
echo "profiles, limits, a pause and hours arranged"
