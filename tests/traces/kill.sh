#!/bin/sh
# kill.sh UNKNOTD UNKNOT TRACE [TIMES]: the daemon is killed at random moments. Each time its history must be
# whole, lack at most the last minute, and give a report. 20 times, or $UNKNOT_KILLS.
set -eu
unknotd=$1 unknot=$2 trace=$3 times=${4:-${UNKNOT_KILLS:-20}}
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# At 1200 times its speed, two minutes of the day pass in a tenth of a second.
cat >"$work/look.py" <<'END'
import json, re, sqlite3, subprocess, sys
folder, unknot = sys.argv[1:]
printed = [float(m.group(1)) for m in re.finditer(r"^ *([0-9.]+) s ", open(folder + "/out").read(), re.M)]
history = sqlite3.connect(folder + "/history.sqlite")
state = history.execute("PRAGMA integrity_check").fetchone()[0]
if state != "ok":
    sys.exit("the history is damaged: " + state)
if not history.execute("SELECT 1 FROM sqlite_master WHERE name = 'span'").fetchone():
    sys.exit("%d looks, and no tables yet" % len(printed) if printed else 0)
first, last = history.execute("SELECT min(start_ms), max(end_ms) FROM span").fetchone()
history.close()
if printed and printed[-1] - printed[0] > 60 and first is None:
    sys.exit("%.0f s were watched, nothing is left" % (printed[-1] - printed[0]))
if first is None:
    sys.exit(0)
lost = printed[-1] - printed[0] - (last - first) / 1000
if lost > 60:
    sys.exit("%.0f s are lost" % lost)
report = subprocess.run([unknot, "report", "--format", "json", "--state-dir", folder, "--day", "2026-03-09"],
                        capture_output=True, text=True)
if report.returncode != 0:
    sys.exit("no report: " + report.stderr)
json.loads(report.stdout)
print("%.1f" % max(lost, 0))
END

n=0
while [ "$n" -lt "$times" ]; do
	n=$((n + 1))
	mkdir "$work/$n"
	"$unknotd" --source "trace:$trace" --speed 1200 --print --state-dir "$work/$n" --data-dir "$work/$n" \
		--config "$work/none" >"$work/$n/out" 2>"$work/$n/errors" &
	daemon=$!
	sleep "$(awk -v n="$n" -v seed="$daemon" 'BEGIN { srand(seed + n); print 0.02 + 1.2 * rand() }')"
	kill -9 "$daemon" 2>/dev/null || true
	wait "$daemon" 2>/dev/null || true
	[ -f "$work/$n/history.sqlite" ] || continue # before there was one
	python3 "$work/look.py" "$work/$n" "$unknot" >>"$work/lost" || {
		echo "kill.sh: time $n"; cat "$work/$n/errors"; exit 1; }
	rm -rf "${work:?}/$n"
done
sort -n "$work/lost" | awk -v times="$times" '{ v[NR] = $1 } END {
	printf "killed %d times, %d with something to lose: lost at most %.1f s, median %.1f s\n",
		times, NR, v[NR], v[int((NR + 1) / 2)] }'
