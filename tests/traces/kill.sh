#!/bin/sh
# kill.sh UNKNOTD UNKNOT VALID_REPORT SCHEMA TRACE [TIMES]: the daemon is killed at random moments.
# Each time its history must be whole, lack at most the last minute, and give a valid report; what
# reports it had written must be valid; and it must start again as if nothing had been. 20 times, or
# $UNKNOT_KILLS.
set -eu
unknotd=$1 unknot=$2 valid_report=$3 schema=$4 trace=$5 times=${6:-${UNKNOT_KILLS:-20}}
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/look.py" <<'END'
import os, re, sqlite3, subprocess, sys
folder, unknot, valid, schema = sys.argv[1:]
def check(*reports):
    if subprocess.run([valid, schema, *reports]).returncode != 0:
        sys.exit("a report is not valid")
if os.path.isdir(folder + "/reports"):
    written = [folder + "/reports/" + n for n in os.listdir(folder + "/reports")
               if n.endswith(".json")]
    if written:
        check(*written)
printed = [float(m.group(1))
           for m in re.finditer(r"^ *([0-9.]+) s ", open(folder + "/out").read(), re.M)]
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
with open(folder + "/report", "w") as file:
    subprocess.run([unknot, "report", "--format", "json", "--state-dir", folder,
                    "--day", "2026-03-09"], stdout=file, check=True)
check(folder + "/report")
print("%.1f %.0f" % (max(lost, 0), printed[-1]))
END

between() { # LEAST MOST: a random number
	awk -v n="$n" -v seed="$daemon" -v a="$1" -v b="$2" \
		'BEGIN { srand(seed + n); print a + (b - a) * rand() }'
}

# Three kinds in turn: in the first half hour, where 1200 seconds pass in one; somewhere in the day;
# and when it has been asked to end and writes its last report.
n=0 killed=0 ending=0
while [ "$killed" -lt "$times" ]; do
	n=$((n + 1))
	[ "$n" -le $((9 * times)) ] || {
		echo "kill.sh: it always ends before it is killed"
		exit 1
	}
	here=$work/$n
	mkdir "$here"
	speed=1200
	[ $((n % 3)) != 2 ] || speed=12000
	"$unknotd" --source "trace:$trace" --speed $speed --print --state-dir "$here" \
		--data-dir "$here" --config "$work/none" >"$here/out" 2>"$here/errors" &
	daemon=$!
	case $((n % 3)) in
	0)
		sleep "$(between 0.1 0.6)"
		kill "$daemon" 2>/dev/null || true
		sleep "$(between 0 0.008)"
		;;
	1) sleep "$(between 0.02 1.2)" ;;
	2) sleep "$(between 0.02 2)" ;;
	esac
	kill -9 "$daemon" 2>/dev/null || true
	status=0
	wait "$daemon" 2>/dev/null || status=$?
	[ "$status" = 137 ] || { rm -rf "${here:?}"; continue; } # it had ended
	killed=$((killed + 1))
	[ $((n % 3)) != 0 ] || ending=$((ending + 1))
	[ -f "$here/history.sqlite" ] || continue # before there was one
	python3 "$work/look.py" "$here" "$unknot" "$valid_report" "$schema" >>"$work/lost" || {
		echo "kill.sh: time $n"; cat "$here/errors"; exit 1; }
	"$unknotd" --source "trace:$trace" --once --state-dir "$here" --data-dir "$here" \
		--config "$work/none" \
		>/dev/null 2>"$here/again" || {
			echo "kill.sh: time $n: it does not start again"
			exit 1
		}
	! grep -E 'history|damaged' "$here/again" || { echo "kill.sh: time $n"; exit 1; }
	rm -rf "${here:?}"
done
[ -s "$work/lost" ] || { echo "kill.sh: nothing was ever killed with something to lose"; exit 1; }
sort -n "$work/lost" | awk -v killed="$killed" -v ending="$ending" '
	{ v[NR] = $1; if ($2 > far) far = $2 }
	END { printf "killed %d times, %d while ending, %d with something to lose, up to %.1f h " \
		"into the day:" \
		" lost at most %.1f s, median %.1f s; history and reports whole each time\n",
		killed, ending, NR, far / 3600, v[NR], v[int((NR + 1) / 2)] }'
