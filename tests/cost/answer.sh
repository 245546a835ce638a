#!/bin/sh
# answer.sh UNKNOTD CAMERA COST_ANSWER [TIMES]: how long the daemon takes to answer `status` while
# each start of its camera takes five seconds, on a session bus of its own. CAMERA is the library
# that stands in for libv4l2.
set -eu
. "$(dirname "$0")/alone.sh"
unknotd=$1 camera=$2 ask=$3 times=${4:-1000}
: >"$work/camera"
cp "$camera" "$work/camera.so" # a list of paths is parted by spaces too
LD_PRELOAD=$work/camera.so UNKNOT_TEST_START_S=5 "$unknotd" --source "v4l2:$work/camera" \
	--state-dir "$work/state" \
	--data-dir "$work/data" --config "$work/none.conf" >"$work/out" 2>"$work/errors" &
daemon=$!
"$ask" "$times" || { cat "$work/errors"; exit 1; }
grep -q starting "$work/errors" || {
	echo "answer.sh: the camera was never started"
	cat "$work/errors"
	exit 1
}
