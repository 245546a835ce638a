#!/bin/sh
# cli.sh BUILD SOURCE: the commands as a person calls them: what they print, and how they end.
set -u
build=$1 source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" XDG_CONFIG_HOME="$work/config" XDG_STATE_HOME="$work/state" \
	XDG_DATA_HOME="$work/data"
export UNKNOT_MODEL="$build/unknot.model"
unset DBUS_SESSION_BUS_ADDRESS DISPLAY
people=$source/tests/data/people
bad=0

# expect STATUS PATTERN COMMAND...: exit status, a pattern as in `case`; an extended regular
# expression in what it says.
expect() {
	status=$1 pattern=$2
	shift 2
	said=$("$@" 2>&1)
	got=$?
	case $got in $status) good=1 ;; *) good=0 ;; esac
	if [ $good = 0 ] || ! printf '%s\n' "$said" | grep -Eq -- "$pattern"; then
		echo "FAILED: $*"
		echo "  status $got, wanted $status; wanted /$pattern/ in:"
		printf '%s\n' "$said" | head -5 | cut -c1-300
		bad=1
	fi
}
unknot=$build/unknot

expect 0 '^unknot [0-9]' "$unknot" --version
expect 0 '^unknotd [0-9]' "$build/unknotd" --version
expect 0 'usage: unknotd' "$build/unknotd" --help
expect 0 'calibrate' "$unknot" --help
expect 2 'usage' "$unknot"
expect 2 'no such command' "$unknot" dance
expect 2 'did you mean `unknot status`' "$unknot" statsu
expect 2 'did you mean `unknot help`' "$unknot" hlep
expect 2 'did you mean `unknot version`' "$unknot" versoin
expect 0 '^unknot [0-9]' "$unknot" version
expect 0 'usage: unknot COMMAND' "$unknot" help
expect 0 'usage: unknot snooze' "$unknot" help snooze
expect 0 'usage: unknot calibrate' "$unknot" help calibrate
expect 0 '^  help .*' "$unknot" help help
expect 0 '^  version ' "$unknot" help version
expect 2 'no such command' "$unknot" help dancing
expect 2 '^unknot: "": no such command' "$unknot" ""
for command in status explain events pause resume snooze break report config doctor bench \
	pain care checklist analyze evaluate stretch tray window \
	calibrate preview; do
	expect 0 "usage: unknot $command" "$unknot" $command --help
	case $command in config) ;; *) expect 2 '--nonsense' "$unknot" $command --nonsense ;; esac
done

expect 2 'no such page' "$unknot" window nowhere
# In a folder of its own, as where the window is not installed.
mkdir "$work/alone" && cp "$unknot" "$work/alone/"
expect 1 '^unknot: unknot-window: not installed' "$work/alone/unknot" window now

# Without a bus or a daemon: one line that says so.
for command in status pause resume snooze explain events; do
	expect 1 '^unknot: (session bus: .*; run this|unknotd)' "$unknot" $command
done
expect 0 '"class":"off"' "$unknot" status --format waybar
expect 2 'text\|json\|waybar' "$unknot" status --format html
expect 2 'duration' "$unknot" pause soon
expect 2 '^unknot snooze: "": a duration' "$unknot" snooze ""
expect 2 'a duration like 30min' "$unknot" snooze 30
expect 2 'nothing here can be below 0' "$unknot" snooze -5
expect 2 'micro or movement' "$unknot" break coffee
expect 2 'now: takes nothing more' "$unknot" break movement now
expect 2 'now: takes no argument' "$unknot" resume now

# Pictures.
expect 2 'no picture' "$unknot" analyze
expect 1 'nowhere.jpg' "$unknot" analyze "$work/nowhere.jpg"
expect 2 'number from' "$unknot" analyze --hfov wide "$people/syn_c_000.jpg"
expect 0 '"label":"slouched"' "$unknot" analyze --hfov 60 --tilt 9.8 \
	--baseline "$people/syn_c_000.jpg" --distance-cm 71 "$people/syn_c_002.jpg"
expect 0 '"eye_distance_cm":.*"pose":.*|"pose":.*"eye_distance_cm":' "$unknot" analyze \
	"$people/syn_c_000.jpg"
# A name of any bytes, and a suffix of any case: what comes out is JSON.
odd=$work/$(printf 'caf\351 "x"').JPG
cp "$people/syn_c_000.jpg" "$odd"
expect 0 "caf$(printf '\357\277\275') .\"x.\"" "$unknot" analyze "$odd"
head -c 3000 "$people/syn_c_000.jpg" > "$work/cut.jpg"
echo "not a picture" > "$work/text.jpg"
expect 1 'text.jpg' "$unknot" analyze "$work/text.jpg" "$people/syn_c_000.jpg"
expect 0 'upright' "$unknot" analyze --format text --fps 2 --baseline "$people/syn_c_000.jpg" \
	"$people"
expect 0 '' "$unknot" analyze --annotate "$work/out.png" --format text "$people/syn_c_000.jpg"
[ -s "$work/out.png" ] || { echo "FAILED: analyze --annotate wrote nothing"; bad=1; }
expect 0 'slouch.mjpg#47' "$unknot" analyze --format text "$source/tests/data/clip/slouch.mjpg"

# Pictures played as one person's day: who it is and how long they sit so is remembered.
one_day() { # TIMES PICTURE: so many looks
	i=0
	while [ $i -lt "$1" ]; do
		echo "syn_c_$2.jpg"
		i=$((i + 1))
	done
}
# Lists of words, so without the folder's name: that may have a space.
cd "$people" || exit 1
options="--fps 0.2 --hfov 60 --baseline syn_c_000.jpg"
play="analyze --format text $options"
bent="$(one_day 4 000) $(one_day 15 002) $(one_day 4 000)"
expect 0 'slouched \(.*\[slouched held, 6[0-9] s\]' "$unknot" $play $bent
expect 0 'upright \(.*\[slouched corrected, [78][0-9] s\]' "$unknot" $play $bent
"$unknot" $play $(one_day 9 000) $(one_day 9 007) $(one_day 9 004) $(one_day 9 000) > "$work/day" &&
	! grep -q ' held' "$work/day" || { echo "FAILED: a day without a fault"; bad=1; }
expect 0 '"held":\{"posture":"slouched","seconds":6[0-9.]*,"event":"held"\}' \
	"$unknot" analyze $options $(one_day 15 002)
# A picture on the wall: nobody sits so still for three minutes.
expect 0 ': away$' "$unknot" $play $(one_day 40 000)
cd "$OLDPWD" || exit 1

# A sign stands until it is denied or looked at, however often the questions are skipped.
answers() { yes "$1" | head -n 40 | "$unknot" care --state-dir "$work/care"; }
printf 'no\nno\nyes\n' | "$unknot" care --state-dir "$work/care" > /dev/null
expect 0 'emergency department now, or call' answers skip
expect 0 'emergency department now, or call' answers skip
expect 0 'looked at' "$unknot" care --cleared --state-dir "$work/care"
expect 0 'Emergency signs you skipped' answers skip
answers skip | grep -q 'or call an ambulance' && { echo "FAILED: a sign was looked at"; bad=1; }
printf 'yes\n' | "$unknot" care --state-dir "$work/care" > /dev/null
expect 0 'None of the signs' answers no
answers skip | grep -q 'or call an ambulance' && { echo "FAILED: a sign was denied"; bad=1; }

# A slip of the finger.
expect 2 'did you mean --format' "$unknot" report --fromat html
expect 2 'output: needs a value' "$unknot" report --output ""
expect 2 'file: needs a value' "$unknot" config --file "" get log.level
expect 1 '^unknot: "": no such option' "$unknot" config get ""
expect 1 '^unknot: "": No such file' "$unknot" analyze ""
expect 2 '^unknot care: "": takes no argument' "$unknot" care ""
expect 2 'text\|json is needed' "$unknot" explain --format html
expect 2 'no such option$' "$unknot" report --nothing-like-it

# Accuracy.
expect 2 'no folder' "$unknot" evaluate
expect 1 'cannot be read' "$unknot" evaluate "$work/nowhere"
mkdir "$work/empty"
expect 1 'no NAME.jpg' "$unknot" evaluate "$work/empty"
expect 0 'macro-averaged recall' "$unknot" evaluate --json "$work/e.json" --plots "$work/e.svg" \
	"$people"
grep -q '"mean_absolute_error":' "$work/e.json" || { echo "FAILED: evaluate --json"; bad=1; }
expect 0 'played at 0.2 .* 0 of [0-9]+ looks called somebody else' "$unknot" evaluate --fps 0.2 \
	"$people"
expect 0 "leave one person out" "$unknot" evaluate --leave-one-out --json "$work/l.json" "$people"
grep -q '"leave_one_out":' "$work/l.json" || { echo "FAILED: evaluate --leave-one-out"; bad=1; }
expect 2 'number from' "$unknot" evaluate --fps slow "$people"
grep -q '</svg>' "$work/e.svg" || { echo "FAILED: evaluate --plots"; bad=1; }
expect 1 'cannot be written' "$unknot" evaluate --json "$work/nowhere/e.json" "$people"

# Calibration and what follows from it.
expect 0 'monitor advice on' "$unknot" calibrate --from --distance-cm 71 --hfov 60 --tilt 9.8 \
	"$people/syn_c_000.jpg"
[ "$(stat -c %a "$work/state/unknot/profiles/desk.json")" = 600 ] || {
	echo "FAILED: profile mode"
	bad=1
}
expect 1 'not a picture' "$unknot" calibrate --from "$work/text.jpg"
expect 0 '"label":"slouched"' "$unknot" analyze --hfov 60 --tilt 9.8 \
	--profile "$work/state/unknot/profiles/desk.json" "$people/syn_c_002.jpg"
expect 0 '^desk is in force now$' "$unknot" profile use desk
expect 0 '^auto: the one that fits' "$unknot" profile use auto
expect 0 'desk' "$unknot" profile
cp "$work/state/unknot/profiles/desk.json" "$work/state/unknot/profiles/other.json"
expect 0 '^other is deleted$' "$unknot" profile delete other
expect 1 'not a profile' "$unknot" analyze --profile "$work/text.jpg" "$people/syn_c_002.jpg"
expect 1 'not a camera' "$unknot" analyze --camera "$work/text.jpg" "$people/syn_c_002.jpg"

# Configuration.
expect 0 'dwell_s = 60' "$unknot" config
expect 0 '^60$' "$unknot" config get posture.dwell_s
expect 0 '^written; unknotd reads it' "$unknot" config set posture.dwell_s 90
expect 0 '^90$' "$unknot" config get posture.dwell_s
expect 1 'nearest is breaks.micro_every_min' "$unknot" config set micro_every 30
expect 1 'nearest is posture.dwell_s' "$unknot" config set posture.dwel_s 90
expect 1 '5 to 3600' "$unknot" config set posture.dwell_s 0
expect 1 '1,000: a number' "$unknot" config set history.keep_days 1,000
expect 0 '^written' "$unknot" config set hours.from_h 8,5
expect 0 '^8.5$' "$unknot" config get hours.from_h
expect 0 '^written' "$unknot" config set hours.from_h 0
expect 1 'nearest is hours' "$unknot" config set watch.hours 9
expect 1 'unknot config. shows them all' "$unknot" config set a b
expect 2 'set: a key and its value' "$unknot" config set posture.dwell_s
expect 2 'get: one key' "$unknot" config get
echo 'nonsense' > "$work/config/unknot/unknot.conf"
expect 1 'unknot.conf:1' "$unknot" config
expect 1 'unknot.conf:1' "$build/unknotd" --source trace:/dev/null
rm "$work/config/unknot/unknot.conf"

# Models and sources that are not what they should be.
expect 1 'not an unknot model' "$unknot" bench --model "$people/syn_c_000.jpg"
expect 1 'nowhere.model' "$unknot" bench --model "$work/nowhere.model"
expect 0 'pose_lite' "$unknot" bench --net pose_lite --seconds 0.05
expect 0 '"median_ms"' "$unknot" bench --net face_mesh --seconds 0.05 --json --layers
expect 1 'nowhere' "$build/unknotd" --source "replay:$work/nowhere"
expect 1 'v4l2:DEVICE' "$build/unknotd" --source telepathy
expect 2 'speed' "$build/unknotd" --speed never
expect 0 'present' "$build/unknotd" --source "replay:$source/tests/data/clip/slouch.mjpg" \
	--once --print

# What is wrong, without a camera of one's own: through a recording.
picture=replay:$people/syn_c_000.jpg
expect '[01]' '^ok +light +brightness' "$unknot" doctor --source "$picture"
expect '[01]' '^ok +face +[0-9]+ pixels' "$unknot" doctor --source "$picture"
expect '[01]' '^ok +light +not looked at' "$unknot" doctor --no-look
expect '[01]' '"format":.*"unknot-doctor/1"' "$unknot" doctor --json --no-look
expect 1 '^problem +networks .*; install' env UNKNOT_MODEL="$work/nowhere" "$unknot" doctor \
	--no-look
# Beside the program, which is not installed.
expect '[01]' '^ok +networks' env -u UNKNOT_MODEL "$unknot" doctor --no-look
expect 2 'takes no argument' "$unknot" doctor please

# Care: a diary, a questionnaire, the workstation.
expect 2 'number from 0 to 10' "$unknot" pain 11
expect 2 'whole number' "$unknot" pain 3.5
expect 2 'from 0 \(none\)' "$unknot" pain --note "what for"
expect 2 'or list, correct or delete' "$unknot" pain lst
expect 2 '^unknot pain: knee: where it hurts comes after --where' "$unknot" pain 3 knee
expect 2 'too long by 45; 255 letters' "$unknot" pain 3 --note "$(printf '%0300d' 0)"
expect 2 'whole number' "$unknot" pain 3,5
expect 0 '^Noted: 3 of 10$' "$unknot" pain 3 --state-dir "$work/noted"
expect 0 '^Noted: 3 of 10, lower back: since noon$' \
	"$unknot" pain 3 --where "lower back" --note "since noon"
expect 0 ' 3  lower back: since noon' "$unknot" pain
expect 0 'Severe pain is for a doctor' "$unknot" pain 8
expect 0 'None of the signs' sh -c "yes n | '$unknot' care"
expect 0 'emergency department now' sh -c "yes y | '$unknot' care"
expect 0 'doctor about this today' sh \
	-c "printf 'n\nn\nn\nn\nn\nn\nn\ny\n%s' \"\$(yes n | head -n 10)
\" | '$unknot' care"
expect 0 'Skipped is not no: if one of them is there, go to an' sh -c "yes '' | '$unknot' care"
expect 0 'it was looked at' "$unknot" care --cleared
expect 1 'one of these words' sh -c "printf 'perhaps\\n' | '$unknot' care"
expect 1 'not all questions' sh -c "printf 'n\nn\n' | '$unknot' care"
expect 0 'Nothing to change' sh -c "yes y | '$unknot' checklist"
expect 0 'lumbar support' sh -c "printf 'y\nn\ny\ny\ny\ny\ny\ny\ny\ny\n' | '$unknot' checklist"
expect 0 'lumbar support' "$unknot" checklist --show
[ "$(stat -c %a "$work/state/unknot/checklist.json")" = 600 ] || {
	echo "FAILED: checklist mode"
	bad=1
}

# Reports.
expect 2 'YYYY-MM-DD' "$unknot" report --date someday
expect 1 'nowhere: No such file' "$unknot" report --state-dir "$work/nowhere"
[ ! -e "$work/nowhere" ] || { echo "FAILED: a report makes a folder"; bad=1; }
expect 2 'a day of the calendar' "$unknot" report --day 2026-02-30
expect 2 'from is after --to, which is today' "$unknot" report --from 2199-01-01
expect 2 'open: needs' "$unknot" report --open --format csv
expect 0 'unknot-report/1' "$unknot" report --format json
expect 0 '^date,covered_s' "$unknot" report --format csv --from 2026-01-01 --to 2026-01-03
# A bad line is put right by setting that key, and by no other.
printf '[posture]\ndwell_s = soon\n[watch]\naway_s = 20\n' > "$work/bad.conf"
expect 1 'bad.conf:2: .*dwell_s' "$unknot" config --file "$work/bad.conf" set watch.away_s 30
expect 0 '^written' "$unknot" config --file "$work/bad.conf" set posture.dwell_s 90
expect 0 '^90$' "$unknot" config --file "$work/bad.conf" get posture.dwell_s
expect 0 '^20$' "$unknot" config --file "$work/bad.conf" get watch.away_s
expect 1 'control character' "$unknot" config --file "$work/bad.conf" set camera.device "a
log.level = debug"

# Notes are shown, and do nothing to the terminal.
"$unknot" pain 3 --state-dir "$work/diary" --note "$(printf 'one\ntwo \033[31m red')"
expect 0 'one two  \[31m red$' "$unknot" pain --state-dir "$work/diary"

# Entries are corrected and deleted by their numbers.
diary="$work/corrected"
"$unknot" pain 3 --state-dir "$diary" --where neck --note dull
"$unknot" pain 5 --state-dir "$diary" --where hip
expect 0 ' 3  neck: dull' "$unknot" pain list --state-dir "$diary"
number=$("$unknot" pain list --state-dir "$diary" | awk '/neck/ {print $1}')
expect 0 ' 6  neck: dull' "$unknot" pain correct "$number" 6 --state-dir "$diary"
expect 0 ' 6  neck: sharp' "$unknot" pain correct "$number" --note sharp --state-dir "$diary"
expect 2 'to what' "$unknot" pain correct "$number" --state-dir "$diary"
expect 2 'number of an entry' "$unknot" pain delete --state-dir "$diary"
expect 2 'nothing more' "$unknot" pain delete 1 2 --state-dir "$diary"
expect 1 'no entry 99' "$unknot" pain delete 99 --state-dir "$diary"
expect 0 'deleted' "$unknot" pain delete "$number" --state-dir "$diary"
expect 0 '^ +[0-9]+ .* 5  hip$' "$unknot" pain list --state-dir "$diary"

# In German, where the system can, and where the build made it.
if [ -d "$build/locales/de_DE.utf8" ] && [ -d "$build/locale" ]; then
	german() {
		env LANG=de_DE.UTF-8 LANGUAGE=de LOCPATH="$build/locales" \
			UNKNOT_LOCALE_DIR="$build/locale" "$@"
	}
	unset LC_ALL
	expect 0 'Nicht mehr hinsehen, Kamera aus' german "$unknot" help
	expect 0 '^Aufruf: unknot snooze \[DAUER\]' german "$unknot" help snooze
	expect 0 'eine halbe Minute|Eine halbe Minute: aufrecht' german "$unknot" calibrate --help
	expect 2 'eine Dauer wie 30min' german "$unknot" snooze never
	expect 2 'meinten Sie `unknot status`' german "$unknot" statsu
	expect 0 '^# Wie weit die Kamera.* \(-80 bis 80 Grad\)$' german "$unknot" config
	mkdir -p "$work/locked/history.sqlite"
	expect 1 'history.sqlite: lässt sich nicht öffnen; sie und ihr Ordner' \
		german "$unknot" pain 3 --state-dir "$work/locked"
	expect 0 'QUELLE .*v4l2:GERÄT' german "$build/unknotd" --help
	expect 2 'nennt die Optionen' german "$build/unknotd" --sped 3
	expect 2 'kein Argument' german "$build/unknotd" here
	expect 0 'die Aufnahme ist zu Ende' german "$build/unknotd" --speed 1e7 \
		--source "replay:$people/syn_c_000.jpg"
	expect 2 'Diese Option gibt es nicht' german "$unknot" pain --what
fi

exit $bad
