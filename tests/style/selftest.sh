#!/bin/sh
# selftest.sh: each check of check.sh and needed.sh passes on a good tree and fails on a bad
# example.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failures=0

# The smallest tree that keeps to everything.
good_tree() {
	rm -rf "${tree:?}"/*
	mkdir -p "$tree/src/base" "$tree/src/image" "$tree/src/daemon" "$tree/src/cli"
	echo 'set(rooms base image daemon cli)' > "$tree/src/CMakeLists.txt"
	printf '#ifndef UNKNOT_BASE_A_H\n#define UNKNOT_BASE_A_H\n#endif\n' > "$tree/src/base/a.h"
	printf '#include "base/a.h"\n' > "$tree/src/image/b.c"
}

# expect WHAT PATTERN: check.sh must fail and say so.
expect() {
	if said=$("$here/check.sh" "$tree"); then
		echo "$1: not found"
	elif ! printf '%s\n' "$said" | grep -q "$2"; then
		echo "$1: found, but said: $said"
	elif [ "$(printf '%s\n' "$said" | wc -l)" -ne 1 ]; then
		echo "$1: more than one complaint: $said"
	else
		good_tree
		return
	fi
	failures=$((failures + 1))
	good_tree
}

repeat() { awk -v n="$2" -v s="$1" 'BEGIN { while (n--) printf "%s", s }'; }

good_tree
"$here/check.sh" "$tree" || { echo "the good tree does not pass"; exit 1; }

echo '#include "image/b.h"' > "$tree/src/base/a.c"
expect "include of a later room" "src/base/a.c:1: base includes image"

echo '#include "cli/cli.h"' > "$tree/src/daemon/main.c"
expect "daemon includes cli" "daemon includes cli"

echo '#include "daemon/pace.h"' > "$tree/src/cli/main.c"
expect "cli includes daemon" "cli includes daemon"

echo '#include "elsewhere/x.h"' > "$tree/src/cli/main.c"
expect "unknown room" "unknown order"

printf 'assert_in_%s(1, 0, 2);\n' range > "$tree/src/base/a.c"
expect "what cmocka 2 warns of" "cmocka 2 warns"

{ repeat x 101; echo; } > "$tree/src/base/a.c"
expect "long line" "line of 101 columns"

{ printf '\t'; repeat x 93; echo; } > "$tree/src/base/a.c"
expect "long line by its tab" "line of 101 columns"

{ repeat 'é' 100; echo; } > "$tree/src/base/a.c"
"$here/check.sh" "$tree" || { echo "100 columns of UTF-8 do not pass"; failures=$((failures + 1)); }
good_tree

echo 'int a; ' > "$tree/src/base/a.c"
expect "white space at the end" "white space"

printf 'int a;\r\n' > "$tree/src/base/a.c"
expect "carriage return" "white space"

repeat 'int a;
' 801 > "$tree/src/base/a.c"
expect "long file" "file of 801 lines"

echo 'int a;' > "$tree/src/base/b.h"
expect "no include guard" "src/base/b.h:1: no include guard"

printf '#ifndef UNKNOT_BASE_A_H\n#define UNKNOT_BASE_A_H\n#endif\n' > "$tree/src/base/b.h"
expect "another's include guard" "src/base/b.h:1: no include guard"

echo "see https://registry.npm""js.org/x" > "$tree/NOTES.md"
expect "registry" "package registry"

echo "see /wo""rk/x" > "$tree/NOTES.md"
expect "machine path" "one machine only"

echo '/* design.md has it */' > "$tree/src/base/a.c"
expect "a page that is nowhere" "src/base/a.c:1: names design.md"

echo '# as notes/why.m''d says' > "$tree/src/base/a.sh"
expect "a page that is nowhere, named by a script" "names notes/why.md"

echo 'see [that](that.md)' > "$tree/NOTES.md"
expect "a page that is nowhere, named by a page" "names that.md"

echo 'x' | tee "$tree/NOTES.md" "$tree/src/base/a.md" "$tree/src/image/b.md" > "$tree/README.md"
echo '/* NOTES.md, base/a.md, b.md, https://example.org/c.md */' > "$tree/src/image/b.c"
echo 'x > d.md # README.md' > "$tree/src/image/b.sh"
"$here/check.sh" "$tree" || { echo "pages of the tree do not pass"; failures=$((failures + 1)); }
good_tree

# A binary that links the forbidden is this one's own shell with its libc forbidden.
if command -v readelf >/dev/null; then
	"$here/needed.sh" /bin/sh 'libopencv' >/dev/null || {
		echo "needed.sh: complains about /bin/sh"
		failures=$((failures + 1))
	}
	if "$here/needed.sh" /bin/sh 'libc\.so' >/dev/null; then
		echo "needed.sh: does not see libc in /bin/sh"
		failures=$((failures + 1))
	fi
fi

[ "$failures" -eq 0 ] || { echo "$failures checks cannot fail as they should"; exit 1; }
