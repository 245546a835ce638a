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
# By a name that has no space, which TryExec= knows no quotes for.
ln -s "$(cd "$(dirname "$unknotd")" && pwd)" "$work/bin"
for entry in "$data"/*.desktop; do # a desktop passes over entries whose program is not there
	sed "/Exec=/s|/[^ ]*/unknot|$work/bin/unknot|" "$entry" > "$share/applications/${entry##*/}"
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
			`${n.bannerBodyText ?? n.body} | ${n.actions.map(a => a.label)}`
		: "none";
};
global.listed = () => JSON.stringify(Main.messageTray.getSources()
	.filter(s => s.app?.get_id() === id)
	.map(s => s.notifications.map(n => [n.title, n.urgency])));
global.known = () => new imports.gi.Gio.Settings({schema_id: "org.gnome.desktop.notifications"})
	.get_strv("application-children");
const ours = () => global.get_window_actors().map(a => a.meta_window)
	.filter(w => Shell.WindowTracker.get_default().get_window_app(w)?.get_id() === id);
global.windows = () => JSON.stringify(ours().map(w => [
	id, w.get_client_type() === 0 ? "wayland" : "x11", w.title, w.has_focus()]));
global.elsewhere = () => global.get_window_actors().map(a => a.meta_window)
	.find(w => w.title === "elsewhere");
global.close = () => ours().forEach(w => w.delete(global.get_current_time()));
const Clutter = imports.gi.Clutter, now = () => imports.gi.GLib.get_monotonic_time();
const pointer = Clutter.get_default_backend().get_default_seat().create_virtual_device(0);
global.point = (x, y = 700) => pointer.notify_absolute_motion(now(), x, y);
global.hover = actor => {
	const [x, y] = actor.get_transformed_position(), [w, h] = actor.get_transformed_size();
	global.point(x + w / 2, y + h / 2);
};
global.press = state => pointer.notify_button(now(), 1, state ? Clutter.ButtonState.PRESSED
	: Clutter.ButtonState.RELEASED);
global.card = () => Main.messageTray._banner;
global.button = label => global.card()._buttonBox?.get_children().find(b => b.label === label);
global.icon = () => Object.entries(Main.panel.statusArea)
	.find(([name]) => name.startsWith("appindicator-"))?.[1];
global.entry = label => global.icon()?.menu._getMenuItems().find(i => i.label?.text === label);
0
END
)" > /dev/null
banner='global.banner()'
listed='global.listed()'
windows='global.windows()'
shows() { says "$banner" "$1"; }

close_windows() {
	ask 'global.close(); 0' > /dev/null
	wait_for 20 "the window does not close: $(ask "$windows")" says "$windows" '[]'
}

# Somebody works in another window, in front of ours.
elsewhere='global.display.focus_window?.title'
work_elsewhere() {
	[ -f "$work/elsewhere.log" ] || {
		gjs -c 'imports.gi.versions.Gtk = "4.0"; const {Gtk, GLib} = imports.gi;
			Gtk.init(); new Gtk.Window({title: "elsewhere"}).present();
			new GLib.MainLoop(null, false).run()' > "$work/elsewhere.log" 2>&1 &
		ends $!
		wait_for 30 "no other window comes" says "$elsewhere" elsewhere
	}
	ask 'global.elsewhere()?.activate(global.get_current_time()); 0' > /dev/null
	wait_for 10 "the other window does not come to the front" says "$elsewhere" elsewhere
}

# The shell lets a banner stay until somebody has moved the pointer.
pointer=300
move() {
	pointer=$((900 - pointer))
	ask "global.point($pointer); 0" > /dev/null
}

# A pointer that is somewhere else, and a click as a hand does it, who gets there first: what is
# under the pointer grows.
hover() { ask "global.point(300); global.hover($1); 0" > /dev/null; }
click() { # ACTOR
	wait_for 20 "there is no $1" says "$1?.mapped" true
	hover "$1"
	sleep 1
	ask "global.hover($1); global.press(true); 0" > /dev/null
	ask "global.press(false); 0" > /dev/null
}
