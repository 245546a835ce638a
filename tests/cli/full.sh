#!/bin/sh
# full.sh BUILD SOURCE: a disk that is full behind what a command writes is noticed, by every
# command that writes; and a device that is named as output stays one.
set -u
build=$1 source=$2
[ -c /dev/full ] || { echo "skipped: no /dev/full here"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" LC_ALL=C UNKNOT_MODEL="$build/unknot.model"
unset DBUS_SESSION_BUS_ADDRESS DISPLAY XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME
people=$source/tests/data/people
unknot=$build/unknot
bad=0
fails() {
	"$@" >/dev/full 2>"$work/said"
	got=$?
	if [ $got = 0 ] || ! grep -q 'No space left\|could not be written' "$work/said"; then
		echo "FAILED: $* ended with $got and said $(cat "$work/said")"
		bad=1
	fi
}
TZ=Europe/Berlin "$build/unknotd" --speed 1e7 --source "trace:$source/tests/data/traces/day.jsonl" \
	>/dev/null 2>&1
"$unknot" pain 6 --note "for the test" || exit 1
for format in text json csv html; do
	fails "$unknot" report --day 2026-03-09 --format $format
	fails "$unknot" report --from 2026-03-01 --to 2026-03-10 --format $format
	fails "$unknot" report --day 2026-03-09 --format $format --output /dev/full
done
[ -c /dev/full ] || { echo "FAILED: /dev/full is a file now"; exit 1; }
for command in "config" "config get camera.device" "config path" "pain" \
	"checklist --show" "profile" "--version" \
	"--help" "--table" "report --help" "status --format waybar"; do
	# shellcheck disable=SC2086 # its words
	fails "$unknot" $command
done
fails "$unknot" analyze "$people/syn_c_000.jpg"
fails "$unknot" analyze --format text "$people/syn_c_000.jpg"
fails "$unknot" bench --net face_detector
fails "$build/unknotd" --help
fails "$build/unknotd" --version
fails "$build/unknotd" --print --speed 1e7 --source "trace:$source/tests/data/traces/day.jsonl"
# What somebody answered has its advice although it cannot be kept; the error says what to do.
kept=$work/kept
mkdir "$kept"
ln -s /dev/full "$kept/care.json"
advises() { # PATTERN ANSWER COMMAND...
	pattern=$1 answer=$2
	shift 2
	yes "$answer" | head -n 40 | "$unknot" "$@" --state-dir "$kept" > "$work/said" 2>&1
	got=$?
	if [ $got != 1 ] || ! grep -q "$pattern" "$work/said" ||
		! grep -q "$kept/.*free some disk space" "$work/said"; then
		echo "FAILED: $* ended with $got and said $(tail -n 3 "$work/said")"
		bad=1
	fi
}
advises 'emergency department now' yes care
echo "no folder" > "$work/file"
"$unknot" pain 8 --state-dir "$work/file" > "$work/said" 2>&1 && bad=1
grep -q 'Severe pain is for a doctor' "$work/said" || { echo "FAILED: no word on pain 8"; bad=1; }
[ $bad = 0 ] && echo "a full disk is noticed by all"
exit $bad
