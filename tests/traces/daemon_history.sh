#!/bin/sh
# daemon_history.sh UNKNOTD TRACE: a history that is damaged inside is found while the daemon runs, one that is
# no database any more when it starts; both are kept aside and told of once. What is too old is forgotten
# while it runs.
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
	exec "$unknotd" --source "trace:$trace" --speed "$1" --state-dir "$work" --data-dir "$work" \
		--config "$work/unknot.conf" >"$work/out" 2>>"$work/errors"
}
watch() { (exec_watch "$1"); }

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
kill "$daemon" 2>/dev/null || true
wait "$daemon" 2>/dev/null || true
daemon=
[ "$(grep -c 'history was damaged' "$work/errors")" = 1 ] || fail "told not once"
[ "$(stat -c %s "$work"/history.sqlite.corrupt-*[0-9])" = "$before" ] || fail "the damaged file is not kept"
watch 1000000 || fail "the new history does not work"
[ "$(grep -c 'history was damaged' "$work/errors")" = 1 ] || fail "told again"

# Its head is gone.
rm "$work"/history.sqlite.corrupt-*
dd if=/dev/urandom of="$history" bs=4096 count=1 conv=notrunc 2>/dev/null
was=$(sha256sum <"$history")
: >"$work/errors"
watch 1000000 || fail "a history without its head"
[ "$(grep -c 'history was damaged' "$work/errors")" = 1 ] || fail "the lost head is told not once"
[ "$(sha256sum <"$(echo "$work"/history.sqlite.corrupt-*[0-9])")" = "$was" ] || fail "it is not kept as it was"
watch 1000000 || fail "the history after that"
[ "$(grep -c 'history was damaged' "$work/errors")" = 1 ] || fail "the lost head is told again"

# The trace's day is long past: with a day's history it goes while the same day is watched.
printf '[history]\nkeep_days = 1\n' >"$work/unknot.conf"
watch 1000000 || fail "a short memory"
count='import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM sample").fetchone()[0])'
left=$(python3 -c "$count" "$history" 2>/dev/null) || exit 0 # no python3: the rest is not looked at
[ "$left" -lt 500 ] || fail "$left samples are left"
