#!/bin/sh
# needed.sh BINARY PATTERN: fails when the binary is linked with a library whose name matches.
set -eu
command -v readelf >/dev/null || {
	echo "skipped: readelf is not there (Debian: binutils)"
	exit 77
}
needed=$(readelf --dynamic --wide "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
[ -n "$needed" ] || { echo "$1: not linked with anything; is it a program?"; exit 1; }
if bad=$(printf '%s\n' "$needed" | grep -E "$2"); then
	echo "$1 is linked with: $bad"
	exit 1
fi
