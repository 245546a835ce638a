#!/bin/sh
# guest.sh start SHARE BUILD SOURCE    boots a guest with what BUILD has made installed, and comes
#                                      back when it is ready; 77 with a message where that cannot
#                                      be. SHARE is a folder that it has in common with this machine
# guest.sh run SHARE SCENARIO          runs one scenario in it
# guest.sh stop SHARE
# guest.sh check                       whether User-Mode Linux runs on this machine
#
# UNKNOT_RIG_GUEST=qemu takes the emulator also where User-Mode Linux runs. UNKNOT_RIG_CLOCK=real
# lets the guest's clock go as ours does.
set -u
share=${2:-}
here=$(cd "$(dirname "$0")" && pwd)
linux=$("$here/kernel.sh" path)
debian=$("$here/debian_kernel.sh" path)

# The program of a package of Debian's, or the message and status of a skipped test.
need() {
	command -v "$1" >/dev/null || skip "$1 is not here (Debian: $2)"
}
skip() {
	echo "skipped: $*" | tee "$share/skipped"
	exit 77
}

# A guest whose clock travels would race through the hours while there is nothing to do, which costs
# a processor. Meanwhile it stands still.
let_it() {
	if [ "$(cat "$share/clock" 2>/dev/null)" = travels ]; then
		kill "-$1" "$(cat "$share/guest_pid")" 2>/dev/null || true
	fi
}

stop() {
	[ -f "$share/pid" ] || return 0
	group=$(cat "$share/pid")
	kill -- "-$group" 2>/dev/null || true
	let_it CONT
	rm -f "$share/pid"
	# Its folder and its memory may be wanted for another one.
	i=0
	while [ $i -lt 50 ] && kill -0 -- "-$group" 2>/dev/null; do
		sleep 0.1
		i=$((i + 1))
	done
}

# The films take ten seconds to make: they are kept in the build folder, and the guest that comes
# second waits for the first one's. Debian's own Python: its imaging library is a package.
films() (
	kept=$build/rig-films clip=$source/tests/data/clip
	exec 9>"$kept.lock"
	flock 9
	recipe=$(cat "$here/films.py" "$clip/slouch.mjpg" | sha256sum)
	if [ "$(cat "$kept/recipe" 2>/dev/null)" != "$recipe" ]; then
		rm -rf "$kept"
		mkdir "$kept"
		/usr/bin/python3 "$here/films.py" "$clip" "$kept" || exit 1
		cp "$clip/upright.jpg" "$kept/"
		echo "$recipe" >"$kept/recipe"
	fi
	cp -rl "$kept" "$share/films"
)

# The guest's first program and, with Debian's kernel, the modules that it loads.
initrd() {
	rm -rf "$share/first"
	mkdir -p "$share/first/bin" "$share/first/proc" "$share/first/dev"
	cp "$(command -v busybox)" "$share/first/bin/busybox"
	cp "$source/tests/rig/guest/init" "$share/first/init"
	chmod +x "$share/first/init"
	echo "$share" >"$share/first/shared"
	[ "$machine" = uml ] || cp -r "$debian/modules" "$share/first/"
	(cd "$share/first" && find . | cpio --quiet -o -H newc | gzip -1) >"$share/initrd.img"
}

# It traces its processes, which some containers forbid. With nothing to start it comes to an end
# that is easy to tell.
check() {
	end=$(
		exec 2>&1 </dev/null
		timeout -k 5 60 "$linux" mem=64M con=null con0=null,fd:1 ssl=null panic=-1
		true
	)
	case $end in *'Unable to mount root'*) return 0 ;; esac
	echo "$linux does not run on this machine"
	return 1
}

# guest SECONDS PROGRAM...: runs it in the background, at most for so long.
guest() {
	limit=$1
	shift
	# shellcheck disable=SC2016 # the inner shell's
	setsid timeout -k 5 "$limit" sh -c 'echo $$ >"$0"; exec "$@"' "$share/guest_pid" "$@" \
		</dev/null >"$share/console" 2>&1 &
	echo $! >"$share/pid"
}

# Its clock travels: it stands while anything computes, and when all wait for something to come at a
# certain time, it jumps to that time.
boot_uml() {
	# The guest's memory is a file there.
	TMPDIR=/dev/shm
	[ "$(df --output=avail -k /dev/shm 2>/dev/null | tail -1)" -gt 1500000 ] 2>/dev/null ||
		TMPDIR=$share
	export TMPDIR
	travel=
	[ "$clock" = real ] || travel=time-travel=inf-cpu
	# shellcheck disable=SC2086 # none, or one
	guest 14400 "$linux" mem=1024M "initrd=$share/initrd.img" con=null con0=null,fd:1 ssl=null \
		quiet panic=-1 systemd.log_target=null $travel
}

# Emulated, and each instruction counts as a nanosecond of the guest's time, however long the
# emulator is at it: the networks are 250 to 600 times slower here, and by the world's clock nobody
# would be recognised before everything has timed out. The hardware's own virtualization is not
# asked for: where it is offered it may hang.
boot_qemu() {
	boot="console=ttyS0 quiet panic=-1 mitigations=off random.trust_cpu=1"
	folder() { printf 'local,id=%s,path=%s,security_model=none,multidevs=remap%s' "$1" "$2" \
		"${3:-}"; }
	guest 43200 qemu-system-x86_64 -M q35 -cpu max -smp 1 -m 1536 \
		-accel tcg,thread=single -icount shift=0,sleep=on -rtc clock=vm \
		-nodefaults -no-user-config -nographic -no-reboot -serial stdio \
		-kernel "$debian/vmlinuz" -initrd "$share/initrd.img" \
		-append "$boot systemd.log_target=null" \
		-fsdev "$(folder root / ,readonly=on)" \
		-device virtio-9p-pci,fsdev=root,mount_tag=root \
		-fsdev "$(folder share "$share")" -device virtio-9p-pci,fsdev=share,mount_tag=share
}

# 0: ready; 2: its kernel does not run here at all; 1: else.
boot() {
	machine=$1
	clock=${UNKNOT_RIG_CLOCK:-travels}
	[ "$machine" = uml ] || clock=counts
	echo "$clock" >"$share/clock"
	# Where it is waited for, or computed slowly, there are fewer.
	starts=50 kills=50
	[ "$clock" = travels ] || { starts=10 kills=5; }
	echo "${UNKNOT_RIG_STARTS:-$starts}" >"$share/starts"
	echo "${UNKNOT_RIG_KILLS:-$kills}" >"$share/kills"
	initrd
	"boot_$machine"
	# The second is for a machine that runs other tests beside it.
	[ "$machine" = uml ] && boot_s=300 || boot_s=1200
	i=0
	while [ $i -lt "$boot_s" ]; do
		if [ -f "$share/ready" ]; then
			let_it STOP
			echo "$machine, its clock $clock: ready after $i s"
			return 0
		fi
		if ! kill -0 "$(cat "$share/pid")" 2>/dev/null; then
			tail -n 20 "$share/console"
			# The first thing that it does as a system is to open that log.
			[ -f "$share/boot.log" ] || return 2
			break
		fi
		sleep 1
		i=$((i + 1))
	done
	echo "$machine: not ready after $i s"
	tail -n 20 "$share/console" "$share/boot.log" "$share/serve.log"
	return 1
}

start() {
	build=$1 source=$2
	stop
	rm -rf "$share"
	mkdir -p "$share/bin" "$share/jobs" "$share/results"
	need bash bash
	need busybox busybox-static
	need cpio cpio
	need udevadm udev
	need loginctl systemd
	need dbus-daemon dbus
	for file in /usr/lib/systemd/user/dbus.socket /usr/lib/*/security/pam_systemd.so; do
		[ -e "$file" ] ||
			skip "$file is not here (Debian: dbus-user-session libpam-systemd)"
	done
	DESTDIR=$share/stage cmake --install "$build" >"$share/install.log" || {
		cat "$share/install.log"
		exit 1
	}
	cp "$build"/tests/rig/rig_* "$share/bin/"
	cp -r "$source/tests/rig/guest" "$source/tests/rig/scenarios" "$share/"
	echo "$build" >"$share/build"
	echo "$source" >"$share/source"
	films || skip "pictures cannot be made (Debian: python3-pil)"

	status=2
	if [ "${UNKNOT_RIG_GUEST:-}" != qemu ] && [ -x "$linux" ]; then
		boot uml
		status=$?
	fi
	if [ $status -eq 2 ] && [ -f "$debian/vmlinuz" ] &&
		command -v qemu-system-x86_64 >/dev/null; then
		boot qemu
		status=$?
	fi
	[ $status -ne 2 ] ||
		skip "no kernel for a guest that runs here (./dev rig makes one): $linux"
	exit $status
}

# A guest that hangs, is gone or failed takes only the scenario with it, not those that follow, nor
# its second try.
renew() {
	echo "$1"
	tail -n 40 "$share/console"
	build=$(cat "$share/build") source=$(cat "$share/source")
	(start "$build" "$source")
	exit 1
}

# How long a scenario may take: by the guest's clock, which ends it then, and by ours. What calls
# without end and never waits keeps a travelling clock where it is, and only ours is left. Where
# nothing but computing takes time a scenario takes ten seconds, a start or a kill two.
limits() {
	case $1 in
	starts) guest_s=$((600 + 85 * $(cat "$share/starts"))) ;;
	kills) guest_s=$((600 + 50 * $(cat "$share/kills"))) ;;
	*) guest_s=600 ;;
	esac
	case $(cat "$share/clock") in
	travels) host_s=$guest_s ;; # ten seconds alone, more beside other tests
	# Of instructions: it goes at most ten times slower than ours while there is something to
	# do.
	counts) host_s=$((guest_s * 10)) ;;
	*) host_s=$((guest_s + 100)) ;;
	esac
}

run() {
	name=$1
	if [ -f "$share/skipped" ]; then
		cat "$share/skipped"
		exit 77
	fi
	limits "$name"
	rm -f "$share/results/$name".*
	echo "$guest_s" >"$share/jobs/.$name"
	mv "$share/jobs/.$name" "$share/jobs/$name"
	let_it CONT
	i=0
	while [ ! -f "$share/results/$name.status" ]; do
		kill -0 "$(cat "$share/pid")" 2>/dev/null || renew "the guest has gone"
		[ $i -lt $((host_s * 10)) ] || renew "the guest hangs"
		sleep 0.1
		i=$((i + 1))
	done
	let_it STOP
	cat "$share/results/$name.log"
	status=$(cat "$share/results/$name.status")
	case $status in
	0 | 77) exit "$status" ;;
	*) renew "failed with $status" ;;
	esac
}

case $1 in
start) start "$3" "$4" ;;
run) run "$3" ;;
stop) stop ;;
check) check ;;
esac
