#!/bin/sh
# gnome.sh UNKNOTD UNKNOT DATA FIGURES TRACE [WINDOW]: the real GNOME Shell, on a monitor that exists in memory
# only. DATA and FIGURES are the folders of the desktop entries and icons that were built. What the shell shows is
# asked of the shell itself; with UNKNOT_DESKTOP_PICTURES=FOLDER there are pictures of it to look at.
set -u
unknotd=$1 unknot=$2 data=$3 figures=$4 trace=$5 window=${6-}
. "$(dirname "$0")/session.sh"
need "gnome-shell gnome-shell" "gjs gjs" "dbus-daemon dbus" "gdbus libglib2.0-bin"

# Installed for this session only: entries with the programs that were built, icons, what the bus may start.
export XDG_DATA_DIRS="$work/share:/usr/local/share:/usr/share" XDG_CURRENT_DESKTOP=GNOME GSETTINGS_BACKEND=keyfile
export LIBGL_ALWAYS_SOFTWARE=1 NO_AT_BRIDGE=1
share="$work/share"
mkdir -p "$share/applications" "$share/icons/hicolor/scalable/apps" "$share/dbus-1/services"
bin=$(cd "$(dirname "$unknotd")" && pwd)
for entry in "$data"/*.desktop; do # a desktop passes over entries whose program is not there
	sed "/Exec=/s|/[^ ]*/unknot|$bin/unknot|" "$entry" > "$share/applications/${entry##*/}"
done
cp "$(dirname "$0")"/../../src/daemon/data/*.svg "$figures"/*.svg "$share/icons/hicolor/scalable/apps/"
[ -z "$window" ] || printf '[D-BUS Service]\nName=io.github.unknot\nExec="%s" --gapplication-service\n' "$window" \
	> "$share/dbus-1/services/io.github.unknot.service"

# A second bus in the place of the system's, with nobody on it: no power, no log-in, no network.
dbus-daemon --session --nofork --nopidfile --address="unix:path=$work/system-bus" 2> "$work/system-bus.log" &
ends $!
export DBUS_SYSTEM_BUS_ADDRESS="unix:path=$work/system-bus"
# Programs that the bus starts find the display that does not exist yet.
export WAYLAND_DISPLAY=unknot-test
start_bus
gnome-shell --headless --unsafe-mode --wayland --no-x11 --wayland-display "$WAYLAND_DISPLAY" \
	--virtual-monitor 1366x768 > "$work/shell.log" 2>&1 &
ends $!
gdbus wait --session --timeout 60 org.gnome.Shell || fail "GNOME Shell does not start"

# ask JAVASCRIPT: what the shell answers, as JSON between quotes of the bus.
ask() { gdbus call --session -d org.gnome.Shell -o /org/gnome/Shell -m org.gnome.Shell.Eval "$1"; }
says() { ask "$1" | grep -qF -- "$2"; }
picture() {
	[ -z "${UNKNOT_DESKTOP_PICTURES-}" ] || {
		mkdir -p "$UNKNOT_DESKTOP_PICTURES"
		gdbus call --session -d org.gnome.Shell -o /org/gnome/Shell/Screenshot \
			-m org.gnome.Shell.Screenshot.Screenshot false false \
			"$UNKNOT_DESKTOP_PICTURES/$1.png" > /dev/null
	}
}
gdbus wait --session --timeout 60 org.freedesktop.Notifications || fail "the shell takes no messages"
wait_for 60 "the shell is not ready" says 'Main.layoutManager._startingUp' false
# The shell's own messages about what is missing here make room.
ask 'Main.overview.hide(); Main.messageTray.getSources().forEach(s => s.destroy()); 0' > /dev/null
wait_for 20 "the overview does not go" says 'Main.overview.visible' false

# What is asked of the shell again and again: the banner on the screen, with the application that the shell
# takes it for; our messages in its list; our windows; the pointer.
ask "$(cat <<'END'
const Shell = imports.gi.Shell, id = "io.github.unknot.desktop";
global.banner = () => {
	const tray = Main.messageTray, n = tray._notification;
	return n && tray._banner
		? `${n.source.app?.get_id()}: ${n.title} | ${n.bannerBodyText} | ${n.actions.map(a => a.label)}`
		: "none";
};
global.listed = () => JSON.stringify(Main.messageTray.getSources().filter(s => s.app?.get_id() === id)
	.map(s => s.notifications.map(n => [n.title, n.urgency])));
global.known = () => new imports.gi.Gio.Settings({schema_id: "org.gnome.desktop.notifications"})
	.get_strv("application-children");
global.windows = () => JSON.stringify(global.get_window_actors().map(a => a.meta_window).map(w => [
	Shell.WindowTracker.get_default().get_window_app(w)?.get_id(),
	w.get_client_type() === 0 ? "wayland" : "x11", w.title, w.has_focus()]));
const seat = imports.gi.Clutter.get_default_backend().get_default_seat();
const pointer = seat.create_virtual_device(0);
global.point = x => pointer.notify_absolute_motion(imports.gi.GLib.get_monotonic_time(), x, 700);
0
END
)" > /dev/null
banner='global.banner()'
listed='global.listed()'
windows='global.windows()'
shows() { says "$banner" "$1"; }

# The shell lets a banner stay until somebody has moved the pointer.
pointer=300
move() {
	pointer=$((900 - pointer))
	ask "global.point($pointer); 0" > /dev/null
}

"$unknot" events > "$work/events" 2> "$work/events.log" &
ends $!
"$unknotd" --source "trace:$trace" --speed 1 --state-dir "$work/state" --data-dir "$work/unknot" \
	> "$work/daemon.log" 2>&1 &
daemon=$!
ends $daemon
gdbus wait --session --timeout 20 io.github.unknot.Daemon || fail "unknotd does not start"

# ---- a message of low urgency ----

"$unknot" break micro || fail "unknot break micro"
wait_for 20 "the rest for the eyes is no banner: $(ask "$banner")" shows 'io.github.unknot.desktop: '
ask "$banner"
sleep 1
picture micro
# Settings lists whom the shell has made a page for.
wait_for 20 "Settings does not know it" \
	says 'global.known()' io-github-unknot
# A click on the card is what it offers first, and no dismissal.
ask 'Main.messageTray._notification.activate(); 0' > /dev/null
wait_for 20 "a click does not start the break" grep -q '"answer":"start"' "$work/events"
grep -q dismissed "$work/events" && fail "a click counts as a dismissal"
wait_for 20 "no countdown" shows 'to go'
sleep 1
picture going

# ---- a break to move: a banner, then in the list ----

wait_for 60 "the break does not end by itself" grep -q '"what":"ended"' "$work/events"
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
kill "$daemon"
wait "$daemon"
none_left() { says "$listed" '[]'; }
wait_for 10 "cards outlive the daemon: $(ask "$listed")" none_left

# ---- the icon, where an extension gives the shell a place for it: each lock takes that away for a while ----

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
	for round in first second; do
		ask "Main.extensionManager.enableExtension('$extension'); 0" > /dev/null
		wait_for 30 "the icon is not there at the $round start of its host" items
		sleep 1
		picture "tray-$round"
		ask "Main.extensionManager.disableExtension('$extension'); 0" > /dev/null
		wait_for 20 "the extension does not go" no_watcher
	done
else
	echo "gnome-shell-extension-appindicator is not here: no icon was looked at"
fi

# ---- the window ----

[ -n "$window" ] || { echo "no window was built: it was not opened"; exit 0; }
# Nothing can be seen, and there is no profile: it is said after two minutes.
"$unknotd" --source v4l2:/dev/video-that-is-not-there --state-dir "$work/state" --data-dir "$work/unknot" \
	> "$work/daemon.log" 2>&1 &
daemon=$!
ends $daemon
wait_for 180 "nobody says that there is no camera" shows 'Plug in a camera'
picture camera
ask 'Main.messageTray._notification.activate(); 0' > /dev/null
wait_for 60 "the window does not open: $(ask "$windows")" says "$windows" 'io.github.unknot.desktop'
says "$windows" 'wayland' || fail "the window is no client of Wayland's: $(ask "$windows")"
wait_for 10 "the window that was asked for is not in front: $(ask "$windows")" says "$windows" 'true]'
sleep 2
ask "$windows"
picture window

# ---- full screen hides the card, and does not count it ----

ask 'global.get_window_actors()[0].meta_window.make_fullscreen(); 0' > /dev/null
wait_for 20 "no full screen" says 'Main.layoutManager.primaryMonitor.inFullscreen' true
"$unknot" break || fail "unknot break under full screen"
wait_for 60 "a card that is kept back is not known to be" grep -q '"answer":"unseen"' "$work/events"
shows 'Stand up' && fail "a banner over the full screen"
ask 'global.get_window_actors()[0].meta_window.unmake_fullscreen(); 0' > /dev/null
wait_for 20 "the card does not come afterwards" shows 'Stand up for 5 minutes: '
picture afterwards
