#!/bin/sh
# window.sh WINDOW CLIP_FOLDER [SECONDS]: what the window costs: from its start to the first picture
# of it on an X server without a screen, best and median of RUNS; memory then; and what of a core
# the live picture takes, at 30 a second where the machine keeps up, drawn without a graphics
# processor.
set -eu
window=$1 clip=$2 seconds=${3:-20} runs=${RUNS:-9}
if [ -z "${COST_BUS:-}" ]; then
	for need in "Xvfb xvfb" "dbus-run-session dbus" "python3 python3"; do
		command -v "${need% *}" >/dev/null ||
			{ echo "skipped: ${need% *} is not here (Debian: ${need#* })"; exit 77; }
	done
	COST_BUS=1 exec dbus-run-session -- "$0" "$@"
fi
work=$(mktemp -d)
started=
finish() {
	for pid in $started; do kill "$pid" 2>/dev/null || true; done
	wait
	rm -rf "$work"
}
trap finish EXIT
mkdir "$work/screen"
export HOME="$work" GDK_BACKEND=x11 GSK_RENDERER="${GSK_RENDERER:-cairo}" GTK_A11Y=none \
	GSETTINGS_BACKEND=memory
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME WAYLAND_DISPLAY
Xvfb -displayfd 3 -screen 0 1366x768x24 -fbdir "$work/screen" -nolisten tcp 3>"$work/display" \
	2>/dev/null &
started=$!
while [ ! -s "$work/display" ]; do sleep 0.1; done
DISPLAY=":$(cat "$work/display")"
export DISPLAY

# The first picture is there when the screen's is another than before.
cat >"$work/first.py" <<'END'
import os, subprocess, sys, time
screen, window, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
def seen():
    with open(screen, "rb") as file:
        file.seek(4096 + 1366 * 4 * 300)
        return file.read(1366 * 4)
def spent(pid):
    with open(f"/proc/{pid}/stat") as file:
        ticks = file.read().rsplit(")", 1)[1].split()[11:13]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
took, worked = [], []
for _ in range(runs):
    before, start = seen(), time.monotonic()
    process = subprocess.Popen([window, "now"])
    while seen() == before and time.monotonic() - start < 30:
        time.sleep(0.002)
    took.append(time.monotonic() - start)
    worked.append(spent(process.pid))
    time.sleep(1)
    with open(f"/proc/{process.pid}/smaps_rollup") as file:
        kb = {line.split(":")[0]: int(line.split()[1]) for line in file if "kB" in line}
    process.terminate()
    process.wait()
    time.sleep(0.3)
took.sort()
print(f"first picture      {took[0]:8.2f} s best, {took[len(took) // 2]:.2f} s median of {runs}")
print(f"  of the processor {sorted(worked)[len(worked) // 2]:8.2f} s")
print(f"memory             {kb['Rss'] / 1024:8.1f} MB resident, "
      f"{kb['Pss'] / 1024:.1f} MB proportional")
END
python3 "$work/first.py" "$work/screen/Xvfb_screen0" "$window" "$runs"

"$window" --source "replay:$clip/slouch.mjpg@30,loop" preview >"$work/out" 2>&1 &
pid=$!
started="$pid $started"
ticks() { sed 's/.*) //' "/proc/$pid/stat" | awk '{ print $12 + $13 }'; }
# Each picture differs from the one before in this part of the screen.
cat >"$work/count.py" <<'END'
import sys, time
screen, end, seen, last = sys.argv[1], time.monotonic() + float(sys.argv[2]), 0, b""
with open(screen, "rb", buffering=0) as file:
    while time.monotonic() < end:
        file.seek(4096 + (1366 * 200 + 300) * 4)
        now = file.read(1366 * 4 * 60)
        seen, last = seen + (now != last), now
        time.sleep(0.005)
print(seen)
END
sleep 3
before=$(ticks)
pictures=$(python3 "$work/count.py" "$work/screen/Xvfb_screen0" "$seconds")
after=$(ticks)
awk -v s="$seconds" -v t=$((after - before)) -v hz="$(getconf CLK_TCK)" -v n="$pictures" 'BEGIN {
	printf "live picture       %8.1f a second, %.1f ms of the processor each: %.1f %% " \
		"of a core\n",
		n / s, n ? t / hz / n * 1000 : 0, t / hz / s * 100 }'
for task in /proc/$pid/task/*; do
	printf '%s %s\n' "$(cat "$task/comm")" \
		"$(sed 's/.*) //' "$task/stat" | awk '{ print $12 + $13 }')"
done | awk -v hz="$(getconf CLK_TCK)" '$2 > hz / 5 {
	printf "  thread %-10s %8.2f s since its start\n", $1, $2 / hz }'
