#!/bin/sh
# sandbox.sh UNKNOTD UNKNOT INTRUDER TRACE ENTRY: unknotd started as the autostart entry does it,
# without a service manager, and somebody in it who tries what it gave up.
set -eu
unknotd=$1 unknot=$2 intruder=$3 trace=$4 entry=$5
work=$(mktemp -d)
ln -s "$intruder" "$work/intruder.so" # the loader takes a list, which a space divides
trap 'rm -rf "$work"' EXIT
fail() { echo "sandbox: $*"; cat "$work/errors"; exit 1; }

landlock=$(LC_ALL=C LANGUAGE= "$unknot" doctor --no-look |
	sed -n 's/.* sandbox .*Landlock \([0-9]*\):.*/\1/p')
[ -n "$landlock" ] || echo "this kernel has no Landlock: only the filter of system calls is tried"

# The entry names the program and nothing else: no wrapper, no option that the sandbox hangs on.
[ "$(sed -n 's|^Exec=.*/||p' "$entry")" = unknotd ] ||
	fail "another program: $(grep ^Exec= "$entry")"
mkdir -p "$work/home/.local/state/unknot" "$work/other"
echo text >"$work/other/kept"
status=0
env -i HOME="$work/home" PATH="$PATH" LD_PRELOAD="$work/intruder.so" INTRUDER_OTHER="$work/other" \
	INTRUDER_OWN="$work/home/.local/state/unknot" \
	"$unknotd" --source "trace:$trace" --speed 1e6 >"$work/out" 2>"$work/errors" || status=$?
[ "$status" = 0 ] || fail "unknotd ended with $status"

tried=$(grep -c '^intruder: ' "$work/errors") || fail "nothing was tried"
awk -v have="${landlock:-0}" '/^intruder: / {
	split($0, f, /[:, ]+/)
	# A file of another folder counts as a device only when the daemon was told that its camera
	# is there.
	if (f[2] == "write_device" || f[4] + 0 > have + 0)
		next
	if (f[6] != f[8]) {
		print "sandbox: " f[2] ": " f[8] " instead of " f[6]
		bad = 1
	}
} END { exit bad }' "$work/errors" || exit 1
[ "$(cat "$work/other/kept")" = text ] || fail "the other folder's file was changed"
[ "$(ls "$work/other")" = kept ] || fail "something is new in the other folder: $(ls "$work/other")"

# Shut in, it has done its work all the same.
[ "$(find "$work/home/.local/share/unknot/reports" -name '*.json' | wc -l)" -gt 0 ] ||
	fail "no report"
echo "$tried attempts from inside, Landlock ${landlock:-none}: all answered as they should be"
