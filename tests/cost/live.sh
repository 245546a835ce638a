#!/bin/sh
# live.sh UNKNOTD CAMERA CLIP_FOLDER [SECONDS]: what the daemon itself costs in real time, with its
# defaults, on a session bus of its own. CAMERA is a node in /dev, or the library that stands in for
# libv4l2. Ten minutes by default.
set -eu
. "$(dirname "$0")/alone.sh"
unknotd=$1 camera=$2 clip=$3 seconds=${4:-600}
mkdir -p "$work/state/profiles"
case $camera in
/dev/*) library= ;;
*)
	library=$work/camera.so
	cp "$camera" "$library" # the loader's list of paths is parted by spaces too
	camera=$work/camera
	: >"$camera"
	;;
esac
"$(dirname "$unknotd")/unknot" calibrate --from "$clip/upright.jpg" --distance-cm 60.5 --tilt 9 \
	--output "$work/state/profiles/default.json" >"$work/calibrate" ||
	{ cat "$work/calibrate"; exit 1; }

# The fields of /proc/PID/stat behind the name: user and system time are the 12th and 13th.
ticks() { sed 's/.*) //' "/proc/$daemon/stat" | awk '{ print $12 + $13 }'; }
# Every time that a thread went to sleep by itself it was woken again.
wakes() { cat /proc/"$daemon"/task/*/status | awk '/^voluntary_ctxt/ { n += $2 } END { print n }'; }
field() { awk -v name="$2:" '$1 == name { print $2 }' "/proc/$daemon/$1"; }

: >"$work/state/light" # where the daemon may write
LD_PRELOAD=$library UNKNOT_TEST_LIGHT=$work/state/light "$unknotd" --source "v4l2:$camera" \
	--state-dir "$work/state" --data-dir "$work/data" --config "$work/none.conf" \
	--profile "$work/state/profiles/default.json" \
	--print >"$work/out" 2>"$work/errors" &
daemon=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
	sleep 1
	[ -s "$work/out" ] && break
done
[ -s "$work/out" ] || { echo "live.sh: no look in ten seconds"; cat "$work/errors"; exit 1; }
light() { awk '{ s += $1 } END { print s + 0 }' "$work/state/light"; }
before_light=$(light)
before_ticks=$(ticks) before_wakes=$(wakes) before_looks=$(wc -l <"$work/out")
sleep "$seconds"
after_light=$(light)
after_ticks=$(ticks) after_wakes=$(wakes) after_looks=$(wc -l <"$work/out")
awk -v s="$seconds" -v t=$((after_ticks - before_ticks)) -v hz="$(getconf CLK_TCK)" \
	-v w=$((after_wakes - before_wakes)) -v l=$((after_looks - before_looks)) 'BEGIN {
	printf "watched            %8d s, %d looks\n", s, l
	printf "CPU                %8.2f s an hour of watching, %.2f minutes in eight hours\n",
		t / hz / s * 3600, t / hz / s * 480
	printf "share of one core  %8.3f %%\n", t / hz / s * 100
	printf "wake-ups           %8.2f a second, %.1f a look\n", w / s, l ? w / l : 0 }'
[ -z "$library" ] || awk -v s="$seconds" -v a="$before_light" -v b="$after_light" \
	-v l=$((after_looks - before_looks)) 'BEGIN {
	printf "light              %8.1f s an hour, %.2f s a look\n",
		(b - a) / s * 3600, l ? (b - a) / l : 0 }'
awk -v r="$(field smaps_rollup Rss)" -v p="$(field smaps_rollup Pss)" -v h="$(field status VmHWM)" \
	-v n="$(field status Threads)" 'BEGIN {
	printf "memory             %8.1f MB resident, %.1f MB proportional, peak %.1f MB",
		r / 1024, p / 1024, h / 1024
	printf "; %d threads\n", n }'
grep -q present "$work/out" || { echo "live.sh: nobody was seen"; cat "$work/errors"; exit 1; }
