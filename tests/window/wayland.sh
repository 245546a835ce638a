#!/bin/sh
# wayland.sh WINDOW UNKNOT UNKNOTD DATA: the window under a compositor without a screen: it comes,
# is known by the name of its desktop entry, shows every page and a picture, and has nothing to
# complain about.
window=$1 unknotd=$3 data=$4
. "$(dirname "$0")/desk.sh" "$window"
command -v weston >/dev/null || skip "weston is not here (Debian: weston)"
weston --backend=headless-backend.so --socket=unknot-test --idle-time=0 --width=1366 --height=768 \
	--no-config > "$work/weston.log" 2>&1 &
started="$! $started"
wait_for 20 "the compositor does not start" test -S "$XDG_RUNTIME_DIR/unknot-test"
export WAYLAND_DISPLAY=unknot-test GDK_BACKEND=wayland
unset DISPLAY

"$unknotd" --source "replay:$data/clip/slouch.mjpg@0.1,loop" --speed 10 --state-dir "$work/state" \
	--data-dir "$work/data" > "$work/daemon.log" 2>&1 &
started="$! $started"
WAYLAND_DEBUG=client "$window" --source "replay:$data/clip/slouch.mjpg@5,loop" now 2> "$work/wire" &
pid=$!
started="$pid $started"
gdbus wait --session --timeout 20 io.github.unknot || fail "no window comes"
for place in today exercises diary settings calibrate preview evidence stretch break now; do
	open_at "$window" "$place" || fail "unknot-window $place"
	sleep 1
	kill -0 $pid 2>/dev/null || fail "$place ends it"
done
grep -q 'set_app_id("io.github.unknot")' "$work/wire" ||
	fail "the compositor does not know which program it is"
pictures=$(grep -c 'wl_surface[@#][0-9]*\.commit' "$work/wire")
[ "$pictures" -gt 20 ] || fail "it drew $pictures times"
action quit
wait_for 20 "the program stays when its window is closed" sh -c "! kill -0 $pid"
grep -E 'CRITICAL|WARNING|Sanitizer' "$work/wire" > "$work/window.log" && fail "it complains"
echo "drew $pictures times under Wayland, as io.github.unknot"
