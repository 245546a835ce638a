#!/bin/sh
# logind.sh UNKNOTD UNKNOT MODEL CAMERA MANAGER: the daemon beside the real systemd-logind, on a bus
# of its own and with a /run/systemd of its own (both in a mount namespace, which takes root).
# logind reads a session from there as after a restart of its own; who keeps the session's pipe open
# keeps the session. There is no seat behind it: what needs one is tested with stand-ins
# (tests/unit/test_session.c). MANAGER stands in for the service manager, so that logind goes to
# sleep as far as it can by itself, CAMERA for libv4l2.
set -u
logind=/lib/systemd/systemd-logind
for tool in unshare dbus-daemon gdbus; do
	command -v $tool >/dev/null || { echo "skipped: $tool is not here"; exit 77; }
done
[ -x $logind ] || { echo "skipped: $logind is not here (Debian: systemd)"; exit 77; }
if [ -z "${UNKNOT_TEST_MOUNTS:-}" ]; then
	mkdir -p /run/systemd 2>/dev/null && unshare -m mount -t tmpfs none /run/systemd \
		2>/dev/null ||
		{ echo "skipped: no mounts of our own here (root has them)"; exit 77; }
	UNKNOT_TEST_MOUNTS=1 exec unshare -m "$(dirname "$0")/../unit/on_private_bus.sh" "$0" "$@"
fi
unknotd=$1 unknot=$2
export UNKNOT_MODEL="$3" LC_ALL=C
camera=$4 manager=$5
work=$(mktemp -d)
started=
clean_up() {
	for process in $started; do
		kill "$process" 2>/dev/null
	done
	rm -rf "$work"
}
trap clean_up EXIT
fail() {
	echo "FAILED: $*"
	"$unknot" status 2>&1 | head -8
	cat "$work/logind" "$work/log"
	exit 1
}

mount -t tmpfs none /run/systemd || exit 77
mkdir /run/systemd/seats /run/systemd/sessions /run/systemd/users /run/systemd/inhibit
pipe=/run/systemd/sessions/c1.ref
mkfifo -m 600 $pipe
exec 9<>$pipe
cat >/run/systemd/sessions/c1 <<END
UID=0
USER=root
ACTIVE=1
STATE=active
REMOTE=0
TYPE=x11
CLASS=user
SCOPE=session-c1.scope
LEADER=$$
FIFO=$pipe
REALTIME=1
MONOTONIC=1
END
printf 'NAME=root\nSTATE=active\nSTOPPING=no\nSESSIONS=c1\nREALTIME=1\nMONOTONIC=1\n' \
	>/run/systemd/users/0
chmod 755 "$work"
cat >"$work/bus.conf" <<END
<busconfig><type>system</type><listen>unix:path=$work/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*"/>
<allow receive_sender="*"/></policy></busconfig>
END
dbus-daemon --config-file="$work/bus.conf" --nofork --nopidfile 2>/dev/null 9>&- &
started=$!
export DBUS_SYSTEM_BUS_ADDRESS="unix:path=$work/bus"
until_it() { # SECONDS COMMAND...
	tries=$(($1 * 10))
	shift
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}
until_it 10 test -S "$work/bus" || fail "no bus"
"$manager" >"$work/manager" 9>&- &
started="$! $started"
SYSTEMD_LOG_TARGET=console $logind >"$work/logind" 2>&1 9>&- &
started="$! $started"
call() { # OBJECT INTERFACE.METHOD ARGUMENT...
	object=$1
	shift
	method=org.freedesktop.login1.$1
	shift
	gdbus call --system -d org.freedesktop.login1 -o "/org/freedesktop/login1$object" \
		-m "$method" "$@"
}
session() { call /session/c1 "$@"; }
until_it 20 session Session.SetLockedHint true || fail "logind has no session of ours"

export HOME="$work" XDG_SESSION_ID=c1
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME
"$unknotd" --source v4l2:/dev/video-that-is-not-there >"$work/log" 2>&1 9>&- &
daemon=$!
started="$daemon $started"
off() { "$unknot" status --format json | tr -d '\n\t ' | sed -n 's/.*"off":\[\([^]]*\)\].*/\1/p'; }
off_is() { [ "$(off)" = "$1" ]; }
keeps_awake() { call '' Manager.ListInhibitors | grep -q "'sleep', 'unknotd', .*'delay'"; }

until_it 10 off_is '"locked"' || fail "locked before it started, and not seen"
until_it 10 keeps_awake || fail "it does not keep the machine awake until the camera is off"
"$unknot" resume | grep -q 'stays off: the screen is locked' ||
	fail "resume does not say what it cannot end"
session Session.SetLockedHint false >/dev/null
until_it 5 off_is '' || fail "unlocked, and off"

# As swaylock and i3lock: asked to lock, nobody says that it is, and nobody says that it is over.
session Session.Lock >/dev/null
until_it 5 off_is '"lock_request"' || fail "told to lock, and on"
until_it 15 off_is '' || fail "off for ever"
# As GNOME: locked for longer than a request lasts.
session Session.Lock >/dev/null
session Session.SetLockedHint true >/dev/null
until_it 5 off_is '"locked"' || fail "locked, and on"
sleep 11
off_is '"locked"' || fail "still locked, and on"
session Session.Unlock >/dev/null
session Session.SetLockedHint false >/dev/null
until_it 5 off_is '' || fail "unlocked, and off"

kill $daemon
until_it 5 sh -c "! kill -0 $daemon" || fail "it does not end"
until_it 5 sh -c "! gdbus call --system -d org.freedesktop.login1 -o /org/freedesktop/login1 \
	-m org.freedesktop.login1.Manager.ListInhibitors | grep -q unknotd" ||
	fail "it keeps the machine awake"

# Sleep waits for a camera that takes long to start: till it is off, which is before logind's own
# limit of 5 s. What the kernel says of sleep is a file of ours, which only logind reads: the
# machine stays awake.
echo "freeze mem" >"$work/state"
if [ -n "$camera" ] && mount --bind "$work/state" /sys/power/state 2>/dev/null; then
	: >"$work/camera"
	cp "$camera" "$work/camera.so" # the loader's list of paths is parted by spaces too
	LD_PRELOAD=$work/camera.so UNKNOT_TEST_START_S=3 "$unknotd" --source "v4l2:$work/camera" \
		>"$work/log" 2>&1 9>&- &
	started="$! $started"
	until_it 10 keeps_awake || fail "it does not keep the machine awake"
	begun=$(grep -c 'camera: starting' "$work/log")
	starts_again() { [ "$(grep -c 'camera: starting' "$work/log")" -gt "$begun" ]; }
	until_it 60 starts_again || fail "the camera is not started"
	[ ! -s "$work/manager" ] || fail "asleep already: $(cat "$work/manager")"
	call '' Manager.Suspend false >/dev/null || fail "logind does not sleep"
	sleep 1
	off_is '"asleep"' || fail "about to sleep, and on"
	[ ! -s "$work/manager" ] || fail "asleep while the camera starts"
	keeps_awake || fail "the machine may sleep while the camera starts"
	until_it 4 grep -q asleep "$work/manager" || fail "the machine is kept from sleep"
	! keeps_awake || fail "asleep because logind would wait no longer"
fi
echo "as the real logind has it: $($logind --version 2>/dev/null | head -1)"
