#!/bin/sh
# bus.sh UNKNOTD UNKNOT MODEL TRACE: the session bus goes away under the daemon, as at the end of a
# session or when it crashes. That is not "another unknotd": it ends, because nobody can pause it
# any more, and says why; what it was asked for is kept for the next one. A day that is played to it
# goes on.
set -u
command -v dbus-daemon >/dev/null || {
	echo "skipped: dbus-daemon is not here (Debian: dbus-daemon)"
	exit 77
}
unknotd=$1 unknot=$2 trace=$4
export UNKNOT_MODEL="$3" LC_ALL=C
work=$(mktemp -d)
export HOME="$work" DBUS_SYSTEM_BUS_ADDRESS="unix:path=$work/no-bus"
export DBUS_SESSION_BUS_ADDRESS="unix:path=$work/bus"
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME XDG_SESSION_ID
bus= daemon=
clean_up() {
	kill $bus $daemon 2>/dev/null
	rm -rf "$work"
}
trap clean_up EXIT
fail() {
	echo "FAILED: $*"
	cat "$work/log"
	exit 1
}
until_it() { # SECONDS COMMAND...
	tries=$(($1 * 10))
	shift
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}
start() { # OPTION...
	rm -f "$work/bus"
	dbus-daemon --session --address="$DBUS_SESSION_BUS_ADDRESS" --nofork --nopidfile \
		2>/dev/null &
	bus=$!
	until_it 10 test -S "$work/bus" || fail "no bus"
	"$unknotd" "$@" >"$work/log" 2>&1 &
	daemon=$!
	until_it 20 "$unknot" status || fail "it does not answer"
}
end_bus() { # SIGNAL
	kill "-$1" "$bus"
	wait "$bus" 2>/dev/null
}

for signal in TERM KILL; do
	start --source v4l2:/dev/video-that-is-not-there
	"$unknot" pause 1h || fail "pause"
	end_bus $signal
	until_it 10 sh -c "! kill -0 $daemon" || fail "it watches on, and nobody can pause it"
	wait "$daemon"
	[ $? = 1 ] ||
		fail "it ends with another status than 1, and systemd would not start it again"
	grep -q 'the session bus has gone' "$work/log" || fail "it does not say why it ends"
	grep -q 'running already' "$work/log" && fail "it takes that for another unknotd"
done
start --source v4l2:/dev/video-that-is-not-there
"$unknot" status --json | tr -d '\n\t ' | grep -q '"off":\["user"\]' ||
	fail "the pause is forgotten"
kill "$daemon"
wait "$daemon" || fail "told to end, it fails with $?"
end_bus TERM

start --source "trace:$trace" --speed 60
end_bus TERM
sleep 1
kill -0 "$daemon" || fail "a day that is played to it ends with the bus"
kill "$daemon"

# Whoever sees the name may tell it to end or to read its configuration: it hears them before.
if command -v strace >/dev/null; then
	start --source "trace:$trace" --speed 1
	kill "$daemon"
	wait "$daemon"
	# LeakSanitizer cannot look while somebody else does.
	ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" \
		strace -f -s 400 -e trace=rt_sigaction,sendmsg -o "$work/calls" \
		"$unknotd" --source "trace:$trace" --speed 1e6 >"$work/log" 2>&1 ||
		fail "it does not run under strace"
	end_bus TERM
	awk '/rt_sigaction\(SIG(HUP|TERM),/ && !/SIG_DFL/ { heard++ }
		/RequestName/ { named++; if (heard < 2) exit 1 }
		END { exit heard < 2 || named == 0 }' "$work/calls" ||
		fail "a signal that comes with its name would kill it: $(grep -anE \
			'SIG(HUP|TERM)|RequestName' "$work/calls" | cut -c1-120)"
fi
echo "it ends with its bus"
