#!/bin/sh
# questions.sh WINDOW UNKNOT: the care questions and the walk through the workstation by keyboard
# alone, kept as the commands keep them. One yes to an emergency sign ends the questions; what was
# not asked is not no.
window=$1 unknot=$2
. "$(dirname "$0")/desk.sh" "$window"
state="$HOME/.local/state/unknot"
kept() { grep -q "$2" "$state/$1" 2>/dev/null; }
# Keys may come before the page takes them: pressed until something comes of it.
press() { xdotool key "$@"; }

open_at "$unknot" window care || fail "no care questions"
wait_for 20 "no window comes" is_seen
xdotool windowfocus "$(is_seen | tail -n 1)" 2>/dev/null
sleep 1
press alt+n
sleep 0.5
[ ! -e "$state/care.json" ] || fail "it ends after one no"
press alt+y
wait_for 10 "a yes to an emergency sign does not end the questions" test -s "$state/care.json"
kept care.json '"control":[[:space:]]*"no"' || fail "the no is not kept: $(cat "$state/care.json")"
kept care.json '"retention":[[:space:]]*"yes"' ||
	fail "the yes is not kept: $(cat "$state/care.json")"
kept care.json 'saddle' && fail "what was not asked is answered"

open_at "$unknot" window checklist || fail "no walk through the workstation"
sleep 1
press alt+n
for i in 2 3 4 5 6 7 8 9; do
	sleep 0.3
	press alt+y
done
sleep 0.3
press alt+s
wait_for 10 "the walk through the workstation is not kept" test -s "$state/checklist.json"
"$unknot" checklist --show > "$work/shown" || fail "unknot checklist --show"
grep -q '^ 1\. ' "$work/shown" || fail "the command does not know the no: $(cat "$work/shown")"
grep -q '^ 2\. ' "$work/shown" && fail "the command knows another no: $(cat "$work/shown")"
kept checklist.json front && fail "what was skipped is answered"
[ ! -s "$work/window.log" ] || fail "it complains"
echo "asked by keyboard, kept as the commands keep it"
