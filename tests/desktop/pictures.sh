#!/bin/sh
# pictures.sh BUILD SOURCE FOLDER: the README's pictures of window, message, break and tray, and its
# animation, from the real GNOME Shell and a rendered person. Called by hand; no test.
set -u
build=$(cd "$1" && pwd) source=$(cd "$2" && pwd)
mkdir -p "$3" && folder=$(cd "$3" && pwd)
unknotd=$build/unknotd unknot=$build/unknot data=$build/src/daemon/data figures=$build/icons/figures
window=$build/unknot-window
. "$(dirname "$0")/session.sh"
need "gnome-shell gnome-shell" "gjs gjs" "dbus-daemon dbus" "gdbus libglib2.0-bin" \
	"convert imagemagick"
export UNKNOT_MODEL="$build/unknot.model" GSK_RENDERER=cairo
. "$(dirname "$0")/shell.sh"
export UNKNOT_DESKTOP_PICTURES="$work/pictures"
mkdir "$work/pictures"
extension=ubuntu-appindicators@ubuntu.com

# film NAME COUNT [PAUSE_S]: so many pictures, as fast as they come, or with so long between them.
film() {
	frame=0
	while [ $frame -lt "$2" ]; do
		frame=$((frame + 1))
		picture "$1-$(printf %02d $frame)"
		sleep "${3-0}"
	done
}
# crop NAME GEOMETRY: into the folder.
crop() {
	convert "$work/pictures/$1.png" -crop "$2" +repage -strip +dither -colors 128 \
		"$folder/$1.png"
}

"$unknot" calibrate --from "$source/tests/data/clip/upright.jpg" --distance-cm 60.5 --tilt 9 \
	--name desk > "$work/calibrate.log" || fail "unknot calibrate"
cp "$source/tests/data/clip/slouch.mjpg" "$work/camera.mjpg"
cd "$work" || exit 1 # the name of the camera is to be seen
# Ten seconds of the person's time each second.
"$unknotd" --source "replay:camera.mjpg@0.1,loop" --speed 10 > "$work/daemon.log" 2>&1 &
ends $!
gdbus wait --session --timeout 20 io.github.unknot.Daemon || fail "unknotd does not start"
"$unknot" tray > "$work/tray.log" 2>&1 &
ends $!
ask "Main.extensionManager.enableExtension('$extension'); 0" > /dev/null
"$unknot" window now || fail "no window"
wait_for 30 "the window does not open" says "$windows" 'io.github.unknot.desktop'
sleep 4
film a-now 7 1 # of which each is ten of the person's
wait_for 120 "no message" shows 'Sit back'
film b-message 4
ask 'Main.messageTray._expandBanner(true); 0' > /dev/null
picture message
film c-message 4
ask 'Main.messageTray.getSources().forEach(s => s.destroy()); 0' > /dev/null
sleep 1
picture window
"$unknot" window exercises
sleep 2
"$unknot" break || fail "unknot break"
wait_for 30 "no card" shows 'Stand up for'
ask 'Main.messageTray._expandBanner(true); 0' > /dev/null
sleep 0.5
film d-card 4
ask 'Main.messageTray._notification.activate(); 0' > /dev/null
sleep 3
film e-break 14 0.5
picture break
ask 'Main.messageTray.getSources().forEach(s => s.destroy()); 0' > /dev/null
"$unknot" window now
ask 'Object.keys(Main.panel.statusArea).filter(k => k.startsWith("appindicator")).forEach(k =>
	Main.panel.statusArea[k].menu.open()); 0' > /dev/null
sleep 2
picture tray

crop message 1000x330+183+0
crop window 900x680+232+50
crop break 900x680+232+50
crop tray 330x430+1036+0
convert -delay 30 "$work/pictures"/[a-e]-*.png -crop 960x740+203+0 +repage -resize 640x +dither \
	-colors 40 -layers optimize -loop 0 "$folder/tour.gif"
ls -l "$folder"
