#!/bin/sh
# card.sh UNKNOTD UNKNOT TRACE: a break's card at a real notification server, dunst: started by its first action
# it counts down in place, ends by itself and says what the camera saw; none is left when the daemon has ended.
set -u
unknotd=$1
unknot=$2
trace=$3

skip() { echo "skipped: $*"; exit 77; }
for need in "Xvfb xvfb" "dunst dunst" "dunstctl dunst" "dbus-daemon dbus" "gdbus libglib2.0-bin"; do
	command -v "${need% *}" >/dev/null || skip "${need% *} is not here (Debian: ${need#* })"
done

work=$(mktemp -d)
started=""
# Ends what this test started, by process number, the last first.
clean_up() {
	for process in $started; do
		kill "$process" 2>/dev/null
	done
	wait
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

fail() {
	echo "FAILED: $*"
	for log in daemon.log dunst.log bus.log xvfb.log; do
		[ ! -s "$work/$log" ] || { echo "--- $log"; tail -n 30 "$work/$log"; }
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

# Nothing of the user's own: folders, display, bus.
export HOME="$work/home" XDG_RUNTIME_DIR="$work/run" LANG=C.UTF-8
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME XDG_CACHE_HOME WAYLAND_DISPLAY XDG_SESSION_ID
unset DBUS_SYSTEM_BUS_ADDRESS
mkdir -m 700 "$HOME" "$XDG_RUNTIME_DIR"

# ---- the desktop ----

Xvfb -displayfd 3 -screen 0 800x600x24 -nolisten tcp 3> "$work/display" 2> "$work/xvfb.log" &
started="$!"
wait_for 20 "the X server does not start" test -s "$work/display"
DISPLAY=":$(cat "$work/display")"

dbus-daemon --session --nofork --nopidfile --address="unix:path=$XDG_RUNTIME_DIR/bus" \
	2> "$work/bus.log" &
started="$! $started"
wait_for 20 "the session bus does not start" test -S "$XDG_RUNTIME_DIR/bus"
DBUS_SESSION_BUS_ADDRESS="unix:path=$XDG_RUNTIME_DIR/bus"
export DISPLAY DBUS_SESSION_BUS_ADDRESS

printf '[global]\nmonitor = 0\n' > "$work/dunstrc"
dunst -config "$work/dunstrc" -print > "$work/shown" 2> "$work/dunst.log" &
started="$! $started"
gdbus wait --session --timeout 20 org.freedesktop.Notifications || fail "dunst does not start"

# ---- the card ----

"$unknotd" --source "trace:$trace" --speed 20 --state-dir "$work/state" --data-dir "$work/data" \
	> "$work/daemon.log" 2>&1 &
daemon=$!
started="$daemon $started"
gdbus wait --session --timeout 20 io.github.unknot.Daemon || fail "unknotd does not start"
"$unknot" break || fail "unknot break"
wait_for 20 "no card" grep -qE 'summary: .*Stand up for 5 minutes: ' "$work/shown"
grep -q 'icon: .*io.github.unknot\.' "$work/shown" || fail "it has no picture: $(cat "$work/shown")"
dunstctl action 0
wait_for 20 "Start starts nothing" grep -q 'summary: .*: 5 minutes to go' "$work/shown"
wait_for 30 "it does not count down" grep -q 'summary: .*: 2 minutes to go' "$work/shown"
wait_for 30 "it does not end by itself" grep -qiE 'body: .*(seen by|camera|the screen all)' "$work/shown"
grep -iE 'summary: .*break' "$work/shown" | tail -n 1
"$unknot" break micro || fail "unknot break micro"
wait_for 20 "no second card" grep -q 'summary: .*6 m away' "$work/shown"
[ "$(dunstctl count displayed)" -gt 0 ] || fail "the second card is not to be seen"
kill -TERM "$daemon"
wait "$daemon" || fail "unknotd ended with an error"
no_card() { [ "$(dunstctl count displayed)" -eq 0 ]; }
wait_for 10 "a card outlives the daemon" no_card
grep -q '"offered_ms"' "$work/state/exercises.json" || fail "what was offered is not remembered"

# Started from a menu entry nobody reads standard error: what is wrong is shown.
! UNKNOT_LAUNCHER=1 "$unknot" pause 2>/dev/null || fail "there is a daemon to pause"
wait_for 10 "a menu entry fails without a word" grep -q 'body: .*unknotd' "$work/shown"
