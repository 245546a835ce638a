#!/bin/sh
# gnome.sh UNKNOTD UNKNOT DATA FIGURES TRACE [WINDOW]: the real GNOME Shell, on a monitor that
# exists in memory only. DATA and FIGURES are the folders of the desktop entries and icons that were
# built. What the shell shows is asked of the shell itself; with UNKNOT_DESKTOP_PICTURES=FOLDER
# there are pictures of it to look at.
set -u
unknotd=$1 unknot=$2 data=$3 figures=$4 trace=$5 window=${6-}
. "$(dirname "$0")/session.sh"
need "gnome-shell gnome-shell" "gjs gjs" "dbus-daemon dbus" "gdbus libglib2.0-bin"

. "$(dirname "$0")/page.sh"
. "$(dirname "$0")/shell.sh"

# The window, and no other, is in front.
in_front() {
	wait_for 60 "$1 opens no window: $(ask "$windows")" says "$windows" \
		'io.github.unknot.desktop'
	wait_for 10 "$1 opens the window behind: $(ask "$windows")" says "$windows" 'true]'
}

"$unknot" events > "$work/events" 2> "$work/events.log" &
ends $!
start_daemon "trace:$trace" --speed 1

# ---- a message of low urgency ----

"$unknot" break micro || fail "unknot break micro"
wait_for 20 "the rest for the eyes is no banner: $(ask "$banner")" shows \
	'io.github.unknot.desktop: '
ask "$banner"
sleep 1
picture micro
# Settings lists whom the shell has made a page for.
wait_for 20 "Settings does not know it" says 'global.known()' io-github-unknot
# A click on the card is what it offers first, and no dismissal.
ask 'Main.messageTray._notification.activate(); 0' > /dev/null
wait_for 20 "a click does not start the break" grep -q '"answer":"start"' "$work/events"
grep -q dismissed "$work/events" && fail "a click counts as a dismissal"
if [ -n "$window" ]; then
	wait_for 60 "the break does not open in the window: $(ask "$windows")" \
		says "$windows" 'io.github.unknot.desktop'
	says "$windows" 'wayland' || fail "the window is no client of Wayland's: $(ask "$windows")"
	wait_for 10 "the break that was asked for is not in front: $(ask "$windows")" says \
		"$windows" 'true]'
else
	wait_for 20 "no countdown" shows 'to go'
fi
sleep 2
picture going

# ---- a break to move: a banner, then in the list ----

wait_for 60 "the break does not end by itself" grep -q '"what":"ended"' "$work/events"
close_windows
"$unknot" break || fail "unknot break"
wait_for 20 "no card: $(ask "$banner")" shows 'Stand up for 5 minutes: '
sleep 1
ask 'Main.messageTray._expandBanner(true); 0' > /dev/null
sleep 1
picture movement
banner_gone() { move; says "$banner" none; }
wait_for 30 "the banner does not go" banner_gone
wait_for 10 "the card is not in the list: $(ask "$listed")" says "$listed" 'Stand up for 5 minutes'
grep -q unseen "$work/events" && fail "a card that was seen is told to be unseen"
ask 'Main.messageTray.getSources().forEach(s => s.notifications.forEach(n => n.activate())); 0' \
	> /dev/null
started_twice() { [ "$(grep -c '"answer":"start"' "$work/events")" -eq 2 ]; }
wait_for 20 "the card in the list starts nothing" started_twice
[ -z "$window" ] || { sleep 2; picture break; close_windows; }
end_daemon
none_left() { says "$listed" '[]'; }
wait_for 10 "cards outlive the daemon: $(ask "$listed")" none_left

# ---- a correction opens what was measured ----

if [ -n "$window" ]; then
	write_slouch "$trace"
	for place in 'global.card()' 'global.button("Show me")'; do
		work_elsewhere
		rm -rf "$work/state"
		start_daemon "trace:$work/slouch.jsonl" --speed 10
		wait_for 60 "no correction: $(ask "$banner")" shows 'Your eyes are'
		hover 'global.card()'
		sleep 1
		picture correction
		click "$place"
		in_front "a click on $place"
		at_page 'What was seen' 'How I sit now'
		picture evidence
		end_daemon
	done
	close_windows
	[ "$(grep -c '"kind":"slouched","answer":"window"' "$work/events")" -eq 2 ] ||
		fail "it was not told twice that the window has it"
	ask 'global.point(300); 0' > /dev/null
fi

# ---- the menu's entry and what it offers, where no daemon runs ----

if [ -n "$window" ]; then
	app="imports.gi.Shell.AppSystem.get_default().lookup_app('io.github.unknot.desktop')"
	ask "$app.launch_action('break', 0, -1); 0" > /dev/null
	wait_for 30 "a break from the menu fails without a word: $(ask "$banner")" shows \
		'Nobody is watching'
	picture launcher
	ask "$app.activate(); 0" > /dev/null
	wait_for 30 "the menu's entry opens no window in front: $(ask "$windows")" says \
		"$windows" 'true]'
	close_windows
	ask 'Main.messageTray.getSources().forEach(s => s.destroy()); 0' > /dev/null
fi

# ---- the icon, where an extension gives the shell a place for it: each lock takes that away for a
# while ----

extension=ubuntu-appindicators@ubuntu.com
if [ -d "/usr/share/gnome-shell/extensions/$extension" ]; then
	items() {
		gdbus call --session -d org.kde.StatusNotifierWatcher -o /StatusNotifierWatcher \
			-m org.freedesktop.DBus.Properties.Get org.kde.StatusNotifierWatcher \
			RegisteredStatusNotifierItems | grep -q StatusNotifierItem
	}
	no_watcher() { ! gdbus wait --session --timeout 1 org.kde.StatusNotifierWatcher; }
	"$unknot" tray > "$work/tray.log" 2>&1 &
	ends $!
	for round in 'first Open unknot: Your upright' 'second Preview: The picture'; do
		row=${round#* } round=${round%% *}
		ask "Main.extensionManager.enableExtension('$extension'); 0" > /dev/null
		wait_for 30 "the icon is not there at the $round start of its host" items
		sleep 1
		picture "tray-$round"
		# Nobody's upright is known: calibrating comes first.
		if [ -n "$window" ]; then
			work_elsewhere
			click 'global.icon()'
			click "global.entry(\"${row%: *}\")"
			in_front "the icon's menu"
			at_page "${row#*: }"
			picture "opened-$round"
		fi
		ask "Main.extensionManager.disableExtension('$extension'); 0" > /dev/null
		wait_for 20 "the extension does not go" no_watcher
	done
	close_windows
else
	echo "gnome-shell-extension-appindicator is not here: no icon was looked at"
fi

# ---- the window ----

[ -n "$window" ] || { echo "no window was built: it was not opened"; exit 0; }
# Nothing can be seen, and there is no profile: it is said after two minutes.
start_daemon v4l2:/dev/video-that-is-not-there
wait_for 180 "nobody says that there is no camera" shows 'Plug in a camera'
picture camera
ask 'Main.messageTray._notification.activate(); 0' > /dev/null
wait_for 60 "the window does not open: $(ask "$windows")" says "$windows" 'io.github.unknot.desktop'
says "$windows" 'wayland' || fail "the window is no client of Wayland's: $(ask "$windows")"
wait_for 10 "the window that was asked for is not in front: $(ask "$windows")" says "$windows" \
	'true]'
sleep 2
ask "$windows"
picture window

# ---- full screen hides the card, and does not count it ----

ask 'global.display.focus_window.make_fullscreen(); 0' > /dev/null
wait_for 20 "no full screen" says 'Main.layoutManager.primaryMonitor.inFullscreen' true
"$unknot" break || fail "unknot break under full screen"
wait_for 60 "a card that is kept back is not known to be" grep -q '"answer":"unseen"' "$work/events"
shows 'Stand up' && fail "a banner over the full screen"
ask 'global.display.focus_window.unmake_fullscreen(); 0' > /dev/null
wait_for 20 "the card does not come afterwards" shows 'Stand up for 5 minutes: '
picture afterwards
