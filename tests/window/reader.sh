# Read after desk.sh by the tests that ask what a screen reader knows: sets $python, which has
# AT-SPI's bindings.
# shellcheck shell=sh
[ -x /usr/libexec/at-spi-bus-launcher ] || skip "no bus for screen readers (Debian: at-spi2-core)"
for python in /usr/bin/python3 python3 ""; do
	[ -z "$python" ] || ! "$python" -c 'import gi' 2>/dev/null || break
done
[ -n "$python" ] ||
	skip "Python's bindings of AT-SPI are not here (Debian: gir1.2-atspi-2.0 python3-gi)"
unset NO_AT_BRIDGE
export PYTHONDONTWRITEBYTECODE=1
