#!/bin/sh
# on_private_bus.sh PROGRAM...: runs it on a session bus of its own, or tells that there is none.
if ! command -v dbus-run-session >/dev/null; then
	echo "skipped: dbus-run-session is missing (Debian package dbus)"
	exit 77
fi
UNKNOT_TEST_BUS=1 exec dbus-run-session -- "$@"
