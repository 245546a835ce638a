#!/bin/sh
# reproducible.sh [CMAKE_OPTION...]: builds this tree twice, in two folders whose names differ in
# length, at two times, and compares every file that would be installed, and on Debian the
# packages. Run by hand: it takes as long as two builds. UNKNOT_JOBS is how many compilers run at
# once.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# What is worked on meanwhile is in neither.
copy() { # FOLDER
	folder=$1
	mkdir -p "$folder/tree"
	# What is tracked, as it is now; outside a checkout all but what is built.
	if [ -e "$here/.git" ]; then
		(cd "$here" && git ls-files -z | tar -c --null -T - -f -) | tar -x -C "$folder/tree"
	else
		(cd "$here" && tar -c --exclude='./build*' --exclude=./.cache -f - .) |
			tar -x -C "$folder/tree"
	fi
}
build() { # FOLDER CMAKE_OPTION...
	folder=$1
	shift
	cmake -S "$folder/tree" -B "$folder/made" -G Ninja \
		-DBUILD_TESTING=OFF -DCMAKE_INSTALL_PREFIX=/usr \
		-DUNKNOT_CACHE_DIR="$here/.cache/models" "$@" >"$folder/log"
	cmake --build "$folder/made" -j "${UNKNOT_JOBS:-2}" >>"$folder/log" || {
		tail -20 "$folder/log"
		exit 1
	}
	DESTDIR="$folder/installed" cmake --install "$folder/made" >>"$folder/log"
	mkdir "$folder/packages"
	! command -v dpkg-shlibdeps >/dev/null ||
		(cd "$folder/made" && SOURCE_DATE_EPOCH=$released cpack -G DEB \
			-B "$folder/packages" >>"$folder/log" 2>&1)
	rm -rf "$folder/packages/_CPack_Packages"
}
# As ./dev package has it.
day=$(sed -n 's/^set(UNKNOT_RELEASED \(.*\))$/\1/p' "$here/CMakeLists.txt")
released=$(date -u -d "$day" +%s)
copy "$work/one"
copy "$work/another/and/deeper"
build "$work/one" "$@"
build "$work/another/and/deeper" "$@"
list() {
	(cd "$1/installed" && find . \( -type f -printf '%m %p\n' \) -o \( -type l \
		-printf '%p -> %l\n' \) | sort)
}
list "$work/one" >"$work/first"
list "$work/another/and/deeper" >"$work/second"
diff "$work/first" "$work/second"
diff -r "$work/one/installed" "$work/another/and/deeper/installed"
diff -r "$work/one/packages" "$work/another/and/deeper/packages"
if grep -rlF "$work" "$work/one/installed"; then
	echo "FAILED: these name the folder that they were built in"
	exit 1
fi
echo "$(wc -l <"$work/first") installed files are equal in two builds," \
	"and packages: $(cd "$work/one/packages" && echo *)"
