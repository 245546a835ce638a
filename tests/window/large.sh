#!/bin/sh
# large.sh WINDOW UNKNOT HISTORY: letters half as large again as usual, in German, whose words are
# long, in a telephone's width: no page needs more, no text leaves the window or stays small, and
# what is drawn grows with them: large.py.
window=$1 history=$3
here=$(dirname "$0")
. "$here/desk.sh" "$window"
. "$here/reader.sh"
state="$HOME/.local/state/unknot" settings="$HOME/.config/gtk-4.0"
mkdir -p "$state" "$settings"
printf '[Settings]\ngtk-font-name=Sans 17\n' > "$settings/settings.ini"
"$history" "$state" "$(date +%Y-%m-%d)" 3 || fail "no history"
LC_ALL=de_DE.UTF-8 "$window" now > "$work/window.log" 2>&1 &
ends $!
wait_for 20 "no window comes" is_seen
frame=$(is_seen | tail -n 1)
fits() {
	for place; do
		xdotool windowsize "$frame" 390 720
		open_at "$window" "$place" || fail "unknot-window $place"
		sleep 1
		xdotool getwindowgeometry "$frame" | grep -q 'Geometry: 390x720$' ||
			fail "$place needs more: $(xdotool getwindowgeometry "$frame")"
	done
}
for page in today exercises diary settings now; do # later GTK tells of the page in front alone
	fits "$page"
	"$python" "$here/large.py" "$page" 390 || fail "the page $page"
done
for task in calibrate preview evidence stretch break:side-bend break:micro care checklist; do
	fits "$task"
	"$python" "$here/large.py" task 390 || fail "$task"
done
action quit
[ ! -s "$work/window.log" ] || fail "it complains"
echo "large letters fit"
