#!/bin/sh
# names.sh WINDOW UNKNOT: what a screen reader hears of every page.
window=$1 unknot=$2
here=$(dirname "$0")
. "$here/desk.sh" "$window"
[ -x /usr/libexec/at-spi-bus-launcher ] || skip "no bus for screen readers (Debian: at-spi2-core)"
for python in /usr/bin/python3 python3 ""; do
	[ -z "$python" ] || ! "$python" -c 'import gi' 2>/dev/null || break
done
[ -n "$python" ] ||
	skip "Python's bindings of AT-SPI are not here (Debian: gir1.2-atspi-2.0 python3-gi)"
unset NO_AT_BRIDGE
open_at "$unknot" window now || fail "unknot window now"
wait_for 20 "no window comes" is_seen
"$python" "$here/names.py" "$window" now today exercises diary settings calibrate preview evidence \
	care checklist stretch break
status=$?
[ $status -ne 0 ] || action quit
exit $status
