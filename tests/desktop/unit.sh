#!/bin/sh
# unit.sh UNKNOTD UNKNOT WINDOW DATA TRACE: the shipped unit and the window under a systemd --user
# of the test's own, in namespaces that take root: the daemon is shut in; a click on its card starts
# the window through the bus, which is not, and stays when the daemon is stopped. Where there can be
# no service manager the bus alone starts the window, and the daemon is shut in by itself. DATA is
# the folder of units and entries that were built.
set -u
unknotd=$1 unknot=$2 window=$3 data=$4 trace=$5
here=$(cd "$(dirname "$0")" && pwd)
systemd=/lib/systemd/systemd
name=unknot-test-$$
groups() { # the roots of those that systemd keeps its own in
	for root in /sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do
		[ ! -f $root/cgroup.procs ] || echo "$root"
	done
}
without() {
	echo "no service manager: $1"
	UNKNOT_TEST_MANAGER=no exec "$0" "$unknotd" "$unknot" "$window" "$data" "$trace"
}
if [ -z "${UNKNOT_TEST_MANAGER:-}" ]; then
	[ -x $systemd ] || without "$systemd is not here (Debian: systemd)"
	[ -e /usr/lib/systemd/user/dbus.socket ] ||
		without "the bus has no unit here (Debian: dbus-user-session)"
	mkdir -p /run/systemd 2> /dev/null &&
		unshare -mpf --mount-proc mount -t tmpfs none /run/systemd 2> /dev/null ||
		without "no namespaces of our own here (root has them)"
	[ -n "$(groups)" ] || without "no control groups here"
	for root in $(groups); do
		mkdir "$root/$name" 2> /dev/null || {
			rmdir /sys/fs/cgroup/$name /sys/fs/cgroup/*/$name 2> /dev/null
			without "no control groups of our own here"
		}
	done
	UNKNOT_TEST_MANAGER=$name unshare -mpf --mount-proc --kill-child "$0" "$@"
	status=$?
	for root in $(groups); do
		find "$root/$name" -depth -type d -exec rmdir {} +
	done
	exit $status
fi
manager=$UNKNOT_TEST_MANAGER

# ---- a session with a service manager, a bus, a display and a place for messages ----

. "$here/session.sh"
need "Xvfb xvfb" "dunst dunst" "dunstctl dunst" "dbus-daemon dbus" "gdbus libglib2.0-bin" \
	"xdotool xdotool"
. "$here/../window/reader.sh"
export GDK_BACKEND=x11 GSK_RENDERER=cairo LIBGL_ALWAYS_SOFTWARE=1 GSETTINGS_BACKEND=memory
unset LANGUAGE XDG_CURRENT_DESKTOP XDG_DATA_DIRS XDG_CONFIG_DIRS
units="$HOME/.config/systemd/user" services="$XDG_RUNTIME_DIR/dbus-1/services"
mkdir -p "$units" "$services"
# Installed as they are shipped, but for where the programs are, and what is watched.
played="$work/slouch.jsonl"
sed "s|^ExecStart=.*/unknotd|ExecStart=\"$unknotd\" --source \"trace:$played\" --speed 10|" \
	"$data/unknot.service" > "$units/unknot.service"
sed "s|^Exec=.*/unknotd|Exec=\"$unknotd\"|" "$data/io.github.unknot.Daemon.service" \
	> "$services/io.github.unknot.Daemon.service"
sed "s|^Exec=.*/unknot-window|Exec=\"$window\"|" "$data/io.github.unknot.service" \
	> "$services/io.github.unknot.service"
# As a desktop begins and ends its session: with a target of its own that wants systemd's.
printf '[Unit]\nBindsTo=graphical-session.target\n' > "$units/test-session.target"

start_display 1024x768
bus="$XDG_RUNTIME_DIR/bus"
if [ "$manager" = no ]; then
	start_bus
else
	mount -t tmpfs none /run/systemd && mkdir /run/systemd/system || fail "no /run/systemd"
	for root in $(groups); do
		echo 0 > "$root/$manager/cgroup.procs" || fail "no control group"
	done
	SYSTEMD_LOG_TARGET=console $systemd --user --unit=basic.target \
		> "$work/systemd.log" 2>&1 &
	ends $!
	wait_for 30 "systemd --user does not start" test -S "$bus"
	export DBUS_SESSION_BUS_ADDRESS="unix:path=$bus"
fi
userctl() { systemctl --user "$@"; }
start_dunst

# ---- the daemon, as it is shut in ----

write_slouch "$trace"
if [ "$manager" = no ]; then
	start_daemon "trace:$played" --speed 10
else
	userctl --quiet enable unknot.service || fail "the unit cannot be enabled"
	userctl start test-session.target || fail "the session does not begin"
	wait_for 20 "the unit does not start with the session" \
		userctl is-active --quiet unknot.service
	daemon=$(userctl show -p MainPID --value unknot.service)
fi
field() { sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"; }
shut_in() { echo "NoNewPrivs $(field "$1" NoNewPrivs), Seccomp $(field "$1" Seccomp)"; }
[ "$(shut_in "$daemon")" = "NoNewPrivs 1, Seccomp 2" ] ||
	fail "the daemon is not shut in: $(shut_in "$daemon")"

# ---- its card's click, and the window ----

wait_for 60 "no correction" grep -q 'body: .*Your eyes are' "$work/shown"
dunstctl action
window_pid() {
	gdbus call --session -d org.freedesktop.DBus -o / \
		-m org.freedesktop.DBus.GetConnectionUnixProcessID io.github.unknot 2> /dev/null |
		sed -n 's/(uint32 \([0-9]*\),)/\1/p'
}
is_seen() { xdotool search --onlyvisible --class io.github.unknot; }
wait_for 60 "a click on the card opens no window" is_seen
pid=$(window_pid)
[ "$(readlink "/proc/$pid/exe")" = "$(readlink -f "$window")" ] ||
	fail "another window: $(readlink "/proc/$pid/exe")"
"$python" "$here/page.py" "What was seen" "How I sit now" || fail "another page"
[ "$(shut_in "$pid")" = "NoNewPrivs 0, Seccomp 0" ] ||
	fail "the window is shut in with the daemon: $(shut_in "$pid")"
grep -q unknot.service "/proc/$pid/cgroup" && fail "the window is part of the daemon's unit"

# ---- the end ----

gone() { ! kill -0 "$daemon"; }
if [ "$manager" = no ]; then
	end_daemon
else
	userctl stop test-session.target
	wait_for 20 "the daemon outlives the session" gone
	[ "$(userctl show -p Result --value unknot.service)" = success ] || fail "it ended badly"
	# Whoever asks the bus for the daemon gets the unit.
	gdbus call --session -d org.freedesktop.DBus -o / \
		-m org.freedesktop.DBus.StartServiceByName io.github.unknot.Daemon 0 > /dev/null ||
		fail "the bus does not start the daemon"
	[ "$(shut_in "$(userctl show -p MainPID --value unknot.service)")" = \
		"NoNewPrivs 1, Seccomp 2" ] || fail "what the bus starts is not the unit"
fi
[ "$(window_pid)" = "$pid" ] || fail "the window goes with the daemon"
echo "the daemon is shut in, the window that its card opens is not"
