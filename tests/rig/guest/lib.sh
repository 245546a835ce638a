# What scenarios are written with, in bash: to start a program costs a guest more than to wait. Runs
# as root in the guest; the daemon runs as the user rig, in its own session, as systemd starts it.
run=/run/rig
state=/var/lib/rig/.local/state/unknot
config=/var/lib/rig/.config/unknot/unknot.conf

fail() { echo "FAILED: $*"; exit 1; }
# What is done often is done by the shell itself, whose whole numbers make centiseconds of the
# monotonic clock.
now() { cut -d ' ' -f 1 /proc/uptime; }
tick() {
	read -r up _ </proc/uptime
	up=$((10#${up%.*}${up#*.})) # in the first second it begins with 0
}

# As sleep, by the shell itself: nobody writes into that pipe.
nap() { read -r -t "$1" <>$run/never || true; }

# until_s SECONDS COMMAND...: true as soon as the command is, false when it never was.
until_s() {
	tick
	until_begun=$up until_deadline=$((up + $1 * 100))
	shift
	until "$@" >/dev/null 2>&1; do
		tick
		[ $up -lt $until_deadline ] || return 1
		# What takes long may take a little longer: to ask costs the daemon's only
		# processor.
		[ $((up - until_begun)) -lt 500 ] && nap 0.1 || nap 0.5
	done
}
# while_s SECONDS COMMAND...: it stays true for so long.
while_s() {
	tick
	while_deadline=$((up + $1 * 100))
	shift
	while [ $up -lt $while_deadline ]; do
		"$@" || fail "no longer: $*"
		nap 0.5
		tick
	done
}
# The same, and the scenario fails when it never was. On a busy machine a guest takes several times
# as long, and how long things may take is judged by what the camera tells, not by this.
await() {
	await_s=$(($1 * 4))
	shift
	until_s $await_s "$@" || fail "never came about: $*"
}

user="env HOME=/var/lib/rig XDG_RUNTIME_DIR=/run/user/4321
	DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/4321/bus
	setpriv --reuid rig --regid rig --init-groups"
as_user() { $user "$@"; }
userctl() { as_user systemctl --user "$@"; }

# Once: the user's session, its upright profile, the machine's stand-in.
prepare() {
	mkdir -p $run
	mkfifo $run/never $run/question $run/answer
	chmod 666 $run/question $run/answer
	loginctl enable-linger rig
	await 200 test -S /run/user/4321/bus
	as_user systemctl --user is-system-running --wait || true
	$user /rig/bin/rig_ask <>$run/question 1<>$run/answer 2>/dev/null &
	ln -sf /dev/null /etc/systemd/user/dunst.service
	systemctl --global --quiet enable unknot.service
	mkdir -p /etc/systemd/user/unknot.service.d
	printf '[Service]\nEnvironment=DBUS_SYSTEM_BUS_ADDRESS=unix:path=%s\n' $run/system-bus \
		>/etc/systemd/user/unknot.service.d/rig.conf
	userctl daemon-reload
	as_user unknot calibrate --from /rig/films/upright.jpg --distance-cm 60.5 --tilt 9 \
		--output /tmp/profile.json
	cat >$run/bus.conf <<-END
	<busconfig><type>system</type><listen>unix:path=$run/system-bus</listen>
	<auth>EXTERNAL</auth>
	<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*"/>
	<allow receive_sender="*"/></policy></busconfig>
	END
	chmod 755 $run
	dbus-daemon --config-file=$run/bus.conf --fork --nopidfile
	# The wall clock at boot, for scenarios that set it.
	awk -v d="$(date +%s)" '{ printf "%.2f\n", d - $1 }' /proc/uptime >$run/boot
}

# background NAME PROGRAM...: its commands come through a pipe, what it tells lies in $run/NAME.log.
background() {
	part=$1
	shift
	rm -f "$run/$part.pipe" "$run/$part.log"
	mkfifo "$run/$part.pipe"
	: >"$run/$part.log"
	chmod 666 "$run/$part.pipe" "$run/$part.log"
	"$@" <>"$run/$part.pipe" >"$run/$part.log" 2>&1 &
	echo $! >"$run/$part.pid"
}
end() {
	[ -f "$run/$1.pid" ] || return 0
	kill "$(cat "$run/$1.pid")" 2>/dev/null || true
	rm -f "$run/$1.pid"
}
# look_for PART PATTERN: $found becomes how many lines of what it told match the extended regular
# expression.
look_for() {
	local lines line
	found=0
	mapfile -t lines <"$run/$1.log"
	for line in "${lines[@]}"; do
		[[ ! $line =~ $2 ]] || found=$((found + 1))
	done
}
told() { look_for "$@"; [ $found -gt 0 ]; }
count() { look_for "$@"; echo $found; }
ended_after() { look_for camera0 ' off$'; [ $found -gt "$1" ]; }
last() { grep "$2" "$run/$1.log" | tail -1 | cut -d ' ' -f 1; }

# camera_on [PORT [OPTIONS]]: plugs a camera in that sees somebody who sits upright.
films="upright slouched black ramp empty still"
UPRIGHT=0 SLOUCHED=1 BLACK=2 RAMP=3 EMPTY=4 STILL=5
camera_on() {
	port=${1:-0}
	[ $# -eq 0 ] || shift
	there=$(nodes)
	for film in $films; do
		set -- "$@" "/rig/films/$film.mjpg"
	done
	background "camera$port" /rig/bin/rig_camera --port "$port" "$@"
	await 10 told "camera$port" plugged
	await 10 more_nodes "$there"
	udevadm settle --timeout=5
}
nodes() { compgen -G '/dev/video*' | wc -l; }
more_nodes() { [ "$(nodes)" -gt "$1" ]; }
camera() { echo "$*" >$run/camera0.pipe; }
other_camera() { echo "$*" >$run/camera1.pipe; }
machine() { echo "$*" >$run/machine.pipe; }
desk() { echo "$*" >$run/desk.pipe; }

configure() { as_user unknot config set "$1" "$2" >/dev/null; }

# The session begins: a desktop with a notification server, then the daemon.
start_desk() {
	# shellcheck disable=SC2086 # a list
	background desk $user /rig/bin/rig_desk session
	await 10 told desk "has org.freedesktop.Notifications"
}
no_notifications() { ! as_user gdbus wait --session --timeout 1 org.freedesktop.Notifications; }
log_in() {
	background machine env DBUS_SYSTEM_BUS_ADDRESS=unix:path=$run/system-bus /rig/bin/rig_desk \
		system
	await 10 told machine "has org.freedesktop.login1"
	start_desk
	userctl start rig-session.target
	await 20 userctl is-active --quiet unknot.service
}
watch() {
	log_in
	await 20 presence_is present
}

daemon_pid() { userctl show -p MainPID --value unknot.service; }
status() { as_user unknot status --format json; }
field() { status | sed -n "s/^\t*\"$1\":\t*\"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}$/\1/p" | head -1; }
# get FIELD: $got becomes what the status has there, a text. A program that runs all the time is
# asked; its answer to an earlier question, which was not waited for, is passed over.
question_number=0
get() {
	local number
	question_number=$((question_number + 1))
	echo "$$.$question_number $1" 1<>$run/question
	while read -r -t 10 number got <>$run/answer; do
		[ "$number" != "$$.$question_number" ] || return 0
	done
	got=
}
presence_is() { get presence; [ "$got" = "$1" ]; }
posture_is() { get posture; [ "$got" = "$1" ]; }
source_is() { get source; case $got in "$1 "* | "$1") ;; *) false ;; esac; }
has_problem() { get problem; [ -n "$got" ]; }
has_no_problem() { ! has_problem; }
sitting_so_far() { as_user unknot report --format json | value 'd["presence_s"]["present"]'; }
is_running() { userctl is-active --quiet unknot.service; }
# What the daemon has said since the scenario began. Neither by time, which scenarios set, nor by
# --after-cursor, which leaves the first line out.
journal_of_unit() { journalctl -o cat --no-pager _SYSTEMD_USER_UNIT=unknot.service; }
journal() { journal_of_unit | tail -n "+$(($(cat $run/began) + 1))"; }
journal_has() { journal | grep -Eqi "$1"; }
journal_count() { journal | grep -Eci "$1" || true; }
is_not_away() { ! presence_is away; }
# No message came that is an error or asks for anything.
no_message() { [ "$(count desk message:)" -eq 0 ] ||
	fail "messages: $(grep message: $run/desk.log)"; }

# The share of the time from A to B (seconds of the monotonic clock) during which the camera
# streamed.
share() {
	awk -v from="$1" -v to="$2" '
	$2 == "on" { on = $1 }
	$2 == "off" || $2 == "unplugged" { if (on) add(on, $1); on = 0 }
	function add(a, b) { if (a < from) a = from; if (b > to) b = to; if (b > a) sum += b - a }
	END { if (on) add(on, to); printf "%.4f\n", sum / (to - from) }' $run/camera0.log
}
streams() {
	local lines line is=off
	mapfile -t lines <$run/camera0.log
	for line in "${lines[@]}"; do
		case $line in *' on') is=on ;; *' off' | *' unplugged') is=off ;; esac
	done
	[ $is = on ]
}

# is_most VALUE LIMIT, is_least VALUE LIMIT: of numbers with a point.
is_most() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a <= b) }'; }
is_least() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a >= b) }'; }
plus() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.4f\n", a + b }'; }
minus() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.4f\n", a - b }'; }

# ---- reports and history ----

# value EXPRESSION: of the JSON that comes in, called d.
value() { /usr/bin/python3 -c "import json, sys; d = json.load(sys.stdin); print($1)"; }
# number FILE EXPRESSION LOW HIGH
number() {
	got=$(value "$2" <"$1") || fail "$1: $2"
	echo "$2 is $got"
	is_least "$got" "$3" && is_most "$got" "$4" || fail "$2 is $got, not within $3 and $4"
}
# The seconds of all states are those that are covered.
adds_up() {
	value 'abs(sum(d["presence_s"].values()) - d["covered_s"]) <= 1' <"$1" | grep -q True ||
		fail "$1: the seconds do not add up"
}
# How many seconds before $1 the history ends, which was begun not before $2; and it is whole.
history_ends() {
	/usr/bin/python3 - $state/history.sqlite "$1" "$2" <<-'END'
	import sqlite3, sys
	path, now, begun = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
	db = sqlite3.connect(path)
	assert db.execute("pragma integrity_check").fetchone() == ("ok",)
	end = db.execute("select max(end_ms) from span").fetchone()[0] or 0
	print(now - max(begun, end / 1000))
	END
}
# A disk of $1 MB for the state folder.
on_small_disk() {
	mount -t tmpfs -o "size=${1}m,mode=700,uid=4321,gid=4321" tmpfs $state
	mkdir -p $state/profiles
	cp /tmp/profile.json $state/profiles/default.json
	chown -R rig:rig $state
}
said_more() { [ "$(journal_count 'kept as')" -gt "$1" ]; }

# No node is left, and every port of the virtual controller is free, which is state 4. The node goes
# first, and a port that is still taken takes no camera.
bus_is_free() {
	local speed port state rest
	! compgen -G '/dev/video*' || return 1
	while read -r speed port state rest; do
		case $speed in hs | ss) [ "$state" = 004 ] || return 1 ;; esac
	done </sys/devices/platform/vhci_hcd.0/status
}

clean_up() {
	userctl stop rig-session.target unknot.service >/dev/null 2>&1 || true
	userctl reset-failed unknot.service >/dev/null 2>&1 || true
	for part in camera0 camera1 desk machine consumer; do
		end $part
	done
	rm -f $run/*.log $run/*.pipe
	await 5 bus_is_free
	umount $state /var/lib/rig/.local/share/unknot 2>/dev/null || true
	userctl unset-environment TZ
	[ ! -f $run/boot ] || date -s "@$(plus "$(cat $run/boot)" "$(now)")" >/dev/null
	rm -rf /var/lib/rig/.local /var/lib/rig/.config
	umask 077
	mkdir -p $state/profiles "${config%/*}"
	cp /tmp/profile.json $state/profiles/default.json 2>/dev/null || true
	chown -R rig:rig /var/lib/rig
	umask 022
	journal_of_unit | wc -l >$run/began
}

tell_all() {
	for log in "$run"/*.log; do
		echo "---- ${log##*/}"
		tail -40 "$log"
	done
	echo "---- status"
	status | sed '/measures/,$d' || true
	echo "---- the daemon"
	journal | tail -40
	echo "---- who waits in the kernel"
	grep -l '^State:.[DZ]' /proc/[0-9]*/status 2>/dev/null | while read -r process; do
		process=${process%/status}
		grep -E '^(Name|State|Pid|PPid):' "$process/status" | tr '\n' ' '
		echo
		cat "$process/stack" || true
	done
	echo "---- the kernel"
	dmesg | grep -v vhci_hcd | tail -15
}
