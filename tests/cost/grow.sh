#!/bin/sh
# grow.sh UNKNOTD CLIP_FOLDER [PICTURES]: the daemon watches a recording over and over, ten seconds
# of somebody's time a picture, and may not grow by a megabyte after the first tenth of them, at
# least a thousand. 100000 pictures, eleven days with their reports, unless fewer are asked for:
# fifteen minutes.
set -eu
unknotd=$1 clip=$2 pictures=${3:-100000}
settled=$((pictures / 10 > 1000 ? pictures / 10 : 1000)) # 10000: the first report is behind it
limit_kb=1024
work=$(mktemp -d)
daemon=
finish() {
	if [ -n "$daemon" ]; then
		kill "$daemon" 2>/dev/null || true
		wait "$daemon" 2>/dev/null || true
	fi
	rm -rf "$work"
}
trap finish EXIT

# kB that are this process's own. Pages of files come and go as the kernel likes.
own() { awk '/^(Anonymous|Swap):/ { n += $2 } END { print n }' "/proc/$daemon/smaps_rollup"; }
# Read while it may be written: nothing then is nothing yet.
looks() {
	n=$(cat "$work/looks" 2>/dev/null) || true
	echo "${n:-0}"
}
wait_for() {
	while [ "$(looks)" -lt "$1" ]; do
		kill -0 "$daemon" 2>/dev/null || {
			echo "grow.sh: unknotd ended"
			cat "$work/errors"
			exit 1
		}
		sleep 0.2
	done
}

"$(dirname "$unknotd")/unknot" calibrate --from "$clip/upright.jpg" --distance-cm 60.5 --tilt 9 \
	--output "$work/profile.json" >"$work/errors"

mkfifo "$work/pipe"
# How many there were, every hundred: the lines themselves would fill the disk.
awk -v file="$work/looks" 'function keep(n, name) { print n > name; close(name) }
	$3 == "present" { present++ }
	NR % 100 == 0 { keep(NR, file); keep(present, file ".present") }' "$work/pipe" &
"$unknotd" --source "replay:$clip/slouch.mjpg@0.1,loop" --speed 1e7 --profile "$work/profile.json" \
	--print \
	--config "$work/none" --state-dir "$work/state" --data-dir "$work/data" >"$work/pipe" \
	2>"$work/errors" &
daemon=$!
wait_for $settled
first=$(looks) before=$(own)
wait_for "$pictures"
last=$(looks) after=$(own)
grown=$((after - before))
present=
until [ -n "$present" ]; do
	present=$(cat "$work/looks.present")
done
echo "$last pictures, $present with somebody there, $(find "$work/data" -name '*.json' |
	wc -l) reports: $before kB at $first, $after kB at $last, grown by $grown kB"
[ "$present" -gt $((last / 2)) ] || { echo "grow.sh: nobody was seen"; exit 1; }
[ "$grown" -lt $limit_kb ] || { echo "grow.sh: that is more than $limit_kb kB"; exit 1; }
