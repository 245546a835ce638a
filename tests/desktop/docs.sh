#!/bin/sh
# docs.sh FOLDER UNKNOT: manual pages and completions say what the programs know.
set -u
folder=$1
unknot=$2
fail() { echo "FAILED: $*"; exit 1; }

# groff, when it is here, finds nothing to complain about.
if command -v groff >/dev/null; then
	for page in unknot.1 unknotd.1 unknot.conf.5; do
		said=$(groff -man -ww -Tutf8 -z "$folder/$page" 2>&1) || fail "$page: $said"
		[ -z "$said" ] || fail "$page: $said"
	done
fi
"$unknot" --help | sed -n 's/^  \([a-z]*\) .*/\1/p' > "$folder/names"
[ "$(wc -l < "$folder/names")" -ge 15 ] || fail "few commands: $(cat "$folder/names")"
while read -r name; do
	grep -q "^.SS $name" "$folder/unknot.1" || fail "unknot.1 lacks $name"
	grep -q "use_subcommand -a $name " "$folder/unknot.fish" || fail "fish lacks $name"
	grep -q "^	$name:" "$folder/_unknot" || fail "zsh lacks $name"
done < "$folder/names"
"$unknot" config | sed -n 's/^\([a-z_]*\) = .*/\1/p' | while read -r key; do
	grep -q "^.B [a-z]*\.$key\$" "$folder/unknot.conf.5" || fail "unknot.conf.5 lacks $key"
done || exit 1

# The bash completion, asked as the shell asks it.
command -v bash >/dev/null || exit 0
complete() {
	bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _unknot
		echo "${COMPREPLY[*]}"' "$folder/unknot" unknot "$@"
}
[ "$(complete sta)" = status ] || fail "bash: sta -> $(complete sta)"
[ "$(complete report --format h)" = html ] ||
	fail "bash: report --format h -> $(complete report --format h)"
[ "$(complete status --format w)" = waybar ] || fail "bash: status --format w"
[ "$(complete break mi)" = micro ] || fail "bash: break mi -> $(complete break mi)"
[ "$(complete config s)" = set ] || fail "bash: config s -> $(complete config s)"
[ "$(complete snooze to)" = tomorrow ] || fail "bash: snooze to -> $(complete snooze to)"
[ "$(complete profile use au)" = auto ] || fail "bash: profile use au"
[ "$(complete report --to tod)" = today ] || fail "bash: report --to tod"
[ "$(complete care --cl)" = --cleared ] || fail "bash: care --cl -> $(complete care --cl)"
[ "$(complete pain --wh)" = --where ] || fail "bash: pain --wh"
