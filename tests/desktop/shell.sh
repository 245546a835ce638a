# Sourced after session.sh, with $unknotd, $data, $figures and $window as in gnome.sh: the real
# GNOME Shell on a monitor that exists in memory only, with what was built installed for it alone,
# and words to ask it with.
# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034 # from and for who sources it
# Installed for this session only: entries with the programs that were built, icons, what the bus
# may start.
export XDG_DATA_DIRS="$work/share:/usr/local/share:/usr/share" XDG_CURRENT_DESKTOP=GNOME \
	GSETTINGS_BACKEND=keyfile
export LIBGL_ALWAYS_SOFTWARE=1 NO_AT_BRIDGE=1
share="$work/share"
mkdir -p "$share/applications" "$share/icons/hicolor/scalable/apps" "$share/dbus-1/services"
bin=$(cd "$(dirname "$unknotd")" && pwd)
for entry in "$data"/*.desktop; do # a desktop passes over entries whose program is not there
	sed "/Exec=/s|/[^ ]*/unknot|$bin/unknot|" "$entry" > "$share/applications/${entry##*/}"
done
cp "$(dirname "$0")"/../../src/daemon/data/*.svg "$figures"/*.svg \
	"$share/icons/hicolor/scalable/apps/"
[ -z "$window" ] || printf \
	'[D-BUS Service]\nName=io.github.unknot\nExec="%s" --gapplication-service\n' "$window" \
	> "$share/dbus-1/services/io.github.unknot.service"

# A second bus in the place of the system's, with nobody on it: no power, no log-in, no network.
dbus-daemon --session --nofork --nopidfile --address="unix:path=$work/system-bus" \
	2> "$work/system-bus.log" &
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
gdbus wait --session --timeout 60 org.freedesktop.Notifications ||
	fail "the shell takes no messages"
wait_for 60 "the shell is not ready" says 'Main.layoutManager._startingUp' false
# The shell's own messages about what is missing here make room.
ask 'Main.overview.hide(); Main.messageTray.getSources().forEach(s => s.destroy()); 0' > /dev/null
wait_for 20 "the overview does not go" says 'Main.overview.visible' false

# What is asked of the shell again and again: the banner on the screen, with the application that
# the shell takes it for; our messages in its list; our windows; the pointer.
ask "$(cat <<'END'
const Shell = imports.gi.Shell, id = "io.github.unknot.desktop";
global.banner = () => {
	const tray = Main.messageTray, n = tray._notification;
	return n && tray._banner
		? `${n.source.app?.get_id()}: ${n.title} | ` +
			`${n.bannerBodyText} | ${n.actions.map(a => a.label)}`
		: "none";
};
global.listed = () => JSON.stringify(Main.messageTray.getSources()
	.filter(s => s.app?.get_id() === id)
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

close_windows() {
	ask 'global.get_window_actors()
		.forEach(a => a.meta_window.delete(global.get_current_time())); 0' > /dev/null
	wait_for 20 "the window does not close: $(ask "$windows")" says "$windows" '[]'
}

# The shell lets a banner stay until somebody has moved the pointer.
pointer=300
move() {
	pointer=$((900 - pointer))
	ask "global.point($pointer); 0" > /dev/null
}
