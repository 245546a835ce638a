# desk.sh WINDOW, read by the tests of the window: a desktop of its own (desktop/session.sh) with
# nothing on it, an X server and a session bus that knows how to start WINDOW.
set -u
. "$(dirname "$0")/../desktop/session.sh"
need "Xvfb xvfb" "dbus-daemon dbus" "gdbus libglib2.0-bin" "xdotool xdotool"

# No graphics processor, which draws alike everywhere.
export GDK_BACKEND=x11 GSK_RENDERER=cairo LIBGL_ALWAYS_SOFTWARE=1 NO_AT_BRIDGE=1 \
	GSETTINGS_BACKEND=memory
unset LANGUAGE XDG_CURRENT_DESKTOP DESKTOP_STARTUP_ID XDG_ACTIVATION_TOKEN
# What the bus starts says what it has to say in here.
mkdir -p "$XDG_RUNTIME_DIR/dbus-1/services"
cat > "$work/open" <<END
#!/bin/sh
exec "$1" "\$@" >> "$work/window.log" 2>&1
END
chmod +x "$work/open"
cat > "$XDG_RUNTIME_DIR/dbus-1/services/io.github.unknot.service" <<END
[D-BUS Service]
Name=io.github.unknot
Exec=$work/open --gapplication-service
END

start_display 1366x768
start_bus

# Commands that would be a window of their own should they not reach this one: not for ever.
open_at() { timeout 30 "$@"; }
# The process that owns the window's name on the bus.
window_pid() {
	gdbus call --session -d org.freedesktop.DBus -o / \
		-m org.freedesktop.DBus.GetConnectionUnixProcessID \
		io.github.unknot 2>/dev/null | sed -n 's/(uint32 \([0-9]*\),)/\1/p'
}
is_seen() { xdotool search --onlyvisible --class io.github.unknot; }
# One of the program's own actions.
action() {
	gdbus call --session -d io.github.unknot -o /io/github/unknot \
		-m org.freedesktop.Application.ActivateAction "$1" '[]' '{}' >/dev/null ||
		fail "the action $1"
}
# Whether a window that asked something had anything to complain about. That a label is measured
# narrower than it may be is libadwaita's own, in the questions it draws (seen with 1.7 under GTK
# 4.18, which says so).
complains_but_of_questions() {
	grep -vE '^$|Gtk-WARNING .*Trying to measure GtkLabel' "$work/window.log"
}
