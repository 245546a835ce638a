# desk.sh WINDOW, read by the tests of the window: a desktop of its own with nothing on it, an X
# server and a session bus that knows how to start WINDOW. Leaves $work, DISPLAY and the bus's
# address; ends all of it, and whatever pid is in $started, with the test.
set -u
skip() { echo "skipped: $*"; exit 77; }
for need in "Xvfb xvfb" "dbus-daemon dbus" "gdbus libglib2.0-bin" "xdotool xdotool"; do
	command -v "${need% *}" >/dev/null || skip "${need% *} is not here (Debian: ${need#* })"
done

work=$(mktemp -d)
started=""
clean_up() {
	for pid in $started; do kill "$pid" 2>/dev/null; done
	wait
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM
fail() {
	echo "FAILED: $*"
	for log in "$work"/*.log; do
		[ ! -s "$log" ] || { echo "--- $log"; tail -n 20 "$log"; }
	done
	exit 1
}
# wait_for SECONDS WHAT COMMAND...: until the command succeeds.
wait_for() {
	tries=$(($1 * 10))
	what=$2
	shift 2
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || fail "$what"
		sleep 0.1
	done
}

# Nothing of the person's own; no graphics processor, which draws alike everywhere.
export HOME="$work/home" XDG_RUNTIME_DIR="$work/run" LC_ALL=C.UTF-8 GDK_BACKEND=x11 \
	GSK_RENDERER=cairo
export LIBGL_ALWAYS_SOFTWARE=1 NO_AT_BRIDGE=1 GSETTINGS_BACKEND=memory
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME XDG_CACHE_HOME WAYLAND_DISPLAY XDG_SESSION_ID \
	LANGUAGE
unset DBUS_SYSTEM_BUS_ADDRESS XDG_CURRENT_DESKTOP DESKTOP_STARTUP_ID XDG_ACTIVATION_TOKEN
mkdir -m 700 "$HOME" "$XDG_RUNTIME_DIR" "$work/screen"
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

Xvfb -displayfd 3 -screen 0 1366x768x24 -fbdir "$work/screen" -nolisten tcp \
	3> "$work/display" 2> "$work/xvfb.log" &
started="$!"
wait_for 20 "the X server does not start" test -s "$work/display"
DISPLAY=":$(cat "$work/display")"
export DISPLAY # what the bus starts inherits it
dbus-daemon --session --nofork --nopidfile --address="unix:path=$XDG_RUNTIME_DIR/bus" \
	2> "$work/bus.log" &
started="$! $started"
wait_for 20 "the session bus does not start" test -S "$XDG_RUNTIME_DIR/bus"
DBUS_SESSION_BUS_ADDRESS="unix:path=$XDG_RUNTIME_DIR/bus"
export DBUS_SESSION_BUS_ADDRESS

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
