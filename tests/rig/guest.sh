#!/bin/sh
# guest.sh start SHARE BUILD SOURCE    boots a guest with what BUILD has made installed, and comes back when it is
#                                      ready; 77 with a message where that cannot be. SHARE is a folder that it
#                                      has in common with this machine
# guest.sh run SHARE SCENARIO          runs one scenario in it
# guest.sh stop SHARE
set -u
share=$2
kernel=${UNKNOT_RIG_KERNEL:-${XDG_CACHE_HOME:-$HOME/.cache}/unknot/rig/linux}
boot_s=300
# A scenario ends itself before that (guest/serve).
scenario_s=$((700 + 90 * ${UNKNOT_RIG_STARTS:-10} + 60 * ${UNKNOT_RIG_KILLS:-0}))

# The program of a package of Debian's, or the message and status of a skipped test.
need() {
	command -v "$1" >/dev/null || skip "$1 is not here (Debian: $2)"
}
skip() {
	echo "skipped: $*" | tee "$share/skipped"
	exit 77
}

stop() {
	if [ -f "$share/pid" ]; then
		kill -- "-$(cat "$share/pid")" 2>/dev/null || true
		rm -f "$share/pid"
	fi
}

# What the camera sees: a person upright and slouched, nothing, an exposure that never settles, an empty room; each
# with a sensor's noise. And one picture that stands still. Debian's own Python: its imaging library is a package.
films() {
	/usr/bin/python3 - "$source/tests/data/clip" "$share/films" <<'END'
import io, math, sys
from PIL import Image, ImageChops, ImageDraw, ImageEnhance
clip, folder = sys.argv[1:]
data = open(f"{clip}/slouch.mjpg", "rb").read()
pictures = [Image.open(io.BytesIO(b"\xff\xd8" + part)).convert("RGB") for part in data.split(b"\xff\xd8")[1:]]
upright, slouched, size = pictures[0], pictures[34:38], pictures[0].size
def noisy(picture):
    noise = Image.merge("RGB", [Image.effect_noise(size, 6) for _ in range(3)])
    return ImageChops.add(picture, noise, offset=-128)
def film(name, pictures):
    with open(f"{folder}/{name}.mjpg", "wb") as out:
        for picture in pictures:
            picture.save(out, "JPEG", quality=85)
# No two looks one after the other may fall on the same picture of a film: a camera that stands still is a fault.
# They are some ten pictures apart in bursts, and whole seconds of them in continuous mode.
LENGTH = 97
film("upright", [noisy(upright) for _ in range(LENGTH)])
film("slouched", [noisy(slouched[i % len(slouched)]) for i in range(LENGTH)])
def grain():
    return Image.merge("RGB", [Image.effect_noise(size, 2)] * 3)
film("black", [ImageChops.add(Image.new("RGB", size), grain(), offset=-127) for _ in range(LENGTH)])
film("ramp", [noisy(ImageEnhance.Brightness(upright).enhance(1 + 0.7 * math.sin(i / 60 * math.tau)))
              for i in range(60)])
room = Image.new("RGB", size, (150, 140, 128))
draw = ImageDraw.Draw(room)
draw.rectangle((60, 60, 220, 260), fill=(210, 220, 235))
draw.rectangle((380, 120, 600, 470), fill=(96, 70, 50))
for y in range(150, 470, 64):
    draw.line((380, y, 600, y), fill=(60, 42, 30), width=5)
film("empty", [noisy(room) for _ in range(LENGTH)])
film("still", [upright])
END
}

start() {
	build=$1 source=$2
	stop
	rm -rf "$share"
	mkdir -p "$share/films" "$share/bin" "$share/jobs" "$share/results"
	[ -x "$kernel" ] || skip "no kernel for a guest in $kernel (./dev rig builds one)"
	need busybox busybox-static
	need cpio cpio
	need udevadm udev
	need loginctl systemd
	need dbus-daemon dbus
	for file in /usr/lib/systemd/user/dbus.socket /usr/lib/*/security/pam_systemd.so; do
		[ -e "$file" ] || skip "$file is not here (Debian: dbus-user-session libpam-systemd)"
	done
	DESTDIR=$share/stage cmake --install "$build" >"$share/install.log" || {
		cat "$share/install.log"
		exit 1
	}
	cp "$build"/tests/rig/rig_* "$share/bin/"
	cp -r "$source/tests/rig/guest" "$source/tests/rig/scenarios" "$share/"
	cp "$source/tests/data/clip/upright.jpg" "$share/films/"
	echo "$build" >"$share/build"
	echo "$source" >"$share/source"
	echo "${UNKNOT_RIG_STARTS:-10}" >"$share/starts"
	echo "${UNKNOT_RIG_KILLS:-5}" >"$share/kills"
	films || skip "pictures cannot be made (Debian: python3-pil)"
	mkdir -p "$share/first/bin" "$share/first/proc" "$share/first/dev"
	cp "$(command -v busybox)" "$share/first/bin/busybox"
	cp "$source/tests/rig/guest/init" "$share/first/init"
	chmod +x "$share/first/init"
	(cd "$share/first" && find . | cpio --quiet -o -H newc | gzip -1) >"$share/initrd.img"

	# The guest's memory is a file there.
	memory=/dev/shm
	[ "$(df --output=avail -k /dev/shm 2>/dev/null | tail -1)" -gt 1500000 ] 2>/dev/null || memory=$share
	TMPDIR=$memory setsid timeout -k 5 14400 "$kernel" mem=1024M "initrd=$share/initrd.img" \
		con=null con0=null,fd:1 ssl=null quiet panic=-1 systemd.log_target=null "rig.share=$share" \
		</dev/null >"$share/console" 2>&1 &
	echo $! >"$share/pid"
	i=0
	while [ $i -lt $boot_s ]; do
		[ ! -f "$share/ready" ] || { echo "ready after $i s"; exit 0; }
		if ! kill -0 "$(cat "$share/pid")" 2>/dev/null; then
			tail -n 20 "$share/console"
			# The first thing that it does as a system is to open that log.
			[ -f "$share/boot.log" ] || skip "this machine cannot run the guest's kernel"
			break
		fi
		sleep 1
		i=$((i + 1))
	done
	echo "the guest is not ready after $i s"
	tail -n 20 "$share/console" "$share/boot.log" "$share/serve.log"
	exit 1
}

# A guest that hangs or is gone takes only the scenario with it, not those that follow.
renew() {
	echo "$1"
	tail -n 40 "$share/console"
	build=$(cat "$share/build") source=$(cat "$share/source")
	(start "$build" "$source")
	exit 1
}

run() {
	name=$1
	if [ -f "$share/skipped" ]; then
		cat "$share/skipped"
		exit 77
	fi
	rm -f "$share/results/$name".*
	: >"$share/jobs/$name"
	i=0
	while [ ! -f "$share/results/$name.status" ]; do
		kill -0 "$(cat "$share/pid")" 2>/dev/null || renew "the guest has gone"
		[ $i -lt $((scenario_s * 5)) ] || renew "the guest hangs"
		sleep 0.2
		i=$((i + 1))
	done
	cat "$share/results/$name.log"
	exit "$(cat "$share/results/$name.status")"
}

case $1 in
start) start "$3" "$4" ;;
run) run "$3" ;;
stop) stop ;;
esac
