#!/bin/sh
# names.sh WINDOW UNKNOT: what a screen reader hears of every page.
window=$1 unknot=$2
here=$(dirname "$0")
. "$here/desk.sh" "$window"
. "$here/reader.sh"
open_at "$unknot" window now || fail "unknot window now"
wait_for 20 "no window comes" is_seen
"$python" "$here/names.py" "$window" now today exercises diary settings calibrate preview evidence \
	care checklist stretch break
status=$?
[ $status -ne 0 ] || action quit
exit $status
