# Sourced: a session of the test's own. Nothing of the user's is in it, and nothing of it is left.
# Sets $work, a folder, and what programs find of the person's there: home, folders, bus. What takes
# a log writes $work/NAME.log.
# shellcheck shell=sh

skip() { echo "skipped: $*"; exit 77; }

# need "PROGRAM PACKAGE"...: of Debian's.
need() {
	for wanted in "$@"; do
		command -v "${wanted% *}" >/dev/null ||
			skip "${wanted% *} is not here (Debian: ${wanted#* })"
	done
}

fail() {
	echo "FAILED: $*"
	for log in "$work"/*.log; do
		[ ! -s "$log" ] || { echo "--- ${log##*/}"; tail -n 30 "$log"; }
	done
	exit 1
}

# wait_for SECONDS WHAT COMMAND...: until the command succeeds.
wait_for() {
	tries=$(($1 * 10))
	what=$2
	shift 2
	while ! "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || fail "$what"
		sleep 0.1
	done
}

started=""
# ends PROCESS: with the test, the last first.
ends() { started="$1 $started"; }
clean_up() {
	for process in $started; do
		kill "$process" 2>/dev/null
	done
	wait
	rm -rf "$work"
}

work=$(mktemp -d)
trap clean_up EXIT
trap 'exit 1' INT TERM
export HOME="$work/home" XDG_RUNTIME_DIR="$work/run" LC_ALL=C.UTF-8
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME XDG_CACHE_HOME WAYLAND_DISPLAY DISPLAY \
	XDG_SESSION_ID
unset DBUS_SYSTEM_BUS_ADDRESS
mkdir -m 700 "$HOME" "$XDG_RUNTIME_DIR"

# An X server; its picture is $work/screen/Xvfb_screen0.
start_display() { # WIDTHxHEIGHT
	mkdir -p "$work/screen"
	Xvfb -displayfd 3 -screen 0 "${1}x24" -fbdir "$work/screen" -nolisten tcp \
		3> "$work/display" 2> "$work/xvfb.log" &
	ends $!
	wait_for 20 "the X server does not start" test -s "$work/display"
	DISPLAY=":$(cat "$work/display")"
	export DISPLAY
}

start_bus() {
	dbus-daemon --session --nofork --nopidfile --address="unix:path=$XDG_RUNTIME_DIR/bus" \
		2> "$work/bus.log" &
	ends $!
	wait_for 20 "the session bus does not start" test -S "$XDG_RUNTIME_DIR/bus"
	export DBUS_SESSION_BUS_ADDRESS="unix:path=$XDG_RUNTIME_DIR/bus"
}

# A notification server, which prints into $work/shown.
start_dunst() {
	printf '[global]\nmonitor = 0\n' > "$work/dunstrc"
	dunst -config "$work/dunstrc" -print > "$work/shown" 2> "$work/dunst.log" &
	ends $!
	gdbus wait --session --timeout 20 org.freedesktop.Notifications ||
		fail "dunst does not start"
}

# start_daemon SOURCE [OPTION...]: $unknotd, whose folders are $work/state and $work/data.
start_daemon() {
	"$unknotd" --state-dir "$work/state" --data-dir "$work/data" --source "$@" \
		> "$work/daemon.log" 2>&1 &
	daemon=$!
	ends $daemon
	gdbus wait --session --timeout 20 io.github.unknot.Daemon || fail "unknotd does not start"
}
end_daemon() {
	kill "$daemon"
	wait "$daemon" || fail "unknotd ended with status $?"
}

# write_slouch TRACE: the slouch of its day from the first second on, and it is told at once, in
# $work/slouch.jsonl.
write_slouch() {
	"$unknot" config set breaks.return_grace_min 0 > /dev/null || fail "unknot config set"
	sed -n 's/^{"t":2400,\(.*\)"repeat_until":2760,/{"t":0,\1"repeat_until":36000,/p' "$1" \
		> "$work/slouch.jsonl"
}
