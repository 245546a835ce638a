#!/bin/sh
# privacy.sh UNKNOTD UNKNOT WRITTEN MODEL DATA: what the daemon asks of the kernel while it watches
# the demo clip, while it watches pictures for eight hours, and while it lives through a recorded
# day. No socket but the two buses', no program started, nothing written but its history and its
# reports, those for nobody else to read, too small to hold pictures, and without a piece of one.
set -u
umask 022 # what is private is so by itself
unknotd=$1
unknot=$2
written=$3
model=$4
data=$5

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

traced() { # NAME SOURCE [MORE CALLS]
	strace -f -qq -y -s 1000000 -e "trace=%network,%file,%process,memfd_create,shmget${3:-}" \
		-o "$work/$1" "$unknotd" --profile "$work/profile.json" --speed 1e6 --source "$2" \
		--state-dir "$work/state" --data-dir "$work/data" > "$work/log" 2>&1 ||
		fail "unknotd $2" "$(tail -n 5 "$work/log")"
	grep -vE '[ ]p?writev?(64|2)?\(' "$work/$1" >> "$work/calls"
}
traced clip "replay:$data/clip/slouch.mjpg@0.1"
kept=$(du -s --apparent-size --bytes "$work/state" "$work/data" | awk '{ n += $1 } END { print n }')
clip_size=$(stat -c %s "$data/clip/slouch.mjpg")
traced day "trace:$data/traces/day.jsonl"

# Eight hours, a picture every 100 s, and each byte that is handed to the kernel meanwhile.
for _ in 1 2 3 4 5 6; do cat "$data/clip/slouch.mjpg"; done > "$work/pictures"
rm -rf "$work/state"
handing_out=,write,writev,pwrite64,pwritev,pwritev2,mmap,splice,sendfile,copy_file_range
traced seen "replay:$work/pictures@0.01" $handing_out

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

# Every call that changes the file system names one of the two folders; that no memory goes into a
# dump is written to the kernel.
change='O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|[ ](creat|rename|renameat2?|link|linkat|symlink|symlinkat'
change="$change|unlink|unlinkat|mknod|mknodat|truncate|chmod|fchmodat|chown)\\("
allowed="\"$work/(state|data)/|\"/dev/null\"|\"/proc/self/coredump_filter\""
found=$(grep -E "$change" "$work/calls" | grep -vE "$allowed") &&
	fail "a change outside its folders" "$found"
found=$(find "$work/state" "$work/data" -type f |
	grep -vE '/state/(history\.sqlite(-wal|-shm)?|exercises\.json)$' |
	grep -vE '/data/reports/[0-9]{4}-[0-9]{2}-[0-9]{2}\.json$') &&
	fail "a file that nobody named" "$found"

found=$(find "$work/state" "$work/data" -perm /077)
[ -z "$found" ] || fail "others may look into" "$found"

# Memory that is a file is written without a call: the index of SQLite's log, no picture's size.
found=$(grep -E '[ ]mmap\(.*PROT_WRITE.*MAP_SHARED' "$work/seen" |
	grep -vE 'mmap\(NULL, 32768, [^<]*<[^>]*/state/history\.sqlite-shm>') &&
	fail "memory that is a file" "$found"
found=$(grep -E '[ ](splice|sendfile|copy_file_range|sendto|sendmsg|sendmmsg)\(' "$work/seen") &&
	fail "bytes that were not looked at" "$found"

# None of those bytes, and none of what is left, is a picture's. And one that is would be found.
"$written" "$data/clip/slouch.mjpg" "$work/seen" "$work"/state/* "$work"/data/reports/*.json \
	> "$work/found" ||
	fail "pixels" "$(cat "$work/found")"
named='exercises\.json\.[A-Za-z0-9]{6}|history\.sqlite(-journal|-wal|-shm)?|reports|log'
named="$named|anon_inode|coredump_filter"
found=$(grep '^wrote' "$work/found" | grep -vE " ($named)$") &&
	fail "something else was written to" "$found"
for name in history.sqlite history.sqlite-wal reports; do
	grep -qE "^wrote [1-9][0-9]* $name\$" "$work/found" ||
		fail "$name was not seen being written" "$(cat "$work/found")"
done
dd if="$data/clip/slouch.mjpg" of="$work/piece" bs=1 skip=40000 count=100 2>/dev/null
"$written" "$data/clip/slouch.mjpg" "$work/seen" "$work/piece" > /dev/null &&
	fail "a piece of a picture is not found" ""

# 48 pictures passed through; a tenth of their JPEGs would already be more than was kept.
[ "$kept" -lt $((clip_size / 10)) ] || fail "$kept bytes were kept of a clip of $clip_size" ""
cat "$work/found"
echo "$(wc -l < "$work/calls") calls looked at; $kept bytes kept of a clip of $clip_size"
