#!/bin/sh
# full.sh WINDOW UNKNOT: a break fills the screen where that is wanted, and leaves it, by F11 under
# X11 with a window manager, by its button under Wayland; gone with the break.
window=$1 unknot=$2
here=$(dirname "$0")
. "$here/desk.sh" "$window"
. "$here/reader.sh"
need "openbox openbox" "weston weston"

openbox > "$work/manager.log" 2>&1 &
started="$! $started"
open_at "$unknot" window break || fail "unknot window break"
wait_for 20 "no window comes" is_seen
size_is() { xdotool getwindowgeometry "$(is_seen | tail -n 1)" | grep -q "Geometry: $1\$"; }
wait_for 10 "the window has another size than it is made with" size_is 900x680
# By its number on every PC's keyboard: by its name xdotool presses Alt with it where xkb-data is
# 2.48.
f11=95
presses() { xdotool key "$1"; sleep 1; shift; "$@"; } # again, where the page was not there yet
wait_for 5 "F11 does not fill the screen" presses $f11 size_is 1366x768
wait_for 5 "F11 does not leave the full screen" presses $f11 size_is 900x680
wait_for 5 "F11 does not fill the screen again" presses $f11 size_is 1366x768
wait_for 5 "the window stays full when the break is left" presses Escape size_is 900x680
action quit
wait_for 20 "the program stays" sh -c "! xdotool search --class io.github.unknot"

weston --backend=headless-backend.so --socket=unknot-full --idle-time=0 --width=1366 --height=768 \
	--no-config > "$work/weston.log" 2>&1 &
started="$! $started"
wait_for 20 "the compositor does not start" test -S "$XDG_RUNTIME_DIR/unknot-full"
export WAYLAND_DISPLAY=unknot-full GDK_BACKEND=wayland
WAYLAND_DEBUG=client "$window" break 2> "$work/wire" &
started="$! $started"
gdbus wait --session --timeout 20 io.github.unknot || fail "no window comes under Wayland"
said() { grep -q "$1" "$work/wire"; }
"$python" "$here/press.py" "Full screen (F11)" || exit 1
wait_for 10 "it does not ask for the full screen" said 'xdg_toplevel[@#][0-9]*\.set_fullscreen'
wait_for 10 "it does not get the full screen" said 'xdg_toplevel[@#][0-9]*\.configure(1366, 768'
"$python" "$here/press.py" "Leave full screen (F11)" || exit 1
wait_for 10 "it does not leave the full screen" said 'xdg_toplevel[@#][0-9]*\.unset_fullscreen'
action quit
[ ! -s "$work/window.log" ] || fail "it complains"
echo "full screen and back under X11 and Wayland"
