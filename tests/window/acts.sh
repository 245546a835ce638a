#!/bin/sh
# acts.sh WINDOW UNKNOT HISTORY: what people do on the pages, with a history behind them: acts.py.
window=$1 unknot=$2 history=$3
here=$(dirname "$0")
. "$here/desk.sh" "$window"
. "$here/reader.sh"
state="$HOME/.local/state/unknot"
mkdir -p "$state" "$work/saved"
"$history" "$state" "$(date -d yesterday +%Y-%m-%d)" 40 || fail "no history"
open_at "$unknot" window now || fail "unknot window now"
wait_for 20 "no window comes" is_seen
xdotool windowfocus "$(is_seen | tail -n 1)" 2>/dev/null
act() { "$python" "$here/acts.py" "$unknot" "$work/saved" "$@" || fail "$*"; }
act diary days
complains_but_of_questions && fail "it complains"
act files # the toolkit's dialog complains of a display without monitors
action quit
echo "corrected, deleted, turned, chosen and saved"
