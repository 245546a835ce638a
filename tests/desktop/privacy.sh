#!/bin/sh
# privacy.sh UNKNOTD UNKNOT MODEL DATA: what the daemon asks of the kernel while it watches the demo
# clip and while it lives through a recorded day. No socket but the two buses', no program started,
# nothing written but its history and its reports, and those too small to hold pictures.
set -u
unknotd=$1
unknot=$2
model=$3
data=$4

command -v strace >/dev/null || { echo "skipped: strace is not here (Debian: strace)"; exit 77; }
strace -o /dev/null true 2>/dev/null || { echo "skipped: this system forbids tracing"; exit 77; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
	echo "FAILED: $1"
	printf '%s\n' "$2" | head -n 20
	exit 1
}

export HOME="$work/home" LANG=C.UTF-8 UNKNOT_MODEL="$model"
# A bus that is not there: the attempt to reach it is seen, and nobody is bothered.
export DBUS_SESSION_BUS_ADDRESS="unix:path=$work/no-bus"
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME XDG_RUNTIME_DIR DISPLAY WAYLAND_DISPLAY
# The leak checker of the sanitized build cannot work under a tracer; other tests run it.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
mkdir "$HOME"

"$unknot" calibrate --from "$data/clip/upright.jpg" --distance-cm 60.5 --tilt 9 \
	--output "$work/profile.json" >/dev/null || fail "unknot calibrate" ""

traced() {
	strace -f -qq -e trace=%network,%file,%process,memfd_create,shmget -o "$work/$1" \
		"$unknotd" --profile "$work/profile.json" --speed 1e6 --source "$2" \
		--state-dir "$work/state" --data-dir "$work/data" > "$work/log" 2>&1 ||
		fail "unknotd $2" "$(tail -n 5 "$work/log")"
	cat "$work/$1" >> "$work/calls"
}
traced clip "replay:$data/clip/slouch.mjpg@0.1"
kept=$(du -s --apparent-size --bytes "$work/state" "$work/data" | awk '{ n += $1 } END { print n }')
clip_size=$(stat -c %s "$data/clip/slouch.mjpg")
traced day "trace:$data/traces/day.jsonl"

# The trace must show what is known to happen, else it shows nothing by showing nothing.
grep -q "openat(.*slouch.mjpg" "$work/calls" || fail "the clip was not seen being opened" ""
grep -q 'connect(.*no-bus' "$work/calls" || fail "the session bus was not seen being tried" ""
grep -q 'rename(.*/reports/' "$work/calls" || fail "no report was seen being written" ""

found=$(grep -E '[ ]socket\(' "$work/calls" | grep -v 'socket(AF_UNIX') && fail "a socket" "$found"
found=$(grep -E '[ ]connect\(' "$work/calls" | grep -vE "$work/no-bus|/dbus/system_bus_socket") &&
	fail "a connection that is no bus" "$found"
found=$(grep -E '[ ](bind|listen|memfd_create|shmget|fork|vfork)\(' "$work/calls") &&
	fail "a call it has no use for" "$found"
found=$(grep -E '[ ]execve(at)?\(' "$work/calls" | grep -vF "execve(\"$unknotd\"") &&
	fail "a program was started" "$found"

# Every call that changes the file system names one of the two folders.
change='O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|[ ](creat|rename|renameat2?|link|linkat|symlink|symlinkat'
change="$change|unlink|unlinkat|mknod|mknodat|truncate|chmod|fchmodat|chown)\\("
found=$(grep -E "$change" "$work/calls" | grep -vE "\"$work/(state|data)/|\"/dev/null\"") &&
	fail "a change outside its folders" "$found"
found=$(find "$work/state" "$work/data" -type f | grep -vE \
	'/state/history\.sqlite(-wal|-shm)?$|/data/reports/[0-9]{4}-[0-9]{2}-[0-9]{2}\.json$') &&
	fail "a file that nobody named" "$found"

# 48 pictures passed through; a tenth of their JPEGs would already be more than was kept.
[ "$kept" -lt $((clip_size / 10)) ] || fail "$kept bytes were kept of a clip of $clip_size" ""
echo "$(wc -l < "$work/calls") calls looked at; $kept bytes kept of a clip of $clip_size"
