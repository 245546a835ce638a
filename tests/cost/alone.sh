# Sourced: on a session bus of its own, with a folder $work and the process $daemon that end with
# the test.
# shellcheck shell=sh
if [ -z "${COST_BUS:-}" ]; then
	if ! command -v dbus-run-session >/dev/null; then
		echo "skipped: dbus-run-session is missing (Debian package dbus)"
		exit 77
	fi
	COST_BUS=1 exec dbus-run-session -- "$0" "$@"
fi
work=$(mktemp -d)
daemon=
finish() {
	if [ -n "$daemon" ]; then
		kill "$daemon" 2>/dev/null || true
		wait "$daemon" 2>/dev/null || true
	fi
	rm -rf "$work"
}
trap finish EXIT
