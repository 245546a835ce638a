#!/bin/sh
# start.sh BUILD PICTURE [DAYS]: how long unknotd takes from its start to the first look and out
# again, with a history of 400 days, and how long `unknot --version` takes. Best and median of 20,
# milliseconds.
set -eu
build=$1 picture=$2 days=${3:-400}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# measure COMMAND...: one line of milliseconds a run.
measure() {
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		before=$(date +%s%N)
		"$@" >"$work/out" 2>"$work/errors"
		after=$(date +%s%N)
		echo $((after - before))
	done
}
summary() { # NAME
	sort -n | awk -v name="$1" '{ t[NR] = $1 / 1e6 } END {
		printf "%-26s best %6.1f ms, median %6.1f ms\n", name, t[1], t[int((NR + 1) / 2)] }'
}

"$build/tests/cost/cost_history" "$work" "$days"
printf 'history                    %d days, %d MB\n' "$days" \
	$(($(stat -c %s "$work/history.sqlite") / 1048576))
measure true | summary "starting a process"
measure "$build/unknot" --version | summary "unknot --version"
measure "$build/unknotd" --source "replay:$picture" --once --print --state-dir "$work" \
	--data-dir "$work" --config "$work/none" | summary "unknotd --once"
grep -q present "$work/out" || { echo "start.sh: nobody was seen"; cat "$work/errors"; exit 1; }
