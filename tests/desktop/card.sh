#!/bin/sh
# card.sh UNKNOTD UNKNOT TRACE: a break's card at a real notification server, dunst: started by its
# first action it counts down in place, ends by itself and says what the camera saw; none is left
# when the daemon has ended.
set -u
unknotd=$1
unknot=$2
trace=$3
. "$(dirname "$0")/session.sh"
need "Xvfb xvfb" "dunst dunst" "dunstctl dunst" "dbus-daemon dbus" "gdbus libglib2.0-bin"
start_display 800x600
start_bus
start_dunst

# ---- the card ----

# Without a profile nobody knows whether they sit: the countdown goes by the clock.
sed 's/"eye_drop_cm":[-0-9.]*,//' "$trace" > "$work/unknown.jsonl"
start_daemon "trace:$work/unknown.jsonl" --speed 20
"$unknot" break || fail "unknot break"
wait_for 20 "no card" grep -qE 'summary: .*Stand up for 5 minutes: ' "$work/shown"
grep -q 'icon: .*io.github.unknot\.' "$work/shown" || fail "it has no picture: $(cat "$work/shown")"
dunstctl action 0
wait_for 20 "Start starts nothing" grep -q 'summary: .*: 5 minutes to go' "$work/shown"
wait_for 30 "it does not count down" grep -q 'summary: .*: 2 minutes to go' "$work/shown"
wait_for 30 "it does not end by itself" grep -qiE 'body: .*(seen by|camera|the screen all)' \
	"$work/shown"
grep -iE 'summary: .*break' "$work/shown" | tail -n 1

# Whose seat is known, and who sits on, is told that the clock waits; it ends all the same.
end_daemon
: > "$work/shown"
start_daemon "trace:$trace" --speed 20
"$unknot" break || fail "unknot break"
wait_for 20 "no card" grep -qE 'summary: .*Stand up for 5 minutes: ' "$work/shown"
dunstctl action 0
wait_for 20 "it does not wait" grep -q 'body: .*The clock waits while you are' "$work/shown"
wait_for 60 "it waits for ever" grep -qiE 'body: .*(seen by|camera|the screen all)' "$work/shown"
"$unknot" break micro || fail "unknot break micro"
wait_for 20 "no second card" grep -q 'summary: .*6 m away' "$work/shown"
[ "$(dunstctl count displayed)" -gt 0 ] || fail "the second card is not to be seen"
end_daemon
no_card() { [ "$(dunstctl count displayed)" -eq 0 ]; }
wait_for 10 "a card outlives the daemon" no_card
grep -q '"offered_ms"' "$work/state/exercises.json" || fail "what was offered is not remembered"

# Started from a menu entry nobody reads standard error: what is wrong is shown.
! UNKNOT_LAUNCHER=1 "$unknot" pause 2>/dev/null || fail "there is a daemon to pause"
wait_for 10 "a menu entry fails without a word" grep -q 'body: .*unknotd' "$work/shown"
