#!/bin/sh
# plasma.sh UNKNOTD UNKNOT DATA FIGURES TRACE [WINDOW]: the real Plasma, 5 or 6, on an X server of
# its own: messages, do not disturb, the status icon and its menu, the window, the locked screen.
# DATA and FIGURES are the folders of the desktop entries and icons that were built. With
# UNKNOT_DESKTOP_PICTURES=FOLDER there are pictures to look at.
set -u
# Who unlocks the screen is asked for a password that nobody has here: root makes any the right one,
# in mounts of this test's own.
if [ -z "${UNKNOT_TEST_MOUNTS:-}" ] && unshare -m true 2> /dev/null; then
	UNKNOT_TEST_MOUNTS=1 exec unshare -m "$0" "$@"
fi
unknotd=$1 unknot=$2 data=$3 figures=$4 trace=$5 window=${6-}
here=$(dirname "$0")
. "$here/session.sh"
. "$here/page.sh"
daemons=kded6 version=6 # of Debian 13
command -v kded6 > /dev/null || daemons=kded5 version=5
need "plasmashell plasma-workspace" "$daemons $daemons" "kwin_x11 kwin-x11" "Xvfb xvfb" \
	"xdotool xdotool" "dbus-daemon dbus" "gdbus libglib2.0-bin" "python3 python3"
[ -d /usr/share/plasma/shells/org.kde.plasma.desktop ] ||
	skip "Plasma has no desktop here (Debian: plasma-desktop)"

# ---- Plasma, with what was built installed for it alone ----

export XDG_CURRENT_DESKTOP=KDE KDE_FULL_SESSION=true KDE_SESSION_VERSION=$version
export XDG_DATA_DIRS="$work/share:/usr/local/share:/usr/share"
# Nothing is seen through anything: a colour is what it is.
export KWIN_COMPOSE=N QT_QUICK_BACKEND=software LIBGL_ALWAYS_SOFTWARE=1 NO_AT_BRIDGE=1 \
	QT_LOGGING_RULES="qt.qpa.*=false"
share="$work/share"
icons="$share/icons/hicolor/scalable/apps"
mkdir -p "$share/applications" "$icons" "$share/dbus-1/services"
cp "$data"/*.desktop "$share/applications/"
cp "$here"/../../src/daemon/data/*.svg "$figures"/*.svg "$icons/"
# A second bus in the place of the system's, with nobody on it.
dbus-daemon --session --nofork --nopidfile --address="unix:path=$work/system-bus" \
	2> "$work/system-bus.log" &
ends $!
export DBUS_SYSTEM_BUS_ADDRESS="unix:path=$work/system-bus"
start_display 1366x768
start_bus
kwin_x11 > "$work/kwin.log" 2>&1 &
ends $!
# Plasma 5 starts it when it is asked for a key, Plasma 6 with the session.
for keys in /usr/lib/*/libexec/kglobalacceld; do
	[ ! -x "$keys" ] || { "$keys" > "$work/keys.log" 2>&1 & ends $!; }
done
"$daemons" > "$work/kded.log" 2>&1 &
kded=$!
ends $kded
start_shell() {
	plasmashell > "$work/plasma.log" 2>&1 &
	shell=$!
	ends $shell
	gdbus wait --session --timeout 60 org.freedesktop.Notifications ||
		fail "Plasma takes no messages"
}
start_shell
gdbus wait --session --timeout 60 org.kde.StatusNotifierWatcher ||
	fail "Plasma has no host for status icons"

# ---- what is seen ----

screen="$work/screen/Xvfb_screen0"
picture() {
	[ -z "${UNKNOT_DESKTOP_PICTURES-}" ] || {
		mkdir -p "$UNKNOT_DESKTOP_PICTURES"
		cp "$screen" "$UNKNOT_DESKTOP_PICTURES/plasma-$1.xwd"
	}
}
# How many pixels of a colour there are in the panel, or among the messages at its right end.
in_panel() { python3 "$here/seen.py" "$screen" "$1" 724 768; }
in_messages() { python3 "$here/seen.py" "$screen" "$1" 380 720 980; }
more_than() { # COUNT COMMAND...
	count=$1
	shift
	found=$("$@")
	[ "${found%% *}" -gt "$count" ]
}
none_of() { ! more_than 20 "$@"; }
ground_of() { sed -n 's/.*fill="#\([0-9a-f]\{6\}\)".*/\1/p' "$1" | head -n 1; }
figure_ground=$(ground_of "$figures/io.github.unknot.side-bend.svg")
icon_ground=$(ground_of "$icons/io.github.unknot.svg")
off_ground=$(ground_of "$icons/io.github.unknot.off.svg")
# in_card PIXELS: a place so far from the right end of the newest card, in its row of buttons.
in_card() {
	xdotool search --onlyvisible --class plasmashell 2> /dev/null | while read -r id; do
		eval "$(xdotool getwindowgeometry --shell "$id")"
		[ "$WIDTH" -gt 600 ] || [ "$HEIGHT" -lt 60 ] ||
			echo "$((X + WIDTH - $1)) $((Y + HEIGHT - ${2:-20}))"
	done | tail -n 1
}
has_card() { [ -n "$(in_card 0)" ]; }
answered() { grep -q "\"answer\":\"$1\"" "$work/events"; }
# The panel is there, and no splash over it.
wait_for 60 "the panel does not come" more_than 5000 in_panel eff0f1
sleep 3

# ---- messages ----

"$unknot" events > "$work/events" 2> "$work/events.log" &
ends $!
start_daemon "trace:$trace" --speed 1
"$unknot" break micro || fail "unknot break micro"
wait_for 20 "no card with the exercise's figure on its own ground" more_than 400 in_messages \
	"$figure_ground"
sleep 1
picture micro
# What comes in its place while that goes is seen.
"$unknot" break || fail "unknot break"
sleep 2
more_than 400 in_messages "$figure_ground" || fail "the break to move is not seen after the other"
picture movement
grep -q '"kind":"break_movement","answer":"none"' "$work/events" &&
	fail "the break to move counts as closed: $(cat "$work/events")"
# The buttons stand in their order: at the right end the last.
# shellcheck disable=SC2046 # two numbers
xdotool mousemove $(in_card 30) click 1
wait_for 20 "the button at the right is not Skip: $(cat "$work/events")" answered skip
wait_for 20 "the card stays" none_of in_messages "$figure_ground"
xdotool mousemove 300 300
# A click on the card is what it offers first.
"$unknot" break micro || fail "unknot break micro"
wait_for 20 "no second card" more_than 400 in_messages "$figure_ground"
sleep 1
found=$(in_messages "$figure_ground")
# shellcheck disable=SC2086 # two numbers
xdotool mousemove ${found#* } click 1
wait_for 20 "a click on the card does not start the break: $(cat "$work/events")" answered start
answered dismissed && fail "a click counts as a dismissal"
sleep 2
picture going
xdotool mousemove 300 300

# ---- do not disturb ----

# A trace plays whatever the desktop wants; a recording of pictures heeds it.
end_daemon
export UNKNOT_MODEL="${unknotd%/*}/unknot.model"
start_daemon "replay:$here/../data/clip/slouch.mjpg@1,loop"
silent() { "$unknot" status --format json | grep -qE '"quiet_why":[[:space:]]*"do_not_disturb"'; }
toggle() {
	gdbus call --session -d org.kde.kglobalaccel -o /component/plasmashell \
		-m org.kde.kglobalaccel.Component.invokeShortcut 'toggle do not disturb' > /dev/null
}
silent && fail "silent before anybody asked"
toggle || fail "Plasma has no switch for do not disturb"
wait_for 30 "do not disturb is not heeded" silent
"$unknot" break 2>&1 | tee "$work/said.log" | grep -qi 'do not disturb' ||
	fail "a break under do not disturb does not say so: $(cat "$work/said.log")"
toggle
unsilent() { ! silent; }
wait_for 30 "do not disturb does not end" unsilent

# ---- the status icon ----

start_tray() {
	"$unknot" tray > "$work/tray.log" 2>&1 &
	tray=$!
	ends $tray
	wait_for 30 "the panel does not show the icon" more_than 60 in_panel "$icon_ground"
	sleep 1
}
click_icon() {
	found=$(in_panel "$icon_ground")
	# shellcheck disable=SC2086 # two numbers
	xdotool mousemove ${found#* } click "$1"
}
start_tray
# Without a window to open a left click opens the menu; its entry is found by what it does.
snoozed() { "$unknot" status --format json | grep -qE '"snoozed_s":[[:space:]]*[1-9]'; }
snoozed && fail "snoozed before anybody clicked"
click_icon 1
sleep 2
picture menu
# The first that can be chosen is the break, then Snooze 30 min.
xdotool key Down key Down key Return
wait_for 20 "the menu's entry does nothing" snoozed
xdotool mousemove 300 300 # an icon under the pointer is lighter
# It lives in another program than the panel, which may end and come back.
kill "$kded"
wait "$kded"
"$daemons" > "$work/kded2.log" 2>&1 &
ends $!
items() {
	gdbus call --session -d org.kde.StatusNotifierWatcher -o /StatusNotifierWatcher \
		-m org.freedesktop.DBus.Properties.Get org.kde.StatusNotifierWatcher \
		RegisteredStatusNotifierItems | grep -q StatusNotifierItem
}
wait_for 40 "the icon is not registered with the next host" items
wait_for 40 "the icon does not come back" more_than 60 in_panel "$icon_ground"
# Who turns a recording's camera off is told that there is none.
"$unknot" pause > "$work/said.log" 2>&1 && fail "a recording pauses"
grep -q 'recording' "$work/said.log" || fail "pause says: $(cat "$work/said.log")"
kill "$tray"
wait_for 20 "the icon stays when unknot tray has ended" none_of in_panel "$icon_ground"

# ---- the window ----

# A left click opens it, where one is installed; nobody's upright is known, which comes first.
[ -z "$window" ] || {
	printf '[D-BUS Service]\nName=io.github.unknot\nExec="%s" --gapplication-service\n' \
		"$window" > "$share/dbus-1/services/io.github.unknot.service"
	gdbus call --session -d org.freedesktop.DBus -o /org/freedesktop/DBus \
		-m org.freedesktop.DBus.ReloadConfig > /dev/null
}
opened() { xdotool search --onlyvisible --class 'io.github.unknot'; }
is_active() { [ "$(xdotool getactivewindow)" = "$(opened | tail -n 1)" ]; }
in_front() { # WHAT NAME...
	wait_for 60 "$1 does not open the window" opened
	wait_for 10 "the window is not in front after $1" is_active
	shift
	at_page "$@"
	xdotool mousemove 300 300
}
closed() { ! opened; }
close_window() {
	gdbus call --session -d io.github.unknot -o /io/github/unknot \
		-m org.freedesktop.Application.ActivateAction quit '[]' '{}' > /dev/null
	wait_for 20 "the window stays" closed
}
start_tray
if [ -n "$window" ]; then
	click_icon 1
	in_front "a click on the icon" 'Your upright'
	picture window
	close_window
	# A right click opens the menu; the break, two times snooze and the camera come first.
	click_icon 3
	sleep 2
	picture menu-of-window
	xdotool key Down key Down key Down key Down key Down key Return
	in_front "the menu" 'Your upright'
	close_window

	# A correction opens what was measured, by its button and by the card.
	write_slouch "$trace"
	for place in '226' '300 80'; do
		end_daemon
		rm -rf "$work/state"
		start_daemon "trace:$work/slouch.jsonl" --speed 10
		wait_for 60 "no correction" has_card
		sleep 2
		picture correction
		# shellcheck disable=SC2046,SC2086 # two numbers each
		xdotool mousemove $(in_card $place) click 1
		in_front "a click on the correction" 'What was seen' 'How I sit now'
		picture evidence
		close_window
	done
	[ "$(grep -c '"kind":"slouched","answer":"window"' "$work/events")" -eq 2 ] ||
		fail "it was not told twice that the window has it: $(cat "$work/events")"
else
	echo "no window was built: it was not opened"
fi

# ---- the locked screen, and the next panel ----

end_daemon
start_daemon v4l2:/dev/video-that-is-not-there
off_is() {
	"$unknot" status --format json | tr -d '\n\t ' | grep -qF "\"off\":[$1]"
}
if [ -n "${UNKNOT_TEST_MOUNTS:-}" ] && command -v ksmserver > /dev/null; then
	cp -r /etc/pam.d "$work/pam.d"
	printf 'auth required pam_permit.so\naccount required pam_permit.so\n' > "$work/pam.d/kde"
	mount --bind "$work/pam.d" /etc/pam.d || fail "no PAM of the test's own"
	ksmserver > "$work/ksmserver.log" 2>&1 &
	ends $!
	saver() {
		gdbus call --session -d org.freedesktop.ScreenSaver \
			-o /org/freedesktop/ScreenSaver -m "org.freedesktop.ScreenSaver.$1"
	}
	gdbus wait --session --timeout 30 org.freedesktop.ScreenSaver || fail "Plasma has no lock"
	off_is '' || fail "off before the screen is locked: $("$unknot" status)"
	saver Lock > /dev/null || fail "Plasma does not lock"
	wait_for 20 "locked, and on: $("$unknot" status)" off_is '"locked"'
	wait_for 20 "the panel is seen on the locked screen" none_of in_panel eff0f1
	unlock() {
		xdotool mousemove 500 500 mousemove 520 520
		sleep 2
		picture locked
		xdotool type x
		xdotool key Return
		sleep 2
		saver GetActive | grep -q false
	}
	wait_for 1 "the screen is not unlocked" unlock
	wait_for 20 "unlocked, and off: $("$unknot" status)" off_is ''
	wait_for 30 "the icon does not come back with the screen" more_than 60 in_panel \
		"$icon_ground"
	items || fail "the icon is no longer registered"
else
	echo "no lock was tried: root alone can make any password the right one"
fi
kill "$shell"
wait "$shell"
wait_for 20 "the panel does not go" none_of in_panel eff0f1
start_shell
wait_for 60 "the icon does not come to the next panel" more_than 60 in_panel "$icon_ground"
sleep 3
"$unknot" break micro || fail "unknot break micro"
wait_for 20 "no card from the next panel" more_than 400 in_messages "$figure_ground"
[ -z "$window" ] || {
	click_icon 1
	in_front "a click on the icon in the next panel" 'Your upright'
}

# Where nobody watches the icon is another.
kill "$daemon"
wait_for 20 "the icon does not say that nobody watches" more_than 60 in_panel "$off_ground"
picture off
