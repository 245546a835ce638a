#!/bin/sh
# hardened.sh PROGRAM...: each is placed at random, has no table that could be written to once it runs, no stack
# that could be run, and checks its stack frames and its copies.
set -u
command -v readelf >/dev/null || { echo "skipped: readelf is not here (Debian: binutils)"; exit 77; }
bad=0
has() { # PROGRAM WHAT PATTERN OPTION...
	program=$1 what=$2 pattern=$3
	shift 3
	readelf "$@" "$program" 2>/dev/null | grep -Eq -- "$pattern" && return
	echo "FAILED: $program: $what"
	bad=1
}
for program in "$@"; do
	has "$program" "is always at the same place" 'Type:.*DYN' -h
	has "$program" "its tables stay writable" 'GNU_RELRO' -lW
	has "$program" "its tables are filled while it runs" 'BIND_NOW|Flags:.*NOW' -d
	has "$program" "its stack can be run" 'GNU_STACK .* RW ' -lW
	has "$program" "its stack frames are not checked" '__stack_chk_fail' --dyn-syms -W
	has "$program" "its copies are not checked" '_chk(@| )' --dyn-syms -W
done
exit $bad
