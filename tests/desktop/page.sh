# Read after session.sh by the desktops' tests of where the window was opened.
# shellcheck shell=sh
# shellcheck disable=SC2154 # $work, $python: from whom it is read after
. "$(dirname "$0")/../window/reader.sh"
at_page() { # NAME...
	"$python" "$(dirname "$0")/page.py" "$@" > "$work/page.log" 2>&1 || fail "another page"
}
