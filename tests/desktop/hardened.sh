#!/bin/sh
# hardened.sh CC BUILD PROGRAM...: each is placed at random, has no table that could be written to
# once it runs, no stack that could be run, and checks its stack frames and its copies; what is
# linked into it is marked for CET where the compiler can do that, and it is too where the C
# library's start files are. A program that CC makes without any of that shows that each check can
# fail.
set -u
command -v readelf >/dev/null || {
	echo "skipped: readelf is not here (Debian: binutils)"
	exit 77
}
cc=$1 build=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0
wrong() {
	echo "FAILED: $*"
	bad=$((bad + 1))
}
has() { # PROGRAM WHAT PATTERN OPTION...
	program=$1 what=$2 pattern=$3
	shift 3
	readelf "$@" "$program" 2>/dev/null | grep -Eq -- "$pattern" || wrong "$program: $what"
}
check() { # PROGRAM
	has "$1" "is always at the same place" 'Type:.*DYN' -h
	has "$1" "its tables stay writable" 'GNU_RELRO' -lW
	has "$1" "its tables are filled while it runs" 'BIND_NOW|Flags:.*NOW' -d
	has "$1" "its stack can be run" 'GNU_STACK .* RW ' -lW
	has "$1" "its stack frames are not checked" '__stack_chk_fail' --dyn-syms -W
	has "$1" "its copies are not checked" '_chk(@| )' --dyn-syms -W
}
# marked FILE: how many objects in it say IBT and SHSTK, and how many there are
marked() {
	count=$(readelf -n "$1" 2>/dev/null | grep -c 'x86 feature: IBT, SHSTK')
	all=$(ar t "$1" 2>/dev/null | grep -c '\.o$')
	echo "$count of $((all > 0 ? all : 1))"
}

cat >"$work/bare.c" <<END
#include <string.h>
int main(int c, char **v) { char t[64]; strcpy(t, v[c - 1]); return t[1]; }
END
"$cc" -O2 -fno-pie -no-pie -fno-stack-protector -U_FORTIFY_SOURCE \
	-Wl,-z,norelro,-z,lazy,-z,execstack \
	"$work/bare.c" -o "$work/bare" 2>"$work/said" || { cat "$work/said"; exit 1; }
check "$work/bare" >"$work/said"
[ $bad = 6 ] || {
	echo "FAILED: of a program without all that only this is said:"
	cat "$work/said"
	exit 1
}
bad=0

for program in "$@"; do
	check "$program"
done
is_marked() { [ "$(marked "$1")" = "1 of 1" ]; }
if "$cc" -fcf-protection -c "$work/bare.c" -o "$work/cet.o" 2>/dev/null &&
	is_marked "$work/cet.o"; then
	"$cc" -fcf-protection=none -c "$work/bare.c" -o "$work/none.o" &&
		! is_marked "$work/none.o" ||
		wrong "an object without marks is taken for one with them"
	rooms=0
	for room in "$build"/src/*/libunknot_*.a; do
		has_marks=$(marked "$room")
		[ "${has_marks% of *}" = "${has_marks#* of }" ] ||
			wrong "$room: $has_marks are marked for CET"
		rooms=$((rooms + 1))
	done
	[ $rooms -gt 10 ] || wrong "$build: $rooms rooms found"
	"$cc" -fcf-protection "$work/cet.o" -o "$work/cet"
	if is_marked "$work/cet"; then
		for program in "$@"; do
			is_marked "$program" || wrong "$program: it is not marked for CET"
		done
	else
		echo "the start files of this C library are not marked for CET, so no program is"
	fi
fi
[ $bad = 0 ]
