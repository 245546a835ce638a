#!/bin/sh
# german_words.sh SOURCE: whatever the sources mark for translation has its German.
set -u
source=$1
for tool in xgettext msgcmp; do
	command -v "$tool" >/dev/null || {
		echo "skipped: $tool is not here (Debian: gettext)"
		exit 77
	}
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The report's are in test_report_german.
find "$source/src" -name '*.[ch]' ! -path '*/report/*' | sort > "$work/files"
xgettext --files-from="$work/files" --from-code=UTF-8 --language=C -k_ -kN_ -o "$work/marked.pot" ||
	exit 1
[ "$(grep -c '^msgid' "$work/marked.pot")" -gt 80 ] || {
	echo "FAILED: few words are marked"
	exit 1
}
msgcmp "$source/src/po/de.po" "$work/marked.pot" > "$work/said" 2>&1 && exit 0
grep -v 'warning: this message is not used' "$work/said"
exit 1
