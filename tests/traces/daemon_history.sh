#!/bin/sh
# daemon_history.sh UNKNOTD TRACE: a history that is damaged inside is found while the daemon runs,
# one that is no database any more when it starts; both are kept aside and told of once. What is too
# old is forgotten while it runs, if the clock can be believed.
set -eu
unknotd=$1 trace=$2
work=$(mktemp -d)
daemon=
finish() {
	[ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true
	rm -rf "$work"
}
trap finish EXIT
fail() { echo "daemon_history: $*"; cat "$work/errors"; exit 1; }

# In the background: the process that is killed is the daemon, not a shell that waits for it.
exec_watch() { # SPEED
	exec "$unknotd" --source "trace:$trace" --speed "$1" --state-dir "$work" \
		--data-dir "$work" --config "$work/unknot.conf" >"$work/out" 2>>"$work/errors"
}
watch() { (exec_watch "$1"); }
ask() { # TABLE: its rows; "" STATEMENT: done
	python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
if sys.argv[2]:
	print(db.execute("SELECT count(*) FROM " + sys.argv[2]).fetchone()[0])
else:
	db.execute(sys.argv[3])
	db.commit()' "$history" "$1" "${2:-}"
}

: >"$work/errors"
watch 1000000 || fail "the first day failed"
history=$work/history.sqlite
before=$(stat -c %s "$history")
[ "$before" -gt 100000 ] || fail "only $before bytes of history"

# Pages of the tables, not of the schema.
dd if=/dev/urandom of="$history" bs=4096 seek=8 count=6 conv=notrunc 2>/dev/null
exec_watch 100 &
daemon=$!
for _ in $(seq 100); do
	grep -q 'history was damaged' "$work/errors" && break
	sleep 0.1
done
[ "$(grep -c 'history was damaged' "$work/errors")" = 1 ] || fail "told not once"
[ "$(stat -c %s "$work"/history.sqlite.corrupt-*[0-9])" -ge "$before" ] ||
	fail "the damaged file is not kept"
for _ in $(seq 600); do
	grep -q 'rows of the damaged history are in the new one' "$work/errors" && break
	sleep 0.1
done
grep -q 'rows of the damaged history are in the new one' "$work/errors" || fail "nothing is saved"
kill "$daemon" 2>/dev/null || true
wait "$daemon" 2>/dev/null || true
daemon=
watch 1000000 || fail "the new history does not work"
[ "$(grep -c 'history was damaged' "$work/errors")" = 1 ] || fail "told again"

# Its head is gone.
rm "$work"/history.sqlite.corrupt-*
dd if=/dev/urandom of="$history" bs=4096 count=1 conv=notrunc 2>/dev/null
was=$(sha256sum <"$history")
: >"$work/errors"
watch 1000000 || fail "a history without its head"
[ "$(grep -c 'history was damaged' "$work/errors")" = 1 ] || fail "the lost head is told not once"
[ "$(sha256sum <"$(echo "$work"/history.sqlite.corrupt-*[0-9])")" = "$was" ] ||
	fail "it is not kept as it was"
watch 1000000 || fail "the history after that"
[ "$(grep -c 'history was damaged' "$work/errors")" = 1 ] || fail "the lost head is told again"

# The trace's day is long past. So might a clock say that has run away: nothing goes, not even from
# a short memory.
printf '[history]\nkeep_days = 1\n' >"$work/unknot.conf"
before=$(ask sample) || exit 0 # no python3: the rest is not looked at
ask "" "INSERT INTO pain(wall_ms,level) VALUES(1772406000000,3)"
touch "$work/history.sqlite.corrupt-20260101-120000" "$work/reports/2026-01-01.json"
watch 1000000 || fail "a short memory"
[ "$(ask sample)" -gt "$before" ] || fail "a clock that ran away deletes the history"
[ -n "$(ls "$work/reports")" ] || fail "... and the reports"
# Who has lived a day with it is believed: all goes but the diary.
ask "" "INSERT INTO span(start_ms,end_ms,presence,posture)
	SELECT s, s + 60000, 'away', 'unknown' FROM
	(SELECT (strftime('%s') - 60000) * 1000 AS s UNION SELECT (strftime('%s') - 600) * 1000)"
watch 1000000 || fail "the same, a day later"
left=$(ask sample)
[ "$left" -lt 500 ] || fail "$left samples are left"
[ "$(ask pain)" = 1 ] || fail "the diary is gone"
[ ! -e "$work/history.sqlite.corrupt-20260101-120000" ] ||
	fail "what was set aside is kept for ever"
# The day that was just played has its report again; one of before is gone.
[ ! -e "$work/reports/2026-01-01.json" ] || fail "an old report is kept for ever"
