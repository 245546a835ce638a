#!/bin/sh
# answer.sh UNKNOTD CAMERA COST_ANSWER [TIMES]: how long the daemon takes to answer `status` while each start of
# its camera takes five seconds, on a session bus of its own. CAMERA is the library that stands in for libv4l2.
set -eu
if [ -z "${COST_BUS:-}" ]; then
	if ! command -v dbus-run-session >/dev/null; then
		echo "skipped: dbus-run-session is missing (Debian package dbus)"
		exit 77
	fi
	COST_BUS=1 exec dbus-run-session -- "$0" "$@"
fi
unknotd=$1 camera=$2 ask=$3 times=${4:-1000}
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
: >"$work/camera"
cp "$camera" "$work/camera.so" # a list of paths is parted by spaces too
LD_PRELOAD=$work/camera.so UNKNOT_TEST_START_S=5 "$unknotd" --source "v4l2:$work/camera" \
	--state-dir "$work/state" \
	--data-dir "$work/data" --config "$work/none.conf" >"$work/out" 2>"$work/errors" &
daemon=$!
"$ask" "$times" || { cat "$work/errors"; exit 1; }
grep -q starting "$work/errors" || { echo "answer.sh: the camera was never started"; cat "$work/errors"; exit 1; }
