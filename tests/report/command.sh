#!/bin/sh
# command.sh UNKNOT HISTORY: unknot report as a person calls it: which days, where to, shown by
# what.
set -u
unknot=$1 history=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8 LANGUAGE=en
export HOME="$work" TZ=Europe/Berlin XDG_CONFIG_HOME="$work/config" XDG_STATE_HOME="$work/state"
export XDG_DATA_HOME="$work/data" XDG_DATA_DIRS="$work/none"
unset DBUS_SESSION_BUS_ADDRESS DISPLAY WAYLAND_DISPLAY
bad=0
fail() { echo "FAILED: $*"; bad=1; }

# expect STATUS PATTERN ARGUMENTS...
expect() {
	status=$1 pattern=$2
	shift 2
	said=$("$unknot" report "$@" 2>&1)
	got=$?
	[ "$got" = "$status" ] || fail "$* ended with $got, not $status: $said"
	printf '%s\n' "$said" | grep -Eq -- "$pattern" ||
		fail "$*: no /$pattern/ in: $(printf '%s' "$said" | head -c 300)"
}

"$history" "$work/state/unknot" 2026-03-13 10 || exit 1

expect 2 'YYYY-MM-DD' --day someday
expect 2 'text, json, csv or html' --format pdf
expect 2 'needs --format html' --open --format csv
expect 2 'from is after --to' --from 2026-03-13 --to 2026-03-12
expect 1 'at most 400 days' --format html --from 2024-01-01 --to 2026-03-13
expect 0 '^unknot, Friday, 13 March 2026' --day 2026-03-13
expect 0 '^Score: [0-9]+ of 100' --day 2026-03-13
expect 0 'Nothing was recorded' --day 2020-02-29
expect 0 '<h1>Friday, 13 March 2026</h1>' --day 2026-03-13 --format html
expect 0 '<h1>7 March 2026 to 13 March 2026</h1>' --day 2026-03-13 --week --format html
expect 0 '<h1>12 February 2026 to 13 March 2026</h1>' --month --day 2026-03-13 --format html
expect 0 'Nothing was recorded' --day 2020-02-29 --format html

expect 0 'For tomorrow: ' --day 2026-03-13
expect 0 '^unknot, 7 March 2026 to 13 March 2026' --day 2026-03-13 --week
expect 0 'Eyes lower than upright' --day 2026-03-13 --details
lines=$("$unknot" report --day 2026-03-13 --month | wc -l)
[ "$lines" -lt 50 ] || fail "a month as text has $lines lines"
lines=$("$unknot" report --day 2026-03-13 --week --format csv | tr -d '\r' | wc -l)
[ "$lines" = 8 ] || fail "a week as CSV has $lines lines, not a header and 7"

# A day's thresholds are those that its report was written with.
mkdir -p "$work/data/unknot/reports"
"$unknot" report --day 2026-03-13 --format json |
	sed -e 's/"slouch_drop_cm":[^,]*/"slouch_drop_cm": 5.5/' \
		-e 's/"camera":[^,]*/"camera": "A \\"<camera>\\""/' \
		> "$work/data/unknot/reports/2026-03-13.json"
expect 0 '"slouch_drop_cm":.*5\.5' --day 2026-03-13 --format json
expect 0 'Camera: A &quot;&lt;camera&gt;&quot;\.' --day 2026-03-13 --format html
expect 0 '"slouch_drop_cm":.*2\.5' --day 2026-03-12 --format json
echo '{"schema":' > "$work/data/unknot/reports/2026-03-12.json"
expect 0 '"slouch_drop_cm":.*2\.5' --day 2026-03-12 --format json

# A day's page is linked with those that lie beside it.
reports="$work/data/unknot/reports"
touch "$reports/2026-03-11.html" "$reports/2026-03-14.html"
"$unknot" report --day 2026-03-13 --format html --open >/dev/null 2>&1
grep -q '<a rel="prev" href="2026-03-11.html">' "$reports/2026-03-13.html" ||
	fail "no link to the page before"
grep -q '<a rel="next" href="2026-03-14.html">' "$reports/2026-03-13.html" ||
	fail "no link to the page after"
expect 0 '</h1>' --day 2026-03-13 --format html
printf '%s\n' "$said" | grep -q '<nav' && fail "a page that lies elsewhere has links"
rm "$reports/2026-03-11.html" "$reports/2026-03-14.html" "$reports/2026-03-13.html"

# Shown by the program that the desktop has for pages.
expect 1 'open it in a browser' --day 2026-03-13 --format html --open
[ -s "$work/data/unknot/reports/2026-03-13.html" ] || fail "--open wrote no page"
mkdir -p "$work/data/applications" "$work/config"
cat > "$work/viewer" <<-END
	#!/bin/sh
	echo "\$1" > "$work/shown.part" && mv "$work/shown.part" "$work/shown"
END
chmod +x "$work/viewer"
printf '[Desktop Entry]\nType=Application\nName=Viewer\nExec=%s %%u\nMimeType=text/html;\n' \
	"$work/viewer" > "$work/data/applications/viewer.desktop"
printf '[Default Applications]\ntext/html=viewer.desktop\n' > "$work/config/mimeapps.list"
# shown FILE: the viewer was started with it.
shown() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ -e "$work/shown" ] && break
		sleep 0.2
	done
	[ "$(sed "s,^file://,," "$work/shown")" = "$1" ] ||
		fail "shown: $(cat "$work/shown"), not $1"
	[ "$(stat -c %a "$1")" = 600 ] || fail "$1 is not private"
	rm -f "$work/shown"
}
expect 0 '^$' --day 2026-03-13 --format html --open
shown "$work/data/unknot/reports/2026-03-13.html"
expect 0 '^$' --day 2026-03-13 --week --format html --open
shown "$work/data/unknot/reports/2026-03-07-to-2026-03-13.html"
cd "$work" || exit 1
expect 0 '^$' --day 2026-03-13 --format html --open --output my.html
shown "$work/my.html"
exit $bad
