#!/bin/sh
# disk.sh UNKNOTD UNKNOT VALID_REPORT SCHEMA TRACE: a disk that fills up and is freed again while
# the daemon runs, one that is full from the start, and folders that cannot be written. It goes on
# watching, says what is wrong, and loses nothing that it can keep in memory.
set -eu
unknotd=$1 unknot=$2 valid_report=$3 schema=$4 trace=$5
if [ -z "${DISK_INSIDE:-}" ]; then
	for how in "unshare -m" "unshare -rm"; do
		if $how true 2>/dev/null; then
			DISK_INSIDE=1 exec $how "$0" "$@"
		fi
	done
	echo "skipped: this system lets nobody mount a small disk (unshare -rm)"
	exit 77
fi
work=$(mktemp -d)
disk=$work/disk
daemon=
mkdir "$disk"
finish() {
	[ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true
	umount "$disk" 2>/dev/null || true
	rm -rf "$work"
}
trap finish EXIT
mount -t tmpfs -o size=16m,mode=700 tmpfs "$disk" || { echo "skipped: no tmpfs"; exit 77; }
fail() { echo "disk: $*"; cat "$work/errors"; tail -n 3 "$work/out"; exit 1; }

watch() { # SPEED STATE DATA: in the background
	: >"$work/out"
	: >"$work/errors"
	"$unknotd" --source "trace:$trace" --speed "$1" --print --state-dir "$2" --data-dir "$3" \
		--config "$work/none" >"$work/out" 2>"$work/errors" &
	daemon=$!
}
ended() {
	status=0
	wait "$daemon" || status=$?
	daemon=
	[ "$status" = 0 ] || fail "unknotd ended with $status"
	looks=$(wc -l <"$work/out")
	[ "$looks" -gt 3000 ] || fail "it watched for $looks looks only"
}
wait_for() { # LINES [PATTERN]: until so many were printed, or something was said
	for _ in $(seq 600); do
		if [ -n "${2:-}" ] && grep -q "$2" "$work/errors"; then return; fi
		if [ "$(wc -l <"$work/out")" -ge "$1" ]; then return; fi
		kill -0 "$daemon" 2>/dev/null || fail "it ended"
		sleep 0.1
	done
	fail "$1 looks took too long"
}
fill() { dd if=/dev/zero of="$disk/filler" bs=4096 2>/dev/null || true; }
empty() { rm -f "$disk"/filler; find "$disk" -mindepth 1 -delete; }
said() { grep -c "$1" "$work/errors" || true; }
day() { "$unknot" report --format json --state-dir "$1" --day 2026-03-09 >"$work/report"; }
covered() { sed -n 's/.*"covered_s":[ \t]*\([0-9]*\).*/\1/p' "$work/report" | head -n 1; }

echo "a disk that fills up and is freed again"
watch 1000 "$disk/state" "$disk/data"
wait_for 200
fill
wait_for 100000 "free some disk space"
more=$(($(wc -l <"$work/out") + 100))
wait_for $more
rm "$disk/filler"
ended
# The log's room is used again and again: between two failures something may well be written.
[ "$(said 'free some disk space')" -le 50 ] || fail "said $(said 'free some disk space') times"
"$valid_report" "$schema" "$disk/data/reports/2026-03-09.json" || fail "the report"
day "$disk/state" && [ "$(covered)" -ge 25200 ] ||
	fail "only $(covered) s of 25260 are in the history"
empty

echo "a disk that is full from the start"
mkdir "$disk/state" "$disk/data"
fill
watch 2000 "$disk/state" "$disk/data"
wait_for 200
rm "$disk/filler"
ended
[ "$(said 'watching without history')" = 1 ] || fail "said $(said history) times"
"$valid_report" "$schema" "$disk/data/reports/2026-03-09.json" || fail "the report"
day "$disk/state" && [ "$(covered)" -ge 10000 ] ||
	fail "only $(covered) s of 25260 are in the history"
empty

echo "a history on a disk that can only be read"
watch 1e6 "$disk/state" "$work/data"
ended
before=$(sha256sum <"$disk/state/history.sqlite")
mount -o remount,bind,ro "$disk"
watch 1e6 "$disk/state" "$work/data"
ended
# Where the first one's log was left beside the file (its check still read when it ended) SQLite
# opens it for reading, and each write is what fails: told in other words.
grep -q 'watching without history\|make the file and its folder writable' "$work/errors" ||
	fail "not told"
[ "$(said 'watching without history')" -le 1 ] || fail "told more than once"
[ "$(sha256sum <"$disk/state/history.sqlite")" = "$before" ] || fail "the history was changed"
echo "a state folder that cannot be made, reports that cannot be written"
watch 1e6 "$disk/new" "$work/data"
ended
[ "$(said 'watching without history')" = 1 ] || fail "told not once"
watch 1e6 "$work/state" "$disk/new"
ended
[ "$(said 'Read-only file system')" -ge 1 ] || fail "not told"
day "$work/state" && "$valid_report" "$schema" "$work/report" || fail "the history is not whole"
[ "$(covered)" = 25260 ] || fail "only $(covered) s of 25260 are in the history"
