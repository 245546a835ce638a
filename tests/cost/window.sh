#!/bin/sh
# window.sh WINDOW CLIP_FOLDER [SECONDS]: what the window costs: from its start to the first picture
# of it on an X server without a screen, best and median of RUNS; memory then; and what of a core
# the live picture takes on each page that has one, at 30 a second where the machine keeps up, drawn
# without a graphics processor.
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
server=$!
started=$server
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

# What a page with the live picture takes while SECONDS pass: of the window's own threads, and apart
# of the X server, which shows it. Each picture differs from the one before in this part of the
# screen, where nothing else moves.
cat >"$work/live.py" <<'END'
import os, subprocess, sys, time
screen, server, window, source, page, seconds = sys.argv[1:7]
tick = os.sysconf("SC_CLK_TCK")
def spent(task):
    try:
        with open(f"{task}/stat") as file:
            return sum(map(int, file.read().rsplit(")", 1)[1].split()[11:13])) / tick
    except FileNotFoundError:
        return 0
def threads(pid):
    names = {"camera": 0.0, "window": 0.0}
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/comm") as file:
            name = file.read().strip()
        names["camera" if name == "camera" else "window"] += spent(f"/proc/{pid}/task/{task}")
    return names
process = subprocess.Popen([window, "--source", source, page])
time.sleep(3)
before, shown, start = threads(process.pid), spent(f"/proc/{server}"), time.monotonic()
pictures, last = 0, b""
with open(screen, "rb", buffering=0) as file:
    while time.monotonic() - start < float(seconds):
        file.seek(4096 + 1366 * 4 * 250)
        rows = file.read(1366 * 4 * 60)
        now = b"".join(rows[i + 400 * 4:i + 650 * 4] for i in range(0, len(rows), 1366 * 4))
        pictures, last = pictures + (now != last), now
        time.sleep(0.005)
after, passed = threads(process.pid), time.monotonic() - start
shown = spent(f"/proc/{server}") - shown
took = {name: after[name] - before[name] for name in before}
each = 1000 / max(pictures, 1)
whole = sum(took.values())
print(f"{page:18} {pictures / passed:8.1f} pictures a second, {whole * each:.1f} ms of the "
      f"processor each (camera {took['camera'] * each:.1f}, window {took['window'] * each:.1f}; "
      f"X server {shown * each:.1f}): {whole / passed * 100:.1f} % of a core, "
      f"{whole * each * 2.5:.1f} % at 25 a second")
process.terminate()
process.wait()
END
for page in preview stretch; do
	python3 "$work/live.py" "$work/screen/Xvfb_screen0" "$server" "$window" \
		"replay:$clip/slouch.mjpg@30,loop" $page "$seconds" 2>"$work/err" || cat "$work/err"
done
