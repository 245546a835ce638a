#!/bin/sh
# german.sh SOURCE: whatever the sources mark for translation, and every text of an error, has its
# German, which takes the same arguments; and a new text without one is noticed.
set -u
source=$1
for tool in xgettext msgcmp msgmerge msgfmt; do
	command -v "$tool" >/dev/null || {
		echo "skipped: $tool is not here (Debian: gettext)"
		exit 77
	}
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
german=$source/src/po/de.po

# gather POT < FILES: error_set and devices.c's refuse translate the text that they are given.
gather() {
	xgettext --files-from=- --from-code=UTF-8 --language=C \
		-k -k_ -kN_ -kerror_set:3 -krefuse:3 \
		-klog_error -klog_warning -klog_info -o "$1"
}
has_german() {
	msgcmp "$german" "$1" > "$work/said" 2>&1 && return
	grep -v 'warning: this message is not used' "$work/said"
	return 1
}

find "$source/src" -name '*.[ch]' -o -name '*.cpp' | sort | gather "$work/marked.pot" || exit 1
[ "$(grep -c '^msgid' "$work/marked.pot")" -gt 800 ] || {
	echo "FAILED: few words are marked"
	exit 1
}
has_german "$work/marked.pot" || exit 1
# Which of them are formats xgettext knows.
msgmerge --quiet --no-fuzzy-matching -o "$work/merged.po" "$german" "$work/marked.pot" || exit 1
msgfmt --check-format -o /dev/null "$work/merged.po" || exit 1

# It can fail: a text that nobody has translated, in each of the ways to mark one.
for text in 'error_set(error, 0, "%s: no such herring", name);' 'puts(_("a herring"));' \
	'refuse(f, RANK, "a red herring");' \
	'log_info("%d herrings", 3);' 'static const char *x = N_("two herrings");'; do
	printf 'void f(void) { %s }\n' "$text" > "$work/new.c"
	rm -f "$work/new.pot"
	echo "$work/new.c" | gather "$work/new.pot"
	grep -q herring "$work/new.pot" || exit 1
	if has_german "$work/new.pot" > /dev/null; then
		echo "FAILED: not noticed: $text"
		exit 1
	fi
done
# And German that wants another argument than the English gives.
sed 's/^msgstr "%s: leer"$/msgstr "%d: leer"/' "$work/merged.po" \
	> "$work/wrong.po"
if msgfmt --check-format -o /dev/null "$work/wrong.po" 2> /dev/null; then
	echo "FAILED: a wrong argument is not noticed"
	exit 1
fi
